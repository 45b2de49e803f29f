import { Keyv } from 'keyv';
import type { State } from '../../../core/ports/store.ts';
import { stateSchemaOf, type StateKey } from '../../../core/state-keys.ts';
import type { StoreParts } from '../parts.ts';
import type { Database } from '../sqlite/database.ts';

/** keyv over a table of the main file, so that reads and writes take part in transactions. */
export function createState({ database, now, log }: Pick<StoreParts, 'database' | 'now' | 'log'>): State {
  const keyv = new Keyv({
    store: createAdapter(database, now),
    // The adapter checks it by the store's own clock.
    checkExpired: false,
  });
  /** Undefined where there is nothing, or no JSON. */
  const read = async (key: StateKey): Promise<unknown> => {
    try {
      return await keyv.get(key);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      ignored(key, error.message);
      return undefined;
    }
  };
  const ignored = (key: StateKey, problem: string): void =>
    log?.debug(`The stored state "${key}" does not fit and counts as none: ${problem}`);
  return {
    async get(key) {
      const stored = await read(key);
      if (stored === undefined) return null;
      const parsed = stateSchemaOf(key).safeParse(stored);
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      ignored(key, [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '));
      return null;
    },

    async set(key, value, ttlMs) {
      await keyv.set(key, value, ttlMs);
    },

    async delete(key) {
      await keyv.delete(key);
    },
  };
}

/** The asynchronous storage adapter that keyv expects. `ttl`: milliseconds from now. */
function createAdapter(database: Database, now: () => number) {
  return {
    get: (key: string) =>
      database.read(
        (sql) =>
          sql.get(
            'SELECT value FROM state WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)',
            key,
            now(),
          )?.['value'],
      ),

    set: (key: string, value: unknown, ttl?: number) =>
      database.write((sql) => {
        sql.run('DELETE FROM state WHERE expires_at <= ?', now());
        sql.run(
          `INSERT INTO state (key, value, expires_at) VALUES (?1, ?2, ?3)
          ON CONFLICT (key) DO UPDATE SET value = ?2, expires_at = ?3`,
          key,
          String(value),
          ttl === undefined ? null : now() + ttl,
        );
        return true;
      }),

    delete: (key: string) =>
      database.write((sql) => sql.run('DELETE FROM state WHERE key = ?', key).changes > 0),

    clear: () =>
      database.write((sql) => {
        sql.run('DELETE FROM state');
      }),
  };
}
