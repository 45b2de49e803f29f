/** The packs that were built here, and when each is to be brought up to date. */
import {
  newListing,
  newUpdate,
  type BuildRequest,
  type BuiltPack,
} from '../../../core/reference-packs/build.ts';
import type { Context } from '../../runs/task.ts';
import { currentRequest, dropContributed, readRequests, updateRequest } from './requests.ts';

/** What no change tells of, such as whom an administrator has destroyed, is found when everybody is asked for. */
const FULL_EVERY_MS = 30 * 86_400_000;
/** A run that goes on in slices, or is started by several, asks the stash-box once. */
const TRY_EVERY_MS = 3_600_000;
/** An update that was interrupted for longer begins anew: its walk through the changes would miss some. */
const UPDATE_TTL_MS = 86_400_000;

type Parts = Pick<Context, 'store' | 'now'>;

export async function readBuilt({ store }: Pick<Context, 'store'>): Promise<Record<string, BuiltPack>> {
  return (await store.state.get('reference-packs-built')) ?? {};
}

/** The request is done: from its listing on the pack is kept current. @param joins null: it was not written anew */
export async function noteBuilt(context: Parts, request: BuildRequest, joins: string | null): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const { packId, endpoint, folder, scraped, scope, keepCrops, out, listedAt } = request;
    // It is not kept current: a scraper is asked only for whom the user names, and only when they say so.
    if (scraped !== null) return await updateRequest(context, request, null);
    const { listing } = (await currentRequest(context, request)) ?? request;
    const built = await readBuilt(context);
    const isFull = request.what !== 'update' || listing.since === 0;
    const pack: BuiltPack = {
      endpoint,
      folder,
      scope,
      keepCrops,
      out,
      newest: listing.newest ?? 0,
      lastScene: listing.lastScene,
      studios: [...new Set([...listing.knownStudios, ...listing.studios])].toSorted(),
      joins: joins ?? built[packId]?.joins ?? '',
      readAt: listedAt,
      fullAt: isFull ? listedAt : (built[packId]?.fullAt ?? listedAt),
      triedAt: built[packId]?.triedAt ?? listedAt,
    };
    await store.state.set('reference-packs-built', { ...built, [packId]: pack });
    await updateRequest(context, request, null);
  });
}

/**
Asks for an update of each pack that was built here, is in use and was not updated within the hour. Those that are being built
are left alone, as are those of another face pack, of which everybody would have to be looked at anew.
*/
export async function requestUpdates(
  context: Parts & Pick<Context, 'referencePacks' | 'vision'>,
): Promise<void> {
  const { store, now, referencePacks, vision } = context;
  if (Object.keys(await readBuilt(context)).length === 0) return;
  const installed = new Map((await referencePacks.list()).map((pack) => [pack.id, pack]));
  await store.transaction(async () => {
    const built = await readBuilt(context);
    let requests = await readRequests(context);
    for (const [packId, pack] of Object.entries(built)) {
      if (!installed.has(packId)) {
        // It was removed: nobody wants it current.
        delete built[packId];
        await dropContributed(context, packId);
        requests = requests.filter((it) => it.packId !== packId || it.what !== 'update');
        continue;
      }
      const isOther = installed.get(packId)?.manifest?.facePack !== vision.packId;
      const isBuilding = requests.some((it) => it.packId === packId && it.what === 'build');
      if (isOther || isBuilding || now() - pack.triedAt < TRY_EVERY_MS) continue;
      const known = requests.find((it) => it.packId === packId && it.what === 'update');
      // A table does not tell who was changed.
      const isFull = pack.folder !== null || now() - pack.fullAt >= FULL_EVERY_MS;
      const goesOn = known !== undefined && now() - known.listedAt < UPDATE_TTL_MS;
      const request: BuildRequest = goesOn
        ? { ...known, isWanted: true }
        : {
            packId,
            endpoint: pack.endpoint,
            folder: pack.folder,
            scraped: null,
            scope: pack.scope,
            keepCrops: pack.keepCrops,
            out: pack.out,
            what: 'update',
            isWanted: true,
            listedAt: now(),
            listing: isFull ? newListing(pack.scope) : newUpdate(pack),
          };
      // Who is not in the scope any more stays: they are asked for by their ids.
      if (isFull && !goesOn) await store.boxPeople.askAgain(packId);
      built[packId] = { ...pack, triedAt: now() };
      requests = [...requests.filter((it) => it !== known), request];
    }
    await store.state.set('reference-packs-built', built);
    await store.state.set('reference-pack-builds', requests);
  });
}
