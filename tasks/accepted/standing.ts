/** Whether what was written for accepted suggestions still stands in Stash. */
import type { Change } from '../../core/changes/change.ts';
import { textOf } from '../../core/changes/values.ts';
import { isSameObject } from '../../core/changes/identity.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { fieldsToRead, standsStill, type ValuesOf } from '../../core/changes/standing.ts';
import { entityKey } from '../../core/content-id.ts';
import type { CheckedSuggestion } from '../../core/ports/suggestions.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { kindOf } from '../../core/suggestions/kinds/index.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import { onWriteLost } from './confirm-reference.ts';
import { withdrawUnwritten } from './take-back.ts';
import { readFields, type KnownValues } from './read-fields.ts';
import { isGone, lookUpTargets, mergedInto, type Targets } from './targets.ts';

export type StandingParts = Pick<Context, 'store' | 'library' | 'vision'>;

/**
Compares the decided suggestions of these entities with Stash. What was accepted and taken off since becomes `removed`, whoever
took it off, and `accepted` once it is there again. Needs no lock: it changes only what nobody has changed since it was read,
and nothing that is being undone.
*/
export async function checkAccepted(
  parts: StandingParts,
  entities: readonly StashRef[],
  known: KnownValues = new Map(),
): Promise<void> {
  const targets: Targets = new Map();
  const read = async (): Promise<CheckedSuggestion[]> =>
    await parts.store.suggestions.toCheck(entities, ['accepted', 'removed', 'stale']);
  let suggestions = await read();
  const states = new Set(suggestions.map(({ state }) => state));
  if (states.size === 0) return;
  const values = await readValues(parts.library, suggestions, known);
  // Only of what does not stand: whatever else was merged is no less accepted for it.
  const lost = suggestions.filter(
    (suggestion) => suggestion.state === 'removed' || nextState(suggestion, values, targets) === 'removed',
  );
  if (await lookUpTargets(parts, lost, targets)) suggestions = await read();
  await applyStanding(parts, suggestions, values, targets);
}

/** @param targets as far as they were looked up; those of the suggestions that seem to be lost are in it */
export async function applyStanding(
  parts: StandingParts,
  suggestions: readonly CheckedSuggestion[],
  valuesOf: ValuesOf,
  targets: Targets,
): Promise<void> {
  const due: Due[] = [];
  for (const suggestion of suggestions) {
    const next = nextState(suggestion, valuesOf, targets);
    if (next === 'removed' && suggestion.state === 'accepted')
      due.push(await confirmLoss(parts, suggestion, targets));
    else due.push({ suggestion, next, lost: null });
  }
  await change(
    parts,
    due.filter(({ suggestion, next }) => suggestion.state !== next),
  );
}

type Due = {
  readonly suggestion: CheckedSuggestion;
  readonly next: SuggestionState;
  /** The write that stands no more. */
  readonly lost: JournalEntry | null;
};

function nextState(suggestion: CheckedSuggestion, valuesOf: ValuesOf, targets: Targets): SuggestionState {
  const { state, entity } = suggestion;
  if (valuesOf(entity) === null || isGone(suggestion, targets)) return 'stale';
  if (state === 'open' || state === 'rejected') return state;
  if (standsStill(findingOf(suggestion, targets), valuesOf)) return 'accepted';
  return state === 'stale' ? state : 'removed';
}

/** Stash's merge puts the other performer in the place of the merged one wherever that was. */
function findingOf(suggestion: CheckedSuggestion, targets: Targets = new Map()): readonly Change[] {
  const changes = kindOf(suggestion.kind).finding(suggestion, suggestion.written?.changes ?? null);
  return changes.map((made): Change =>
    (made.op === 'add' || made.op === 'remove') && made.field === 'performers'
      ? { ...made, values: made.values.map((value) => mergedInto(textOf(value), targets) ?? value) }
      : made,
  );
}

/** Reads all of the entity once more: it may be written meanwhile, and its id may be another object's by now. */
async function confirmLoss(
  { store, library }: StandingParts,
  suggestion: CheckedSuggestion,
  targets: Targets,
): Promise<Due> {
  const { entity, written } = suggestion;
  const entry = written === null ? null : await store.journal.get(written.id);
  const object = await library.object(entity);
  const isAnother =
    object === null ||
    (entry !== null &&
      entityKey(entry.entity) === entityKey(entity) &&
      !isSameObject(entry.identity, object.identity, entry.changes));
  if (isAnother) return { suggestion, next: 'stale', lost: null };
  const valuesOf = await readValues(library, [suggestion], new Map([[entityKey(entity), object.values]]));
  if (standsStill(findingOf(suggestion, targets), valuesOf))
    return { suggestion, next: 'accepted', lost: null };
  return { suggestion, next: 'removed', lost: entry };
}

async function change({ store, vision }: StandingParts, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return;
  await store.transaction(async () => {
    const begun = (await store.state.get('undo-begun')) ?? [];
    const states = [...new Set(due.map(({ suggestion }) => suggestion.state))];
    const entities = due.map(({ suggestion }): StashRef => suggestion.entity);
    const now = new Map((await store.suggestions.toCheck(entities, states)).map((one) => [one.id, one]));
    for (const { suggestion, next, lost } of due) {
      const { id, state, written } = suggestion;
      const current = now.get(id);
      if (current === undefined || revisionOf(current) !== revisionOf(suggestion)) continue;
      if (written !== null && begun.includes(written.id)) continue;
      await store.suggestions.changeState(id, [state], next);
      if (lost !== null) await onWriteLost(store, vision.seenBy, lost);
      else if (next === 'removed' && written === null)
        await withdrawUnwritten(store, vision.seenBy, suggestion);
    }
  });
}

function revisionOf({ state, updatedAt, written }: CheckedSuggestion): string {
  return `${state} ${updatedAt} ${written?.id}`;
}

/** What is needed to check these suggestions. */
export async function readValues(
  library: Context['library'],
  suggestions: readonly CheckedSuggestion[],
  known: KnownValues = new Map(),
): Promise<ValuesOf> {
  const wanted = suggestions.flatMap((suggestion) => [
    { entity: suggestion.entity, field: null },
    ...(suggestion.state === 'open' ? [] : fieldsToRead(findingOf(suggestion))),
  ]);
  return await readFields(library, wanted, known);
}
