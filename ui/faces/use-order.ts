import { useState } from 'react';
import type { PersonView } from '../../core/contract/faces.ts';
import { undecidedFirst } from './person-state.ts';

/**
The order when this observation was first shown, undecided persons first. A decided card stays in its place, so that a
second click does not hit another card. The component needs a React `key` per observation.
*/
export function useOrder(persons: readonly PersonView[]): readonly PersonView[] {
  const [keys] = useState(() => undecidedFirst(persons).map(({ key }) => key));
  const placeOf = (key: number): number => (keys.includes(key) ? keys.indexOf(key) : keys.length);
  return [...persons].sort((a, b) => placeOf(a.key) - placeOf(b.key));
}
