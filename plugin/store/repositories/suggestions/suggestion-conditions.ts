/** What a filter of suggestions means in SQL. */
import { normalizeText } from '../../../../core/normalize-text.ts';
import type { SuggestionFilter } from '../../../../core/ports/suggestions.ts';
import { kindOf, KINDS_TO_CHOOSE, SUGGESTION_KINDS } from '../../../../core/suggestions/kinds/index.ts';
import type { SuggestionState } from '../../../../core/suggestions/suggestion.ts';
import type { Value } from '../../sqlite/database.ts';
import { OF_KNOWN_KIND } from '../suggestion-checks.ts';

/** Nothing is to be chosen, and it is as sure as its kind asks for. */
export const ACCEPTABLE = [
  `kind NOT IN (${KINDS_TO_CHOOSE.map((kind) => `'${kind}'`).join(', ')})`,
  ...SUGGESTION_KINDS.flatMap((kind) => {
    const from = kindOf(kind).acceptableFrom;
    return from === undefined ? [] : [`NOT (kind = '${kind}' AND confidence < ${from})`];
  }),
].join(' AND ');

export type OneState = Omit<SuggestionFilter, 'state'> & { readonly state?: SuggestionState | undefined };

/** @param filter only what is asked for becomes a condition: `?1 IS NULL OR …` would prevent SQLite from using its indices */
export function toCondition(filter: OneState): { where: string; values: Value[] } {
  const {
    state,
    kind,
    entity,
    entityKind,
    entityIds,
    target,
    analyzers,
    minConfidence,
    severity,
    createdAfter,
    studioId,
    text,
    withoutChoice,
  } = filter;
  const parts: { condition: string; values: Value[] }[] = [
    kind === undefined ? { condition: OF_KNOWN_KIND, values: [] } : { condition: 'kind = ?', values: [kind] },
  ];
  if (state !== undefined) parts.push({ condition: 'state = ?', values: [state] });
  if (entity)
    parts.push({ condition: 'entity_kind = ? AND entity_id = ?', values: [entity.kind, entity.id] });
  if (entityKind !== undefined) parts.push({ condition: 'entity_kind = ?', values: [entityKind] });
  if (entityIds) parts.push({ condition: isAmong('entity_id'), values: [JSON.stringify(entityIds)] });
  if (analyzers) parts.push({ condition: isAmong('analyzer'), values: [JSON.stringify(analyzers)] });
  if (target)
    parts.push({
      condition: `((target_kind = ? AND target_id = ?) OR id IN (
        SELECT suggestion FROM suggestion_options WHERE target_kind = ? AND target_id = ?))`,
      values: [target.kind, target.id, target.kind, target.id],
    });
  if (withoutChoice === true) parts.push({ condition: ACCEPTABLE, values: [] });
  if (minConfidence !== undefined) parts.push({ condition: 'confidence >= ?', values: [minConfidence] });
  if (severity !== undefined) parts.push({ condition: 'severity = ?', values: [severity] });
  if (createdAfter !== undefined) parts.push({ condition: 'created_at >= ?', values: [createdAfter] });
  if (studioId !== undefined)
    parts.push({
      condition: `(entity_kind = 'scene' AND CAST(entity_id AS INTEGER) IN (
        SELECT scene FROM scene_studios WHERE studio_id = ?))`,
      values: [studioId],
    });
  const part = text === undefined ? '' : normalizeText(text);
  if (part !== '') parts.push({ condition: 'instr(search_text, ?) > 0', values: [part] });
  return {
    where: `WHERE ${parts.map((term) => term.condition).join(' AND ')}`,
    values: parts.flatMap((term) => term.values),
  };
}

function isAmong(column: string): string {
  return `${column} IN (SELECT value FROM json_each(?))`;
}
