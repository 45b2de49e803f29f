/** What the page asks about the stash-boxes of Stash's settings. */
import { z } from 'zod';
import { Message } from '../messages/schema.ts';
import { Picture } from './values.ts';

export const stashBoxOperations = {
  /** Pictures of performers, by the ids that the stash-boxes give them: fetched by us, so that the browser asks no stash-box. */
  'stashBoxes.pictures': {
    input: z.object({
      pictures: z
        .array(z.object({ endpoint: z.string().max(2000), imageId: z.string().min(1).max(100) }))
        .min(1)
        .max(12),
      size: z.union([z.literal(300), z.literal(600)]).default(300),
    }),
    /** In the order asked for. `problem`: why there is no picture. */
    output: z.object({
      pictures: z.array(z.object({ url: Picture.nullable(), problem: Message.nullable() })),
    }),
  },
} as const;
