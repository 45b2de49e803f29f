import type { FacesView, PersonView } from '../../core/contract.ts';

/** What the card of a person offers: `open` can be added or refused, `added` can be undone. */
export type PersonState = 'open' | 'ambiguous' | 'added' | 'present' | 'rejected' | 'unknown';

export function stateOf(person: PersonView): PersonState {
  if (person.journalId !== null) return 'added';
  if (person.present) return 'present';
  if (person.decision !== 'match') return person.decision;
  return person.suggestion?.state === 'rejected' ? 'rejected' : 'open';
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
    .toSorted((a, b) => ORDER[stateOf(a.person)] - ORDER[stateOf(b.person)] || a.place - b.place)
    .map(({ person }) => person);
}

/** The suggestions "Add all" would accept; `bar` is 0…1. Two persons of one performer are one suggestion. */
export function suggestionsAbove(view: FacesView, bar: number): string[] {
  const ids = view.persons
    .filter(
      (person) =>
        stateOf(person) === 'open' && person.suggestion?.state === 'open' && person.confidence >= bar,
    )
    .flatMap(({ suggestion }) => (suggestion ? [suggestion.id] : []));
  return [...new Set(ids)];
}

export function isWorking(view: FacesView | null): boolean {
  return view?.state === 'waiting' || view?.state === 'working';
}

/** Everybody of the view who is that performer, changed at once: the answer of the server comes a moment later. */
export function withPerformer(
  view: FacesView,
  performerId: string,
  change: Partial<Pick<PersonView, 'journalId' | 'present' | 'suggestion'>>,
): FacesView {
  return {
    ...view,
    persons: view.persons.map((person) =>
      person.performerId === performerId ? { ...person, ...change } : person,
    ),
  };
}
