import type { ContentId } from '../../content-id.ts';

/** A video as Stash has it, whose perceptual hash rests on its length too. */
export type HashedVideo = { readonly contentId: ContentId; readonly durationMs: number };

/** Perceptual hashes of files of which Stash has none, computed here: 25 pictures are decoded for each. */
export type ComputedPhashes = {
  /** Null: there is none to be had. Undefined: it was not computed. */
  get(video: HashedVideo): Promise<string | null | undefined>;
  put(video: HashedVideo, phash: string | null): Promise<void>;
};
