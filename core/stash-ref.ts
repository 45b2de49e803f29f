/** What Stash holds, by kind and Stash's own id. `EntityKind` (core/content-id.ts) is the narrower set that has media. */
import { z } from 'zod';

export const StashKind = z.enum(['scene', 'image', 'gallery', 'performer', 'studio', 'tag', 'group']);
export type StashKind = z.infer<typeof StashKind>;

/** Ids are text. */
export const StashRef = z.object({ kind: StashKind, id: z.string() });
export type StashRef = Readonly<z.infer<typeof StashRef>>;
