import type { Log } from '../../core/ports/log.ts';
import type { Held, Lease, Leases, Run } from '../../core/ports/runs.ts';
import { takenOver } from '../../core/runs/taken-over.ts';
import type { Connection, Database, Guard, Row } from './sqlite/database.ts';
import { UNGUARDED } from './parts.ts';
import { startHeartbeat, type Heartbeat, type Renewal } from './heartbeat.ts';

type Kept = Renewal & {
  /** Query that returns a row while this process is the owner. Null: losing it has no consequence. */
  readonly check: string | null;
  lost: boolean;
  wanted: Run['wanted'];
};

/**
Renews the leases of this process from a worker thread (`heartbeat.ts`), and refuses every write to the store once one was
lost: `check` runs in the transaction of the write, so that no take-over can happen in between.
*/
export function createLeases({
  file,
  now,
  log,
}: {
  file: string;
  now: () => number;
  log?: Pick<Log, 'debug'> | undefined;
}): Guard & {
  /** The port of the store. `database`: the database that the guard protects. */
  port(database: Database): Leases;
  close(): Promise<void>;
} {
  const all = new Map<number, Kept>();
  let lastKey = 0;
  let heartbeat: Heartbeat | null = null;

  const onRows = (key: number, rows: readonly Row[]): void => {
    const kept = all.get(key);
    if (kept === undefined) return;
    if (kept.check !== null && rows.length === 0) kept.lost = true;
    if (rows[0]?.['wanted'] === 'stop') kept.wanted = 'stop';
  };

  const renew = (sql: Connection): void => {
    for (const [key, kept] of all) onRows(key, sql.all(kept.renew, now(), ...kept.values));
  };

  const check = (sql: Connection): void => {
    for (const kept of all.values()) {
      if (kept.check === null) continue;
      kept.lost ||= sql.get(kept.check, ...kept.values) === undefined;
      if (kept.lost) throw takenOver();
    }
  };

  return {
    check,
    renew,

    port: (database) => ({
      keep(held, everyMs): Lease {
        const key = ++lastKey;
        const kept: Kept = { ...statementsOf(held), lost: false, wanted: 'run' };
        all.set(key, kept);
        heartbeat ??= startHeartbeat({
          file,
          now,
          onRows,
          renewHere: () => database.write(renew, UNGUARDED),
          report: (problem) => log?.debug(`Heartbeat of the store: ${problem}`),
        });
        heartbeat.add(key, kept, everyMs);
        return {
          get lost() {
            return kept.lost;
          },
          get wanted() {
            return kept.wanted;
          },
          end() {
            all.delete(key);
            heartbeat?.remove(key);
          },
        };
      },

      check: () => database.read(check),
    }),

    async close() {
      all.clear();
      await heartbeat?.close();
    },
  };
}

function statementsOf(held: Held): Pick<Kept, 'renew' | 'check' | 'values'> {
  if ('lock' in held)
    return {
      renew:
        'UPDATE locks SET heartbeat_at = ?1 WHERE name = ?2 AND owner = ?3 AND counter = ?4 RETURNING name',
      check: 'SELECT 1 FROM locks WHERE name = ?1 AND owner = ?2 AND counter = ?3',
      values: [held.lock, held.owner, held.counter],
    };
  if ('run' in held)
    return {
      renew: `UPDATE runs SET heartbeat_at = ?1 WHERE id = ?2 AND owner = ?3 AND slices = ?4 AND state = 'running'
        RETURNING wanted`,
      check: `SELECT 1 FROM runs WHERE id = ?1 AND owner = ?2 AND slices = ?3 AND state = 'running'`,
      // Each process that takes the run over adds a slice.
      values: [held.run.id, held.owner, held.run.slices],
    };
  if ('list' in held)
    return {
      renew: `UPDATE work_items SET heartbeat_at = ?1
        WHERE (list, kind, id) IN (SELECT list, kind, id FROM work_items WHERE list = ?2 AND owner = ?3)`,
      check: null,
      values: [held.list, held.owner],
    };
  return {
    renew: 'UPDATE state SET expires_at = ?1 + ?3 WHERE key = ?2',
    check: null,
    values: [held.state, held.ttlMs],
  };
}
