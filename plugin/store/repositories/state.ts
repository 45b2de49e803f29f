import { Keyv } from 'keyv';
import type { State } from '../../../core/ports/store.ts';
import type { StoreParts } from '../parts.ts';
import type { Database } from '../sqlite/database.ts';

/** keyv over a table of the main file, so that reads and writes take part in transactions. */
export function createState({ database, now }: Pick<StoreParts, 'database' | 'now'>): State {
  const keyv = new Keyv({
    store: createAdapter(database, now),
    // The adapter checks it by the store's own clock.
    checkExpired: false,
  });
  return {
    get: (key) => keyv.get(key),

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
