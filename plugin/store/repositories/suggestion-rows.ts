import { z } from 'zod';
import { normalizeText } from '../../../core/normalize-text.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import {
  BY_HAND,
  namedIn,
  optionsOf,
  Severity,
  Suggestion,
  suggestionKey,
  SuggestionState,
  type Proposal,
} from '../../../core/suggestions/suggestion.ts';
import type { Connection, Row } from '../sqlite/database.ts';

/** The state of a suggestion that is to be decided anew: something may have been written for it that was not undone since. */
export const STATE_TO_DECIDE = `iif(EXISTS (SELECT 1 FROM journal
  WHERE journal.suggestion_id = CAST(suggestions.id AS TEXT) AND journal.state = 'written' AND NOT EXISTS (
    SELECT 1 FROM journal AS later WHERE later.suggestion_id = journal.suggestion_id AND later.state = 'undone'
      AND later.id > journal.id)), 'removed', 'open')`;

/** What a text of the filter is looked for in. */
export function searchText(proposal: Proposal): string {
  return [proposal.entityTitle, ...namedIn(proposal).map(({ name }) => name)].map(normalizeText).join('\n');
}

/** A yes of a person to what nobody had suggested stays one, also when a match finds it later: no match takes it back. */
const ANALYZER_NOW = `iif(analyzer = '${BY_HAND}' AND state IN ('accepted', 'removed'), analyzer, ?14)`;

/** Writes nothing when the stored suggestion equals the proposal. */
export function putProposal(sql: Connection, proposal: Proposal, at: number): void {
  const target: StashRef | null = proposal.target;
  const options = optionsOf(proposal);
  sql.run(
    `INSERT INTO suggestions (kind, key, entity_kind, entity_id, entity_title, target_kind, target_id, target_name,
      search_text, severity, confidence, state, payload, evidence, analyzer, analyzer_version, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open', ?12, ?13, ?14, ?15, ?16, ?16)
    ON CONFLICT (key) DO UPDATE SET entity_title = ?5, target_name = ?8, search_text = ?9, severity = ?10,
      confidence = ?11, payload = ?12, evidence = ?13, analyzer = ${ANALYZER_NOW}, analyzer_version = ?15, updated_at = ?16,
      state = iif(state = 'stale', ${STATE_TO_DECIDE}, state)
    WHERE state = 'stale' OR (entity_title, target_name, severity, confidence, payload, evidence, analyzer,
      analyzer_version) <> (?5, ?8, ?10, ?11, ?12, ?13, ${ANALYZER_NOW}, ?15)`,
    proposal.kind,
    suggestionKey(proposal),
    proposal.entity.kind,
    proposal.entity.id,
    proposal.entityTitle,
    target?.kind ?? null,
    target?.id ?? null,
    proposal.targetName,
    searchText(proposal),
    proposal.severity,
    proposal.confidence,
    JSON.stringify(proposal.payload),
    JSON.stringify(proposal.evidence),
    proposal.analyzer,
    proposal.analyzerVersion,
    at,
  );
  if (options.length === 0) return;
  sql.run(
    `INSERT OR IGNORE INTO suggestion_options (suggestion, target_kind, target_id)
    SELECT suggestions.id, value ->> 'kind', value ->> 'id' FROM suggestions, json_each(?2) WHERE suggestions.key = ?1`,
    suggestionKey(proposal),
    JSON.stringify(options.map((option) => option.target)),
  );
}

/** @returns the id of the suggestion of this key, which is left as it is where there is one */
export function insertChoice(sql: Connection, proposal: Proposal, at: number): string {
  const key = suggestionKey(proposal);
  const find = (): Row | undefined => sql.get('SELECT id FROM suggestions WHERE key = ?', key);
  const known = find();
  if (known !== undefined) return String(known['id']);
  putProposal(sql, proposal, at);
  sql.run(`UPDATE suggestions SET state = 'stale' WHERE key = ?`, key);
  return String(find()?.['id']);
}

const SuggestionRow = z.object({
  id: z.int(),
  kind: z.string(),
  key: z.string(),
  entity_kind: z.string(),
  entity_id: z.string(),
  entity_title: z.string(),
  target_kind: z.string().nullable(),
  target_id: z.string().nullable(),
  target_name: z.string(),
  severity: Severity,
  confidence: z.number(),
  state: SuggestionState,
  payload: z.string(),
  evidence: z.string(),
  analyzer: z.string(),
  analyzer_version: z.int(),
  created_at: z.number(),
  updated_at: z.number(),
});

/** Checked as a whole by the schema of its kind. */
export function toSuggestion(row: Row): Suggestion {
  const parsed = SuggestionRow.parse(row);
  return Suggestion.parse({
    id: String(parsed.id),
    kind: parsed.kind,
    key: parsed.key,
    entity: { kind: parsed.entity_kind, id: parsed.entity_id },
    entityTitle: parsed.entity_title,
    target: parsed.target_kind === null ? null : { kind: parsed.target_kind, id: parsed.target_id },
    targetName: parsed.target_name,
    severity: parsed.severity,
    confidence: parsed.confidence,
    state: parsed.state,
    payload: JSON.parse(parsed.payload),
    evidence: JSON.parse(parsed.evidence),
    analyzer: parsed.analyzer,
    analyzerVersion: parsed.analyzer_version,
    createdAt: parsed.created_at,
    updatedAt: parsed.updated_at,
  });
}
