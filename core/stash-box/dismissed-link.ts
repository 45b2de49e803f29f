import type { StashIdValue } from '../changes/change.ts';
import type { StashPerformer } from '../ports/library.ts';
import { keyOfStashId } from '../reference-packs/reference-pack.ts';
import type { Dismissal } from '../suggestions/dismissal.ts';

/** This performer is not that one of a stash-box. */
export function stashIdDismissal(stashId: StashIdValue, performer: StashPerformer): Dismissal {
  return { key: `performer-stash-id ${keyOfStashId(stashId)}`, performer };
}

/** This id of the performer is right, whatever the stash-box says. */
export function repairDismissal(wrong: StashIdValue, performer: StashPerformer): Dismissal {
  return { key: `stash-id-repair ${keyOfStashId(wrong)}`, performer };
}

/** This scene is not that one of a stash-box: by its files, so that it holds for them wherever they come back, else by the scene. */
export function sceneDismissals(
  stashId: StashIdValue,
  { id, contentIds }: { readonly id: string; readonly contentIds: readonly string[] },
): Dismissal[] {
  const named = contentIds.length === 0 ? [`scene:${id}`] : contentIds;
  return named.map((name) => ({ key: `scene-stash-id ${keyOfStashId(stashId)} ${name}` }));
}
