import { z } from 'zod';
import { Message } from '../messages/schema.ts';
import { EngineTrial, ArtifactKind } from '../setup/acceleration.ts';

/** The artifacts that can be fetched, the consent given, and what "Set up" measured on this machine. */
export const AccelerationView = z.object({
  /** `Linux x64, glibc 2.36`. */
  machine: z.string(),
  /** Where artifacts are fetched from, without secrets; null: no channel is known. */
  channel: z.string().nullable(),
  /** Without Node, which the launcher fetches. */
  artifacts: z.array(
    z.object({
      id: z.string(),
      kind: ArtifactKind,
      provides: z.string(),
      version: z.string(),
      sizeBytes: z.int(),
      licence: z.string(),
      installed: z.boolean(),
      /** The measured speed-up and the machine it was measured on; null: not measured. */
      gain: Message.nullable(),
      /** Of a face pack that is chosen first; absent: it is not. */
      isOptional: z.boolean().optional(),
    }),
  ),
  /** What the user agreed to; `artifacts` are ids. */
  consent: z.object({ at: z.number(), artifacts: z.array(z.string()) }).nullable(),
  /** Result of the benchmark; null: none was made on this machine with these artifacts. */
  choice: z
    .object({
      at: z.number(),
      engine: z.enum(['native', 'wasm']),
      provider: z.string(),
      modules: z.array(z.object({ name: z.string(), ok: z.boolean(), message: Message })),
      engines: z.array(EngineTrial),
    })
    .nullable(),
  problems: z.array(Message),
});

export type AccelerationView = z.infer<typeof AccelerationView>;
