/** Fetches and looks at the pictures of everybody on the list. */
import { message } from '../../../core/messages/message.ts';
import type { StoredBoxPerformer } from '../../../core/ports/boxes/box-people.ts';
import type { CropEmbedder } from '../../../core/ports/vision.ts';
import type { WorkItem } from '../../../core/ports/work-queue.ts';
import { candidateImages } from '../../../core/reference-packs/candidate-images.ts';
import { BOX_PEOPLE_LIST } from '../../../core/runs/tasks.ts';
import { forEachItem, type Outcome } from '../../runs/for-each-item.ts';
import type { Context, Slice } from '../../runs/task.ts';
import type { Downloads, Failing, FetchedPicture } from './downloads.ts';
import { isNoAnswer } from './patience.ts';
import type { LeftOut } from './library-ids.ts';
import { MAX_PICTURES, type LookedAs } from './looked-as.ts';
import {
  embedKeptCrops,
  keptCropsOf,
  lookAtPerson,
  type KeptCrops,
  type LookParts,
  type Making,
} from './look.ts';

/** People whose pictures are fetched while those of another one are looked at. */
const AHEAD = 3;
/** Of the attempts of the work queue: after it somebody would be left out for one picture that the stash-box has lost. */
const LAST_ATTEMPT = 3;
/** After so many people of whom no picture came, the stash-box gives none: the run ends rather than list everybody as failed. */
const MANY_FAILED = 20;
/** In place of `LookedAs.of`. */
const IN_PART = 'in part';

export type Embedder = Pick<CropEmbedder, 'embed'> | null;
export type LearnParts = LookParts &
  Pick<Context, 'store' | 'exclusions' | 'owner' | 'limits' | 'log' | 'now' | 'sleep'>;

export async function learnBoxPeople(
  context: LearnParts,
  slice: Slice,
  downloads: Downloads,
  {
    lookedAs,
    leftOut,
    making,
    embedder,
  }: { lookedAs: LookedAs; leftOut: LeftOut; making: Making; embedder: Embedder },
): Promise<'drained' | 'yielded'> {
  const { work, boxPeople } = context.store;
  slice.progress.step(message('runs.step.boxPeople'));

  const needsLook = (member: StoredBoxPerformer | null): member is StoredBoxPerformer =>
    member !== null && !leftOut(member.performer.id) && !lookedAs.isCurrent(member);
  /** Null: the pictures are needed. */
  const cropsOf = async (member: StoredBoxPerformer): Promise<KeptCrops | null> =>
    embedder !== null && lookedAs.isSameLook(member) ? await keptCropsOf(context, member.number) : null;
  const fetchAhead = async (): Promise<void> => {
    for (const { id } of await work.upcoming(BOX_PEOPLE_LIST, AHEAD)) {
      const member = await boxPeople.get(id);
      if (needsLook(member) && (await cropsOf(member)) === null) downloads.ahead(imagesOf(member));
    }
  };
  let failedInARow = 0;
  const fetch = async (member: StoredBoxPerformer, failing: Failing): Promise<FetchedPicture[]> => {
    try {
      const fetched = await downloads.take(imagesOf(member), failing);
      failedInARow = 0;
      return fetched;
    } catch (error) {
      if (failing === 'is left out') failedInARow++;
      // Their turn comes again behind everybody else: until then nothing of them waits.
      if (!isNoAnswer(error)) downloads.drop(imagesOf(member));
      throw error;
    }
  };
  const learn = async ({ id, title, attempts }: WorkItem): Promise<Outcome> => {
    slice.progress.say(message('referencePacks.build.isLearning', { name: title }));
    const member = await boxPeople.get(id);
    // They may have been fetched before they were left out, or lost their place in the list.
    if (!needsLook(member)) downloads.drop(imagesOf(member));
    if (member === null || leftOut(member.performer.id)) return { state: 'skipped' };
    if (lookedAs.isCurrent(member)) return { state: 'done' };
    await fetchAhead();
    const crops = await cropsOf(member);
    if (crops !== null) downloads.drop(imagesOf(member));
    const fetched =
      crops === null ? await fetch(member, attempts < LAST_ATTEMPT ? 'fails' : 'is left out') : [];
    const pictures =
      crops !== null && embedder !== null
        ? await embedKeptCrops(context, crops, embedder)
        : await lookAtPerson(context, fetched, making);
    // The next build asks for a picture again that the stash-box has failed to give.
    const isWhole = fetched.every(({ bytes }) => bytes !== 'failed');
    await boxPeople.putPictures(id, isWhole ? lookedAs.of(member.performer) : IN_PART, pictures);
    return { state: pictures.some(({ state }) => state === 'used') ? 'done' : 'skipped' };
  };
  return await forEachItem(
    context,
    slice,
    BOX_PEOPLE_LIST,
    learn,
    (error) => isNoAnswer(error) || failedInARow >= MANY_FAILED,
  );
}

function imagesOf(member: StoredBoxPerformer | null) {
  return member === null ? [] : candidateImages(member.performer.images, MAX_PICTURES);
}
