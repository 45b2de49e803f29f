import { useState } from 'react';
import type { CandidateView, PersonView } from '../../core/contract/faces.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { count } from '../shared/words.ts';
import { refreshAfterWrite, unsavedEditsNote, type EntityRef } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { withPerformer } from './person-state.ts';
import type { Faces } from './use-faces.ts';

export type Decisions = {
  /** Keys of the persons something is being written for: their buttons rest meanwhile. */
  readonly pending: ReadonlySet<number>;
  readonly add: (person: PersonView) => void;
  readonly addCandidate: (person: PersonView, candidate: CandidateView) => void;
  /** With `undo`: not refused any more. */
  readonly reject: (person: PersonView, undo: boolean) => void;
  readonly rejectCandidate: (person: PersonView, candidate: CandidateView, undo: boolean) => void;
  readonly undo: (person: PersonView) => void;
  readonly undoCandidate: (person: PersonView, candidate: CandidateView) => void;
  readonly addAll: (suggestionIds: readonly string[]) => void;
};

/** What a click on a person does: asked of the Node side, said in a toast, and seen by the rest of Stash's page. */
export function useDecisions(entity: EntityRef, faces: Faces): Decisions {
  const [pending, setPending] = useState<ReadonlySet<number>>(new Set());
  const isHere = useIsHere();
  const toast = useToast();
  const { kind } = entity;

  async function run(keys: readonly number[], work: () => Promise<void>): Promise<void> {
    setPending((before) => new Set([...before, ...keys]));
    try {
      await work();
    } catch (error) {
      toast.failed(error);
    }
    await faces.model.reload();
    if (isHere.current) setPending((before) => new Set([...before].filter((key) => !keys.includes(key))));
  }

  async function wasAdded(
    performerId: string,
    name: string,
    answer: { journalId: string | null; dryRun: boolean },
  ): Promise<void> {
    const { journalId, dryRun } = answer;
    if (dryRun) {
      toast.warn(`Dry run: ${name} would be added. Nothing was written.`);
      return;
    }
    faces.model.change((view) => withPerformer(view, performerId, { journalId, present: true }));
    if (journalId === null) toast.done(`${name} was on this ${kind} already.`);
    else
      toast.done(
        `Added ${name} to this ${kind}.${unsavedEditsNote(name)}`,
        () => void run([], () => takeBack(journalId, performerId)),
      );
    await refreshAfterWrite([entity], [performerId]);
  }

  async function takeBack(journalId: string, performerId: string | null): Promise<void> {
    const { refused } = await ask('journal.undo', { ids: [journalId] });
    const [first] = refused;
    if (first) toast.warn(`This could not be undone: ${first.reason}`);
    else {
      if (performerId !== null)
        faces.model.change((view) => withPerformer(view, performerId, { journalId: null, present: false }));
      toast.done('Undone.');
    }
    await refreshAfterWrite([entity], performerId === null ? [] : [performerId]);
  }

  async function addPerformer(person: PersonView, performerId: string, name: string): Promise<void> {
    const answer = await ask('entity.add', { entity, performerId, personKey: person.key });
    await wasAdded(performerId, name, answer);
  }

  async function rejectPerformer(
    person: PersonView,
    who: { performerId: string; name: string; undo: boolean },
  ): Promise<void> {
    const { performerId, name, undo } = who;
    await ask('entity.reject', { entity, performerId, personKey: person.key, undo });
    if (undo) toast.done(`${name} may be suggested again.`);
    else
      toast.done(
        `Noted: not ${name}.`,
        () => void run([], () => rejectPerformer(person, { ...who, undo: true })),
      );
  }

  return {
    pending,
    add: (person) =>
      void run([person.key], async () => {
        const { performerId, suggestion } = person;
        const name = person.name ?? 'the performer';
        if (performerId === null) return;
        if (suggestion?.state !== 'open') {
          await addPerformer(person, performerId, name);
          return;
        }
        const { accepted, refused, dryRun } = await ask('suggestions.accept', { ids: [suggestion.id] });
        const [done] = accepted;
        if (done) await wasAdded(performerId, name, { journalId: done.journalId, dryRun });
        else toast.warn(`${name} was not added: ${refused[0]?.reason ?? 'the suggestion is gone.'}`);
      }),
    addCandidate: (person, { performerId, name }) =>
      void run([person.key], async () => {
        if (performerId !== null) await addPerformer(person, performerId, name);
      }),
    reject: (person, undo) =>
      void run([person.key], async () => {
        const { performerId, suggestion } = person;
        const name = person.name ?? 'this performer';
        if (suggestion?.state === (undo ? 'rejected' : 'open'))
          await rejectSuggestion(suggestion.id, name, undo);
        // No suggestion says it, or one that was accepted before Stash took the performer off.
        else if (performerId !== null) await rejectPerformer(person, { performerId, name, undo });
      }),
    rejectCandidate: (person, { performerId, name }, undo) =>
      void run([person.key], async () => {
        if (performerId !== null) await rejectPerformer(person, { performerId, name, undo });
      }),
    undo: ({ key, journalId, performerId }) =>
      void run([key], async () => {
        if (journalId !== null) await takeBack(journalId, performerId);
      }),
    undoCandidate: ({ key }, { journalId, performerId }) =>
      void run([key], async () => {
        if (journalId !== undefined) await takeBack(journalId, performerId);
      }),
    addAll: (suggestionIds) =>
      void run(
        faces.view?.persons.map(({ key }) => key) ?? [],
        async () => await addSuggestions(suggestionIds),
      ),
  };

  async function rejectSuggestion(id: string, name: string, undo: boolean): Promise<void> {
    if (undo) {
      await ask('suggestions.reopen', { ids: [id] });
      toast.done(`${name} is suggested again.`);
      return;
    }
    const { refused } = await ask('suggestions.reject', { ids: [id] });
    const [first] = refused;
    if (first) toast.warn(`This could not be noted: ${first.reason}`);
    else
      toast.done(
        `Noted: not ${name}.`,
        () => void run([], async () => await rejectSuggestion(id, name, true)),
      );
  }

  async function addSuggestions(ids: readonly string[]): Promise<void> {
    const { accepted, refused, dryRun, batchId } = await ask('suggestions.accept', { ids: [...ids] });
    if (dryRun) {
      toast.warn(`Dry run: ${count(accepted.length, 'performer')} would be added. Nothing was written.`);
      return;
    }
    const performerIds = performersOf(ids);
    const [first] = refused;
    if (first) toast.warn(`${accepted.length} added, ${refused.length} not: ${first.reason}`);
    else
      toast.done(
        `Added ${count(accepted.length, 'performer')} to this ${kind}.${unsavedEditsNote('them')}`,
        () => void run([], async () => await takeBatchBack(batchId, performerIds)),
      );
    await refreshAfterWrite([entity], performerIds);
  }

  async function takeBatchBack(batchId: string, performerIds: readonly string[]): Promise<void> {
    const { undone, refused } = await ask('journal.undo', { batchId });
    const [first] = refused;
    if (first) toast.warn(`${undone.length} undone, ${refused.length} not: ${first.reason}`);
    else toast.done(`Undone: ${count(undone.length, 'performer')} taken off again.`);
    await refreshAfterWrite([entity], performerIds);
  }

  function performersOf(suggestionIds: readonly string[]): string[] {
    const persons = faces.view?.persons ?? [];
    return persons
      .filter(({ suggestion }) => suggestion !== null && suggestionIds.includes(suggestion.id))
      .flatMap(({ performerId }) => performerId ?? []);
  }
}
