import type { LookParts } from './analyzer.ts';

const FACE_KINDS = ['performer-seen', 'performer-ambiguous', 'pack-person-seen'] as const;

/** Whether somebody who was seen in the scene waits for a decision: what is told of the scene may be otherwise then. */
export async function isAskedAbout({ store }: Pick<LookParts, 'store'>, sceneId: string): Promise<boolean> {
  for (const kind of FACE_KINDS) {
    const filter = { kind, entity: { kind: 'scene', id: sceneId }, state: 'open' } as const;
    if ((await store.suggestions.list(filter, 'newest', 0, 0)).total > 0) return true;
  }
  return false;
}
