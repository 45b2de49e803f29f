import { createHash } from 'node:crypto';
import { addedIds } from '../../core/changes/values.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { hasCode } from '../../core/errors.ts';
import { reasonWithoutReference } from '../../core/people/reason-without.ts';
import { contentOf } from '../../core/people/reference-content.ts';
import type { ReferenceState, StoredReference } from '../../core/ports/people.ts';
import type { Library, StashEntity, StashPerformer } from '../../core/ports/library.ts';
import { notReferences, notSeen } from '../../core/suggestions/dismissal.ts';
import type { Outcome } from '../runs/for-each-item.ts';
import type { InferenceTurn } from '../runs/inference-lock.ts';
import { pictureRevision } from './enqueue.ts';
import { fetchReadable } from '../observe/fetch-media.ts';
import { findReferenceFace } from '../observe/reference-face.ts';
import { markOutliers } from './outliers.ts';
import type { Context } from '../runs/task.ts';

/** Largest number of images used as references per performer, besides profile picture and confirmed faces. */
const MAX_USED_IMAGES = 12;
/** The newest images that are searched for them. */
const MAX_IMAGES = 200;
const PAGE = 500;
/** Prefix of an image id in the source key of a reference. */
const IMAGE_KEY_PREFIX = 'image:';
const MAX_PICTURE_BYTES = 50e6;

export type LearnParts = Pick<Context, 'store' | 'library' | 'exclusions' | 'vision' | 'log'> & {
  readonly inference: InferenceTurn;
  /** Stash's performer as it was seconds ago at most; null when there is none. */
  readonly readPerformer: Library['performer'];
};

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
  const { store, vision } = context;
  const performer = await context.readPerformer(performerId);
  if (performer === null) return { state: 'skipped' };
  await store.people.putPerformer(performer);

  const known = new Map(
    (await store.people.references(performerId, vision.seenBy.packId)).map((reference) => [
      reference.sourceKey,
      reference,
    ]),
  );
  const profile = await learnProfile(context, performer, known.get('profile') ?? null);
  if (how === 'all pictures' || profile !== 'used') await learnImages(context, performer, known);
  const learnt = await store.people.vectors(performerId, vision.seenBy.packId);
  // Only images can be outliers.
  const mayHaveOutliers = learnt.some(({ source, state }) => source === 'image' || state === 'outlier');
  if (mayHaveOutliers) await markOutliers(context, performerId);
  const references = mayHaveOutliers ? await store.people.vectors(performerId, vision.seenBy.packId) : learnt;
  const reason = reasonWithoutReference(references, performer);
  return reason === null ? { state: 'done' } : { state: 'skipped', note: reason };
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
  return await learnPicture(context, performer, 'profile', 'profile', performer.imagePath, known);
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
    await learnPicture(context, performer, 'image', sourceKey, path, known.get(sourceKey) ?? null);
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
  const entity = imageOf({ sourceKey });
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  return items.some(
    ({ by, changes }) => by === 'scan' && addedIds(changes, 'performers').includes(performerId),
  );
}

/** The image that a reference was learnt from. */
export function imageOf({ sourceKey }: Pick<StoredReference, 'sourceKey'>): EntityRef {
  return { kind: 'image', id: sourceKey.slice(IMAGE_KEY_PREFIX.length) };
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
  performer: StashPerformer,
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
  await context.exclusions.check({ kind: 'performer', id: performer.id });
  // In one transaction: the user may set the picture aside meanwhile. After a power cut the picture is looked at again.
  const put = async (): Promise<ReferenceState> => {
    const state = await stateAfterDecisions(store, performer, { source, sourceKey, contentHash }, seen.state);
    await store.people.putReference({
      performerId: performer.id,
      source,
      sourceKey,
      revision,
      contentHash,
      packId: vision.seenBy.packId,
      state,
      embedding: seen.embedding,
      quality: seen.quality,
      crop: seen.crop,
    });
    return state;
  };
  return await store.transaction(put, { durable: false });
}

/** The state of a picture after what the user has said: of the picture, or of who is on an image. */
async function stateAfterDecisions(
  { dismissals }: Context['store'],
  performer: StashPerformer,
  picture: Pick<StoredReference, 'source' | 'sourceKey' | 'contentHash'>,
  state: ReferenceState,
): Promise<ReferenceState> {
  const contentId = contentOf(picture);
  if (contentId === null || !['used', 'outlier', 'set-aside'].includes(state)) return state;
  if (await dismissals.isDismissed(notReferences([contentId], performer))) return 'set-aside';
  if (picture.source === 'image' && (await dismissals.isDismissed(notSeen([contentId], performer))))
    return 'withdrawn';
  return state === 'set-aside' ? 'used' : state;
}

type Seen = Pick<StoredReference, 'state' | 'embedding' | 'quality' | 'crop'>;

async function observePicture(
  { inference, vision }: Pick<LearnParts, 'inference' | 'vision'>,
  bytes: Uint8Array,
): Promise<Seen> {
  const nothing = { embedding: null, quality: 0, crop: null };
  return await inference.run(async () => {
    const { references } = vision.seenBy.calibration;
    const open = await vision.openForPictures();
    try {
      const { check, image } = await findReferenceFace(open, bytes, references);
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
