import { z } from 'zod';
import { ListValue, Scalar } from '../changes/change.ts';
import { StashKind } from '../stash-ref.ts';

export const Id = z.string().regex(/^\d+$/, 'a Stash id is a number');

/** What a field of something in Stash holds. */
export const FieldValue = z.union([Scalar, z.array(ListValue).readonly()]);

export const Confidence = z.number().min(0).max(1);

/** `data:image/jpeg;base64,…`, or a server-relative path of Stash. */
export const Picture = z.string();

/** One face crop; `timeMs` is its position in the video. */
export const CropView = z.object({ url: Picture, timeMs: z.number().nullable() });

/** Why a performer was expected in a scene when it was matched (`core/matching/expected.ts`). */
export const ExpectedView = z.object({
  /** Stash had the performer on the scene, and not from us. Absent: no. */
  onScene: z.boolean().optional(),
  /** Number of other scenes of its studio with the performer. Absent: none. */
  studioScenes: z.int().positive().optional(),
});
export type ExpectedView = z.infer<typeof ExpectedView>;

export const EntityKind = z.enum(['scene', 'image', 'gallery']);

export const StashRefInput = z.object({ kind: StashKind, id: Id });

export const EntityRefInput = z.object({ kind: EntityKind, id: Id });
