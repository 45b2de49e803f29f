import { openForPicture, viewBoxPicture } from '../reference-packs/pictures.ts';
import type { Operations } from '../runs/task.ts';
import { viewBoxes } from './panel/boxes.ts';
import { findPerformer } from './panel/find.ts';
import { takeFromBox, viewProfile } from './panel/profile.ts';

type Names =
  | 'stashBoxes.pictures'
  | 'stashBoxes.profile'
  | 'stashBoxes.take'
  | 'stashIds.ofPerformer'
  | 'stashIds.findOne';

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
};
