/** One picture that is looked at and not kept. */
import { z } from 'zod';
import { PackPersonView } from './reference-packs.ts';
import { Confidence, Picture } from './values.ts';

/** Characters: Stash hands 20 MB of picture on in so many, and our side takes 32 MB in all. */
const MAX_BASE64 = 28_000_000;

export const AskedCandidate = z.object({
  /** Null: no performer of this Stash. */
  performerId: z.string().nullable(),
  name: z.string(),
  confidence: Confidence,
  /** The reference of a performer that is most alike. */
  reference: z.object({ url: Picture, source: z.string() }).nullable(),
  pack: PackPersonView.optional(),
});
export type AskedCandidate = z.infer<typeof AskedCandidate>;

export const AskedFace = z.object({
  key: z.int(),
  /** Fractions of the picture, 0…1. */
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  crop: Picture.nullable(),
  decision: z.enum(['match', 'ambiguous', 'unknown']),
  /** Likeliest first. */
  candidates: z.array(AskedCandidate),
});
export type AskedFace = z.infer<typeof AskedFace>;

export const pictureOperations = {
  /** Who is in a picture, among the performers and the people of reference packs. Nothing of it is kept or logged. */
  'pictures.ask': {
    input: () => z.object({ base64: z.string().min(1).max(MAX_BASE64) }),
    /** Left to right. `peopleCount`: among how many was searched. */
    output: () => z.object({ faces: z.array(AskedFace), peopleCount: z.int() }),
  },
} as const;
