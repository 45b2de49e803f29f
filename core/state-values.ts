/** Values of the store's plain state that more than one room reads: the key, and the schema to parse what was kept. */
import { z } from 'zod';
import type { StateKey } from './state-keys.ts';

/** Kept at each opening of the models, for processes that must not open them. */
export const LAST_VISION = 'last-vision' satisfies StateKey;
export const LastVision = z.object({ engine: z.string(), imageCodec: z.string(), vectorIndex: z.string() });

/** What "Set up" found. */
export const LAST_SET_UP = 'last-set-up' satisfies StateKey;
export const LastSetUp = z.object({
  at: z.number(),
  checks: z.array(z.object({ id: z.string(), ok: z.boolean(), message: z.string() })),
});

/** What the user agreed to have fetched. It holds for these artifacts only: another version has another id. */
export const ARTIFACT_CONSENT = 'artifact-consent' satisfies StateKey;
export const Consent = z.object({ at: z.number(), artifacts: z.array(z.string()) });
