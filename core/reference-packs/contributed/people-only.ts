import type { StashBoxClient } from '../../ports/stash-box.ts';

/** What a source that has people and their pictures and nothing else answers to the other questions of a stash-box. */
export const PEOPLE_ONLY = {
  me: () => Promise.resolve({ name: '' }),
  performerEdits: () => Promise.resolve(null),
  search: () => Promise.resolve(new Map()),
  castOf: () => Promise.resolve(new Map()),
  appearancesIn: () => Promise.resolve(new Map()),
  studiosOf: () => Promise.resolve(new Map()),
  sceneStates: () => Promise.resolve(new Map()),
  sceneMerges: () => Promise.resolve(new Map()),
  sceneProfiles: (ids) => Promise.resolve(new Map(ids.map((id) => [id, null]))),
  scenesOf: () => Promise.resolve([]),
  scenesByText: () => Promise.resolve(new Map()),
  scenesByFingerprints: (lists) => Promise.resolve(lists.map(() => [])),
} as const satisfies Partial<StashBoxClient>;
