import { startRun } from '../runs/run-views.ts';
import type { Operations } from '../runs/task.ts';
import { viewBoxes } from './panel/boxes.ts';
import { createFound } from './panel/create.ts';
import { findPerformer } from './panel/find.ts';
import { keepPerformerList, readPerformerList } from '../suggestions/listed/performer-list.ts';
import { openForPicture, viewBoxPicture } from '../reference-packs/pictures.ts';
import { listPerformers } from './list-performers.ts';
import { takeFromBox, viewProfile } from './panel/profile.ts';
import { requestLinks } from './requests.ts';

type Names =
  | 'stashBoxes.pictures'
  | 'stashBoxes.profile'
  | 'stashBoxes.take'
  | 'stashIds.ofPerformer'
  | 'stashIds.findOne'
  | 'stashIds.create'
  | 'stashIds.performers'
  | 'stashIds.list'
  | 'stashIds.find';

export const stashBoxOperations: Pick<Operations, Names> = {
  'stashBoxes.pictures': async (context, { pictures, size }) => ({
    pictures: await Promise.all(
      pictures.map((picture) =>
        viewBoxPicture(context, picture, size, async () => {
          const client = await openForPicture(context, picture.endpoint);
          return await client.picture({ id: picture.imageId }, size);
        }),
      ),
    ),
  }),

  'stashBoxes.profile': viewProfile,
  'stashBoxes.take': takeFromBox,
  'stashIds.ofPerformer': viewBoxes,
  'stashIds.findOne': findPerformer,
  'stashIds.create': createFound,
  'stashIds.performers': listPerformers,

  'stashIds.list': async (context, { performerIds }) => ({
    performerList: await keepPerformerList(context, performerIds),
  }),

  'stashIds.find': async (context, { performerIds, performerList, endpoint, force }) => {
    const ids = performerList === undefined ? performerIds : await readPerformerList(context, performerList);
    const asked = {
      ...(ids !== undefined && { performer_ids: [...ids] }),
      ...(endpoint !== undefined && { endpoint }),
      force,
    };
    // Before the start: a run that is under way takes it up.
    await requestLinks(context, asked);
    return await startRun(context, 'link-stash-ids', asked);
  },
};
