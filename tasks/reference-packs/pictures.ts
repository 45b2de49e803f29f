/** Pictures of people of reference packs: fetched by us, so that the browser asks no stash-box, and kept for a while. */
import type { Output } from '../../core/contract/operations.ts';
import { hasCode, saidOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { BoxImage, StashBoxClient } from '../../core/ports/stash-box.ts';
import { shownBox } from '../../core/reference-packs/box-address.ts';
import type { PackPerson } from '../../core/reference-packs/reference-pack.ts';
import { createHash } from 'node:crypto';
import type { Context } from '../runs/task.ts';
import { findPackPerson } from '../suggestions/box/pack-profile.ts';

type Parts = Pick<Context, 'referencePacks' | 'stashBoxes' | 'store'>;
type View = Output<'referencePacks.pictures'>['pictures'][string];

const KEPT_MS = 14 * 86_400_000;
/** A server that does not resize answers the original, which is shown and not kept. */
const MAX_KEPT_BYTES = 256 * 1024;
const MAX_SHOWN_BYTES = 8 * 1024 * 1024;

export async function viewPictures(
  parts: Parts,
  personIds: readonly string[],
  size: 300 | 600,
): Promise<Output<'referencePacks.pictures'>> {
  const views = await Promise.all(
    [...new Set(personIds)].map(async (id) => [id, await viewPicture(parts, id, size)] as const),
  );
  return { pictures: Object.fromEntries(views) };
}

async function viewPicture(parts: Parts, personId: string, size: 300 | 600): Promise<View> {
  const person = await findPackPerson(parts, personId);
  if (person === null) return without(message('packPeople.isGone'));
  const { picture } = person;
  if (picture === null) return without(message('packPeople.noPicture'));
  return await viewBoxPicture(parts, picture, size, () => fetchPicture(parts, person, picture, size));
}

/** A picture of a stash-box, from what is kept or from the box. */
export async function viewBoxPicture(
  { store }: Pick<Context, 'store'>,
  picture: { readonly endpoint: string; readonly imageId: string },
  size: 300 | 600,
  fetch: () => Promise<Uint8Array | null>,
): Promise<View> {
  const { endpoint, imageId } = picture;
  const name = createHash('sha256')
    .update(JSON.stringify([{ endpoint, imageId }, size]))
    .digest('hex');
  const kept = await store.state.get(`box-picture:${name}`);
  if (kept !== null) return { url: kept.url, problem: null };
  try {
    const bytes = await fetch();
    const url = bytes === null || bytes.length > MAX_SHOWN_BYTES ? null : toPictureUrl(bytes);
    if (bytes === null || url === null) return without(message('packPeople.noPicture'));
    if (bytes.length <= MAX_KEPT_BYTES) await store.state.set(`box-picture:${name}`, { url }, KEPT_MS);
    return { url, problem: null };
  } catch (error) {
    if (!(error instanceof StashSenseError) || hasCode(error, 'store-unusable')) throw error;
    return without(saidOf(error));
  }
}

function without(problem: Message): View {
  return { url: null, problem };
}

/** @throws StashSenseError */
async function fetchPicture(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  { stashIds }: PackPerson,
  { endpoint, imageId }: NonNullable<PackPerson['picture']>,
  size: 300 | 600,
): Promise<Uint8Array | null> {
  const client = await openForPicture({ stashBoxes }, endpoint);
  const stashId = stashIds.find((one) => one.endpoint === endpoint)?.stashId;
  const images: readonly BoxImage[] =
    stashId === undefined ? [] : ((await client.performer(stashId))?.images ?? []);
  // The box may have taken it down since.
  const image = images.find(({ id }) => id === imageId) ?? images[0];
  return image === undefined ? null : await client.picture(image, size);
}

/**
Somebody waits for the picture.
@throws StashSenseError `not-found`: Stash has no API key for this stash-box
*/
export async function openForPicture(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  endpoint: string,
): Promise<StashBoxClient> {
  const box = shownBox(endpoint);
  const isKnown = (await stashBoxes.list()).some((one) => one.endpoint === endpoint && one.hasKey);
  if (!isKnown) throw new StashSenseError('not-found', message('packPeople.noKeyForPicture', { box }));
  return await stashBoxes.open(endpoint, { isAwaited: true });
}

/** By how the bytes begin; null: no picture that a browser shows. */
export function toPictureUrl(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength)).toString('latin1');
  const type = text.startsWith('\u00FF\u00D8\u00FF')
    ? 'jpeg'
    : text.startsWith('\u0089PNG')
      ? 'png'
      : text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP'
        ? 'webp'
        : null;
  if (type === null) return null;
  return `data:image/${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}
