import { z } from 'zod';
import type { StashRange, SuggestionRevision, Suggestions } from '../../../core/ports/suggestions.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import { BY_HAND, suggestionKey, SuggestionState } from '../../../core/suggestions/suggestion.ts';
import type { StoreParts } from '../parts.ts';
import type { Value } from '../sqlite/database.ts';
import { EntityRow } from './entities.ts';
import { createSuggestedPerformers } from './suggestions/suggested-performers.ts';
import { CHECKED, createSuggestionChecks, ENDS_WITH_FINDING, OF_KNOWN_KIND } from './suggestion-checks.ts';
import { toCondition } from './suggestions/suggestion-conditions.ts';
import { createSuggestionLists } from './suggestions/suggestion-lists.ts';
import { insertChoice, putProposal, STATE_TO_DECIDE, toSuggestion } from './suggestion-rows.ts';

export function createSuggestions({ database, now }: Pick<StoreParts, 'database' | 'now'>): Suggestions {
  const replaceAmong: Suggestions['replaceAmong'] = (among, analyzer, proposals) =>
    database.write((sql) => {
      for (const proposal of proposals) putProposal(sql, proposal, now());
      const { condition, values } = isOneOf(among);
      // By the index of analyzers, which has no others than these states.
      sql.run(
        `UPDATE suggestions INDEXED BY suggestions_analyzer SET state = 'stale', updated_at = ?
        WHERE analyzer = ? AND state IN ${CHECKED} AND ${ENDS_WITH_FINDING}
          AND ${condition} AND key NOT IN (SELECT value FROM json_each(?))`,
        now(),
        analyzer,
        ...values,
        JSON.stringify(proposals.map(suggestionKey)),
      );
    });

  return {
    ...createSuggestionChecks({ database, now }),
    ...createSuggestionLists({ database }),
    ...createSuggestedPerformers({ database }),

    replace: (entity, analyzer, proposals) => replaceAmong([entity], analyzer, proposals),
    replaceAmong,

    keepChoice: (proposal) => database.write((sql) => insertChoice(sql, proposal, now())),

    acceptable: ({ kind, minConfidence, entity, list, changedSince, ids }, before, limit) =>
      database.read((sql) => {
        // Only the needed conditions: `?1 IS NULL OR …` would prevent SQLite from using its indices.
        const { where, values } = toCondition({
          state: 'open',
          minConfidence,
          withoutChoice: true,
          ...(kind !== undefined && { kind }),
          ...(entity !== undefined && { entity }),
        });
        if (before !== null) values.push(Number(before));
        if (changedSince !== undefined) values.push(changedSince);
        if (list !== undefined) values.push(list);
        if (ids !== undefined) values.push(JSON.stringify(ids.map(Number)));
        // A list field is called by what it lists: `performers`, `tags`.
        return sql
          .all(
            `SELECT id FROM suggestions ${where}
              ${before === null ? '' : 'AND id < ?'}
              ${changedSince === undefined ? '' : 'AND updated_at >= ?'}
              ${list === undefined ? '' : `AND EXISTS (${isOnList('?')})`}
              ${ids === undefined ? '' : 'AND id IN (SELECT value FROM json_each(?))'}
              AND NOT EXISTS (SELECT 1 FROM journal
                WHERE journal.entity_kind = suggestions.entity_kind AND journal.entity_id = suggestions.entity_id
                  AND journal.state IN ('undone', 'written')
                  AND target_id IN (SELECT value.value
                    FROM json_each(journal.changes), json_each(json_each.value, '$.values') AS value
                    WHERE json_each.value ->> 'op' = 'add' AND json_each.value ->> 'field' = target_kind || 's'))
            ORDER BY id DESC LIMIT ?`,
            ...values,
            limit,
          )
          .map((row) => String(row['id']));
      }),

    withdrawUnlisted: (kind, analyzer, list) =>
      database.write((sql) => {
        sql.run(
          `UPDATE suggestions SET state = 'stale', updated_at = ?4
          WHERE state IN ('open', 'removed') AND entity_kind = ?1 AND analyzer = ?2 AND NOT EXISTS (${isOnList('?3')})`,
          kind,
          analyzer,
          list,
          now(),
        );
      }),

    suspend: (target, referenceIds) =>
      database.write((sql) =>
        sql
          .all(
            `UPDATE suggestions SET state = 'stale', updated_at = ?4
            WHERE state = 'open'
              AND ((target_kind = ?1 AND target_id = ?2) OR suggestions.id IN (
                SELECT suggestion FROM suggestion_options WHERE target_kind = ?1 AND target_id = ?2))
              AND EXISTS (SELECT 1 FROM json_tree(json_array(json(evidence), json(payload))) AS value
              WHERE value.key = 'referenceId' AND value.value IN (SELECT value FROM json_each(?3)))
            RETURNING entity_kind AS kind, entity_id AS id`,
            target.kind,
            target.id,
            JSON.stringify(referenceIds),
            now(),
          )
          .flatMap((row) => EntityRow.safeParse(row).data ?? []),
      ),

    get: (id) =>
      database.read((sql) => {
        const row = sql.get(`SELECT * FROM suggestions WHERE id = ? AND ${OF_KNOWN_KIND}`, id);
        return row ? toSuggestion(row) : null;
      }),

    revisions: (entities) =>
      database.read((sql) => {
        const rows = sql.all(
          `SELECT entity_kind || ':' || entity_id AS entity, key, state, updated_at FROM suggestions
          WHERE (entity_kind, entity_id) IN (SELECT value ->> 'kind', value ->> 'id' FROM json_each(?))`,
          JSON.stringify(entities.map(({ kind, id }) => ({ kind, id }))),
        );
        const revisions = new Map<string, SuggestionRevision[]>();
        for (const row of rows) {
          const { entity, updated_at: updatedAt, ...parsed } = RevisionRow.parse(row);
          revisions.set(entity, [...(revisions.get(entity) ?? []), { ...parsed, updatedAt }]);
        }
        return revisions;
      }),

    changeState: (id, from, to) =>
      database.write(
        (sql) =>
          sql.run(
            `UPDATE suggestions SET state = ?2, updated_at = ?3
            WHERE id = ?1 AND state IN (SELECT value FROM json_each(?4)) AND ${OF_KNOWN_KIND}`,
            id,
            to,
            now(),
            JSON.stringify(from),
          ).changes > 0,
        // A decision of the user must survive a power cut.
        { durable: true },
      ),

    unreject: (id) =>
      database.write(
        (sql) => {
          const row = sql.get(
            `UPDATE suggestions SET updated_at = ?2,
              state = iif(${STATE_TO_DECIDE} = 'open' AND analyzer = ?3, 'stale', ${STATE_TO_DECIDE})
            WHERE id = ?1 AND state = 'rejected' AND ${OF_KNOWN_KIND} RETURNING state`,
            id,
            now(),
            BY_HAND,
          );
          return row === undefined ? null : StateToDecide.parse(row['state']);
        },
        { durable: true },
      ),
  };
}

/** Condition: the suggestion is about one of these. */
function isOneOf(among: readonly StashRef[] | StashRange): { condition: string; values: Value[] } {
  if (!('after' in among))
    return {
      condition: `(entity_kind, entity_id) IN (SELECT value ->> 'kind', value ->> 'id' FROM json_each(?))`,
      values: [JSON.stringify(among.map(({ kind, id }) => ({ kind, id })))],
    };
  const { kind, after, upTo } = among;
  return {
    condition: `entity_kind = ? AND CAST(entity_id AS INTEGER) > ? ${upTo === null ? '' : 'AND CAST(entity_id AS INTEGER) <= ?'}`,
    values: [kind, Number(after), ...(upTo === null ? [] : [Number(upTo)])],
  };
}

/** Condition: the suggestion's entity is on this work list. */
function isOnList(list: string): string {
  return `SELECT 1 FROM work_items WHERE work_items.list = ${list} AND work_items.kind = entity_kind AND work_items.id = entity_id`;
}

const StateToDecide = SuggestionState.extract(['open', 'removed', 'stale']);

const RevisionRow = z.object({
  entity: z.string(),
  key: z.string(),
  state: SuggestionState,
  updated_at: z.number(),
});
