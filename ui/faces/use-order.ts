import { useState } from 'react';
import type { PersonView } from '../../core/contract/faces.ts';
import { undecidedFirst } from './person-state.ts';

/**
The order when this observation was first shown, undecided persons first. A decided card stays in its place, so that a
second click does not hit another card. Before all others come the persons with
the keys of `first`. The component needs a React `key` per observation.
*/
export function useOrder(persons: readonly PersonView[], first: readonly number[]): readonly PersonView[] {
  const [keys] = useState(() => undecidedFirst(persons).map(({ key }) => key));
  const placeOf = (key: number): number => {
    if (first.includes(key)) return -1;
    return keys.includes(key) ? keys.indexOf(key) : keys.length;
  };
  return [...persons].sort((a, b) => placeOf(a.key) - placeOf(b.key));
}
