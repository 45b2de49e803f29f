/** Fetches and looks at the pictures of everybody on the list. */
import { message } from '../../../core/messages/message.ts';
import type { KeptPicture, StoredBoxPerformer } from '../../../core/ports/boxes/box-people.ts';
import type { CropEmbedder } from '../../../core/ports/vision.ts';
import type { WorkItem } from '../../../core/ports/work-queue.ts';
import { candidateImages } from '../../../core/reference-packs/candidate-images.ts';
import { BOX_PEOPLE_LIST } from '../../../core/runs/tasks.ts';
import { forEachItem, type Outcome } from '../../runs/for-each-item.ts';
import type { Context, Slice } from '../../runs/task.ts';
import type { Downloads, Failing } from './downloads.ts';
import { isNoAnswer } from './patience.ts';
import type { LeftOut } from './library-ids.ts';
import { MAX_PICTURES, type LookedAs } from './listing.ts';
import { embedKeptCrops, lookAtPerson, type LookParts, type Making } from './look.ts';

/** People whose pictures are fetched while those of another one are looked at. */
const AHEAD = 3;
/** Of the attempts of the work queue: after it somebody would be left out for one picture that the stash-box has lost. */
const LAST_ATTEMPT = 3;

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

  const fetchAhead = async (): Promise<void> => {
    for (const { id } of await work.upcoming(BOX_PEOPLE_LIST, AHEAD))
      downloads.ahead(imagesOf(await boxPeople.get(id)));
  };
  const look = async (member: StoredBoxPerformer, failing: Failing): Promise<KeptPicture[]> => {
    const isEmbeddedFromCrops = lookedAs.isSameLook(member) && embedder !== null;
    const fromCrops = isEmbeddedFromCrops ? await embedKeptCrops(context, member.number, embedder) : null;
    if (fromCrops !== null) return fromCrops;
    const pictures = await downloads.take(imagesOf(member), failing);
    return await lookAtPerson(context, pictures, making);
  };
  const learn = async ({ id, title, attempts }: WorkItem): Promise<Outcome> => {
    slice.progress.say(message('referencePacks.build.isLearning', { name: title }));
    const member = await boxPeople.get(id);
    if (member === null || leftOut(member.performer.id)) return { state: 'skipped' };
    if (lookedAs.isCurrent(member)) return { state: 'done' };
    await fetchAhead();
    const pictures = await look(member, attempts < LAST_ATTEMPT ? 'fails' : 'is missing');
    await boxPeople.putPictures(id, lookedAs.of(member.performer), pictures);
    return { state: pictures.some(({ state }) => state === 'used') ? 'done' : 'skipped' };
  };
  return await forEachItem(context, slice, BOX_PEOPLE_LIST, learn, isNoAnswer);
}

function imagesOf(member: StoredBoxPerformer | null) {
  return member === null ? [] : candidateImages(member.performer.images, MAX_PICTURES);
}
