import { z } from 'zod';

/** Where a film of a stash-box lies in a file of the scene, which is a re-cut of it, by the perceptual hash that it has there. */
export const Recut = z.object({
  /** That of the stash-box. */
  theirs: z.string(),
  /** Bits in which the one that was composed of pictures of the file differs from it. */
  apart: z.int(),
  /** Seconds by which the film begins later in the file; less than 0: its beginning is cut off. */
  offset: z.number(),
  /** The same behind a place in the middle where something is missing or inserted; null: there is none. */
  offsetBehind: z.number().nullable(),
  /** Length of the file by that of the film, where it runs at another speed; else 1. */
  speed: z.number(),
  mySeconds: z.number(),
  theirSeconds: z.number(),
  submissions: z.int(),
});
export type Recut = Readonly<z.infer<typeof Recut>>;
