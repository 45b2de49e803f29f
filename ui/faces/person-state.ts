import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import { isWorthSaying } from '../shared/words.ts';

/** What the card of a person offers: `open` and `removed` (taken off since) can be added or refused, `added` can be undone, `hidden` taken back. */
export type PersonState =
  | 'open'
  | 'removed'
  | 'ambiguous'
  | 'added'
  | 'present'
  | 'rejected'
  | 'unknown'
  | 'hidden';

export function stateOf(person: PersonView): PersonState {
  if (person.hiddenId !== undefined) return 'hidden';
  if (person.present) return person.journalId === null ? 'present' : 'added';
  if (person.decision !== 'match') return person.decision;
  if (isRejected(person)) return 'rejected';
  return person.suggestion?.state === 'removed' ? 'removed' : 'open';
}

/** Includes a rejection made before the performer became the match, for which there is no suggestion. */
function isRejected({ suggestion, candidates }: PersonView): boolean {
  return suggestion?.state === 'rejected' || candidates[0]?.rejected === true;
}

const NAMED: ReadonlySet<PersonState> = new Set(['open', 'removed']);

/** The performers whom the card of another person names as its match: they are added, undone or refused there. */
export function performersElsewhere(
  persons: readonly PersonView[],
  { key }: Pick<PersonView, 'key'>,
): ReadonlySet<string> {
  return new Set(
    persons.flatMap((other) =>
      other.key !== key && (other.present || NAMED.has(stateOf(other))) ? (other.performerId ?? []) : [],
    ),
  );
}

/**
The candidates that can be chosen: all of an ambiguous person, of one whom only the cover shows the likely ones, the others
of an undecided match, and of any person who was added and taken off since.

@param elsewhere see `performersElsewhere`: such a candidate is named only where it is likely
*/
export function selectableCandidates(
  person: PersonView,
  elsewhere: ReadonlySet<string>,
): readonly CandidateView[] {
  const state = stateOf(person);
  if (state === 'hidden') return [];
  const isNamedHere = (other: CandidateView): boolean =>
    !isAmong(elsewhere, other) || isWorthSaying(other.confidence) || other.rejected === true;
  if (state === 'ambiguous')
    return person.candidates.filter(
      (other, place) =>
        place === 0 ||
        (isNamedHere(other) && isShownUnasked(other) && (person.onlyCover !== true || isOfInterest(other))),
    );
  const others = (state === 'unknown' ? person.candidates : person.candidates.slice(1)).filter(isNamedHere);
  if (state === 'rejected') return others;
  if (state !== 'open' && state !== 'removed') return others.filter(({ removed }) => removed === true);
  return others.filter(isOfInterest);
}

function isOfInterest(other: CandidateView): boolean {
  return (isWorthSaying(other.confidence) && other.isUnlikely !== true) || isDecided(other);
}

function isShownUnasked(other: CandidateView): boolean {
  return other.isUnlikely !== true || isDecided(other);
}

function isDecided({ rejected, removed, present }: CandidateView): boolean {
  return rejected === true || removed === true || present === true;
}

/** Who else could be meant, where that is asked for: the candidates of somebody undecided who are not offered. */
export function lessLikely(
  person: PersonView,
  offered: readonly CandidateView[],
  elsewhere: ReadonlySet<string>,
): readonly CandidateView[] {
  const state = stateOf(person);
  if (state !== 'ambiguous' && state !== 'unknown') return [];
  return person.candidates.filter((other) => !offered.includes(other) && !isAmong(elsewhere, other));
}

function isAmong(performers: ReadonlySet<string>, { performerId }: CandidateView): boolean {
  return performerId !== null && performers.has(performerId);
}

const ORDER: Readonly<Record<PersonState, number>> = {
  open: 0,
  removed: 1,
  ambiguous: 2,
  added: 3,
  present: 4,
  rejected: 5,
  unknown: 6,
  hidden: 7,
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
        stateOf(person) === 'open' &&
        // Somebody of a reference pack, for whom a performer would be made, is asked about alone.
        person.performerId !== null &&
        person.suggestion?.state === 'open' &&
        person.confidence >= threshold,
    )
    .flatMap(({ suggestion }) => (suggestion ? [suggestion.id] : []));
  return [...new Set(ids)];
}

/** Whether the view agrees with who is on the entity. */
export function isAsShown({ persons }: FacesView, onEntity: ReadonlySet<string>): boolean {
  const isRight = (who: { performerId: string | null; present?: boolean | undefined }): boolean =>
    who.performerId === null || (who.present ?? false) === onEntity.has(who.performerId);
  return persons.every((person) => isRight(person) && person.candidates.every(isRight));
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
  const { journalId: _, removed: __, ...candidate } = before;
  return { ...candidate, present, ...(journalId === null ? {} : { journalId }) };
}
