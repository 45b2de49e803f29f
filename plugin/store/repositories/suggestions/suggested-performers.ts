/** Open suggestions about performers, taken together by performer. */
import type { PerformerFilter, SuggestedPerformer, Suggestions } from '../../../../core/ports/suggestions.ts';
import type { StoreParts } from '../../parts.ts';
import type { Row, Value } from '../../sqlite/database.ts';
import { toCondition } from './suggestion-conditions.ts';
import { toSuggestion } from '../suggestion-rows.ts';

/** Written out, as the index of performers alone names it. */
const OF_PERFORMERS = `entity_kind = 'performer'`;

export function createSuggestedPerformers({
  database,
}: Pick<StoreParts, 'database'>): Pick<Suggestions, 'performers' | 'performersAmong' | 'aboutPerformers'> {
  return {
    performers: (filter, after, limit) =>
      database.read((sql) => {
        const { where, values } = conditionOf(filter);
        const behind: Value[] = after === null ? [] : [after.confidence, Number(after.suggestionId)];
        const count = sql.get(`SELECT count(DISTINCT entity_id) AS n FROM suggestions ${where}`, ...values);
        const rows = sql.all(
          // A performer stands where their surest suggestion does: the index is read in its order, as far as the page goes.
          `SELECT entity_id, confidence, id FROM suggestions AS best INDEXED BY suggestions_performers ${where}
            ${after === null ? '' : 'AND (confidence, id) < (?, ?)'}
            AND NOT EXISTS (SELECT 1 FROM suggestions INDEXED BY suggestions_entity ${where}
              AND entity_id = best.entity_id AND (confidence, id) > (best.confidence, best.id))
          ORDER BY confidence DESC, id DESC LIMIT ?`,
          ...values,
          ...behind,
          ...values,
          limit,
        );
        return { total: Number(count?.['n']), items: rows.map(toPerformer) };
      }),

    performersAmong: (filter, performerIds) =>
      database.read((sql) => {
        const { where, values } = conditionOf({ ...filter, entityIds: performerIds });
        const rows = sql.all(`SELECT DISTINCT entity_id FROM suggestions ${where}`, ...values);
        return new Set(rows.map((row) => String(row['entity_id'])));
      }),

    aboutPerformers: (filter, performerIds) =>
      database.read((sql) => {
        const { where, values } = conditionOf({ ...filter, entityIds: performerIds });
        return sql
          .all(`SELECT * FROM suggestions ${where}`, ...values)
          .map(toSuggestion)
          .toSorted((a, b) => b.confidence - a.confidence || Number(b.id) - Number(a.id));
      }),
  };
}

function conditionOf(filter: PerformerFilter): { where: string; values: Value[] } {
  const { where, values } = toCondition({ ...filter, state: 'open' });
  return { where: `${where} AND ${OF_PERFORMERS}`, values };
}

function toPerformer(row: Row): SuggestedPerformer {
  return {
    performerId: String(row['entity_id']),
    confidence: Number(row['confidence']),
    suggestionId: String(row['id']),
  };
}
