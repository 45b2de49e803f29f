/** Values of the store's key-value state that more than one folder reads: key and schema. */
import { z } from 'zod';
import { MessageOrText } from './messages/schema.ts';
import type { StateKey } from './state-keys.ts';

/** Stored each time the models are opened, for processes that must not open them. */
export const LAST_VISION = 'last-vision' satisfies StateKey;
export const LastVision = z.object({
  engine: z.string(),
  imageCodec: z.string(),
  vectorIndex: MessageOrText,
});

/** The checks of the last "Set up". */
export const LAST_SET_UP = 'last-set-up' satisfies StateKey;
export const LastSetUp = z.object({
  at: z.number(),
  checks: z.array(z.object({ id: z.string(), ok: z.boolean(), message: MessageOrText })),
});

/** The artifacts that the user agreed to fetch. A new version has another id and needs consent of its own. */
export const ARTIFACT_CONSENT = 'artifact-consent' satisfies StateKey;
export const Consent = z.object({ at: z.number(), artifacts: z.array(z.string()) });
