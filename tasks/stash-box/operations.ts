import { openForPicture, viewBoxPicture } from '../reference-packs/pictures.ts';
import type { Operations } from '../runs/task.ts';

export const stashBoxOperations: Pick<Operations, 'stashBoxes.pictures'> = {
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
};
