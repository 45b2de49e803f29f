import { useRef, useState } from 'react';
import type { Output } from '../../core/contract/operations.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { createDecisionQueue } from './decisions/decision-queue.ts';
import {
  idsOf,
  named,
  refreshStash,
  refusalOf,
  reopen,
  revertWritten,
  stateAfterReopening,
  writtenFor,
  type NotedOutcome,
  type Outcome,
  type Step,
} from './decisions/outcomes.ts';
import { conditionsOf, PAGE_SIZE, type Filter } from './filter.ts';
import { say } from '../stash/intl.tsx';

export type Suggestions = {
  readonly list: Output<'suggestions.list'> | null;
  /** Where that list begins; the one asked for now may begin elsewhere. */
  readonly listOffset: number;
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly outcomeOf: (suggestion: SuggestionView) => Outcome | undefined;
  readonly pending: ReadonlySet<string>;
  readonly stateOf: (suggestion: SuggestionView) => SuggestionView['state'];
  /** Leaves out what was taken off since. */
  readonly accept: (ids: readonly string[]) => void;
  /** Adds what was taken off since once more: each one is asked for on its own. */
  readonly acceptAgain: (suggestion: SuggestionView) => void;
  readonly reject: (ids: readonly string[]) => void;
  /** Undoes the decision about one suggestion, recent or old. */
  readonly undo: (suggestion: SuggestionView) => void;
  readonly undoLast: () => void;
  readonly reload: () => void;
};

/**
A page of suggestions with the actions on it. Decided suggestions stay in place with their outcome, so that nothing moves
under the cursor; they disappear when the list is reloaded.
*/
export function useSuggestions(filter: Filter, offset: number): Suggestions {
  const input = { ...conditionsOf(filter), order: filter.order, limit: PAGE_SIZE, offset };
  const { answer: list, asked, problem, isLoading, reload } = useAnswer('suggestions.list', input);
  const [noted, setNoted] = useState<ReadonlyMap<string, NotedOutcome>>(new Map());
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [queue] = useState(createDecisionQueue<SuggestionView>);
  const steps = useRef<readonly Step[]>([]);
  const isHere = useIsHere();
  const toast = useToast();

  function note(outcomes: readonly (readonly [id: string, outcome: Outcome])[]): void {
    if (!isHere.current) return;
    const atMs = performance.now();
    const now = outcomes.map(([id, outcome]) => [id, { outcome, atMs }] as const);
    setNoted((before) => new Map([...before, ...now]));
  }

  /** Queues a decision; the buttons of these suggestions are disabled until it is answered. */
  function decide(
    kind: 'accept' | 'reject' | 'undo',
    items: readonly SuggestionView[],
    work: (items: readonly SuggestionView[]) => Promise<void>,
  ): void {
    const free = items.filter(({ id }) => !pending.has(id));
    if (free.length === 0 && kind !== 'undo') return;
    setPending((before) => new Set([...before, ...free.map(({ id }) => id)]));
    const send = async (sent: readonly SuggestionView[]): Promise<void> => {
      try {
        await work(sent);
      } catch (error) {
        toast.failed(error);
      }
      const done = new Set(sent.map(({ id }) => id));
      if (isHere.current) setPending((before) => new Set([...before].filter((id) => !done.has(id))));
    };
    queue.add({ kind, items: free, send });
  }

  async function acceptNow(items: readonly SuggestionView[]): Promise<void> {
    const again = idsOf(items.filter((item) => stateOf(item) === 'removed'));
    const { accepted, refused, dryRun, batchId } = await ask('suggestions.accept', {
      ids: idsOf(items),
      ...(again.length > 0 && { again }),
    });
    note(refused.map((one) => [one.id, refusalOf(one)]));
    if (dryRun) {
      toast.warn(say('suggestions.dryRun', { count: accepted.length }));
      return;
    }
    note(accepted.map(({ id, journalId }) => [id, { state: 'accepted', journalId }]));
    const [first] = refused;
    if (first) {
      const counts = { added: accepted.length, refused: refused.length };
      toast.warn(say('suggestions.someAdded', { ...counts, reason: first.reason }));
    }
    if (accepted.length === 0) return;
    const acceptedIds = accepted.map(({ id }) => id);
    const step = {
      kind: 'accepted',
      items: items.filter(({ id }) => acceptedIds.includes(id)),
      batchId,
    } as const;
    steps.current = [...steps.current, step];
    if (!first) toast.done(say('suggestions.addedNamed', { name: named(step.items) }), () => undoStep(step));
    await refreshStash(step.items);
  }

  async function rejectNow(items: readonly SuggestionView[]): Promise<void> {
    const { rejected, refused } = await ask('suggestions.reject', { ids: idsOf(items) });
    note(rejected.map((id) => [id, { state: 'rejected' }]));
    note(refused.map((one) => [one.id, refusalOf(one)]));
    if (rejected.length === 0) return;
    const step = { kind: 'rejected', items: items.filter(({ id }) => rejected.includes(id)) } as const;
    steps.current = [...steps.current, step];
    toast.done(say('faces.notedNot', { name: named(step.items) }), () => undoStep(step));
  }

  function undoStep(step: Step): void {
    decide('undo', step.items, async () => {
      if (steps.current.includes(step)) await revertStep(step);
    });
  }

  /** A step that got no answer can be tried again; one that was refused would be refused again. */
  async function revertStep(step: Step): Promise<void> {
    const refused = step.kind === 'rejected' ? await reopen(step) : await revertWritten(step);
    steps.current = steps.current.filter((other) => other !== step);
    if (refused === null) {
      const outcome = step.kind === 'rejected' ? stateAfterReopening : (): Outcome => ({ state: 'open' });
      note(step.items.map((item) => [item.id, outcome(item)]));
      toast.done(say('undo.done'));
    } else {
      toast.warn(refused);
      if (isHere.current) reload();
    }
    if (step.kind === 'accepted') await refreshStash(step.items);
  }

  async function undoOne(suggestion: SuggestionView): Promise<void> {
    if (stateOf(suggestion) === 'rejected') {
      await ask('suggestions.reopen', { ids: [suggestion.id] });
      note([[suggestion.id, stateAfterReopening(suggestion)]]);
      toast.done(say('suggestions.isSuggestedAgain', { name: suggestion.targetName }));
      return;
    }
    const journalId = journalIdNow(suggestion) ?? (await writtenFor(suggestion));
    if (journalId === null) {
      toast.warn(say('suggestions.nothingWritten'));
      return;
    }
    const { refused } = await ask('journal.undo', { ids: [journalId] });
    const [first] = refused;
    if (first) {
      toast.warn(say('undo.refused', { reason: first.reason }));
      if (isHere.current) reload();
    } else {
      note([[suggestion.id, { state: 'open' }]]);
      toast.done(say('undo.done'));
      await refreshStash([suggestion]);
    }
  }

  function journalIdNow(suggestion: SuggestionView): string | null {
    const outcome = outcomeOf(suggestion);
    return outcome?.state === 'accepted' ? outcome.journalId : null;
  }

  function outcomeOf({ id }: SuggestionView): Outcome | undefined {
    const it = noted.get(id);
    return it !== undefined && it.atMs > (asked?.atMs ?? 0) ? it.outcome : undefined;
  }

  function stateOf(suggestion: SuggestionView): SuggestionView['state'] {
    const outcome = outcomeOf(suggestion);
    if (outcome?.state === 'refused') return outcome.now ?? suggestion.state;
    return outcome?.state ?? suggestion.state;
  }

  const listed = (ids: readonly string[]): SuggestionView[] =>
    list?.items.filter(({ id }) => ids.includes(id)) ?? [];

  return {
    list,
    listOffset: asked?.input.offset ?? 0,
    problem,
    isLoading,
    outcomeOf,
    pending,
    stateOf,
    accept: (ids) =>
      decide(
        'accept',
        listed(ids).filter((item) => stateOf(item) === 'open'),
        acceptNow,
      ),
    acceptAgain: (suggestion) => decide('accept', [suggestion], acceptNow),
    reject: (ids) => decide('reject', listed(ids), rejectNow),
    undo: (suggestion) => decide('undo', [suggestion], async () => await undoOne(suggestion)),
    undoLast() {
      // The last step is determined when its turn comes: the newest decision may still be pending.
      decide('undo', [], async () => {
        const step = steps.current.at(-1);
        if (step) await revertStep(step);
        else toast.warn(say('suggestions.nothingDecided'));
      });
    },
    reload,
  };
}
