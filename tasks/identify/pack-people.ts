/** The people of reference packs among the candidates of an entity, and what became of them there. */
import { addedIds } from '../../core/changes/values.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { PersonView } from '../../core/contract/faces.ts';
import type { PackPersonView } from '../../core/contract/reference-packs.ts';
import type { EntityIdentifications } from '../../core/matching/identifications.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { idsOf, type PackPerson } from '../../core/reference-packs/reference-pack.ts';
import type { SuggestionOf } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import { findPackPerson } from '../suggestions/box/pack-profile.ts';

type PackPersonHere = {
  readonly person: PackPerson;
  /** The performer who was made or chosen for them, and is on the entity; null: none. */
  readonly performerId: string | null;
  /** The same where the performer has been taken off since. */
  readonly takenOffId: string | null;
  /** Null: there is none of this person alone. */
  readonly suggestion: PersonView['suggestion'];
};

/** By person id. Who is not there any more is absent: of them only the name is left. */
export type PackPeopleHere = ReadonlyMap<string, PackPersonHere>;

export async function readPackPeople(
  context: Pick<Context, 'referencePacks'>,
  {
    item,
    identifications,
    suggestions,
    journal,
  }: {
    readonly item: StashEntity;
    readonly identifications: EntityIdentifications;
    readonly suggestions: readonly SuggestionOf<'pack-person-seen'>[];
    /** Of the entity, newest first. */
    readonly journal: readonly JournalEntry[];
  },
): Promise<PackPeopleHere> {
  const candidates = identifications.persons.flatMap((person) => person.candidates);
  const here = new Map<string, PackPersonHere>();
  for (const { personId, performerId } of candidates) {
    if (performerId !== null || here.has(personId)) continue;
    const person = await findPackPerson(context, personId);
    if (person === null) continue;
    const own = suggestions.filter(
      ({ payload }) => isOnly(payload, personId) && payload.performers.length === 0,
    );
    const suggestion = own.find(({ state }) => state !== 'stale') ?? null;
    const written = journal.find(
      ({ state, suggestionId }) => state === 'written' && own.some(({ id }) => id === suggestionId),
    );
    const [added = null] = addedIds(written?.changes ?? [], 'performers');
    const isThere = added !== null && item.performerIds.includes(added);
    here.set(personId, {
      person,
      performerId: isThere ? added : null,
      takenOffId: !isThere && suggestion?.state === 'removed' ? added : null,
      suggestion: suggestion && { id: suggestion.id, state: suggestion.state },
    });
  }
  return here;
}

function isOnly({ people }: SuggestionOf<'pack-person-seen'>['payload'], personId: string): boolean {
  return people.length === 1 && people[0]?.personId === personId;
}

export function viewPackPerson(personId: string, { person }: PackPersonHere): PackPersonView {
  return { personId, disambiguation: person.disambiguation, ...idsOf(person) };
}
