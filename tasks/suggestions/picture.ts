/** The pictures of performers, by what their files hold: no field of an object says it. */
import { createHash } from 'node:crypto';
import type { Change, StashObject } from '../../core/changes/change.ts';
import { isOfPicture, PICTURE } from '../../core/changes/picture.ts';
import type { Library, Usage } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';

type Parts = Pick<Library, 'object' | 'usage' | 'fetchMedia'>;

/** A larger one is none that we have written. */
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

/** SHA-256, hexadecimal. */
export function pictureHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Null: it has only Stash's default picture. */
export async function readPictureHash(
  library: Pick<Library, 'fetchMedia'>,
  usage: Pick<Usage, 'picturePath'> | null,
): Promise<string | null> {
  if (usage === null || usage.picturePath === null) return null;
  const bytes = await library.fetchMedia(usage.picturePath, MAX_PICTURE_BYTES);
  return bytes && pictureHash(bytes);
}

/** The object, with its picture among the values where these changes are about it. */
export async function readObject(
  library: Parts,
  entity: StashRef,
  changes: readonly Change[],
): Promise<StashObject | null> {
  const object = await library.object(entity);
  if (object === null || !changes.some(isOfPicture)) return object;
  const picture = await readPictureHash(library, await library.usage('performer', entity.id));
  return { ...object, values: { ...object.values, [PICTURE]: picture } };
}
