/** The pictures of performers and the covers of scenes, by what their files hold: no field of an object says it. */
import { createHash } from 'node:crypto';
import type { Change, StashObject } from '../../core/changes/change.ts';
import { isOfPicture, PICTURE } from '../../core/changes/picture.ts';
import type { Library, Usage } from '../../core/ports/library.ts';
import type { Store } from '../../core/ports/store.ts';
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
  const picture =
    entity.kind === 'scene'
      ? hashOf(await readCover(library, entity.id))
      : await readPictureHash(library, await library.usage('performer', entity.id));
  return { ...object, values: { ...object.values, [PICTURE]: picture } };
}

/** Null: Stash has none of the scene. */
export async function readCover(
  library: Pick<Library, 'fetchMedia'>,
  sceneId: string,
): Promise<Uint8Array | null> {
  return await library.fetchMedia(`/scene/${sceneId}/screenshot`, MAX_PICTURE_BYTES);
}

export function hashOf(picture: Uint8Array | null): string | null {
  return picture && pictureHash(picture);
}

/**
The object as `readObject` reads it, with the cover that a write of these changes replaces: it is kept with the entry of the journal,
since Stash does not keep it. Null: none is replaced.
*/
export async function readBeforeWrite(
  library: Parts,
  entity: StashRef,
  changes: readonly Change[],
): Promise<{ readonly object: StashObject; readonly cover: Uint8Array | null } | null> {
  if (entity.kind !== 'scene' || !changes.some(isOfPicture)) {
    const object = await readObject(library, entity, changes);
    return object && { object, cover: null };
  }
  const object = await library.object(entity);
  if (object === null) return null;
  const cover = await readCover(library, entity.id);
  return { object: { ...object, values: { ...object.values, [PICTURE]: hashOf(cover) } }, cover };
}

export async function keepReplaced(
  { state }: Pick<Store, 'state'>,
  journalId: string,
  replaced: Uint8Array | null,
): Promise<void> {
  if (replaced !== null)
    await state.set(`cover-before:${journalId}`, { base64: Buffer.from(replaced).toString('base64') });
}

/** Null: there was none. */
export async function replacedBy(
  { state }: Pick<Store, 'state'>,
  journalId: string,
): Promise<Uint8Array | null> {
  const kept = await state.get(`cover-before:${journalId}`);
  return kept && Buffer.from(kept.base64, 'base64');
}

/** What was replaced is there again, or was never replaced. */
export async function forgetReplaced({ state }: Pick<Store, 'state'>, journalId: string): Promise<void> {
  await state.delete(`cover-before:${journalId}`);
}
