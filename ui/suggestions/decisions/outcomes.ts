/** What became of the suggestions of a list since it was loaded, and the way back. */
import type { Ask, Output } from '../../../core/contract/operations.ts';
import type { NameTakenView, SuggestionView } from '../../../core/contract/suggestions.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import type { SuggestionOption } from '../../../core/suggestions/kinds/define.ts';
import { say } from '../../stash/intl.tsx';
import { isMedia, refreshAfterWrite } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { actOf, nameOf, rendererOf } from '../kinds/index.ts';

/** What happened to a suggestion since its list was loaded. */
export type Outcome =
  /** `option`: the one that was chosen of several. */
  | {
      readonly state: 'accepted';
      readonly journalId: string | null;
      readonly option?: SuggestionOption | undefined;
    }
  | { readonly state: 'open' | 'removed' }
  /** `journalId`: of the performer who was made with it, or given the stash ID. */
  | { readonly state: 'rejected'; readonly journalId?: string | null }
  /** `now`: the state it has; absent: the one it had. */
  | {
      readonly state: 'refused';
      readonly reason: Message;
      readonly now?: SuggestionView['state'];
      readonly nameTaken?: NameTakenView | undefined;
    };

/** Steps that the key `u` undoes, newest last; they can concern another page of the list. */
export type Step = { readonly items: readonly SuggestionView[] } & (
  | { readonly kind: 'accepted'; readonly batchId: string }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'created'; readonly journalId: string | null }
  /** Nothing was written for them, so that they are opened again as a "no" is taken back. */
  | { readonly kind: 'settled' }
);

/** What was written is undone by its batch, the rest is opened again. */
export function acceptedSteps(
  items: readonly SuggestionView[],
  { accepted, batchId }: Pick<Output<'suggestions.accept'>, 'accepted' | 'batchId'>,
): Step[] {
  const writtenIds = new Set(accepted.flatMap(({ id, journalId }) => (journalId === null ? [] : id)));
  const settled = items.filter(({ id }) => !writtenIds.has(id));
  const written = items.filter(({ id }) => writtenIds.has(id));
  return [
    ...(settled.length === 0 ? [] : [{ kind: 'settled', items: settled } as const]),
    ...(written.length === 0 ? [] : [{ kind: 'accepted', items: written, batchId } as const]),
  ];
}

/** With what a performer is made. */
export type Making = Omit<Ask<'stashIds.create'>, 'suggestionId'>;

type Refusal = Output<'suggestions.accept'>['refused'][number];

export function refusalOf({ reason, state, nameTaken }: Refusal): Outcome {
  return { state: 'refused', reason, nameTaken, ...(state !== undefined && { now: state }) };
}

export function acceptanceOf(
  { id, journalId }: Output<'suggestions.accept'>['accepted'][number],
  chosen: Chosen,
): Outcome {
  return { state: 'accepted', journalId, option: chosen.get(id) };
}

/** After a rejection was withdrawn. */
export function stateAfterReopening({ state }: SuggestionView): Outcome {
  return { state: state === 'removed' ? 'removed' : 'open' };
}

/** @param states of the answer to the undo; a suggestion that rested on what was undone is over */
export function stateAfterUndo(
  suggestion: SuggestionView,
  states: Output<'journal.undo'>['states'],
): Outcome {
  const now = states?.[suggestion.id] ?? 'open';
  if (now === 'open' || now === 'removed' || now === 'rejected') return { state: now };
  const reason =
    rendererOf(suggestion).isStale?.(suggestion) ?? message('accept.isStale', { name: nameOf(suggestion) });
  return { state: 'refused', reason, now };
}

export function idsOf(items: readonly SuggestionView[]): string[] {
  return items.map(({ id }) => id);
}

/** By the id of a suggestion, which of its options the user has chosen. */
export type Chosen = ReadonlyMap<string, SuggestionOption>;

/** The choices of these suggestions for the operation; undefined where nothing was to choose. */
export function choicesOf(
  items: readonly SuggestionView[],
  chosen: Chosen,
): Record<string, unknown> | undefined {
  const choices = items.flatMap(({ id }) => {
    const option = chosen.get(id);
    return option === undefined ? [] : [[id, option.choices] as const];
  });
  return choices.length === 0 ? undefined : Object.fromEntries(choices);
}

/** Said once these are written. */
export function acceptedWords(items: readonly SuggestionView[], chosen: Chosen): string {
  const [only, ...more] = items;
  if (!only || more.length > 0)
    return say('suggestions.acceptedSeveral', { act: actOf(items), count: items.length });
  return chosenWords(only, chosen.get(only.id)) ?? rendererOf(only).words(only).acceptedNamed;
}

/** What became of it by choosing this option; undefined: none was chosen, or its kind says the same of each. */
export function chosenWords(
  suggestion: SuggestionView,
  option: SuggestionOption | undefined,
): string | undefined {
  return option && rendererOf(suggestion).acceptedAs?.(suggestion, option);
}

/** Said once these are rejected. */
export function rejectedWords(items: readonly SuggestionView[]): string {
  const [only, ...more] = items;
  const count = items.length;
  const name = only && more.length === 0 ? nameOf(only) : say('suggestions.suggestions', { count });
  return say('suggestions.notedNot', { act: actOf(items), count, name });
}

export async function refreshStash(items: readonly SuggestionView[], chosen: Chosen): Promise<void> {
  const entities: readonly StashRef[] = items.map(({ entity }) => entity);
  const targets = items.flatMap(({ id, target }): StashRef[] => {
    const added: StashRef | null = target ?? chosen.get(id)?.target ?? null;
    return added === null ? [] : [added];
  });
  await refreshAfterWrite(
    entities.filter(isMedia),
    targets.flatMap((target) => (target.kind === 'performer' ? target.id : [])),
    entities.filter((entity) => !isMedia(entity)),
  );
}

/** What a step back led to: `problem` in words where not all could be undone, else what each suggestion is now. */
export type Reverted =
  | { readonly problem: string }
  | { readonly outcomeOf: (suggestion: SuggestionView) => Outcome };

export async function revert(step: Step): Promise<Reverted> {
  if (step.kind === 'accepted') return await revertWritten(step);
  return step.kind === 'created' ? await unmake(step) : await reopen(step);
}

/** Where the performer cannot be taken back, that they are not the other one is still true. */
async function unmake(step: Step & { kind: 'created' }): Promise<Reverted> {
  const { journalId } = step;
  const [first] = journalId === null ? [] : (await ask('journal.undo', { ids: [journalId] })).refused;
  return first ? { problem: say('undo.refused', { reason: first.reason }) } : await reopen(step);
}

async function reopen({ items }: Step): Promise<Reverted> {
  await ask('suggestions.reopen', { ids: idsOf(items) });
  return { outcomeOf: stateAfterReopening };
}

async function revertWritten({ batchId }: Step & { kind: 'accepted' }): Promise<Reverted> {
  const { undone, refused, states } = await ask('journal.undo', { batchId });
  const [first] = refused;
  if (!first) return { outcomeOf: (suggestion) => stateAfterUndo(suggestion, states) };
  const counts = { undone: undone.length, refused: refused.length };
  return { problem: say('undo.someDone', { ...counts, reason: first.reason }) };
}

/** The write an accepted suggestion led to, from the journal. */
export async function writtenFor({ id, entity }: SuggestionView): Promise<string | null> {
  const { items } = await ask('journal.list', { entity, limit: 200 });
  return items.find(({ suggestionId, state }) => suggestionId === id && state === 'written')?.id ?? null;
}
