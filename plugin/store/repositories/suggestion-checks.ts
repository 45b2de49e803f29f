/** What is asked of suggestions to see whether they still hold in Stash. */
import { z } from 'zod';
import { Change } from '../../../core/changes/change.ts';
import { TOLD_KIND_NAMES } from '../../../core/health/analyzers.ts';
import type { CheckedSuggestion, Suggestions } from '../../../core/ports/suggestions.ts';
import { StashRef } from '../../../core/stash-ref.ts';
import { KINDS, SUGGESTION_KINDS } from '../../../core/suggestions/kinds/index.ts';
import { suggestionKey, SuggestionState, type Suggestion } from '../../../core/suggestions/suggestion.ts';
import type { StoreParts } from '../parts.ts';
import type { Connection, Row } from '../sqlite/database.ts';
import { searchText, toSuggestion } from './suggestion-rows.ts';

/** States of what Stash is asked about. */
export const CHECKED = `('open', 'accepted', 'removed')`;

/**
What becomes stale when its analyzer no longer suggests it. An accepted suggestion stays, since its change was written to Stash. Of
a kind that only tells of something, nothing was written: where the same comes up again, it is told of anew.
*/
export const ENDS_WITH_FINDING = `(state IN ('open', 'removed')
  OR (state = 'accepted' AND kind IN (${TOLD_KIND_NAMES.map((kind) => `'${kind}'`).join(', ')})))`;

/** A row of another kind was made by a newer version. */
export const OF_KNOWN_KIND = `kind IN (${SUGGESTION_KINDS.map((kind) => `'${kind}'`).join(', ')})`;

export function createSuggestionChecks({
  database,
  now,
}: Pick<StoreParts, 'database' | 'now'>): Pick<
  Suggestions,
  'entitiesToCheck' | 'entitiesOf' | 'closeAllBy' | 'toCheck' | 'closeAllOf' | 'followMerge'
> {
  return {
    entitiesToCheck: (after, limit) =>
      database.read((sql) =>
        sql
          .all(
            // By the index, in order: otherwise each page reads all suggestions.
            `SELECT DISTINCT entity_kind AS kind, entity_id AS id FROM suggestions INDEXED BY suggestions_entity
            WHERE (entity_kind, entity_id) > (?, ?) AND state IN ${CHECKED}
            ORDER BY entity_kind, entity_id LIMIT ?`,
            after?.kind ?? '',
            after?.id ?? '',
            limit,
          )
          .flatMap((row) => StashRef.safeParse(row).data ?? []),
      ),

    entitiesOf: (analyzer, after, limit) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT DISTINCT entity_kind AS kind, entity_id AS id FROM suggestions INDEXED BY suggestions_analyzer
            WHERE analyzer = ? AND (entity_kind, entity_id) > (?, ?) AND state IN ${CHECKED}
            ORDER BY entity_kind, entity_id LIMIT ?`,
            analyzer,
            after?.kind ?? '',
            after?.id ?? '',
            limit,
          )
          .flatMap((row) => StashRef.safeParse(row).data ?? []),
      ),

    closeAllBy: (analyzer) =>
      database.write((sql) => {
        sql.run(
          `UPDATE suggestions INDEXED BY suggestions_analyzer SET state = 'stale', updated_at = ?2
          WHERE analyzer = ?1 AND state IN ${CHECKED} AND ${ENDS_WITH_FINDING}`,
          analyzer,
          now(),
        );
      }),

    toCheck: (entities, states) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT s.id, s.kind, s.state, s.updated_at, s.entity_kind, s.entity_id, s.target_kind, s.target_id,
              s.target_name, s.payload, j.id AS journal_id, j.changes
            FROM json_each(?1) AS wanted
            JOIN suggestions AS s ON s.entity_kind = wanted.value ->> 'kind' AND s.entity_id = wanted.value ->> 'id'
            LEFT JOIN journal AS j ON j.id = (SELECT max(id) FROM journal
              WHERE suggestion_id = CAST(s.id AS TEXT) AND state = 'written')
            WHERE s.state IN (SELECT value FROM json_each(?2)) AND s.${OF_KNOWN_KIND}
              AND (s.state <> 'stale' OR j.id IS NOT NULL)`,
            JSON.stringify(entities.map(({ kind, id }) => ({ kind, id }))),
            JSON.stringify(states),
          )
          .map(toChecked),
      ),

    closeAllOf: (gone) =>
      database.write((sql) => {
        const close = (column: 'entity' | 'target'): number =>
          sql.run(
            `UPDATE suggestions SET state = 'stale', updated_at = ?3
            WHERE ${column}_kind = ?1 AND ${column}_id = ?2 AND state IN ${CHECKED} AND ${OF_KNOWN_KIND}`,
            gone.kind,
            gone.id,
            now(),
          ).changes;
        return close('entity') + close('target') + closeQuestions(sql, gone, now());
      }),

    followMerge: (merged, into) =>
      database.write((sql) => {
        const rows = sql.all(
          `SELECT * FROM suggestions WHERE target_kind = ? AND target_id = ? AND ${OF_KNOWN_KIND}`,
          merged.kind,
          merged.id,
        );
        for (const row of rows) move(sql, toSuggestion(row), into, now());
        return closeQuestions(sql, merged, now()) + rows.length > 0;
      }),
  };
}

/** Those that let the user choose this one. Which of the others it is, or whether it is asked, the next match says. */
function closeQuestions(sql: Connection, { kind, id }: StashRef, at: number): number {
  return sql.run(
    `UPDATE suggestions SET state = 'stale', updated_at = ?3
    WHERE id IN (SELECT suggestion FROM suggestion_options WHERE target_kind = ?1 AND target_id = ?2)
      AND state IN ('open', 'removed')`,
    kind,
    id,
    at,
  ).changes;
}

/** The lower of two suggestions of one entity gives way: a decision is above what is open, and that above what is stale. */
const RANK: Readonly<Record<SuggestionState, number>> = {
  stale: 0,
  open: 1,
  removed: 2,
  accepted: 2,
  rejected: 2,
};

function move(
  sql: Connection,
  suggestion: Suggestion,
  { target, name }: Parameters<Suggestions['followMerge']>[1],
  at: number,
): void {
  const moved = { ...suggestion, target, targetName: name } as Suggestion;
  const key = suggestionKey(moved);
  const own = sql.get('SELECT id, state FROM suggestions WHERE key = ?', key);
  if (own !== undefined && RANK[suggestion.state] <= RANK[SuggestionState.parse(own['state'])]) {
    sql.run(`UPDATE suggestions SET state = 'stale', updated_at = ?2 WHERE id = ?1`, suggestion.id, at);
    return;
  }
  if (own !== undefined) sql.run('DELETE FROM suggestions WHERE id = ?', Number(own['id']));
  sql.run(
    `UPDATE suggestions SET key = ?2, target_kind = ?3, target_id = ?4, target_name = ?5, search_text = ?6,
      updated_at = ?7 WHERE id = ?1`,
    suggestion.id,
    key,
    target.kind,
    target.id,
    name,
    searchText(moved),
    at,
  );
}

const CheckedRow = z.object({
  id: z.int(),
  kind: z.enum(SUGGESTION_KINDS),
  state: SuggestionState,
  updated_at: z.number(),
  entity_kind: z.string(),
  entity_id: z.string(),
  target_kind: z.string().nullable(),
  target_id: z.string().nullable(),
  target_name: z.string(),
  payload: z.string(),
  journal_id: z.int().nullable(),
  changes: z.string().nullable(),
});

/** Without the evidence, which is large and not asked about. */
function toChecked(row: Row): CheckedSuggestion {
  const parsed = CheckedRow.parse(row);
  const { entity, target, payload } = KINDS[parsed.kind];
  return {
    id: String(parsed.id),
    kind: parsed.kind,
    state: parsed.state,
    updatedAt: parsed.updated_at,
    entity: entity.parse({ kind: parsed.entity_kind, id: parsed.entity_id }),
    target: target.parse(
      parsed.target_kind === null ? null : { kind: parsed.target_kind, id: parsed.target_id },
    ),
    targetName: parsed.target_name,
    payload: payload.parse(JSON.parse(parsed.payload)),
    written:
      parsed.journal_id === null || parsed.changes === null
        ? null
        : { id: String(parsed.journal_id), changes: z.array(Change).parse(JSON.parse(parsed.changes)) },
    // Each part was checked by the schema of its kind.
  } as CheckedSuggestion;
}
