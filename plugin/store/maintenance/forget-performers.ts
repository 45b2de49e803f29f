import { withoutPerformers } from '../../../core/exclusions/named-performers.ts';
import { KINDS, kindOf, type SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import { moveVersion } from '../repositories/people/version.ts';
import type { Connection, Row } from '../sqlite/database.ts';
import { LISTS, resetMatch } from './forget-entities.ts';

/**
Deletes what is kept of these performers, and what names them elsewhere. What was matched with them is matched anew.
@param orphans collects the crop sets that no row names any more, `titles` what the performers are called
@returns how many of them something was kept of
*/
export function forgetPerformers(
  sql: Connection,
  performerIds: readonly string[],
  orphans: number[],
  titles: string[],
): number {
  const kept = findKept(sql, performerIds);
  if (kept.length === 0) return 0;
  const ids = JSON.stringify(kept);
  const theirs = '(SELECT value FROM json_each(?1))';
  for (const row of sql.all(
    `SELECT name, aliases FROM performers WHERE id IN ${theirs}
    UNION ALL SELECT title, '[]' FROM work_items WHERE list IN (${LISTS}) AND kind = 'performer' AND id IN ${theirs}`,
    ids,
  ))
    titles.push(String(row['name']), ...(JSON.parse(String(row['aliases'])) as string[]));
  for (const row of sql.all(
    `SELECT crops_id FROM performer_references WHERE crops_id IS NOT NULL AND performer_id IN ${theirs}`,
    ids,
  ))
    orphans.push(Number(row['crops_id']));
  sql.run(`DELETE FROM performers WHERE id IN ${theirs}`, ids);
  sql.run(`DELETE FROM matched_people WHERE person_id IN (SELECT 'stash:' || value FROM json_each(?1))`, ids);
  sql.run(
    `DELETE FROM compared_people WHERE person_id IN (SELECT 'stash:' || value FROM json_each(?1))`,
    ids,
  );
  sql.run(`DELETE FROM entity_performers WHERE performer_id IN ${theirs}`, ids);
  sql.run(`DELETE FROM scene_credits WHERE performer_id IN ${theirs}`, ids);
  sql.run(`DELETE FROM box_look_ups WHERE performer_id IN ${theirs}`, ids);
  sql.run(`DELETE FROM work_items WHERE list IN (${LISTS}) AND kind = 'performer' AND id IN ${theirs}`, ids);
  sql.run(
    `DELETE FROM suggestions WHERE (target_kind = 'performer' AND target_id IN ${theirs})
      OR (entity_kind = 'performer' AND entity_id IN ${theirs})`,
    ids,
  );
  // Its key and its words name all that can be chosen.
  sql.run(
    `DELETE FROM suggestions WHERE id IN (SELECT suggestion FROM suggestion_options
      WHERE target_kind = 'performer' AND target_id IN ${theirs})`,
    ids,
  );
  for (const row of sql.all(
    `SELECT DISTINCT entity FROM identifications
    WHERE EXISTS (SELECT 1 FROM json_each(candidates) WHERE value ->> 'performerId' IN ${theirs})`,
    ids,
  ))
    resetMatch(sql, Number(row['entity']));
  forgetNames(sql, new Set(kept));
  moveVersion(sql);
  return kept.length;
}

/** Those of these performers that something is kept of. */
export function findKept(sql: Connection, performerIds: readonly string[]): string[] {
  return sql
    .all(
      `SELECT value AS id FROM json_each(?) WHERE EXISTS (SELECT 1 FROM performers WHERE id = value)
        OR EXISTS (SELECT 1 FROM work_items WHERE list IN (${LISTS}) AND kind = 'performer' AND id = value)
        OR EXISTS (SELECT 1 FROM box_look_ups WHERE performer_id = value)
        OR EXISTS (SELECT 1 FROM scene_credits WHERE performer_id = value)
        OR EXISTS (SELECT 1 FROM suggestions WHERE target_kind = 'performer' AND target_id = value)
        OR EXISTS (SELECT 1 FROM suggestions WHERE entity_kind = 'performer' AND entity_id = value)`,
      JSON.stringify(performerIds),
    )
    .map((row) => String(row['id']));
}

/** In suggestions about others, such as the less likely candidates. */
function forgetNames(sql: Connection, performerIds: ReadonlySet<string>): void {
  for (const row of sql.all(
    `SELECT id, kind, payload, evidence FROM suggestions WHERE ${isNaming('payload')} OR ${isNaming('evidence')}`,
    JSON.stringify([...performerIds]),
  )) {
    const [payload, evidence] = [partOf(row, 'payload'), partOf(row, 'evidence')].map((part) =>
      withoutPerformers(part, performerIds),
    );
    if (!payload || !evidence || !isWhole(String(row['kind']), payload.value, evidence.value))
      sql.run('DELETE FROM suggestions WHERE id = ?', Number(row['id']));
    else
      sql.run(
        'UPDATE suggestions SET payload = ?, evidence = ? WHERE id = ?',
        JSON.stringify(payload.value),
        JSON.stringify(evidence.value),
        Number(row['id']),
      );
  }
}

/** Condition: the JSON of the column has one of the ids of the list `?1`, as a performer or something else. */
function isNaming(column: 'payload' | 'evidence'): string {
  return `EXISTS (SELECT 1 FROM json_tree(${column}) AS part WHERE part.key IN ('performerId', 'id')
      AND part.value IN (SELECT value FROM json_each(?1)))`;
}

/** Whether it still is a suggestion of its kind: one between two candidates is none with one of them. */
function isWhole(kind: string, payload: unknown, evidence: unknown): boolean {
  if (!Object.hasOwn(KINDS, kind)) return false;
  const definition = kindOf(kind as SuggestionKind);
  return definition.payload.safeParse(payload).success && definition.evidence.safeParse(evidence).success;
}

function partOf(row: Row, column: 'payload' | 'evidence'): unknown {
  return JSON.parse(String(row[column]));
}
