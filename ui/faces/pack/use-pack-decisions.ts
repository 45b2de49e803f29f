import type { CandidateView, PersonView } from '../../../core/contract/faces.ts';
import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { usePending } from '../../shared/hooks/use-pending.ts';
import type { PackAnswer } from '../../shared/pack-people/choose-performer.tsx';
import { hasUnsavedEdits } from '../../stash/edit-form.ts';
import { say } from '../../stash/intl.tsx';
import { refreshAfterWrite, type EntityRef } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import type { Faces } from '../use-faces.ts';

/** What can be decided about a candidate who is somebody of a reference pack. */
export type PackDecisions = {
  /** Keys of the persons with a pending write. */
  readonly pending: ReadonlySet<number>;
  /**
  Adds the performer of the answer, else makes one.
  @returns whom the user has to tell apart first; null: nobody
  */
  readonly add: (
    person: PersonView,
    candidate: CandidateView,
    answer: PackAnswer,
  ) => Promise<NameTakenView | null>;
  /** With `undo`: unrejects. */
  readonly reject: (person: PersonView, candidate: CandidateView, undo: boolean) => void;
};

export function usePackDecisions(entity: EntityRef, faces: Faces): PackDecisions {
  const { pending, run } = usePending(faces.model.reload);
  const toast = useToast();

  async function add(personKey: number, personId: string, answer: PackAnswer): Promise<NameTakenView | null> {
    const { choices, name } = answer;
    const given = await ask('packPeople.add', { entity, personKey, personId, choices });
    const { refused, dryRun, note, journalId, performerId } = given;
    if (refused !== null) {
      toast.warn(say('faces.wasNotAdded', { name, reason: refused.reason }));
      return refused.nameTaken ?? null;
    }
    if (dryRun) toast.warn(say('faces.dryRunNamed', { name }));
    else if (note !== null) toast.warn(say(note));
    else
      toast.done(
        say('suggestions.addedNamed', { name }),
        journalId === null ? undefined : () => void run([personKey], () => undo(journalId, performerId)),
      );
    await refreshAfterWrite([entity], performerId === null ? [] : [performerId]);
    return null;
  }

  async function undo(journalId: string, performerId: string | null): Promise<void> {
    const [first] = (await ask('journal.undo', { ids: [journalId] })).refused;
    if (first) toast.warn(say('undo.refused', { reason: first.reason }));
    else toast.done(say('undo.done'));
    await refreshAfterWrite([entity], performerId === null ? [] : [performerId]);
  }

  async function reject(personKey: number, personId: string, name: string, isUndo: boolean): Promise<void> {
    await ask('packPeople.reject', { entity, personKey, personId, undo: isUndo });
    if (isUndo) toast.done(say('faces.maybeSuggested', { name }));
    else
      toast.done(
        say('faces.notedNot', { name }),
        () => void run([personKey], () => reject(personKey, personId, name, true)),
      );
  }

  return {
    pending,
    async add({ key }, { pack }, answer) {
      // Stash's form would be begun anew, and what was typed there lost.
      if (hasUnsavedEdits()) {
        toast.warn(say('packPeople.saveFirst', { name: answer.name }));
        return null;
      }
      return pack === undefined ? null : await run([key], () => add(key, pack.personId, answer));
    },
    reject({ key }, { pack, name }, isUndo) {
      if (pack !== undefined) void run([key], () => reject(key, pack.personId, name, isUndo));
    },
  };
}
