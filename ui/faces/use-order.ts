import { useState } from 'react';
import type { PersonView } from '../../core/contract/faces.ts';
import { inOrder } from './person-state.ts';

/**
What is to be decided first, as it was when this observation was first shown: a card stays in its place when it is decided,
for the next press may already be on its way to it. Give the component a `key` of the observation.
*/
export function useOrder(persons: readonly PersonView[]): readonly PersonView[] {
  const [keys] = useState(() => inOrder(persons).map(({ key }) => key));
  const placeOf = (key: number): number => (keys.includes(key) ? keys.indexOf(key) : keys.length);
  return [...persons].sort((a, b) => placeOf(a.key) - placeOf(b.key));
}
