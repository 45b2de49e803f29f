import type { Connection } from '../../sqlite/database.ts';

/** Within a write after which a search could come out otherwise. */
export function moveVersion(sql: Connection): void {
  sql.run(`UPDATE counters SET value = value + 1 WHERE name = 'people-version'`);
}
