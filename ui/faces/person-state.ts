import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import { isWorthSaying } from '../shared/words.ts';

/** What the card of a person offers: `open` and `removed` (taken off since) can be added or refused, `added` can be undone. */
export type PersonState = 'open' | 'removed' | 'ambiguous' | 'added' | 'present' | 'rejected' | 'unknown';

export function stateOf(person: PersonView): PersonState {
  if (person.present) return person.journalId === null ? 'present' : 'added';
  if (person.decision !== 'match') return person.decision;
  if (isRejected(person)) return 'rejected';
  return person.suggestion?.state === 'removed' ? 'removed' : 'open';
}

/** Includes a rejection made before the performer became the match, for which there is no suggestion. */
function isRejected({ suggestion, candidates }: PersonView): boolean {
  return suggestion?.state === 'rejected' || candidates[0]?.rejected === true;
}

/** The candidates that can be chosen: all of an ambiguous person, the others of an undecided match. */
export function selectableCandidates(person: PersonView): readonly CandidateView[] {
  const state = stateOf(person);
  if (state === 'ambiguous') return person.candidates;
  const others = person.candidates.slice(1);
  if (state === 'rejected') return others;
  return state === 'open' || state === 'removed' ? others.filter(isWorthOffering) : [];
}

function isWorthOffering({ confidence, present, rejected }: CandidateView): boolean {
  return isWorthSaying(confidence) || present === true || rejected === true;
}

const ORDER: Readonly<Record<PersonState, number>> = {
  open: 0,
  removed: 1,
  ambiguous: 2,
  added: 3,
  present: 4,
  rejected: 5,
  unknown: 6,
};

/** Undecided persons first, otherwise in the given order (most faces first). */
export function undecidedFirst(persons: readonly PersonView[]): PersonView[] {
  return persons
    .map((person, place) => ({ person, place }))
    .sort((a, b) => ORDER[stateOf(a.person)] - ORDER[stateOf(b.person)] || a.place - b.place)
    .map(({ person }) => person);
}

/** The suggestions "Add all" would accept; `threshold` is 0…1. Two persons of one performer are one suggestion. */
export function suggestionsAbove(view: FacesView, threshold: number): string[] {
  const ids = view.persons
    .filter(
      (person) =>
        stateOf(person) === 'open' && person.suggestion?.state === 'open' && person.confidence >= threshold,
    )
    .flatMap(({ suggestion }) => (suggestion ? [suggestion.id] : []));
  return [...new Set(ids)];
}

export function isWorking(view: FacesView | null): boolean {
  return view?.state === 'waiting' || view?.state === 'working';
}

/**
Optimistic update: marks the performer as added or removed everywhere in the view, before the server's answer.
*/
export function withPerformer(
  view: FacesView,
  performerId: string,
  { journalId, present }: Pick<PersonView, 'journalId' | 'present'>,
): FacesView {
  return {
    ...view,
    persons: view.persons.map((person) => ({
      ...person,
      ...(person.performerId === performerId ? { journalId, present } : {}),
      candidates: person.candidates.map((candidate) =>
        candidate.performerId === performerId ? changed(candidate, { journalId, present }) : candidate,
      ),
    })),
  };
}

function changed(
  before: CandidateView,
  { journalId, present }: Pick<PersonView, 'journalId' | 'present'>,
): CandidateView {
  const { journalId: _, ...candidate } = before;
  return { ...candidate, present, ...(journalId === null ? {} : { journalId }) };
}
