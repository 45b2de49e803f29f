import type { Locks, Lock } from '../../../core/ports/runs.ts';
import { type StoreParts, UNGUARDED } from '../parts.ts';
import type { Connection } from '../sqlite/database.ts';

export function createLocks({
  database,
  now,
  isAlive,
}: Pick<StoreParts, 'database' | 'now' | 'isAlive'>): Locks {
  return {
    acquire: (name, owner, leaseMs) =>
      database.write((sql) => {
        const row = sql.get('SELECT owner, heartbeat_at FROM locks WHERE name = ?', name);
        const holder = typeof row?.['owner'] === 'string' ? row['owner'] : null;
        const silent = row !== undefined && Number(row['heartbeat_at']) <= now() - leaseMs;
        if (holder !== null && holder !== owner && !silent && isAlive(holder)) return null;
        return takeLock(sql, name, owner, now());
      }, UNGUARDED),

    release: (name, owner) =>
      database.write((sql) => {
        sql.run('UPDATE locks SET owner = NULL WHERE name = ? AND owner = ?', name, owner);
      }, UNGUARDED),

    request: (name, owner, forMs) =>
      database.write((sql) => {
        sql.run('DELETE FROM lock_requests WHERE until <= ?', now());
        sql.run(
          `INSERT INTO lock_requests (name, owner, until) VALUES (?1, ?2, ?3)
          ON CONFLICT (name, owner) DO UPDATE SET until = ?3`,
          name,
          owner,
          now() + forMs,
        );
      }, UNGUARDED),

    withdraw: (name, owner) =>
      database.write((sql) => {
        sql.run('DELETE FROM lock_requests WHERE name = ? AND owner = ?', name, owner);
      }, UNGUARDED),

    requested: (name, byOtherThan) =>
      database.read((sql) =>
        sql
          .all(
            'SELECT owner FROM lock_requests WHERE name = ? AND owner <> ? AND until > ?',
            name,
            byOtherThan,
            now(),
          )
          .some((row) => isAlive(String(row['owner']))),
      ),
  };
}

/** Takes the lock, whoever its owner is. */
export function takeLock(sql: Connection, name: string, owner: string, at: number): Lock {
  const row = sql.get(
    `INSERT INTO locks (name, owner, heartbeat_at, counter) VALUES (?1, ?2, ?3, 1)
    ON CONFLICT (name) DO UPDATE SET owner = ?2, heartbeat_at = ?3, counter = counter + iif(owner IS ?2, 0, 1)
    RETURNING counter`,
    name,
    owner,
    at,
  );
  return { lock: name, owner, counter: Number(row?.['counter']) };
}
