/** What a stash-box knows of a scene, for those that are linked already and for those that may be. */
import { randomUUID } from 'node:crypto';
import type { StashObject } from '../../../../core/changes/change.ts';
import type { Input, Output } from '../../../../core/contract/operations.ts';
import { message } from '../../../../core/messages/message.ts';
import { shownBox } from '../../../../core/reference-packs/box-address.ts';
import type { Context } from '../../../runs/task.ts';
import { checkLinked } from '../../../suggestions/box/linked.ts';
import { askForScene } from '../../../suggestions/box/scene/box-scene.ts';
import {
  fetchSceneTaken,
  planSceneTaken,
  readSceneOffers,
  type OfferParts,
} from '../../../suggestions/box/scene/take-scene.ts';
import { writePlan } from '../../../suggestions/planners/write-plan.ts';
import { gone } from '../../../suggestions/write-parts.ts';

type Parts = OfferParts & Pick<Context, 'exclusions' | 'stashBoxes'>;

/** @throws StashSenseError */
export async function viewSceneProfile(
  context: Parts,
  { sceneId, stashId }: Input<'sceneBoxes.profile'>,
): Promise<Output<'sceneBoxes.profile'>> {
  const object = await readScene(context, sceneId);
  const { profile } = await askForScene(context, stashId, object.title);
  const { offers, undecided, nameTaken, notListed } = await readSceneOffers(
    context,
    object,
    stashId,
    profile,
  );
  return {
    title: profile.title ?? '',
    offers: [...offers],
    undecided: [...undecided],
    nameTaken: [...nameTaken],
    notListed: [...notListed],
  };
}

/** @throws StashSenseError */
export async function takeSceneFromBox(
  context: Parts & Pick<Context, 'settings' | 'changes'>,
  { sceneId, stashId, taken }: Input<'sceneBoxes.take'>,
): Promise<Output<'sceneBoxes.take'>> {
  const { dryRun } = context.settings;
  const box = shownBox(stashId.endpoint);
  const fetched = await fetchSceneTaken(context, await readScene(context, sceneId), stashId, taken);
  const plan = async () => {
    const object = await readScene(context, sceneId);
    checkLinked(object, stashId);
    return { object, ...(await planSceneTaken(context, object, stashId, fetched, taken)) };
  };
  if (dryRun) {
    const { note } = await plan();
    return { batchId: null, dryRun, note };
  }
  return await context.changes.exclusively(async (write) => {
    const { object, changes, picture, make, note } = await plan();
    const batchId = randomUUID();
    const entry = await writePlan(
      write,
      {
        entity: object.entity,
        identity: object.identity,
        changes,
        picture,
        addTags: [],
        make: make ?? undefined,
        summary: message('history.tookFromBox', { name: object.title, box }),
        face: null,
      },
      { batchId, by: 'person', suggestionId: null },
    );
    return { batchId: entry === null ? null : batchId, dryRun, note };
  });
}

/** @throws StashSenseError `excluded`, `not-found` */
export async function readScene(
  { library, exclusions }: Pick<Context, 'library' | 'exclusions'>,
  sceneId: string,
): Promise<StashObject> {
  const entity = { kind: 'scene', id: sceneId } as const;
  // Of what is excluded no stash-box is asked.
  await exclusions.check(entity);
  const object = await library.object(entity);
  if (object === null) throw gone(entity);
  return object;
}
