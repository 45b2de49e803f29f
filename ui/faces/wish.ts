import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import { say } from '../stash/intl.tsx';

/** A performer to be added to the entity, or to be taken off again. */
export type Wish = {
  readonly action: 'add' | 'undo';
  readonly personKey: number;
  readonly performerId: string;
  readonly name: string;
  /** The open suggestion it answers; null: chosen without one. */
  readonly suggestionId: string | null;
  /** The write that `undo` takes back. */
  readonly journalId: string | null;
};

export function wishToAdd({ key, performerId, name, suggestion }: PersonView): Wish[] {
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

export function wishToAddCandidate({ key }: PersonView, { performerId, name }: CandidateView): Wish[] {
  if (performerId === null) return [];
  return [{ action: 'add', personKey: key, performerId, name, suggestionId: null, journalId: null }];
}

export function wishToUndo(
  personKey: number,
  {
    performerId,
    name,
    journalId,
  }: {
    performerId: string | null;
    name: string | null;
    journalId?: string | null | undefined;
  },
): Wish[] {
  if (performerId === null || journalId == null) return [];
  const named = name ?? say('faces.thePerformer');
  return [{ action: 'undo', personKey, performerId, name: named, suggestionId: null, journalId }];
}

/** One for each of these suggestions, however many persons it names. */
export function wishesOf(view: FacesView | null, suggestionIds: readonly string[]): Wish[] {
  return suggestionIds.flatMap((id) => {
    const person = view?.persons.find(({ suggestion }) => suggestion?.id === id);
    return person === undefined ? [] : wishToAdd(person);
  });
}
