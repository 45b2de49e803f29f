import { z } from 'zod';
import { FINGERPRINT_ALGORITHMS } from '../ports/boxes/box-scenes.ts';

/** A fingerprint of one of the files that the scene has at the stash-box. */
export const SceneHit = z.object({
  algorithm: z.enum(FINGERPRINT_ALGORITHMS),
  mine: z.string(),
  theirs: z.string(),
  /** Bits that differ; of others than `PHASH` 0. */
  apart: z.int(),
  /** Lengths of the two files in seconds; null: one of them is not known. */
  mySeconds: z.number().nullable(),
  theirSeconds: z.number().nullable(),
  submissions: z.int(),
  /** Stash had none, and it was computed here. */
  isOurs: z.boolean(),
});
export type SceneHit = Readonly<z.infer<typeof SceneHit>>;
