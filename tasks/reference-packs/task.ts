import { inEnglish } from '../../core/messages/english.ts';
import { message, joined, type Message } from '../../core/messages/message.ts';
import type { BuildRequest, PackEstimate } from '../../core/reference-packs/build.ts';
import { estimateText } from '../../core/reference-packs/build.ts';
import { hasCode, messageOf } from '../../core/errors.ts';
import { defineTask, MORE, type Slice } from '../runs/task.ts';
import { createDownloads, type Downloads } from './build/downloads.ts';
import { measure } from './build/estimate.ts';
import { learnBoxPeople } from './build/learn-people.ts';
import { readLeftOut } from './build/library-ids.ts';
import { listPeople, lookedAsOf, type ListingParts } from './build/listing.ts';
import type { LearnParts } from './build/learn-people.ts';
import { patiently } from './build/patience.ts';
import {
  boxOf,
  listOfRequest,
  readRequests,
  requestPack,
  setAside,
  updateRequest,
} from './build/requests.ts';
import { writePack, type WriteParts } from './build/write-pack.ts';
import type { Context } from '../runs/task.ts';

type Fetched = { downloads: Downloads | null };
type BuildParts = ListingParts & LearnParts & WriteParts & Pick<Context, 'stashBoxes'>;

/** Lists whom a stash-box knows, learns their faces from its pictures, and writes them as a reference pack. */
export const buildReferencePack = defineTask({
  mode: 'build-reference-pack',

  async prepare(context, args) {
    await requestPack(context, args);
  },

  async onStopped(context) {
    await setAside(context);
  },

  async work(context, _args, slice) {
    const failures: unknown[] = [];
    const failed = new Set<string>();
    const said: Message[] = [];
    for (;;) {
      const request = (await readRequests(context)).find(
        (it) => it.isWanted && !failed.has(it.packId + it.what),
      );
      if (request === undefined) break;
      // What was fetched outlasts the pauses.
      const fetched: Fetched = { downloads: null };
      try {
        const ended = await patiently(context, slice, (noting) => workOn(context, noting, request, fetched));
        if (ended === 'yielded') {
          if (await slice.stopped()) await setAside(context);
          return MORE;
        }
        said.push(ended);
      } catch (error) {
        // One stash-box that does not answer must not keep the others waiting.
        if (!isOfBox(error)) throw error;
        failed.add(request.packId + request.what);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return { end: 'finished', message: joined(said) ?? message('referencePacks.build.nothingAsked') };
  },
});

async function saveEstimate(
  context: Pick<Context, 'store'>,
  request: BuildRequest,
  estimate: PackEstimate,
): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const known = (await store.state.get('reference-pack-estimates')) ?? {};
    await store.state.set('reference-pack-estimates', { ...known, [request.packId]: estimate });
    if (request.what === 'build') return;
    await updateRequest(context, request, null);
    await store.boxPeople.beginList(listOfRequest(request), []);
  });
}

/** The stash-box gave no answer, or a bad one. */
function isOfBox(error: unknown): boolean {
  return hasCode(error, 'stash-box-unreachable', 'stash-box-refused', 'stash-box-failed');
}

/** @returns the result, for display */
async function workOn(
  context: BuildParts,
  slice: Slice,
  { packId, what }: BuildRequest,
  fetched: Fetched,
): Promise<Message | 'yielded'> {
  const { store, stashBoxes, vision, log } = context;
  // As it is now: the last attempt may have listed further.
  const request = (await readRequests(context)).find((it) => it.packId === packId && it.what === what);
  if (request === undefined) return message('referencePacks.build.nothingAsked');
  const { name: boxName } = await boxOf(context, request.endpoint);
  const client = await stashBoxes.open(request.endpoint);
  const leftOut = await readLeftOut(context, request.endpoint);
  const added = await vision.addedBy(vision.packId);
  const embedders = added?.fusion.adds.map(({ embedder }) => embedder) ?? [];
  const making = { addsEmbedders: added !== null, keepCrops: request.keepCrops };

  const estimates = (await store.state.get('reference-pack-estimates')) ?? {};
  if (what === 'estimate' || !(packId in estimates)) {
    try {
      const estimate = await measure(context, slice, client, request, { leftOut, making });
      await saveEstimate(context, request, estimate);
      log.info(inEnglish(estimateText(estimate)));
      slice.advanced();
      if (what === 'estimate') return estimateText(estimate);
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
  const { failed } = await store.work.counts('box-people');
  const people = await store.boxPeople.countMembers(packId);
  const pack = await writePack(context, slice, request, { boxName, fusion: added?.fusion ?? null, leftOut });
  if (request.out !== null) {
    const folder = await context.referencePacks.copyOut(packId, request.out);
    if (folder !== null) log.info(inEnglish(message('referencePacks.build.isCopied', { folder })));
  }
  await updateRequest(context, request, null);
  return message('referencePacks.build.isBuilt', { name: pack.name, known: pack.people, people, failed });
}
