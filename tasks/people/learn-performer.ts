import { createHash } from 'node:crypto';
import { addedIds } from '../../core/changes/values.ts';
import { hasCode } from '../../core/errors.ts';
import { findOutliers, selectReferenceFace } from '../../core/people/reference.ts';
import type { ReferenceState, StoredReference } from '../../core/ports/people.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import type { Outcome } from '../runs/for-each-item.ts';
import { type InferenceParts, withInference } from '../runs/inference-lock.ts';
import { pictureRevision } from './enqueue.ts';
import { fetchReadable } from '../observe/fetch-media.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';

/** Largest number of images used as references per performer, besides profile picture and confirmed faces. */
const MAX_USED_IMAGES = 12;
/** The newest images that are searched for them. */
const MAX_IMAGES = 200;
const PAGE = 500;
/** Prefix of an image id in the source key of a reference. */
const IMAGE_KEY_PREFIX = 'image:';
const MAX_PICTURE_BYTES = 50e6;
/** Longer side of the decoded picture, pixels: a face a tenth as large is still usable. */
const MAX_SIDE = 1600;

export type LearnParts = InferenceParts & Pick<Context, 'library' | 'vision' | 'log'>;

/**
Learns references of a performer from Stash: the profile picture, then images with no other performer.

`enough to begin`: images only when the profile picture is not usable. A picture is fetched only when its URL indicates a
change, and analysed only when its hash is new.
*/
export async function learnPerformer(
  context: LearnParts,
  performerId: string,
  how: 'enough to begin' | 'all pictures',
): Promise<Outcome> {
  const { library, store, vision } = context;
  const performer = await library.performer(performerId);
  if (performer === null) return { state: 'skipped' };
  await store.people.putPerformer(performer);

  const known = new Map(
    (await store.people.references(performerId, vision.packId)).map((reference) => [
      reference.sourceKey,
      reference,
    ]),
  );
  const profile = await learnProfile(context, performer, known.get('profile') ?? null);
  if (how === 'all pictures' || profile !== 'used') await learnImages(context, performer, known);
  await markOutliers(context, performerId);

  const references = await store.people.references(performerId, vision.packId);
  return references.some(({ state }) => state === 'used')
    ? { state: 'done' }
    : { state: 'skipped', note: reasonFor(performer, references) };
}

async function learnProfile(
  context: LearnParts,
  performer: StashPerformer,
  known: StoredReference | null,
): Promise<ReferenceState> {
  if (performer.imagePath === null) {
    if (known !== null && known.state !== 'withdrawn')
      await context.store.people.setReferenceState(known.id, 'withdrawn');
    return 'withdrawn';
  }
  return await learnPicture(context, performer.id, 'profile', 'profile', performer.imagePath, known);
}

async function learnImages(
  context: LearnParts,
  performer: StashPerformer,
  known: ReadonlyMap<string, StoredReference>,
): Promise<void> {
  const { people } = context.store;
  const images = await listSoloImages(context, performer.id);
  // The image was deleted or has another performer now.
  for (const [sourceKey, reference] of known)
    if (reference.source === 'image' && !images.has(sourceKey) && reference.state !== 'withdrawn')
      await people.setReferenceState(reference.id, 'withdrawn');

  const learn = async (sourceKey: string, path: string): Promise<ReferenceState> =>
    await learnPicture(context, performer.id, 'image', sourceKey, path, known.get(sourceKey) ?? null);
  let used = 0;
  const fresh: [sourceKey: string, path: string][] = [];
  for (const [n, [sourceKey, path]] of [...images].entries()) {
    const reference = known.get(sourceKey);
    if (reference !== undefined && reference.state !== 'withdrawn') {
      if (countsAsUsed(await learn(sourceKey, path))) used++;
    } else if (n < MAX_IMAGES) fresh.push([sourceKey, path]);
  }
  for (const [sourceKey, path] of fresh) {
    if (used >= MAX_USED_IMAGES) break;
    if (await wasTaggedByScan(context, sourceKey, performer.id)) continue;
    if (countsAsUsed(await learn(sourceKey, path))) used++;
  }
}

/** Whether "Scan library" added the performer automatically: such an image must not become a reference, since no person confirmed it. */
async function wasTaggedByScan(
  { store }: Pick<Context, 'store'>,
  sourceKey: string,
  performerId: string,
): Promise<boolean> {
  const entity = { kind: 'image', id: sourceKey.slice(IMAGE_KEY_PREFIX.length) } as const;
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  return items.some(
    ({ by, changes }) => by === 'scan' && addedIds(changes, 'performers').includes(performerId),
  );
}

/** Outliers count too: otherwise each update would add another image, and the result would depend on the number of updates. */
function countsAsUsed(state: ReferenceState): boolean {
  return state === 'used' || state === 'outlier';
}

/** Source key and path of the images with only this performer, newest first. */
async function listSoloImages(
  { library }: Pick<Context, 'library'>,
  performerId: string,
): Promise<Map<string, string>> {
  const images: StashEntity[] = [];
  for (;;) {
    const page = await library.entitiesAfter('image', images.at(-1)?.id ?? '0', PAGE, {
      onlyPerformerId: performerId,
    });
    images.push(...page);
    if (page.length < PAGE) break;
  }
  return new Map(
    images.toReversed().flatMap(({ id, files, coverPath }) =>
      // Video clips among the images are not used as references.
      coverPath === null || files.some((file) => file.durationMs !== null && file.durationMs > 0)
        ? []
        : [[`${IMAGE_KEY_PREFIX}${id}`, coverPath]],
    ),
  );
}

async function learnPicture(
  context: LearnParts,
  performerId: string,
  source: 'profile' | 'image',
  sourceKey: string,
  path: string,
  known: StoredReference | null,
): Promise<ReferenceState> {
  const { store, vision } = context;
  const revision = pictureRevision(path);
  if (known !== null && known.revision === revision && known.state !== 'withdrawn') return known.state;
  const bytes = await fetchReadable(context, path, MAX_PICTURE_BYTES);
  const contentHash = bytes === null ? '' : createHash('md5').update(bytes).digest('hex');
  const unchanged = known !== null && bytes !== null && known.contentHash === contentHash;
  const seen =
    unchanged && known.state !== 'withdrawn'
      ? known
      : bytes === null
        ? { state: 'unreadable' as const, embedding: null, quality: 0, crop: null }
        : await observePicture(context, bytes);
  await store.people.putReference({
    performerId,
    source,
    sourceKey,
    revision,
    contentHash,
    packId: vision.packId,
    state: seen.state,
    embedding: seen.embedding,
    quality: seen.quality,
    crop: seen.crop,
  });
  return seen.state;
}

type Seen = Pick<StoredReference, 'state' | 'embedding' | 'quality' | 'crop'>;

async function observePicture(
  context: InferenceParts & Pick<Context, 'vision'>,
  bytes: Uint8Array,
): Promise<Seen> {
  const nothing = { embedding: null, quality: 0, crop: null };
  return await withInference(context, 'in the background', async () => {
    const { references } = context.vision.calibration;
    const open = await context.vision.open();
    try {
      const image = await open.codec.decode(bytes, MAX_SIDE);
      let check = selectReferenceFace(await open.analyzer.analyze(image), image, references);
      // An exhaustive search costs several times more: only when a plain one finds no usable face.
      if (check.face === null && check.state !== 'drawing')
        check = selectReferenceFace(
          await open.analyzer.analyze(image, { exhaustive: true }),
          image,
          references,
        );
      if (check.face === null) return { state: check.state, ...nothing };
      return {
        state: check.state,
        embedding: check.face.embedding,
        quality: check.face.quality.overall,
        crop: await open.crop(image, check.face),
      };
    } catch (error) {
      if (hasCode(error, 'unreadable-media')) return { state: 'unreadable', ...nothing };
      throw error;
    }
  });
}

/** Marks outliers, and unmarks references that are none any more. */
async function markOutliers(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  performerId: string,
): Promise<void> {
  const candidates = (await store.people.references(performerId, vision.packId)).flatMap((reference) =>
    (reference.state === 'used' || reference.state === 'outlier') && reference.embedding !== null
      ? [{ ...reference, embedding: reference.embedding }]
      : [],
  );
  const outliers = findOutliers(candidates, vision.calibration.references);
  for (const reference of candidates) {
    const state = outliers.has(reference.id) ? 'outlier' : 'used';
    if (reference.state !== state) await store.people.setReferenceState(reference.id, state);
  }
}

function reasonFor(performer: StashPerformer, references: readonly StoredReference[]): Message {
  const states = new Set(
    references.filter((reference) => reference.state !== 'withdrawn').map(({ state }) => state),
  );
  if (states.size === 0)
    return performer.imagePath === null ? message('learn.noPicture') : message('learn.noPictureReadable');
  if (states.has('several-faces')) return message('learn.severalFaces');
  if (states.has('drawing')) return message('learn.drawings');
  if (states.has('no-face')) return message('learn.noFace');
  return message('learn.noPictureReadable');
}
