/** Who of the development gallery is known, who is looked for, and who is a stranger. */
import { hash } from 'node:crypto';
import type { KnownPerson } from './people.ts';

export const FOLDS = 5;
/** One of so many people with a single picture is a stranger: never in a gallery. */
const STRANGER_IN = 3;

export type Cast = {
  readonly person: KnownPerson;
  /** 0…`FOLDS - 1`; what is fitted on the people of other folds is reported on those of this one. */
  readonly fold: number;
  /** Files of the references, the first one of the gallery with one reference each; empty: a stranger. */
  readonly references: readonly string[];
  /** The file to identify; null: only in the gallery. */
  readonly probe: string | null;
};

/** Depends on nothing but the people's ids, so that packs and versions are compared on the same people. */
export function castPeople(people: readonly KnownPerson[]): Cast[] {
  return people.map((person) => {
    const [first, second, ...more] = person.entries.flatMap(({ pictures }) => pictures);
    const number = Number.parseInt(hash('sha256', person.id).slice(0, 8), 16);
    const fold = number % FOLDS;
    if (second !== undefined) return { person, fold, references: [first!, ...more], probe: second };
    const isStranger = Math.floor(number / FOLDS) % STRANGER_IN === 0;
    return isStranger
      ? { person, fold, references: [], probe: first! }
      : { person, fold, references: [first!], probe: null };
  });
}
