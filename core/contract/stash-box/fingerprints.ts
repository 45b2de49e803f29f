/** Fingerprints that are given back to stash-boxes, where the user wants it. */
import { z } from 'zod';
import { Message } from '../../messages/schema.ts';

const Endpoint = z.string().min(1).max(2000);

const FingerprintsView = z.object({
  /** The stash-boxes that Stash has a key for. `scenes`, `fingerprints`: how many were given so far; `linked`: scenes that the user linked there by our suggestions. */
  boxes: z.array(
    z.object({
      endpoint: z.string(),
      name: z.string(),
      isOn: z.boolean(),
      linked: z.int(),
      scenes: z.int(),
      fingerprints: z.int(),
    }),
  ),
});

export const fingerprintOperations = {
  'fingerprints.view': { input: () => z.object({}), output: () => FingerprintsView },
  /** Switched off, nothing more is given to that stash-box; what was given stays there. */
  'fingerprints.set': {
    input: () => z.object({ endpoint: Endpoint, isOn: z.boolean() }),
    output: () => FingerprintsView,
  },
  /** Gives a stash-box those of a few scenes; with `from` goes on where a call before ended. */
  'fingerprints.give': {
    input: () => z.object({ endpoint: Endpoint, from: z.int().min(0).default(0) }),
    /** `next`: null at the end. `problem`: why it ended before all were given. */
    output: () =>
      z.object({
        scenes: z.int(),
        fingerprints: z.int(),
        next: z.int().nullable(),
        dryRun: z.boolean(),
        problem: Message.nullable(),
      }),
  },
} as const;
