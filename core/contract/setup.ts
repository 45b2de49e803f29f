import { z } from 'zod';
import { EngineTrial, ArtifactKind } from '../setup/acceleration.ts';

/** What could be fetched beyond the package, what was agreed to, and what "Set up" found out about this machine. */
export const AccelerationView = z.object({
  /** `Linux x64, glibc 2.36`. */
  machine: z.string(),
  /** Where more comes from, as people may see it; null: no place is known. */
  channel: z.string().nullable(),
  /** Node is not among them: the launcher fetches it. */
  artifacts: z.array(
    z.object({
      id: z.string(),
      kind: ArtifactKind,
      provides: z.string(),
      version: z.string(),
      sizeBytes: z.int(),
      licence: z.string(),
      installed: z.boolean(),
      /** What it is good for, with the machine it was measured on; null: nothing was measured. */
      gain: z.string().nullable(),
    }),
  ),
  /** `artifacts` are ids. */
  consent: z.object({ at: z.number(), artifacts: z.array(z.string()) }).nullable(),
  /** Null: nothing was tried on this machine with these artifacts. */
  choice: z
    .object({
      at: z.number(),
      engine: z.enum(['native', 'wasm']),
      provider: z.string(),
      modules: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
      engines: z.array(EngineTrial),
    })
    .nullable(),
  /** One sentence each. */
  problems: z.array(z.string()),
});

export type AccelerationView = z.infer<typeof AccelerationView>;
