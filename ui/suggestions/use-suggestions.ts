import { useState } from 'react';
import type { Output, SuggestionView } from '../../core/contract.ts';
import { count } from '../components/words.ts';
import { useAnswer } from '../components/use-answer.ts';
import { refreshAfterWrite } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { conditionsOf, PAGE_SIZE, type Filter } from './filter.ts';

/** What became of a suggestion since the list was loaded. */
export type Outcome =
  | { readonly state: 'accepted'; readonly journalId: string | null }
  | { readonly state: 'rejected' }
  | { readonly state: 'open' }
  | { readonly state: 'refused'; readonly reason: string };

/** A newly loaded list knows better than what was noted about the one before. */
type Noted = {
  readonly list: Output<'suggestions.list'> | null;
  readonly outcomes: ReadonlyMap<string, Outcome>;
};
const NOTHING: Noted['outcomes'] = new Map();

/** What `u` takes back, newest last. */
type Step =
  | { readonly kind: 'accepted'; readonly ids: readonly string[]; readonly batchId: string }
  | { readonly kind: 'rejected'; readonly ids: readonly string[] };

export type Suggestions = {
  readonly list: Output<'suggestions.list'> | null;
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly pending: ReadonlySet<string>;
  readonly canUndo: boolean;
  readonly stateOf: (suggestion: SuggestionView) => SuggestionView['state'];
  readonly accept: (ids: readonly string[]) => void;
  readonly reject: (ids: readonly string[]) => void;
  /** Of one, whatever was decided about it, now or long ago. */
  readonly undo: (suggestion: SuggestionView) => void;
  readonly undoLast: () => void;
  readonly reload: () => void;
};

/**
A page of suggestions and what is done with it. What has been decided stays in its place, marked, so that nothing moves
under the cursor; it goes when the list is loaded again.
*/
export function useSuggestions(filter: Filter, offset: number): Suggestions {
  const input = { ...conditionsOf(filter), order: filter.order, limit: PAGE_SIZE, offset };
  const { answer: list, problem, isLoading, reload } = useAnswer('suggestions.list', input);
  const [noted, setNoted] = useState<Noted>({ list: null, outcomes: new Map() });
  const outcomes = noted.list === list ? noted.outcomes : NOTHING;
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const toast = useToast();

  const note = (ids: readonly string[], outcome: (id: string) => Outcome): void =>
    setNoted((before) => ({
      list,
      outcomes: new Map([
        ...(before.list === list ? before.outcomes : NOTHING),
        ...ids.map((id) => [id, outcome(id)] as const),
      ]),
    }));

  async function run(ids: readonly string[], work: () => Promise<void>): Promise<void> {
    if (ids.some((id) => pending.has(id))) return;
    setPending((before) => new Set([...before, ...ids]));
    try {
      await work();
    } catch (error) {
      toast.failed(error);
    }
    setPending((before) => new Set([...before].filter((id) => !ids.includes(id))));
  }

  async function seenByStash(ids: readonly string[]): Promise<void> {
    const items = list?.items.filter(({ id }) => ids.includes(id)) ?? [];
    await refreshAfterWrite(
      items.map(({ subject }) => subject),
      items.map(({ performerId }) => performerId),
    );
  }

  async function acceptNow(ids: readonly string[]): Promise<void> {
    const { accepted, refused, dryRun, batchId } = await ask('suggestions.accept', { ids: [...ids] });
    note(
      refused.map(({ id }) => id),
      (id) => ({ state: 'refused', reason: refused.find((it) => it.id === id)?.reason ?? '' }),
    );
    if (dryRun) {
      toast.warn(`Dry run: ${count(accepted.length, 'performer')} would be added. Nothing was written.`);
      return;
    }
    const journalIds = new Map(accepted.map(({ id, journalId }) => [id, journalId]));
    note([...journalIds.keys()], (id) => ({ state: 'accepted', journalId: journalIds.get(id) ?? null }));
    const [first] = refused;
    if (first)
      toast.warn(`${count(accepted.length, 'performer')} added, ${refused.length} not: ${first.reason}`);
    if (accepted.length === 0) return;
    const step = { kind: 'accepted', ids: [...journalIds.keys()], batchId } as const;
    setSteps((before) => [...before, step]);
    if (!first) toast.done(`Added ${named(step.ids)}.`, () => void takeBack(step));
    await seenByStash(step.ids);
  }

  async function rejectNow(ids: readonly string[]): Promise<void> {
    const { rejected, refused } = await ask('suggestions.reject', { ids: [...ids] });
    note(rejected, () => ({ state: 'rejected' }));
    note(
      refused.map(({ id }) => id),
      (id) => ({ state: 'refused', reason: refused.find((it) => it.id === id)?.reason ?? '' }),
    );
    if (rejected.length === 0) return;
    const step = { kind: 'rejected', ids: rejected } as const;
    setSteps((before) => [...before, step]);
    toast.done(`Noted: not ${named(rejected)}.`, () => void takeBack(step));
  }

  async function takeBack(step: Step): Promise<void> {
    setSteps((before) => before.filter((it) => it !== step));
    await run(step.ids, async () => {
      if (step.kind === 'rejected') {
        await ask('suggestions.reopen', { ids: [...step.ids] });
        note(step.ids, () => ({ state: 'open' }));
      } else {
        const { undone, refused } = await ask('journal.undo', { batchId: step.batchId });
        const [first] = refused;
        if (first) {
          toast.warn(`${undone.length} undone, ${refused.length} not: ${first.reason}`);
          reload();
          return;
        }
        note(step.ids, () => ({ state: 'open' }));
        await seenByStash(step.ids);
      }
      toast.done('Undone.');
    });
  }

  async function undoOne(suggestion: SuggestionView): Promise<void> {
    if (stateOf(suggestion) === 'rejected') {
      await ask('suggestions.reopen', { ids: [suggestion.id] });
      note([suggestion.id], () => ({ state: 'open' }));
      toast.done(`${suggestion.performerName} is suggested again.`);
      return;
    }
    const journalId = journalIdNow(suggestion.id) ?? (await writtenFor(suggestion));
    if (journalId === null) {
      toast.warn('Nothing was written for this suggestion, so there is nothing to undo.');
      return;
    }
    const { refused } = await ask('journal.undo', { ids: [journalId] });
    const [first] = refused;
    if (first) toast.warn(`This could not be undone: ${first.reason}`);
    else {
      note([suggestion.id], () => ({ state: 'open' }));
      toast.done('Undone.');
      await seenByStash([suggestion.id]);
    }
  }

  function journalIdNow(id: string): string | null {
    const outcome = outcomes.get(id);
    return outcome?.state === 'accepted' ? outcome.journalId : null;
  }

  function stateOf({ id, state }: SuggestionView): SuggestionView['state'] {
    const outcome = outcomes.get(id);
    return outcome === undefined || outcome.state === 'refused' ? state : outcome.state;
  }

  function named(ids: readonly string[]): string {
    const [only, ...more] = list?.items.filter(({ id }) => ids.includes(id)) ?? [];
    return only && more.length === 0 ? only.performerName : count(ids.length, 'suggestion');
  }

  return {
    list,
    problem,
    isLoading,
    outcomes,
    pending,
    canUndo: steps.length > 0,
    stateOf,
    accept: (ids) => void run(ids, async () => await acceptNow(ids)),
    reject: (ids) => void run(ids, async () => await rejectNow(ids)),
    undo: (suggestion) => void run([suggestion.id], async () => await undoOne(suggestion)),
    undoLast() {
      const step = steps.at(-1);
      if (step) void takeBack(step);
      else toast.warn('Nothing was decided on this page yet. The History tab undoes what is older.');
    },
    reload,
  };
}

/** The write an accepted suggestion led to, from the journal. */
async function writtenFor({ id, subject }: SuggestionView): Promise<string | null> {
  const { items } = await ask('journal.list', { subject, limit: 200 });
  return items.find(({ suggestionId, state }) => suggestionId === id && state === 'written')?.id ?? null;
}
