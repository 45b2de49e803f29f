/** Lists whom a reference pack is to hold, page by page, each stored with the place where the next one begins. */
import { message } from '../../../core/messages/message.ts';
import type { StoredBoxPerformer } from '../../../core/ports/boxes/box-people.ts';
import type { BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { toListed } from '../../../core/reference-packs/box-person.ts';
import { afterChanges, type BuildRequest, type PackListing } from '../../../core/reference-packs/build.ts';
import { BOX_PEOPLE_LIST } from '../../../core/runs/tasks.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { boxIdsOf, isUsable, scenesOfMine, type LeftOut } from './library-ids.ts';
import { editsSince, isWithoutChanges, isWithoutStudios, latest, newestOf } from './lists/lacks.ts';
import { toWorkEntry, type LookedAs } from './looked-as.ts';
import { isQueued, listOfRequest, readRequests, updateRequest } from './requests.ts';

export type ListingParts = Pick<
  Context,
  'store' | 'library' | 'exclusions' | 'vision' | 'referencePacks' | 'log'
>;

const PERFORMERS_PAGE = 200;
const SCENES_PAGE = 100;
const BOX_PAGE = 100;
const MEMBERS_PAGE = 500;

/** What one page leads to: it is written together with where the next begins. `write` says whether anything is other than it was. */
type Page = { readonly next: PackListing; readonly write?: () => Promise<boolean | void> };
type Parts = ListingParts & {
  readonly client: StashBoxClient;
  readonly request: BuildRequest;
  /** Of a build apart from that of the pack's last build, until it is whole. */
  readonly list: string;
  readonly leftOut: LeftOut;
  readonly lookedAs: LookedAs;
};

export async function listPeople(
  context: ListingParts,
  slice: Slice,
  client: StashBoxClient,
  request: BuildRequest,
  parts: Pick<Parts, 'leftOut' | 'lookedAs'>,
): Promise<'listed' | 'yielded'> {
  const { store } = context;
  const list = listOfRequest(request);
  let { listing } = request;
  slice.progress.step(message('runs.step.boxListing'));
  while (listing.step !== 'listed') {
    const at = { ...listing, newest: listing.newest ?? (await newestOf(client, request, listing)) };
    const { next: page, write } = await STEPS[listing.step](
      { ...context, ...parts, client, request, list },
      at,
    );
    listing = await store.transaction(async () => {
      const isChanged = (await write?.()) === true;
      const next = { ...page, isChanged: page.isChanged || isChanged };
      await updateRequest(context, request, { listing: next });
      return next;
    });
    slice.advanced();
    const people = await store.boxPeople.countMembers(isQueued(listing) ? request.packId : list);
    slice.progress.say(message('referencePacks.build.isListing', { people }));
    if (await slice.shouldYield()) return 'yielded';
  }
  return 'listed';
}

const STEPS: Readonly<
  Record<Exclude<PackListing['step'], 'listed'>, (parts: Parts, at: PackListing) => Promise<Page>>
> = {
  async changed(parts, at) {
    const { store, client, request, list } = parts;
    if (await isWithoutChanges(parts)) return { next: afterChanges(request.scope, at) };
    const { performers, next } = await client.changedSince(at.since, at.walk);
    const newest = at.walk === null ? latest(performers, at.since) : at.newest;
    const ids = performers.map(({ id }) => id);
    const listed = new Set(request.scope === 'box' ? ids : await store.boxPeople.listed(list, ids));
    return {
      next: { ...at, newest, walk: next, step: next === null ? 'edits' : 'changed' },
      write: () =>
        putPeople(
          parts,
          performers.filter(({ id }) => listed.has(id)),
        ),
    };
  },

  async edits(parts, at) {
    const { request, list } = parts;
    const { boxPeople } = parts.store;
    const edits = await editsSince(parts, at.since);
    const gone = edits.map((it) => (it.operation === 'MERGE' ? it.sourceIds : [it.targetId]));
    const listed = new Set(await boxPeople.listed(list, gone.flat()));
    const survivors = edits.filter(
      ({ operation }, n) => operation === 'MERGE' && gone[n]!.some((id) => listed.has(id)),
    );
    return {
      next: afterChanges(request.scope, at),
      write: async () => {
        await boxPeople.want(
          list,
          survivors.map(({ targetId }) => targetId),
        );
        return (await boxPeople.putAbsent(list, [...listed])) > 0;
      },
    };
  },

  async performers(parts, at) {
    const { library, store, request, list } = parts;
    const page = await library.performersAfter(at.after, PERFORMERS_PAGE);
    const ids: string[] = [];
    for (const performer of page) {
      if (request.scope === 'without-picture' && (await isUsable(parts, performer.id))) continue;
      ids.push(...boxIdsOf(performer.stashIds, request.endpoint));
    }
    const last = page.at(-1);
    return {
      next:
        last !== undefined
          ? { ...at, after: last.id }
          : request.scope === 'mine'
            ? { ...at, step: 'scenes', after: at.lastScene }
            : { ...at, step: 'ask', after: '' },
      write: () => store.boxPeople.want(list, ids),
    };
  },

  async scenes(parts, at) {
    const { store, client, request, list } = parts;
    const page = await scenesOfMine(parts, request.endpoint, at.after, SCENES_PAGE);
    if (page === null) return { next: { ...at, step: 'studios', after: '0', page: 1 } };
    const cast = await client.castOf(page.sceneIds);
    const found = page.studioIds.filter((id) => !at.knownStudios.includes(id));
    const studios = [...new Set([...at.studios, ...found])].toSorted();
    return {
      next: { ...at, after: page.last, lastScene: page.last, studios },
      write: () => store.boxPeople.want(list, [...new Set([...cast.values()].flat())].toSorted()),
    };
  },

  async studios(parts, at) {
    const studioId = at.studios[Number(at.after)];
    if (studioId === undefined) return { next: { ...at, step: 'ask', after: '' } };
    if (await isWithoutStudios(parts, at.studios.length)) return { next: { ...at, step: 'ask', after: '' } };
    const { count, performers, skipped } = await parts.client.performersPage(at.page, 'created', {
      studioId,
    });
    const isLast = performers.length + skipped === 0 || at.page * BOX_PAGE >= count;
    return {
      next: isLast ? { ...at, after: String(Number(at.after) + 1), page: 1 } : { ...at, page: at.page + 1 },
      write: () => putPeople(parts, performers),
    };
  },

  async box(parts, at) {
    const { count, performers, skipped } = await parts.client.performersPage(at.page, 'created');
    const isLast = performers.length + skipped === 0 || at.page * BOX_PAGE >= count;
    return {
      next: isLast ? { ...at, step: 'ask', after: '' } : { ...at, page: at.page + 1 },
      write: () => putPeople(parts, performers),
    };
  },

  async ask(parts, at) {
    const { store, client, request, list } = parts;
    const ids = await store.boxPeople.wanted(list, client.asksAtOnce ?? BOX_PAGE);
    if (ids.length === 0)
      return {
        next: { ...at, step: 'queue', after: '' },
        write: async () => {
          if (list !== request.packId) await store.boxPeople.replaceList(request.packId, list);
        },
      };
    const answered = await client.performers(ids);
    const found = [...answered.values()].filter((it) => it !== null);
    return {
      next: at,
      write: async () => {
        const here = new Set(found.map(({ id }) => id));
        const gone = await store.boxPeople.putAbsent(
          list,
          ids.filter((id) => !here.has(id)),
        );
        // Who was merged into somebody else is in the pack as that one, through each of several merges.
        const survivors = found.flatMap(({ mergedIntoId }) => mergedIntoId ?? []);
        await store.boxPeople.want(list, survivors);
        return (await putPeople(parts, found)) || gone > 0;
      },
    };
  },

  queue: (parts, at) =>
    Promise.resolve({ next: { ...at, step: 'enqueue', after: '' }, write: () => beginQueue(parts) }),

  async enqueue(parts, at) {
    const { store, request, lookedAs, leftOut } = parts;
    const page = await store.boxPeople.members(request.packId, at.after, MEMBERS_PAGE);
    const last = page.at(-1);
    if (last === undefined)
      return {
        next: { ...at, step: 'listed' },
        write: async () => void (await store.boxPeople.dropUnlisted(request.endpoint)),
      };
    const [out, members] = [true, false].map((isOut) =>
      page.filter(({ performer }) => leftOut(performer.id) === isOut),
    ) as [StoredBoxPerformer[], StoredBoxPerformer[]];
    const unseen = members.filter((it) => !lookedAs.isCurrent(it));
    return {
      next: { ...at, after: last.performer.id },
      write: async () => {
        await store.boxPeople.putAbsent(
          request.packId,
          out.map(({ performer }) => performer.id),
        );
        await store.work.enqueue(BOX_PEOPLE_LIST, unseen.map(toWorkEntry(lookedAs)));
        return out.length + unseen.length > 0;
      },
    };
  },
};

/** The queue is this pack's alone: that of another one which is not done is filled anew when it goes on. */
async function beginQueue(parts: Parts): Promise<void> {
  const { store, request } = parts;
  for (const other of await readRequests(parts))
    if (other.packId !== request.packId && isQueued(other.listing))
      await updateRequest(parts, other, { listing: { ...other.listing, step: 'queue', after: '' } });
  await store.work.dropMissing(BOX_PEOPLE_LIST, 'box-performer', new Set());
  await store.boxPeople.dropUnlisted(request.endpoint);
}

/** @returns whether somebody has come, gone or changed */
async function putPeople(
  { store, request, list, leftOut }: Parts,
  performers: readonly BoxPerformer[],
): Promise<boolean> {
  const members = performers.filter(({ id, deleted }) => !deleted && !leftOut(id));
  const changed = await store.boxPeople.putMembers(list, request.endpoint, members.map(toListed));
  const gone = await store.boxPeople.putAbsent(
    list,
    performers.filter((it) => !members.includes(it)).map(({ id }) => id),
  );
  return changed + gone > 0;
}
