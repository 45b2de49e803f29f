import { useRef, useState } from 'react';
import type { NameTakenView, SuggestionView } from '../../../core/contract/suggestions.ts';
import type { SuggestionOption } from '../../../core/suggestions/kinds/define.ts';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import { say } from '../../stash/intl.tsx';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import { actOf, howToChoose, nameOf, optionsOf } from '../kinds/index.ts';
import { createFrom, inTurn } from './create.ts';
import { createDecisionQueue } from './decision-queue.ts';
import type { Deciding, Decisions } from './decisions.ts';
import {
  acceptanceOf,
  acceptedSteps,
  acceptedWords,
  choicesOf,
  idsOf,
  refreshStash,
  refusalOf,
  rejectedWords,
  revert,
  stateAfterReopening,
  stateAfterUndo,
  writtenFor,
  type Making,
  type Step,
} from './outcomes.ts';
import { useOutcomes } from './use-outcomes.ts';

type Shown = {
  readonly items: readonly SuggestionView[];
  /** When these were asked for, as `performance.now()` tells it. */
  readonly askedAtMs: number;
  readonly reload: () => void;
  /** Called after each decision that was answered, and each undo. */
  readonly onDecided?: () => void;
};

/**
The actions on the suggestions that are shown, with their undo. What was decided keeps its outcome until the suggestions are
asked for again.
*/
export function useDecisions({ items: shown, askedAtMs, reload, onDecided }: Shown): Decisions {
  const { note, outcomeOf, stateOf } = useOutcomes(askedAtMs);
  const [pending, setPending] = useState<Decisions['pending']>(new Map());
  const [queue] = useState(createDecisionQueue<SuggestionView>);
  const steps = useRef<readonly Step[]>([]);
  const chosen = useRef(new Map<string, SuggestionOption>());
  const isHere = useIsHere();
  const toast = useToast();

  /** Queues a decision; the buttons of these suggestions are disabled until it is answered. */
  function decide(
    kind: Deciding,
    items: readonly SuggestionView[],
    work: (items: readonly SuggestionView[]) => Promise<void>,
  ): void {
    const free = items.filter(({ id }) => !pending.has(id));
    if (free.length === 0 && kind !== 'undo') return;
    setPending((before) => new Map([...before, ...free.map(({ id }) => [id, kind] as const)]));
    const send = async (sent: readonly SuggestionView[]): Promise<void> => {
      try {
        await work(sent);
      } catch (error) {
        toast.failed(error);
      }
      const done = new Set(sent.map(({ id }) => id));
      if (!isHere.current) return;
      setPending((before) => new Map([...before].filter(([id]) => !done.has(id))));
      onDecided?.();
    };
    queue.add({ kind, items: free, send });
  }

  async function acceptNow(items: readonly SuggestionView[]): Promise<void> {
    const choices = choicesOf(items, chosen.current);
    const again = idsOf(items.filter((item) => stateOf(item) === 'removed'));
    const { accepted, refused, dryRun, batchId } = await ask('suggestions.accept', {
      ids: idsOf(items),
      ...(choices && { choices }),
      ...(again.length > 0 && { again }),
    });
    note(refused.map((one) => [one.id, refusalOf(one)]));
    if (dryRun) {
      toast.warn(say('suggestions.dryRun', { act: actOf(items), count: accepted.length }));
      return;
    }
    note(accepted.map((one) => [one.id, acceptanceOf(one, chosen.current)]));
    for (const { note: said } of accepted) if (said !== undefined) toast.warn(say(said));
    const [first] = refused.filter(({ nameTaken }) => nameTaken === undefined);
    if (first) {
      const counts = { accepted: accepted.length, refused: refused.length };
      toast.warn(say('suggestions.someAccepted', { act: actOf(items), ...counts, reason: first.reason }));
    }
    if (accepted.length === 0) return;
    const acceptedIds = accepted.map(({ id }) => id);
    const done = items.filter(({ id }) => acceptedIds.includes(id));
    for (const step of acceptedSteps(done, { accepted, batchId })) {
      steps.current = [...steps.current, step];
      if (!first) toast.done(acceptedWords(step.items, chosen.current), () => undoStep(step));
    }
    await refreshStash(done, chosen.current);
  }

  async function rejectNow(items: readonly SuggestionView[]): Promise<void> {
    const { rejected, refused } = await ask('suggestions.reject', { ids: idsOf(items) });
    note(rejected.map((id) => [id, { state: 'rejected' }]));
    note(refused.map((one) => [one.id, refusalOf(one)]));
    if (rejected.length === 0) return;
    const step = { kind: 'rejected', items: items.filter(({ id }) => rejected.includes(id)) } as const;
    steps.current = [...steps.current, step];
    toast.done(rejectedWords(step.items), () => undoStep(step));
  }

  async function ruleOutNow(suggestion: SuggestionView, option: SuggestionOption): Promise<void> {
    const { id } = suggestion;
    const what = { ids: [id], choices: { [id]: option.choices } };
    const { refused } = await ask('suggestions.reject', what);
    note(refused.map((one) => [one.id, refusalOf(one)]));
    if (refused.length > 0) return;
    toast.done(say('faces.notedNot', { name: option.name }), () =>
      decide('undo', [suggestion], async () => {
        await ask('suggestions.reopen', what);
        if (isHere.current) reload();
      }),
    );
    // What is left is another suggestion.
    if (isHere.current) reload();
  }

  async function createNow(item: SuggestionView, making: Making): Promise<NameTakenView | null> {
    const { question, made } = await createFrom(item, making, toast);
    if (made === null) return question;
    const step = { kind: 'created', items: [item], journalId: made.journalId } as const;
    steps.current = [...steps.current, step];
    note([[item.id, { state: 'rejected', journalId: made.journalId }]]);
    toast.done(made.words, () => undoStep(step));
    return null;
  }

  function undoStep(step: Step): void {
    decide('undo', step.items, async () => {
      if (steps.current.includes(step)) await revertStep(step);
    });
  }

  /** A step that got no answer can be tried again; one that was refused would be refused again. */
  async function revertStep(step: Step): Promise<void> {
    const reverted = await revert(step);
    steps.current = steps.current.filter((other) => other !== step);
    if ('outcomeOf' in reverted) {
      note(step.items.map((item) => [item.id, reverted.outcomeOf(item)]));
      toast.done(say('undo.done'));
    } else {
      toast.warn(reverted.problem);
      if (isHere.current) reload();
    }
    if (step.kind === 'accepted' || step.kind === 'created') await refreshStash(step.items, chosen.current);
  }

  async function undoOne(suggestion: SuggestionView): Promise<void> {
    const outcome = outcomeOf(suggestion);
    if (outcome?.state === 'rejected' && outcome.journalId != null) {
      await revertStep({ kind: 'created', items: [suggestion], journalId: outcome.journalId });
      return;
    }
    const isRejected = stateOf(suggestion) === 'rejected';
    const journalId = isRejected ? null : (journalIdNow(suggestion) ?? (await writtenFor(suggestion)));
    if (journalId === null) {
      const { reopened } = await ask('suggestions.reopen', { ids: [suggestion.id] });
      if (!isRejected && reopened.length === 0) {
        toast.warn(say('suggestions.nothingWritten'));
        return;
      }
      note([[suggestion.id, stateAfterReopening(suggestion)]]);
      toast.done(say('suggestions.isSuggestedAgain', { name: nameOf(suggestion) }));
      return;
    }
    const { refused, states } = await ask('journal.undo', { ids: [journalId] });
    const [first] = refused;
    if (first) {
      toast.warn(say('undo.refused', { reason: first.reason }));
      if (isHere.current) reload();
    } else {
      note([[suggestion.id, stateAfterUndo(suggestion, states)]]);
      toast.done(say('undo.done'));
      await refreshStash([suggestion], chosen.current);
    }
  }

  function journalIdNow(suggestion: SuggestionView): string | null {
    const outcome = outcomeOf(suggestion);
    return outcome?.state === 'accepted' ? outcome.journalId : null;
  }

  function take(suggestion: SuggestionView, option: SuggestionOption): void {
    chosen.current.set(suggestion.id, option);
    decide('accept', [suggestion], acceptNow);
  }

  const listed = (ids: readonly string[]): readonly SuggestionView[] =>
    shown.filter(({ id }) => ids.includes(id));

  return {
    outcomeOf,
    pending,
    stateOf,
    accept(ids) {
      const open = listed(ids).filter((item) => stateOf(item) === 'open');
      // What was chosen before, and refused, is not meant any more.
      for (const { id } of open) if (!pending.has(id)) chosen.current.delete(id);
      decide('accept', open, acceptNow);
    },
    acceptAgain: (suggestion) => decide('accept', [suggestion], acceptNow),
    reject: (ids) => decide('reject', listed(ids), rejectNow),
    choose(suggestion, place) {
      const option = optionsOf(suggestion)[place];
      if (option !== undefined) take(suggestion, option);
    },
    take,
    ruleOut(suggestion, place) {
      const option = optionsOf(suggestion)[place];
      // Not with other decisions in one question: each is about an option of its own.
      if (option !== undefined) decide('undo', [suggestion], () => ruleOutNow(suggestion, option));
    },
    create: async (suggestion, making) =>
      await inTurn(
        (work) => decide('undo', [suggestion], work),
        async () => await createNow(suggestion, making),
      ),
    sayChoose: (suggestion) => toast.warn(howToChoose(suggestion)),
    undo: (suggestion) => decide('undo', [suggestion], async () => await undoOne(suggestion)),
    undoLast() {
      // The last step is determined when its turn comes: the newest decision may still be pending.
      decide('undo', [], async () => {
        const step = steps.current.at(-1);
        if (step) await revertStep(step);
        else toast.warn(say('suggestions.nothingDecided'));
      });
    },
  };
}
