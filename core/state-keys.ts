import type { ErasableData } from './ports/store.ts';

/**
Every key of the store's plain state, and with which data it is erased. `matching`: with whatever says who is who. `none`:
it tells nothing of anybody. A key that ends in a colon is one of many, each with an id behind it.
*/
export const STATE_KEYS = {
  /** Who was found so far in an entity that is being observed. */
  'progress:': 'faces',
  /** Why this entity could last not be observed; it may name a file. */
  'attempt-failed:': 'faces',
  /** The face behind an entry of the journal. */
  'face-of:': 'journal',
  'undo-begun': 'journal',
  /** Who was found in this entity. */
  'identifications:': 'matching',
  'all-matched-with': 'matching',
  'people-all-was-matched-with': 'matching',
  /** The entity that a rematch of all has come to. */
  'rematch-at': 'matching',
  /** How much a run had observed when all was last matched in it. */
  'matched-at:': 'none',
  /** Which suggestions auto-accept has gone through in a run. */
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
/** A key that is not declared does not compile. */
export type StateKey = { [Key in Declared]: Key extends `${string}:` ? `${Key}${string}` : Key }[Declared];

/** The declared keys that go with these data. */
export function stateKeysOf(what: ErasableData | 'matching'): Declared[] {
  return (Object.keys(STATE_KEYS) as Declared[]).filter((key) => STATE_KEYS[key] === what);
}
