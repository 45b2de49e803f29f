/** The packs that are asked for, which the runs of *Build reference pack* work through. */
import path from 'node:path';
import { StashSenseError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { StashBox } from '../../../core/ports/stash-box.ts';
import {
  type BuildRequest,
  newListing,
  type PackListing,
  readScope,
} from '../../../core/reference-packs/build.ts';
import type { TaskArgs } from '../../../core/runs/task-args.ts';
import type { Context } from '../../runs/task.ts';
import { packIdOf } from './pack-id.ts';
import { endpointOfFolder } from './contributed/folder-endpoint.ts';
import { endpointOfScraper, MAX_SCRAPED, scrapedPeople } from './contributed/scraped-people.ts';
import { stageContributed, sweepContributed } from './contributed/take-references.ts';

export type BuildArgs = TaskArgs<'build-reference-pack'>;
type Parts = Pick<
  Context,
  'store' | 'stashBoxes' | 'now' | 'vision' | 'exclusions' | 'referencePacks' | 'library'
>;

const SUFFIX = { estimate: '?', build: '+', update: '' } as const;
/** A listing that was interrupted goes on within this time; later it would miss too many. */
const LISTING_TTL_MS = 86_400_000;

/** Puts a pack first in the list of those to be built, or lets it go on where it was. @throws StashSenseError `bad-input` */
export async function requestPack(context: Parts, args: BuildArgs): Promise<BuildRequest> {
  const { store, now } = context;
  const { endpoint, folder, scraped, scope, ids } = await readSource(context, args);
  if (scope === 'ids' && ids.length === 0)
    throw new StashSenseError('bad-input', message('referencePacks.build.needsIds'));
  if (args.out !== undefined && !path.isAbsolute(args.out))
    throw new StashSenseError('bad-input', message('referencePacks.build.outNotWhole', { out: args.out }));
  if (folder !== null && !path.isAbsolute(folder))
    throw new StashSenseError('bad-input', message('peopleTable.notWhole', { folder }));
  const what = args.estimate ? 'estimate' : 'build';
  const packId = packIdOf(scope, endpoint);
  const contributed = await stageContributed(context, packId, args.references ?? []);
  let replaced: string | null = null;
  const asked = await store.transaction(async () => {
    const requests = await readRequests(context);
    const isThis = (it: BuildRequest): boolean => it.packId === packId && it.what === what;
    const known = requests.find(isThis);
    const isSame = known?.folder === folder && scope !== 'ids';
    const goesOn = known !== undefined && isSame && now() - known.listedAt < LISTING_TTL_MS;
    const fresh = { listedAt: now(), listing: newListing(scope) };
    const request: BuildRequest = {
      packId,
      endpoint,
      folder,
      scraped,
      scope,
      what,
      keepCrops: args.keep_crops,
      out: args.out ?? null,
      isWanted: true,
      ...(goesOn ? { listedAt: known.listedAt, listing: known.listing } : fresh),
    };
    if (what === 'build') replaced = await store.contributedPeople.use(packId, contributed);
    if (!goesOn) await store.boxPeople.beginList(listOfRequest(request), ids);
    // What is built anew is not brought up to date besides.
    const isOver = (it: BuildRequest): boolean =>
      isThis(it) || (it.packId === packId && it.what === 'update' && what === 'build');
    await store.state.set('reference-pack-builds', [request, ...requests.filter((it) => !isOver(it))]);
    await noteUnmeasured(context, packId, null);
    return request;
  });
  await sweepContributed(context, [replaced]);
  return asked;
}

type Source = Pick<BuildRequest, 'endpoint' | 'folder' | 'scraped' | 'scope'> & {
  /** Of the scope `ids`: whom the pack is of. */
  readonly ids: readonly string[];
};

/** A scraper of Stash, a folder with a table, or a stash-box. @throws StashSenseError `bad-input` */
async function readSource(context: Parts, args: BuildArgs): Promise<Source> {
  const scraped = readScraped(args);
  if (scraped !== null) {
    const people = await scrapedPeople(context, scraped);
    const endpoint = endpointOfScraper(scraped.scraperId);
    return { endpoint, folder: null, scraped, scope: 'ids', ids: [...people.keys()] };
  }
  const { people: folder, ids = [] } = args;
  if (folder !== undefined)
    return { endpoint: await endpointOfFolder(context, folder), folder, scraped, scope: 'box', ids };
  const scope = readScope(args.scope ?? 'mine');
  const { endpoint } = await boxOf(context, args.endpoint);
  return { endpoint, folder: null, scraped, scope, ids };
}

/** Only whom the user names is asked for. @throws StashSenseError `bad-input` */
function readScraped({ scraper, performers = [], people, estimate }: BuildArgs): BuildRequest['scraped'] {
  if (scraper === undefined && performers.length === 0) return null;
  const isWhole = scraper !== undefined && performers.length > 0 && performers.length <= MAX_SCRAPED;
  if (!isWhole || people !== undefined || estimate)
    throw new StashSenseError('bad-input', message('scraper.asked', { most: MAX_SCRAPED }));
  return { scraperId: scraper, performerIds: [...new Set(performers)] };
}

/** The stash-box of this endpoint, without one the first of Stash's settings with a key. @throws StashSenseError `bad-input` */
export async function boxOf(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  endpoint: string | undefined,
): Promise<StashBox> {
  const boxes = await stashBoxes.list();
  const box =
    endpoint === undefined
      ? boxes.find(({ hasKey }) => hasKey)
      : boxes.find((it) => it.endpoint === endpoint || it.name.toLowerCase() === endpoint.toLowerCase());
  if (box?.hasKey === true) return box;
  const names = boxes.map(({ name }) => name).join(', ');
  throw new StashSenseError(
    'bad-input',
    endpoint === undefined || names === ''
      ? message('referencePacks.build.noBox')
      : message('referencePacks.build.unknownBox', { endpoint, boxes: names }),
  );
}

export async function readRequests({ store }: Pick<Context, 'store'>): Promise<BuildRequest[]> {
  return (await store.state.get('reference-pack-builds')) ?? [];
}

/** As it is now; undefined: it is done. */
export async function currentRequest(
  context: Pick<Context, 'store'>,
  { packId, what }: Pick<BuildRequest, 'packId' | 'what'>,
): Promise<BuildRequest | undefined> {
  return (await readRequests(context)).find((it) => it.packId === packId && it.what === what);
}

/** Id of the list that is being made. That of a build is no pack's until it is whole: what the pack lists since its last build stays. An update changes the pack's own. */
export function listOfRequest({ packId, what }: Pick<BuildRequest, 'packId' | 'what'>): string {
  return `${packId}${SUFFIX[what]}`;
}

/** The list is that of the pack by now. */
export function isQueued({ step }: PackListing): boolean {
  return step === 'queue' || step === 'enqueue' || step === 'listed';
}

/** Changes a request that is still in the list. Null: it is done. */
export async function updateRequest(
  context: Pick<Context, 'store'>,
  { packId, what }: Pick<BuildRequest, 'packId' | 'what'>,
  change: Partial<BuildRequest> | null,
): Promise<void> {
  await context.store.transaction(async () => {
    const requests = await readRequests(context);
    await context.store.state.set(
      'reference-pack-builds',
      requests.flatMap((it) =>
        it.packId !== packId || it.what !== what ? [it] : change === null ? [] : [{ ...it, ...change }],
      ),
    );
  });
}

/** The pack was removed: what files have of people goes with it, unless it is about to be built of them again. */
export async function dropContributed(
  context: Pick<Context, 'store' | 'now'>,
  packId: string,
): Promise<void> {
  const { store } = context;
  const replaced = await store.transaction(async () =>
    (await currentRequest(context, { packId, what: 'build' })) === undefined
      ? await store.contributedPeople.use(packId, null)
      : null,
  );
  await sweepContributed(context, [replaced]);
}

/** It was measured, or could not be. @param problem why it could not */
export async function dropEstimate(
  context: Pick<Context, 'store'>,
  request: Pick<BuildRequest, 'packId' | 'what'>,
  problem: Message | null,
): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    await updateRequest(context, request, null);
    await noteUnmeasured(context, request.packId, problem);
    await store.boxPeople.beginList(listOfRequest(request), []);
  });
}

async function noteUnmeasured(
  { store }: Pick<Context, 'store'>,
  packId: string,
  problem: Message | null,
): Promise<void> {
  const { [packId]: _, ...others } = (await store.state.get('reference-packs-unmeasured')) ?? {};
  const noted = problem === null ? others : { ...others, [packId]: problem };
  await store.state.set('reference-packs-unmeasured', noted);
}

/**
What was stopped goes on only when it is asked for once more. Then files are read anew: what they had of people stays only where
a pack was built of it before.
*/
export async function setAside(context: Pick<Context, 'store' | 'now'>): Promise<void> {
  const { store } = context;
  const replaced: (string | null)[] = [];
  await store.transaction(async () => {
    const requests = await readRequests(context);
    const built = (await store.state.get('reference-packs-built')) ?? {};
    for (const { packId, what } of requests)
      if (what === 'build' && !(packId in built))
        replaced.push(await store.contributedPeople.use(packId, null));
    await store.state.set(
      'reference-pack-builds',
      requests.filter(({ what }) => what !== 'estimate').map((it) => ({ ...it, isWanted: false })),
    );
  });
  await sweepContributed(context, replaced);
}
