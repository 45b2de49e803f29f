import { z } from 'zod';
import { StashKind } from '../stash-ref.ts';

export const Id = z.string().regex(/^\d+$/, 'a Stash id is a number');

export const Confidence = z.number().min(0).max(1);

/** `data:image/jpeg;base64,…`, or a server-relative path of Stash. */
export const Picture = z.string();

/** One face crop; `timeMs` is its position in the video. */
export const CropView = z.object({ url: Picture, timeMs: z.number().nullable() });

export const EntityKind = z.enum(['scene', 'image', 'gallery']);

export const StashRefInput = z.object({ kind: StashKind, id: Id });

export const EntityRefInput = z.object({ kind: EntityKind, id: Id });
