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
export function sceneDismissals(stashId: StashIdValue, { id, contentIds }: Named): Dismissal[] {
  return namesOf({ id, contentIds }).map((name) => ({
    key: `scene-stash-id ${keyOfStashId(stashId)} ${name}`,
  }));
}

/** This id of the scene is right, whatever the stash-box says, and whoever else has it; by its files as above. */
export function sceneRepairDismissals(wrong: StashIdValue, scene: Named): Dismissal[] {
  return namesOf(scene).map((name) => ({ key: `scene-id-repair ${keyOfStashId(wrong)} ${name}` }));
}

type Named = { readonly id: string; readonly contentIds: readonly string[] };

function namesOf({ id, contentIds }: Named): readonly string[] {
  return contentIds.length === 0 ? [`scene:${id}`] : contentIds;
}
