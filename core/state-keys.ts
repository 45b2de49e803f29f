import type { ErasableData } from './ports/store.ts';

/**
Every key of the store's key-value state, and with which data it is erased. `matching`: with faces, people or decisions,
since it holds identifications. `none`: it contains nothing about a person. A key that ends in a colon is a prefix; an id
follows it.
*/
export const STATE_KEYS = {
  /** Live progress of an entity that is being observed: the clusters found so far. */
  'progress:': 'faces',
  /** Why the last attempt to observe this entity failed; the text may contain a file name. */
  'attempt-failed:': 'faces',
  /** The face that a journal entry was written for. */
  'face-of:': 'journal',
  'undo-begun': 'journal',
  'all-matched-with': 'matching',
  'people-all-was-matched-with': 'matching',
  /** Cursor of a rematch of all entities. */
  'rematch-at': 'matching',
  /** Per run: the number of observed items at its last rematch of all entities. */
  'matched-at:': 'none',
  /** Per run: the cursor of auto-accept in the suggestions. */
  'auto-accept:': 'none',
  'rematch-started-at': 'none',
  'learns-too:': 'none',
  'entities-enqueued:': 'none',
  'people-enqueued:': 'none',
  'slice-token:': 'none',
  'restart-requested:': 'none',
  schedule: 'none',
  'item-durations': 'none',
  'move-to': 'none',
  'move-left-behind': 'none',
  'last-vision': 'none',
  'last-set-up': 'none',
  'artifact-consent': 'none',
} as const satisfies Record<string, ErasableData | 'matching' | 'none'>;

type Declared = keyof typeof STATE_KEYS;
/** The declared keys as a type: an undeclared key does not compile. */
export type StateKey = { [Key in Declared]: Key extends `${string}:` ? `${Key}${string}` : Key }[Declared];

/** The declared keys that are erased with these data. */
export function stateKeysOf(what: ErasableData | 'matching'): Declared[] {
  return (Object.keys(STATE_KEYS) as Declared[]).filter((key) => STATE_KEYS[key] === what);
}
