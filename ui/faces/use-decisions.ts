import { useState } from 'react';
import type { CandidateView, PersonView } from '../../core/contract/faces.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { refreshAfterWrite, withUnsavedEditsNote, type EntityRef } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { withPerformer } from './person-state.ts';
import type { Faces } from './use-faces.ts';
import { say } from '../stash/intl.tsx';

export type Decisions = {
  /** Keys of the persons with a pending write, whose buttons are disabled. */
  readonly pending: ReadonlySet<number>;
  readonly add: (person: PersonView) => void;
  readonly addCandidate: (person: PersonView, candidate: CandidateView) => void;
  /** With `undo`: unrejects. */
  readonly reject: (person: PersonView, undo: boolean) => void;
  readonly rejectCandidate: (person: PersonView, candidate: CandidateView, undo: boolean) => void;
  readonly undo: (person: PersonView) => void;
  readonly undoCandidate: (person: PersonView, candidate: CandidateView) => void;
  readonly addAll: (suggestionIds: readonly string[]) => void;
};

/** The actions of a person's buttons: calls the operation, shows a toast, and refreshes Stash's page. */
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
      toast.warn(say('faces.dryRunNamed', { name }));
      return;
    }
    faces.model.change((view) => withPerformer(view, performerId, { journalId, present: true }));
    if (journalId === null) toast.done(say('faces.wasOnEntity', { name, kind }));
    else
      toast.done(
        withUnsavedEditsNote(say('faces.addedToEntity', { name, kind }), name),
        () => void run([], () => undoWrite(journalId, performerId)),
      );
    await refreshAfterWrite([entity], [performerId]);
  }

  async function undoWrite(journalId: string, performerId: string | null): Promise<void> {
    const { refused } = await ask('journal.undo', { ids: [journalId] });
    const [first] = refused;
    if (first) toast.warn(say('undo.refused', { reason: first.reason }));
    else {
      if (performerId !== null)
        faces.model.change((view) => withPerformer(view, performerId, { journalId: null, present: false }));
      toast.done(say('undo.done'));
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
    if (undo) toast.done(say('faces.maybeSuggested', { name }));
    else
      toast.done(
        say('faces.notedNot', { name }),
        () => void run([], () => rejectPerformer(person, { ...who, undo: true })),
      );
  }

  return {
    pending,
    add: (person) =>
      void run([person.key], async () => {
        const { performerId, suggestion } = person;
        const name = person.name ?? say('faces.thePerformer');
        if (performerId === null) return;
        if (suggestion?.state !== 'open') {
          await addPerformer(person, performerId, name);
          return;
        }
        const { accepted, refused, dryRun } = await ask('suggestions.accept', { ids: [suggestion.id] });
        const [done] = accepted;
        if (done) await wasAdded(performerId, name, { journalId: done.journalId, dryRun });
        else {
          const reason = refused[0]?.reason ?? say('faces.suggestionIsGone');
          toast.warn(say('faces.wasNotAdded', { name, reason }));
        }
      }),
    addCandidate: (person, { performerId, name }) =>
      void run([person.key], async () => {
        if (performerId !== null) await addPerformer(person, performerId, name);
      }),
    reject: (person, undo) =>
      void run([person.key], async () => {
        const { performerId, suggestion } = person;
        const name = person.name ?? say('faces.thisPerformer');
        if (suggestion?.state === (undo ? 'rejected' : 'open') || (!undo && suggestion?.state === 'removed'))
          await rejectSuggestion(suggestion.id, name, undo);
        // There is no suggestion, or an accepted one whose performer was removed in Stash since.
        else if (performerId !== null) await rejectPerformer(person, { performerId, name, undo });
      }),
    rejectCandidate: (person, { performerId, name }, undo) =>
      void run([person.key], async () => {
        if (performerId !== null) await rejectPerformer(person, { performerId, name, undo });
      }),
    undo: ({ key, journalId, performerId }) =>
      void run([key], async () => {
        if (journalId !== null) await undoWrite(journalId, performerId);
      }),
    undoCandidate: ({ key }, { journalId, performerId }) =>
      void run([key], async () => {
        if (journalId !== undefined) await undoWrite(journalId, performerId);
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
      toast.done(say('suggestions.isSuggestedAgain', { name }));
      return;
    }
    const { refused } = await ask('suggestions.reject', { ids: [id] });
    const [first] = refused;
    if (first) toast.warn(say('faces.couldNotBeNoted', { reason: first.reason }));
    else
      toast.done(
        say('faces.notedNot', { name }),
        () => void run([], async () => await rejectSuggestion(id, name, true)),
      );
  }

  async function addSuggestions(ids: readonly string[]): Promise<void> {
    const { accepted, refused, dryRun, batchId } = await ask('suggestions.accept', { ids: [...ids] });
    if (dryRun) {
      toast.warn(say('suggestions.dryRun', { count: accepted.length }));
      return;
    }
    const performerIds = performersOf(ids);
    const [first] = refused;
    if (first) {
      const counts = { added: accepted.length, refused: refused.length };
      toast.warn(say('faces.someAdded', { ...counts, reason: first.reason }));
    } else
      toast.done(
        withUnsavedEditsNote(say('faces.addedSeveral', { count: accepted.length, kind }), null),
        () => void run([], async () => await undoBatch(batchId, performerIds)),
      );
    await refreshAfterWrite([entity], performerIds);
  }

  async function undoBatch(batchId: string, performerIds: readonly string[]): Promise<void> {
    const { undone, refused } = await ask('journal.undo', { batchId });
    const [first] = refused;
    if (first) {
      const counts = { undone: undone.length, refused: refused.length };
      toast.warn(say('undo.someDone', { ...counts, reason: first.reason }));
    } else toast.done(say('faces.undoneSeveral', { count: undone.length }));
    await refreshAfterWrite([entity], performerIds);
  }

  function performersOf(suggestionIds: readonly string[]): string[] {
    const persons = faces.view?.persons ?? [];
    return persons
      .filter(({ suggestion }) => suggestion !== null && suggestionIds.includes(suggestion.id))
      .flatMap(({ performerId }) => performerId ?? []);
  }
}
