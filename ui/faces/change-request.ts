import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import { say } from '../stash/intl.tsx';

/** A performer to be added to the entity, or to be taken off again. */
export type ChangeRequest = {
  readonly action: 'add' | 'undo';
  readonly personKey: number;
  readonly performerId: string;
  readonly name: string;
  /** The open suggestion it answers; null: chosen without one. */
  readonly suggestionId: string | null;
  /** The write that `undo` takes back. */
  readonly journalId: string | null;
};

export function requestToAdd({ key, performerId, name, suggestion }: PersonView): ChangeRequest[] {
  if (performerId === null) return [];
  return [
    {
      action: 'add',
      personKey: key,
      performerId,
      name: name ?? say('faces.thePerformer'),
      suggestionId: suggestion?.state === 'open' ? suggestion.id : null,
      journalId: null,
    },
  ];
}

export function requestToAddCandidate(
  { key }: PersonView,
  { performerId, name }: CandidateView,
): ChangeRequest[] {
  if (performerId === null) return [];
  return [{ action: 'add', personKey: key, performerId, name, suggestionId: null, journalId: null }];
}

export function requestToUndo(
  personKey: number,
  { performerId, name, journalId }: Pick<PersonView, 'performerId' | 'name' | 'journalId'> | CandidateView,
): ChangeRequest[] {
  if (performerId === null || journalId == null) return [];
  const named = name ?? say('faces.thePerformer');
  return [{ action: 'undo', personKey, performerId, name: named, suggestionId: null, journalId }];
}

/** One for each of these suggestions, however many persons it names. */
export function requestsFor(view: FacesView | null, suggestionIds: readonly string[]): ChangeRequest[] {
  return suggestionIds.flatMap((id) => {
    const person = view?.persons.find(({ suggestion }) => suggestion?.id === id);
    return person === undefined ? [] : requestToAdd(person);
  });
}
