import type { Claims } from '../../core/ports.ts';
import type { Database } from './database.ts';

export function createClaims({
  database,
  now,
  isAlive,
}: {
  database: Database;
  now: () => number;
  isAlive: (owner: string) => boolean;
}): Claims {
  return {
    acquire: (name, owner, leaseMs) =>
      database.write((sql) => {
        const held = sql.get('SELECT owner, heartbeat_at FROM claims WHERE name = ?', name);
        const holder = held ? String(held['owner']) : owner;
        const silent = held !== undefined && Number(held['heartbeat_at']) <= now() - leaseMs;
        if (holder !== owner && !silent && isAlive(holder)) return false;
        sql.run(
          `INSERT INTO claims (name, owner, heartbeat_at) VALUES (?1, ?2, ?3)
          ON CONFLICT (name) DO UPDATE SET owner = ?2, heartbeat_at = ?3`,
          name,
          owner,
          now(),
        );
        return true;
      }),

    release: (name, owner) =>
      database.write((sql) => {
        sql.run('DELETE FROM claims WHERE name = ? AND owner = ?', name, owner);
      }),

    request: (name, owner, forMs) =>
      database.write((sql) => {
        sql.run('DELETE FROM claim_requests WHERE until <= ?', now());
        sql.run(
          `INSERT INTO claim_requests (name, owner, until) VALUES (?1, ?2, ?3)
          ON CONFLICT (name, owner) DO UPDATE SET until = ?3`,
          name,
          owner,
          now() + forMs,
        );
      }),

    withdraw: (name, owner) =>
      database.write((sql) => {
        sql.run('DELETE FROM claim_requests WHERE name = ? AND owner = ?', name, owner);
      }),

    requested: (name, byOtherThan) =>
      database.read((sql) =>
        sql
          .all(
            'SELECT owner FROM claim_requests WHERE name = ? AND owner <> ? AND until > ?',
            name,
            byOtherThan,
            now(),
          )
          .some((row) => isAlive(String(row['owner']))),
      ),
  };
}
