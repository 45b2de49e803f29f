import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import { isWorthSaying } from '../shared/words.ts';

/** What the card of a person offers: `open` can be added or refused, `added` can be undone. */
export type PersonState = 'open' | 'ambiguous' | 'added' | 'present' | 'rejected' | 'unknown';

export function stateOf(person: PersonView): PersonState {
  // What was written and taken off in Stash since is to be decided again.
  if (person.present) return person.journalId === null ? 'present' : 'added';
  if (person.decision !== 'match') return person.decision;
  return isRejected(person) ? 'rejected' : 'open';
}

/** Also a "no" from before it was the answer, which left no suggestion behind. */
function isRejected({ suggestion, candidates }: PersonView): boolean {
  return suggestion?.state === 'rejected' || candidates[0]?.rejected === true;
}

/** Who can still be chosen: all of several, the others beside an answer that nobody has confirmed. */
export function choices(person: PersonView): readonly CandidateView[] {
  const state = stateOf(person);
  if (state === 'ambiguous') return person.candidates;
  const others = person.candidates.slice(1);
  if (state === 'rejected') return others;
  return state === 'open' ? others.filter(isWorthOffering) : [];
}

function isWorthOffering({ confidence, present, rejected }: CandidateView): boolean {
  return isWorthSaying(confidence) || present === true || rejected === true;
}

const ORDER: Readonly<Record<PersonState, number>> = {
  open: 0,
  ambiguous: 1,
  added: 2,
  present: 3,
  rejected: 4,
  unknown: 5,
};

/** What is to be decided first; otherwise as they came, the largest person first. */
export function inOrder(persons: readonly PersonView[]): PersonView[] {
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
That performer on the entity or off it, wherever they are named, at once: the answer of the server comes a moment later.
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
