/** What a stash-box knows of a performer, for those who are linked already and for those who may be. */
import { randomUUID } from 'node:crypto';
import type { StashObject } from '../../../core/changes/change.ts';
import type { Input, Output } from '../../../core/contract/operations.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { Context } from '../../runs/task.ts';
import { askForPerformer, bestImageId } from '../../suggestions/box/box-performer.ts';
import { checkLinked } from '../../suggestions/box/linked.ts';
import { fetchTaken, planTaken, readOffers, readOffersForNew } from '../../suggestions/box/take.ts';
import { performerGone } from '../../suggestions/write-parts.ts';

/** @throws StashSenseError */
export async function viewProfile(
  context: Pick<Context, 'library' | 'exclusions' | 'stashBoxes'>,
  { performerId, stashId, imageId }: Input<'stashBoxes.profile'>,
): Promise<Output<'stashBoxes.profile'>> {
  const object = performerId === null ? null : await readPerformer(context, performerId);
  const { stashBoxes } = context;
  const boxes = await stashBoxes.list();
  const meant = object?.title ?? stashId.stashId;
  const { performer } = await askForPerformer({ stashBoxes }, boxes, stashId, meant);
  const wanted = { stashId, imageId };
  const { name, disambiguation } = performer;
  return {
    name,
    disambiguation,
    imageId: bestImageId(performer, imageId),
    offers:
      object === null
        ? readOffersForNew(wanted, performer)
        : await readOffers(context, object, wanted, performer),
  };
}

/** @throws StashSenseError */
export async function takeFromBox(
  context: Pick<Context, 'library' | 'exclusions' | 'stashBoxes' | 'settings' | 'changes'>,
  { performerId, stashId, imageId, taken }: Input<'stashBoxes.take'>,
): Promise<Output<'stashBoxes.take'>> {
  const { dryRun } = context.settings;
  const wanted = { stashId, imageId };
  const box = shownBox(stashId.endpoint);
  const { title } = await readPerformer(context, performerId);
  const fetched = await fetchTaken(context, wanted, title, taken);
  const plan = async () => {
    const object = await readPerformer(context, performerId);
    checkLinked(object, stashId);
    return { object, ...(await planTaken(context, object, wanted, fetched, taken)) };
  };
  if (dryRun) {
    const { note } = await plan();
    return { journalId: null, dryRun, note };
  }
  return await context.changes.exclusively(async (write) => {
    const { object, changes, picture, note } = await plan();
    const entry = await write.make({
      entity: object.entity,
      identity: object.identity,
      changes,
      picture,
      summary: message('history.tookFromBox', { name: object.title, box }),
      batchId: randomUUID(),
      by: 'person',
      suggestionId: null,
      face: null,
    });
    return { journalId: entry?.id ?? null, dryRun, note };
  });
}

/** @throws StashSenseError `excluded`, `not-found` */
export async function readPerformer(
  { library, exclusions }: Pick<Context, 'library' | 'exclusions'>,
  performerId: string,
): Promise<StashObject> {
  const entity = { kind: 'performer', id: performerId } as const;
  // Of who is excluded no stash-box is asked.
  await exclusions.check(entity);
  const object = await library.object(entity);
  if (object === null) throw performerGone(message('stash.performer', { id: performerId }));
  return object;
}
