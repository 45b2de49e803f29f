import { randomUUID } from 'node:crypto';
import type { Write } from '../../core/changes/write.ts';
import type { Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { KINDS, type SuggestionKind } from '../../core/suggestions/kinds/index.ts';
import {
  namedIn,
  type ChoicesOf,
  type Suggestion,
  type SuggestionState,
} from '../../core/suggestions/suggestion.ts';
import { confirm } from '../accepted/confirm-reference.ts';
import { closeIfGone } from '../accepted/gone.ts';
import type { Context } from '../runs/task.ts';
import type { SeenCluster } from '../../core/suggestions/kinds/seen.ts';
import { NameTaken } from './box/name-taken.ts';
import { plannerOf } from './planners/index.ts';
import type { PlanParts } from './planners/planner.ts';
import { writePlan } from './planners/write-plan.ts';
import { chunksPerLock, gone, reasonOf } from './write-parts.ts';

export type AcceptReport = Output<'suggestions.accept'>;

export type AcceptParts = PlanParts & Pick<Context, 'changes' | 'sleep'>;

/** The cluster that the user chose; null: it is not there any more. */
type ByHand = { readonly face: SeenCluster | null };

type AcceptOptions = {
  readonly by: 'person' | 'scan';
  readonly dryRun: boolean;
  readonly batchId?: string;
  /** By id, as the page sent them: checked by the kind of the suggestion. */
  readonly choices?: Readonly<Record<string, unknown>> | undefined;
  /** Those that may be written once more after they were taken off in Stash: a person has asked for each on its own. */
  readonly again?: readonly string[] | undefined;
  /** They were chosen without a suggestion that is open: a stale one of what was chosen is accepted too. */
  readonly byHand?: ByHand | undefined;
  /** Skips suggestions whose confidence has fallen below this or that were undone since, which can happen during a long list. */
  readonly minConfidence?: number;
};

/** Writes what these suggestions propose. Idempotent: a second call gives the same answer and writes nothing. */
export async function acceptSuggestions(
  context: AcceptParts,
  ids: readonly string[],
  { by, batchId = randomUUID(), choices = {}, again = [], byHand, minConfidence, ...options }: AcceptOptions,
): Promise<AcceptReport> {
  const dryRun = options.dryRun || context.settings.dryRun;
  const report: AcceptReport = { accepted: [], refused: [], dryRun, batchId };
  const acceptEach = async (
    write: Write | null,
    chunk: readonly string[],
    prepared: ReadonlyMap<string, unknown>,
  ): Promise<void> => {
    const due =
      minConfidence === undefined
        ? chunk
        : await context.store.suggestions.acceptable({ minConfidence, ids: chunk }, null, chunk.length);
    for (const id of due) {
      try {
        const { journalId, note = null } = await acceptOne(context, write, id, {
          by,
          batchId,
          chosen: choices[id],
          isAgain: again.includes(id),
          byHand,
          prepared: prepared.get(id),
        });
        report.accepted.push({ id, journalId, ...(note !== null && { note }) });
      } catch (error) {
        const reason = reasonOf(error);
        const question = error instanceof NameTaken ? { nameTaken: error.taken } : {};
        report.refused.push({ id, reason, state: await stateAfter(context, id, error), ...question });
      }
    }
  };
  // A dry run writes nothing and needs no lock.
  if (dryRun) await acceptEach(null, ids, new Map());
  else
    for await (const chunk of chunksPerLock(context, ids)) {
      const prepared = await prepareEach(context, chunk, { by, choices, again, byHand });
      await context.changes.exclusively(
        (write) => acceptEach(write, chunk, prepared),
        by === 'person' ? 'for a person' : 'in the background',
      );
    }
  return report;
}

/** By the id of a suggestion. What is wrong with one is said when it is planned: of one that cannot be accepted nothing is fetched. */
async function prepareEach(
  context: PlanParts,
  ids: readonly string[],
  { by, choices = {}, again = [], byHand }: Pick<AcceptOptions, 'by' | 'choices' | 'again' | 'byHand'>,
): Promise<ReadonlyMap<string, unknown>> {
  const prepared = new Map<string, unknown>();
  for (const id of ids) {
    const suggestion = await context.store.suggestions.get(id);
    if (suggestion === null || !isAcceptable(suggestion, { isAgain: again.includes(id), byHand })) continue;
    const chosen = KINDS[suggestion.kind].choices.safeParse(choices[id] ?? {});
    if (!chosen.success) continue;
    const accepting = { suggestion, choices: chosen.data, by };
    prepared.set(id, await plannerOf(suggestion).prepare?.(context, accepting));
  }
  return prepared;
}

type Accept = {
  readonly by: 'person' | 'scan';
  readonly batchId: string;
  readonly chosen: unknown;
  readonly isAgain: boolean;
  readonly byHand: ByHand | undefined;
  readonly prepared: unknown;
};

/** Open, or asked for once more in words that say so. */
function isAcceptable(
  { state }: Pick<Suggestion, 'state'>,
  { isAgain, byHand }: Pick<Accept, 'isAgain' | 'byHand'>,
): boolean {
  return state === 'open' || (state === 'removed' && isAgain) || (state === 'stale' && byHand !== undefined);
}

type Accepted = { readonly journalId: string | null; readonly note?: Message | null | undefined };

/** The state of a suggestion that was refused: closed where Stash no longer has what it is about. */
export async function stateAfter(
  context: Pick<Context, 'store' | 'library'>,
  id: string,
  error: unknown,
): Promise<SuggestionState> {
  const { suggestions } = context.store;
  const suggestion = await suggestions.get(id);
  if (suggestion !== null) await closeIfGone(context, error, [suggestion.entity, suggestion.target]);
  return (await suggestions.get(id))?.state ?? 'stale';
}

/** `write` is null in a dry run: only checks whether the suggestion can be accepted. */
async function acceptOne(
  context: PlanParts,
  write: Write | null,
  id: string,
  { by, batchId, chosen, isAgain, byHand, prepared }: Accept,
): Promise<Accepted> {
  const { store } = context;
  const suggestion = await store.suggestions.get(id);
  if (suggestion === null) throw new StashSenseError('not-found', message('suggestions.gone'));
  const { state } = suggestion;
  const planner = plannerOf(suggestion);
  if (state === 'accepted') return { journalId: await journalIdOf(context, suggestion) };
  if (state !== 'open' && !isAcceptable(suggestion, { isAgain, byHand })) {
    // Another process may have closed it for this reason since the page was loaded.
    if (state === 'stale' && (await context.library.object(suggestion.entity)) === null)
      throw gone(suggestion.entity, suggestion.entityTitle);
    throw new StashSenseError('changed-since', planner.refusal(suggestion, state));
  }

  const choices = choicesOf(suggestion, chosen);
  const plan = await planner.plan(context, { suggestion, choices, by, prepared, face: byHand?.face });
  if (plan === null) {
    const face = by === 'person' ? (planner.faceThere?.(suggestion, choices) ?? null) : null;
    if (write !== null)
      await store.transaction(async () => {
        await store.suggestions.changeState(id, ['open', 'stale', 'removed'], 'accepted');
        if (face !== null) await confirm(store, context.vision.seenBy, face);
      });
    return { journalId: null };
  }
  if (write === null) return { journalId: null };
  const entry = await writePlan(write, plan, { batchId, by, suggestionId: id });
  if (entry === null) await store.suggestions.changeState(id, ['open', 'stale', 'removed'], 'accepted');
  await planner.onAccepted?.(context, suggestion);
  return { journalId: entry?.id ?? null, note: plan.note };
}

/** @throws StashSenseError `bad-input` */
export function choicesOf(suggestion: Suggestion, chosen: unknown): ChoicesOf<SuggestionKind> {
  const choices = KINDS[suggestion.kind].choices.safeParse(chosen ?? {});
  if (choices.success) return choices.data;
  const names = namedIn(suggestion).map(({ name }) => name);
  throw new StashSenseError('bad-input', message('accept.badChoices', { name: names.join(', ') }), {
    cause: choices.error,
  });
}

/** The journal entry that accepted it, unless undone or without a write. */
async function journalIdOf(
  { store }: Pick<Context, 'store'>,
  { id, entity }: Suggestion,
): Promise<string | null> {
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  return items.find((entry) => entry.suggestionId === id)?.id ?? null;
}
