/** The cover of a scene, beside the first picture that a stash-box has of it. */
import type { FieldChange, StashObject } from '../../../../core/changes/change.ts';
import { PICTURE } from '../../../../core/changes/picture.ts';
import { isRunWide, saidOf, StashSenseError } from '../../../../core/errors.ts';
import { message, type Message } from '../../../../core/messages/message.ts';
import type { BoxSceneProfile } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import type { Cover } from '../../../../core/stash-box/scene-offers.ts';
import type { SceneOffer } from '../../../../core/stash-box/scene/offer.ts';
import type { StashRef } from '../../../../core/stash-ref.ts';
import type { Context } from '../../../runs/task.ts';
import { hashOf, pictureHash, readCover } from '../../picture.ts';

type Parts = Pick<Context, 'library' | 'store'>;

/**
That of the stash-box is known once it was fetched: its id never names another one. Where Stash does not give its own, none is
offered: what it has cannot be shown beside it, and an undo could not put it back.
*/
export async function readCovers(
  { library, store }: Parts,
  { entity }: StashObject,
  { images: [first] }: BoxSceneProfile,
): Promise<Cover | null> {
  if (first === undefined) return { mine: null, theirs: null };
  let mine: string | null;
  try {
    mine = hashOf(await readCover(library, entity.id));
  } catch (error) {
    if (!(error instanceof StashSenseError) || isRunWide(error)) throw error;
    return null;
  }
  const theirs = await store.state.get(`box-cover:${first.id}`);
  return { mine, theirs: theirs?.sha256 ?? null };
}

/** A scene without the cover is better than none of what was ticked: why it is not there is said. */
export async function fetchCover(
  client: StashBoxClient,
  imageId: string,
  title: string,
): Promise<{ readonly picture: Uint8Array | null; readonly note: Message | null }> {
  try {
    const picture = await client.picture({ id: imageId }, 'full');
    if (picture !== null) return { picture, note: null };
    return { picture, note: withoutCover(title, message('packPeople.noPicture')) };
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    return { picture: null, note: withoutCover(title, saidOf(error)) };
  }
}

function withoutCover(title: string, reason: string | Message): Message {
  return message('sceneOffers.withoutCover', { title, reason });
}

/** Nothing where it was not ticked, or could not be fetched. Keeps the hash of what was fetched, for `readCovers`. */
export async function coverChange(
  { store }: Pick<Context, 'store'>,
  entity: StashRef,
  wanted: readonly SceneOffer[],
  cover: Uint8Array | null,
): Promise<FieldChange[]> {
  const take = wanted.map((offer) => offer.take).find(({ op }) => op === 'cover');
  if (take?.op !== 'cover' || cover === null) return [];
  const sha256 = pictureHash(cover);
  await store.state.set(`box-cover:${take.imageId}`, { sha256 });
  return [{ op: 'set', entity, field: PICTURE, before: take.before, after: sha256 }];
}
