/** Whether what was written for accepted suggestions still stands in Stash. */
import type { Change, FieldValues } from '../../core/changes/change.ts';
import { isSameObject } from '../../core/changes/identity.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { fieldsToRead, standsStill, type ValuesOf } from '../../core/changes/standing.ts';
import { entityKey } from '../../core/content-id.ts';
import type { CheckedSuggestion } from '../../core/ports/suggestions.ts';
import type { StashKind, StashRef } from '../../core/stash-ref.ts';
import { kindOf } from '../../core/suggestions/kinds/index.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import { onWriteLost } from './confirm-reference.ts';
import { successorOf } from './successor.ts';

export type StandingParts = Pick<Context, 'store' | 'library' | 'vision'>;

/** Fields of objects that were just read, by `entityKey`. */
export type KnownValues = ReadonlyMap<string, FieldValues>;

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
  const suggestions = await parts.store.suggestions.toCheck(entities, ['accepted', 'removed', 'stale']);
  if (suggestions.length === 0) return;
  await applyStanding(parts, suggestions, await readValues(parts.library, suggestions, known));
}

/** What a target is in Stash now: itself, into what it was merged, or null where it is gone. */
export type TargetNow = (target: StashRef) => StashRef | null;

/** @param targetNow absent: targets are taken for what they were, and looked up in Stash only where a value seems to be lost */
export async function applyStanding(
  parts: StandingParts,
  suggestions: readonly CheckedSuggestion[],
  valuesOf: ValuesOf,
  targetNow: TargetNow = (target) => target,
): Promise<void> {
  const due: Due[] = [];
  for (const suggestion of suggestions) {
    const next = nextState(suggestion, valuesOf, targetNow);
    if (next === 'removed' && suggestion.state === 'accepted') due.push(await confirmLoss(parts, suggestion));
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

function nextState(suggestion: CheckedSuggestion, valuesOf: ValuesOf, targetNow: TargetNow): SuggestionState {
  const { state, entity } = suggestion;
  const target: StashRef | null = suggestion.target;
  const now = target === null ? null : targetNow(target);
  if (valuesOf(entity) === null || (target !== null && now === null)) return 'stale';
  if (state === 'open' || state === 'rejected') return state;
  if (standsStill(findingOf(suggestion, now), valuesOf)) return 'accepted';
  return state === 'stale' ? state : 'removed';
}

/** @param now what the target is by now: Stash's merge puts it in the place of the target wherever that was */
function findingOf(suggestion: CheckedSuggestion, now: StashRef | null = suggestion.target) {
  const changes = kindOf(suggestion.kind).finding(suggestion, suggestion.written?.changes ?? null);
  const target: StashRef | null = suggestion.target;
  if (target === null || now === null || now.id === target.id) return changes;
  return changes.map((made): Change =>
    made.op === 'add' || made.op === 'remove'
      ? { ...made, values: made.values.map((value) => (value === target.id ? now.id : value)) }
      : made,
  );
}

/** Reads all of the entity once more: it may be written meanwhile, its id may be another object's by now, the target may be gone. */
async function confirmLoss({ store, library }: StandingParts, suggestion: CheckedSuggestion): Promise<Due> {
  const { entity, written } = suggestion;
  const target: StashRef | null = suggestion.target;
  const entry = written === null ? null : await store.journal.get(written.id);
  const object = await library.object(entity);
  const isAnother =
    object === null ||
    (entry !== null &&
      entityKey(entry.entity) === entityKey(entity) &&
      !isSameObject(entry.identity, object.identity, entry.changes));
  if (isAnother) return { suggestion, next: 'stale', lost: null };
  const valuesOf = await readValues(library, [suggestion], new Map([[entityKey(entity), object.values]]));
  const isGone = target !== null && (await library.object(target)) === null;
  const successor = isGone ? await successorOf({ store, library }, target, suggestion.targetName) : null;
  if (isGone && successor === null) return { suggestion, next: 'stale', lost: null };
  const now: StashRef | null = successor === null ? target : { kind: 'performer', id: successor.id };
  if (standsStill(findingOf(suggestion, now), valuesOf)) return { suggestion, next: 'accepted', lost: null };
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
      if (lost !== null) await onWriteLost(store, vision, lost);
    }
  });
}

function revisionOf({ state, updatedAt, written }: CheckedSuggestion): string {
  return `${state} ${updatedAt} ${written?.id}`;
}

/** What is needed to check these suggestions: of each kind of object the ids together, as few fields as there are. */
export async function readValues(
  library: Context['library'],
  suggestions: readonly CheckedSuggestion[],
  known: KnownValues = new Map(),
): Promise<ValuesOf> {
  const wanted = new Map<StashKind, { ids: Set<string>; fields: Set<string> }>();
  const want = (entity: StashRef, field: string | null): void => {
    const values = known.get(entityKey(entity));
    if (values !== undefined && (field === null || field in values)) return;
    const { ids, fields } = wanted.get(entity.kind) ?? { ids: new Set(), fields: new Set() };
    if (field !== null) fields.add(field);
    wanted.set(entity.kind, { ids: ids.add(entity.id), fields });
  };
  for (const suggestion of suggestions) {
    want(suggestion.entity, null);
    if (suggestion.state !== 'open')
      for (const { entity, field } of fieldsToRead(findingOf(suggestion))) want(entity, field);
  }
  const read = new Map<string, FieldValues>();
  for (const [kind, { ids, fields }] of wanted)
    for (const [id, values] of await library.fieldsOf(kind, [...ids], [...fields]))
      read.set(entityKey({ kind, id }), values);
  return (entity) => read.get(entityKey(entity)) ?? known.get(entityKey(entity)) ?? null;
}
