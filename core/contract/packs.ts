import { z } from 'zod';
import { Message } from '../messages/schema.ts';

/** A face pack that can be chosen. */
export const PackView = z.object({
  id: z.string(),
  license: z.string(),
  /** What it is good for and what it costs; null: nothing is known of it. */
  about: Message.nullable(),
  /** Of the files of the models that it adds, which are fetched or put into the data folder. */
  addedBytes: z.int(),
  /** Why it cannot be used; null: it can. */
  problem: Message.nullable(),
  /** `wanted`: it is being prepared, and taken into use then. */
  state: z.enum(['used', 'wanted', 'offered']),
  /** Sets of face crops that are to be embedded before a wanted pack is in use. */
  left: z.int(),
});
export type PackView = z.infer<typeof PackView>;

export const packOperations = {
  /** Changes to this pack in the background; to one that needs no preparation at once. */
  'packs.choose': {
    input: () => z.object({ pack: z.string().min(1).max(100) }),
    output: () => z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
} as const;
