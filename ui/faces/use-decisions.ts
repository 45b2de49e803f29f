import type { CandidateView, PersonView } from '../../core/contract/faces.ts';
import { usePending } from '../shared/hooks/use-pending.ts';
import { hasUnsavedEdits, putIntoForm, takeOutOfForm } from '../stash/edit-form.ts';
import { refreshAfterWrite, withUnsavedEditsNote, type EntityRef } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { withPerformer } from './person-state.ts';
import type { Faces } from './use-faces.ts';
import { requestsFor, requestToAdd, requestToAddCandidate, type ChangeRequest } from './change-request.ts';
import { say } from '../stash/intl.tsx';
import { undoAccepted } from '../shared/undo-accepted.ts';

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
  /** Does what waited for Stash's form to be saved, and settles what was put into it. Both can be empty: the faces are asked for again. */
  readonly afterSave: (waiting: readonly ChangeRequest[], put: readonly ChangeRequest[]) => void;
};

/** The actions of a person's buttons: calls the operation, shows a toast, and refreshes Stash's page. */
export function useDecisions(entity: EntityRef, faces: Faces): Decisions {
  const { pending, run } = usePending(faces.model.reload);
  const toast = useToast();
  const { kind } = entity;

  async function wasAdded(
    performerId: string,
    name: string,
    answer: { journalId: string | null; dryRun: boolean },
    forget: () => Promise<unknown>,
  ): Promise<void> {
    const { journalId, dryRun } = answer;
    if (dryRun) {
      toast.warn(say('faces.dryRunNamed', { name }));
      return;
    }
    faces.model.change((view) => withPerformer(view, performerId, { journalId, present: true }));
    keepInForm([{ id: performerId, name }]);
    if (journalId === null)
      toast.done(
        say('faces.wasOnEntity', { name, kind }),
        () =>
          void run([], async () => {
            await forget();
            toast.done(say('undo.done'));
          }),
      );
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
      keepOutOfForm(performerId === null ? [] : [performerId]);
      toast.done(say('undo.done'));
    }
    await refreshAfterWrite([entity], performerId === null ? [] : [performerId]);
  }

  async function carryOut({
    action,
    personKey,
    performerId,
    name,
    ...request
  }: ChangeRequest): Promise<void> {
    if (action === 'undo') {
      if (request.journalId !== null) await undoWrite(request.journalId, performerId);
      return;
    }
    if (request.suggestionId === null) {
      const face = { entity, performerId, personKey };
      await wasAdded(performerId, name, await ask('entity.add', face), () => ask('faces.unname', face));
      return;
    }
    const ids = [request.suggestionId];
    const { accepted, refused, dryRun } = await ask('suggestions.accept', { ids });
    const [done] = accepted;
    if (done)
      await wasAdded(performerId, name, { journalId: done.journalId, dryRun }, () =>
        ask('suggestions.reopen', { ids }),
      );
    else {
      const reason = refused[0]?.reason ?? say('faces.suggestionIsGone');
      toast.warn(say('faces.wasNotAdded', { name, reason }));
    }
  }

  /** What was put into Stash's form and saved is there: the answer to its suggestion is a yes, and nothing is written. */
  async function settle(put: readonly ChangeRequest[]): Promise<void> {
    await faces.model.reload();
    const persons = faces.model.state().view?.persons ?? [];
    const onEntity = new Set(
      persons
        .flatMap((person) => [person, ...person.candidates])
        .flatMap(({ performerId, present }) => (present === true ? performerId : [])),
    );
    for (const { performerId, personKey, suggestionId } of put.filter((one) => onEntity.has(one.performerId)))
      if (suggestionId === null) await ask('entity.add', { entity, performerId, personKey });
      else await ask('suggestions.accept', { ids: [suggestionId] });
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
        for (const request of requestToAdd(person)) await carryOut(request);
      }),
    addCandidate: (person, candidate) =>
      void run([person.key], async () => {
        for (const request of requestToAddCandidate(person, candidate)) await carryOut(request);
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
    afterSave: (waiting, put) =>
      void run(
        waiting.map(({ personKey }) => personKey),
        async () => {
          const ids = waiting.flatMap(({ suggestionId }) => suggestionId ?? []);
          const isTogether = ids.length > 1;
          const alone = isTogether ? waiting.filter(({ suggestionId }) => suggestionId === null) : waiting;
          const steps = [
            ...(put.length > 0 ? [() => settle(put)] : []),
            ...(isTogether ? [() => addSuggestions(ids)] : []),
            ...alone.map((request) => () => carryOut(request)),
          ];
          for (const step of steps) await step().catch(toast.failed);
        },
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
      toast.warn(say('suggestions.dryRun', { act: 'add', count: accepted.length }));
      return;
    }
    const written = accepted.map(({ id }) => id);
    const requests = requestsFor(faces.model.state().view, written);
    const performerIds = requests.map(({ performerId }) => performerId);
    keepInForm(requests.map(({ performerId, name }) => ({ id: performerId, name })));
    const [first] = refused;
    if (first) {
      const counts = { added: accepted.length, refused: refused.length };
      toast.warn(say('faces.someAdded', { ...counts, reason: first.reason }));
    } else
      toast.done(
        withUnsavedEditsNote(say('faces.addedSeveral', { count: accepted.length, kind }), null),
        () => void run([], async () => await undoAll({ accepted, batchId }, performerIds)),
      );
    await refreshAfterWrite([entity], performerIds);
  }

  async function undoAll(
    made: Parameters<typeof undoAccepted>[0],
    performerIds: readonly string[],
  ): Promise<void> {
    const { count, refused } = await undoAccepted(made);
    const [first] = refused;
    if (first) {
      const counts = { undone: count, refused: refused.length };
      toast.warn(say('undo.someDone', { ...counts, reason: first.reason }));
    } else {
      keepOutOfForm(performerIds);
      toast.done(say('faces.undoneSeveral', { count }));
    }
    await refreshAfterWrite([entity], performerIds);
  }
}

/** Edits that were begun while it was written must not take it off again when they are saved. */
function keepInForm(performers: Parameters<typeof putIntoForm>[0]): void {
  if (hasUnsavedEdits()) putIntoForm(performers);
}

function keepOutOfForm(performerIds: readonly string[]): void {
  if (hasUnsavedEdits()) takeOutOfForm(performerIds);
}
