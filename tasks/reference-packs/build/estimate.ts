/** What building a pack would take, measured within a minute. */
import { hasCode } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { ListedBoxPerformer } from '../../../core/ports/boxes/box-people.ts';
import type { BoxImage, BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { toListed } from '../../../core/reference-packs/box-person.ts';
import type { BuildRequest, PackEstimate } from '../../../core/reference-packs/build.ts';
import { candidateImages } from '../../../core/reference-packs/candidate-images.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { createDownloads, type Downloads, type FetchedPicture } from './downloads.ts';
import { boxIdsOf, isUsable, scenesOfMine, type LeftOut } from './library-ids.ts';
import { MAX_PICTURES } from './looked-as.ts';
import { listOfRequest } from './requests.ts';
import { lookAtPerson, type LookParts, type Making } from './look.ts';

/** Until then people are counted, until then their pictures are looked at; the rest of a minute is for what has begun. */
const COUNT_MS = 20_000;
const LOOK_MS = 45_000;
/** So many are enough for a mean. */
const MAX_SAMPLED = 40;
const PER_PAGE = 100;
const SCENES_PAGE = 100;
/** Studios that are asked how many performers they have. */
const MAX_STUDIOS = 12;
const AHEAD = 3;

type Parts = LookParts & Pick<Context, 'store' | 'library' | 'now'>;
/** `sample`: some of them, from all over the list. */
type Counted = { readonly people: number; readonly sample: readonly BoxPerformer[] };

export async function measure(
  context: Parts,
  slice: Slice,
  client: StashBoxClient,
  request: BuildRequest,
  { leftOut, making }: { leftOut: LeftOut; making: Making },
): Promise<PackEstimate> {
  const { now } = context;
  const began = now();
  slice.progress.step(message('runs.step.boxEstimate'));
  slice.progress.say(message('referencePacks.build.isCounting'));
  const { people, sample } = await count(context, client, request, began + COUNT_MS);
  const members = spread(
    sample.filter(({ id, deleted }) => !deleted && !leftOut(id)),
    MAX_SAMPLED,
  ).map(toListed);

  // A build of a few has done before a sample would be measured.
  const isMeasured = request.what === 'estimate' || people > MAX_SAMPLED;
  slice.progress.say(message('referencePacks.build.isSampling'));
  const looking = await lookAtSample(context, client, isMeasured ? members : [], making, began + LOOK_MS);
  const share = looking.sampled === 0 ? 0 : people / looking.sampled;
  const { packId, endpoint, scope } = request;
  return {
    packId,
    endpoint,
    scope,
    at: now(),
    people,
    pictures: Math.round(looking.pictures * share),
    bytes: looking.bytes * share,
    hours: (looking.ms * share) / 3_600_000,
    sampled: looking.sampled,
  };
}

async function lookAtSample(
  context: Parts,
  client: StashBoxClient,
  members: readonly ListedBoxPerformer[],
  making: Making,
  until: number,
): Promise<{ sampled: number; pictures: number; bytes: number; ms: number }> {
  const { now } = context;
  const downloads = createDownloads(client);
  // Opening the models takes time once, however many are looked at.
  if (members.length > 0) await context.vision.open();
  const began = now();
  let sampled = 0;
  let pictures = 0;
  for (const [n, { images }] of members.entries()) {
    if (now() >= until) break;
    for (const next of members.slice(n + 1, n + 1 + AHEAD))
      downloads.ahead(candidateImages(next.images, MAX_PICTURES));
    const fetched = await takeSome(downloads, candidateImages(images, MAX_PICTURES));
    await lookAtPerson(context, fetched, making);
    sampled++;
    pictures += fetched.length;
  }
  return { sampled, pictures, bytes: downloads.takenBytes, ms: now() - began };
}

/** Where the stash-box fails to give any picture of somebody, the sample is one without. */
async function takeSome(downloads: Downloads, images: readonly BoxImage[]): Promise<FetchedPicture[]> {
  try {
    return await downloads.take(images, 'is left out');
  } catch (error) {
    if (hasCode(error, 'stash-box-failed')) return [];
    throw error;
  }
}

async function count(
  context: Parts,
  client: StashBoxClient,
  request: BuildRequest,
  until: number,
): Promise<Counted> {
  const { endpoint, scope } = request;
  if (scope === 'box') return await countOf(client, {});
  if (scope === 'ids') {
    const ids = await context.store.boxPeople.wanted(listOfRequest(request), 200_000);
    return await withSample(client, ids, ids.length);
  }
  const { ids, isWhole } = await idsOfPerformers(context, endpoint, scope, until);
  const mine = isWhole ? ids.length : await scaled(context, ids.length);
  if (scope === 'without-picture') return await withSample(client, ids, mine);
  if ((await client.lacks()).has('list')) {
    const all = [...new Set([...ids, ...(await idsInScenes(context, client, endpoint, until))])];
    return await withSample(client, all, Math.max(mine, all.length));
  }
  const studios = await studiosOf(context, endpoint, until);
  const asked = spread(studios, MAX_STUDIOS);
  const found = new Map<string, BoxPerformer>();
  let counted = 0;
  let read = 0;
  for (const studioId of asked) {
    const { people, sample } = await countOf(client, { studioId });
    counted += people;
    read += sample.length;
    for (const performer of sample) found.set(performer.id, performer);
  }
  if (asked.length === 0) return await withSample(client, ids, mine);
  // Performers of several studios are counted once.
  const alone = read === 0 ? 1 : found.size / read;
  const inStudios = (counted / asked.length) * studios.length * alone;
  const known = ids.filter((id) => found.has(id)).length;
  const apart = found.size === 0 ? mine : mine * (1 - Math.min(1, known / Math.max(1, ids.length)));
  return { people: Math.round(Math.max(mine, inStudios + apart)), sample: [...found.values()] };
}

async function countOf(client: StashBoxClient, filter: { studioId?: string }): Promise<Counted> {
  const first = await client.performersPage(1, 'created', filter);
  const pages = Math.ceil(first.count / PER_PAGE);
  const middle =
    filter.studioId === undefined && pages > 2
      ? await client.performersPage(Math.ceil(pages / 2), 'created', filter)
      : { performers: [] };
  return { people: first.count, sample: [...first.performers, ...middle.performers] };
}

async function withSample(client: StashBoxClient, ids: readonly string[], people: number): Promise<Counted> {
  const asked = spread(ids, MAX_SAMPLED);
  const answered = asked.length === 0 ? [] : [...(await client.performers(asked)).values()];
  return { people, sample: answered.filter((it) => it !== null) };
}

async function idsOfPerformers(
  context: Parts,
  endpoint: string,
  scope: BuildRequest['scope'],
  until: number,
): Promise<{ ids: string[]; isWhole: boolean }> {
  const ids: string[] = [];
  for (let after = '0'; ;) {
    const page = await context.library.performersAfter(after, 500);
    const last = page.at(-1);
    if (last === undefined) return { ids, isWhole: true };
    for (const { id, stashIds } of page) {
      const here = boxIdsOf(stashIds, endpoint);
      if (here.length > 0 && !(scope === 'without-picture' && (await isUsable(context, id))))
        ids.push(...here);
    }
    after = last.id;
    if (context.now() >= until) return { ids, isWhole: false };
  }
}

/** Where the time was not enough for all performers: no fewer than were found, and no more than there are. */
async function scaled({ library }: Pick<Context, 'library'>, found: number): Promise<number> {
  return Math.max(found, await library.countPerformers());
}

/** Of a stash-box that cannot be asked how many performers a studio has. */
async function idsInScenes(
  context: Parts,
  client: StashBoxClient,
  endpoint: string,
  until: number,
): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let after = '0'; context.now() < until;) {
    const page = await scenesOfMine(context, endpoint, after, SCENES_PAGE);
    if (page === null) break;
    for (const cast of (await client.castOf(page.sceneIds)).values()) for (const id of cast) ids.add(id);
    after = page.last;
  }
  return ids;
}

async function studiosOf(context: Parts, endpoint: string, until: number): Promise<string[]> {
  const studios = new Set<string>();
  for (let after = '0'; context.now() < until;) {
    const page = await scenesOfMine(context, endpoint, after, SCENES_PAGE);
    if (page === null) break;
    for (const id of page.studioIds) studios.add(id);
    after = page.last;
  }
  return [...studios].toSorted();
}

/** At most `most` of them, evenly over all. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, n) => items[Math.floor((n * items.length) / most)]!);
}
