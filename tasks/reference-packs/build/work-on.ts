/** Lists, learns and writes one reference pack that was asked for, or measures what that takes. */
import { hasCode, messageOf, type StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { Fusion } from '../../../core/packs/fusion.ts';
import type { StashBoxClient } from '../../../core/ports/stash-box.ts';
import {
  estimateText,
  whyNobody,
  type BuildRequest,
  type PackEstimate,
} from '../../../core/reference-packs/build.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { noteBuilt } from './built-packs.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import { measure } from './estimate.ts';
import { joinBoxes, joinsOf } from './join-boxes.ts';
import { learnBoxPeople, type LearnParts } from './learn-people.ts';
import { readLeftOut, type LeftOut } from './library-ids.ts';
import { listPeople, type ListingParts } from './listing.ts';
import { lookedAsOf } from './looked-as.ts';
import { sourceOf } from './contributed/people-source.ts';
import { currentRequest, dropEstimate } from './requests.ts';
import { writePack, type WriteParts } from './write-pack.ts';

export type Fetched = { downloads: Downloads | null };
export type BuildParts = ListingParts & LearnParts & WriteParts & Pick<Context, 'stashBoxes' | 'scrapers'>;

async function saveEstimate(
  context: Pick<Context, 'store'>,
  request: BuildRequest,
  estimate: PackEstimate,
): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const known = (await store.state.get('reference-pack-estimates')) ?? {};
    await store.state.set('reference-pack-estimates', { ...known, [request.packId]: estimate });
    if (request.what === 'estimate') await dropEstimate(context, request, null);
  });
}

/** The stash-box gave no answer, or a bad one. */
export function isOfBox(error: unknown): error is StashSenseError {
  return hasCode(error, 'stash-box-unreachable', 'stash-box-refused', 'stash-box-failed');
}

/** @returns the result, for display */
export async function workOn(
  context: BuildParts,
  slice: Slice,
  { packId, what }: BuildRequest,
  fetched: Fetched,
): Promise<Message | 'yielded'> {
  const { store, vision, log } = context;
  // As it is now: the last attempt may have listed further.
  const request = await currentRequest(context, { packId, what });
  if (request === undefined) return message('referencePacks.build.nothingAsked');
  const source = await sourceOf(context, request);
  const { name: boxName } = source;
  const client = await source.open();
  const leftOut = await readLeftOut(context, request.endpoint);
  const added = await vision.addedBy(vision.packId);
  const embedders = added?.fusion.adds.map(({ embedder }) => embedder) ?? [];
  const making = { addsEmbedders: added !== null, keepCrops: request.keepCrops };

  const estimates = (await store.state.get('reference-pack-estimates')) ?? {};
  // Measuring asks for some of the people, for whom a scraper would then be asked twice.
  const isUnmeasured = request.scraped === null && !(packId in estimates);
  if (what === 'estimate' || (what === 'build' && isUnmeasured)) {
    try {
      // Somebody waits for the measurement: a box in trouble ends it soon.
      const measured = await source.open({ isAwaited: true });
      await requireKey(measured);
      const estimate = await measure(context, slice, measured, request, { leftOut, making });
      await saveEstimate(context, request, estimate);
      const text = estimateText(estimate, boxName);
      slice.advanced();
      // A result, which whoever runs the task logs.
      if (what === 'estimate') return text;
      log.info(inEnglish(text));
    } catch (error) {
      // A build does without: what keeps the stash-box from answering is waited for where something is stored.
      if (what === 'estimate' || !isOfBox(error)) throw error;
      log.warn(messageOf(error));
    }
  }

  const lookedAs = lookedAsOf(vision.seenBy.packId, embedders, request.keepCrops);
  const parts = { lookedAs, leftOut };
  if ((await listPeople(context, slice, client, request, parts)) === 'yielded') return 'yielded';
  fetched.downloads ??= createDownloads(client);
  const learning = { ...parts, making, embedder: added?.embedder ?? null };
  if ((await learnBoxPeople(context, slice, fetched.downloads, learning)) === 'yielded') return 'yielded';
  const { name, said } = await writeIfChanged(
    context,
    slice,
    request,
    boxName,
    added?.fusion ?? null,
    leftOut,
  );
  await noteBuilt(context, request, said === null ? null : await joinsOf(context, packId));
  return said ?? message('referencePacks.build.isCurrent', { name });
}

/**
Where nothing is linked the box would be asked nothing, and its key would pass for a good one. A server that only behaves as a
stash-box may not know whose key it is.
@throws StashSenseError `stash-box-refused`, `stash-box-unreachable`
*/
async function requireKey(client: Pick<StashBoxClient, 'me'>): Promise<void> {
  try {
    await client.me();
  } catch (error) {
    if (!hasCode(error, 'stash-box-failed')) throw error;
  }
}

/** `said`: null where the pack that is there holds the same. */
async function writeIfChanged(
  context: BuildParts,
  slice: Slice,
  request: BuildRequest,
  boxName: string,
  fusion: Fusion | null,
  leftOut: LeftOut,
): Promise<{ name: string; said: Message | null }> {
  const { store, log, referencePacks } = context;
  const { packId, scope, what, out } = request;
  const { isChanged } = (await currentRequest(context, request))?.listing ?? { isChanged: true };
  if (what === 'update' && !isChanged) {
    const known = (await referencePacks.list()).find(({ id }) => id === packId);
    if (known?.manifest) return { name: known.manifest.name, said: null };
  }
  const { failed } = await store.work.counts('box-people');
  const people = await store.boxPeople.countMembers(packId);
  const nobody = people === 0 ? whyNobody(scope, boxName) : null;
  // One that is there loses its people; where there is none, none without people is made.
  if (nobody !== null && !(await referencePacks.list()).some(({ id }) => id === packId))
    return { name: boxName, said: nobody };
  await joinBoxes(context, fusion);
  const pack = await writePack(context, slice, request, { boxName, fusion, leftOut });
  if (out !== null) {
    const folder = await referencePacks.copyOut(packId, out);
    if (folder !== null) log.info(inEnglish(message('referencePacks.build.isCopied', { folder })));
  }
  const said = message('referencePacks.build.isBuilt', {
    name: pack.name,
    known: pack.people,
    people,
    failed,
  });
  return { name: pack.name, said: nobody ?? said };
}
