import type { StashIdValue } from '../../../core/changes/change.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import type { Connection } from '../sqlite/database.ts';

const IS_THEIRS = `EXISTS (SELECT 1 FROM json_each(ids) AS one
  WHERE lower((one.value ->> 'endpoint') || ' ' || (one.value ->> 'stashId')) IN (SELECT value FROM json_each(?)))`;

/** Whether something of files of others is kept of who has one of these ids. */
export function hasContributed(sql: Connection, stashIds: readonly StashIdValue[]): boolean {
  if (stashIds.length === 0) return false;
  return (
    sql.get(`SELECT 1 FROM contributed_people WHERE ${IS_THEIRS} LIMIT 1`, keysOf(stashIds)) !== undefined
  );
}

/** Deletes it. @returns how many lines it was */
export function forgetContributed(sql: Connection, stashIds: readonly StashIdValue[]): number {
  if (stashIds.length === 0) return 0;
  return sql.run(`DELETE FROM contributed_people WHERE ${IS_THEIRS}`, keysOf(stashIds)).changes;
}

function keysOf(stashIds: readonly StashIdValue[]): string {
  return JSON.stringify(stashIds.map(keyOfStashId));
}
