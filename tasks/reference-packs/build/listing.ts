/** Lists whom a reference pack is to hold, page by page, each stored with the place where the next one begins. */
import { createHash } from 'node:crypto';
import { shownName } from '../../../core/people/shown-name.ts';
import { message } from '../../../core/messages/message.ts';
import type { ListedBoxPerformer, StoredBoxPerformer } from '../../../core/ports/boxes/box-people.ts';
import type { BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { toListed } from '../../../core/reference-packs/box-person.ts';
import type { BuildRequest, PackListing } from '../../../core/reference-packs/build.ts';
import { candidateImages } from '../../../core/reference-packs/candidate-images.ts';
import { BOX_PEOPLE_LIST } from '../../../core/runs/tasks.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { boxIdsOf, isUsable, scenesOfMine, type LeftOut } from './library-ids.ts';
import { listOfRequest, readRequests, updateRequest } from './requests.ts';

export type ListingParts = Pick<Context, 'store' | 'library' | 'exclusions' | 'vision' | 'referencePacks'>;

/** Largest number of pictures of a person that are fetched. */
export const MAX_PICTURES = 6;
/** Changes whenever pictures are chosen or checked in another way: everybody is looked at anew then. */
const LOOK_VERSION = 1;
const PERFORMERS_PAGE = 200;
const SCENES_PAGE = 100;
const BOX_PAGE = 100;
const MEMBERS_PAGE = 500;

/** What one page leads to: it is written together with where the next begins. */
type Page = { readonly next: PackListing; readonly write?: () => Promise<void> };
type Parts = ListingParts & {
  readonly client: StashBoxClient;
  readonly request: BuildRequest;
  /** Until it is whole, the list is apart from that of the pack's last build. */
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
    const at = listing;
    const { next, write } = await STEPS[listing.step]({ ...context, ...parts, client, request, list }, at);
    await store.transaction(async () => {
      await write?.();
      await updateRequest(context, request, { listing: next });
    });
    listing = next;
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
            ? { ...at, step: 'scenes', after: '0' }
            : { ...at, step: 'ask', after: '' },
      write: () => store.boxPeople.want(list, ids),
    };
  },

  async scenes(parts, at) {
    const { store, client, request, list } = parts;
    const page = await scenesOfMine(parts, request.endpoint, at.after, SCENES_PAGE);
    if (page === null) return { next: { ...at, step: 'studios', after: '0', page: 1 } };
    const cast = await client.castOf(page.sceneIds);
    return {
      next: { ...at, after: page.last, studios: [...new Set([...at.studios, ...page.studioIds])].toSorted() },
      write: () => store.boxPeople.want(list, [...new Set([...cast.values()].flat())].toSorted()),
    };
  },

  async studios(parts, at) {
    const studioId = at.studios[Number(at.after)];
    if (studioId === undefined) return { next: { ...at, step: 'ask', after: '' } };
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
    const ids = await store.boxPeople.wanted(list, BOX_PAGE);
    if (ids.length === 0)
      return {
        next: { ...at, step: 'queue', after: '' },
        write: () => store.boxPeople.replaceList(request.packId, list),
      };
    const answered = await client.performers(ids);
    const found = [...answered.values()].filter((it) => it !== null);
    return {
      next: at,
      write: async () => {
        const absent = new Set(ids);
        await store.boxPeople.putAbsent(list, [...absent]);
        // Who was merged into somebody else is in the pack as that one, through each of several merges.
        const survivors = found.flatMap(({ mergedIntoId }) => mergedIntoId ?? []);
        await store.boxPeople.want(list, survivors);
        await putPeople(parts, found);
      },
    };
  },

  queue: (parts, at) =>
    Promise.resolve({ next: { ...at, step: 'enqueue', after: '' }, write: () => beginQueue(parts) }),

  async enqueue(parts, at) {
    const { store, request, lookedAs } = parts;
    const page = await store.boxPeople.members(request.packId, at.after, MEMBERS_PAGE);
    const last = page.at(-1);
    if (last === undefined) return { next: { ...at, step: 'listed' } };
    return {
      next: { ...at, after: last.performer.id },
      write: () =>
        store.work.enqueue(
          BOX_PEOPLE_LIST,
          page.filter((it) => !lookedAs.isCurrent(it)).map(toWorkEntry(lookedAs)),
        ),
    };
  },
};

/** The list has taken the place of that of the pack's last build. */
function isQueued({ step }: PackListing): boolean {
  return step === 'queue' || step === 'enqueue' || step === 'listed';
}

/** The queue is this pack's alone: that of another one which is not done is filled anew when it goes on. */
async function beginQueue(parts: Parts): Promise<void> {
  const { store, request } = parts;
  for (const other of await readRequests(parts))
    if (other.packId !== request.packId && ['enqueue', 'listed'].includes(other.listing.step))
      await updateRequest(parts, other, { listing: { ...other.listing, step: 'queue', after: '' } });
  await store.work.dropMissing(BOX_PEOPLE_LIST, 'box-performer', new Set());
  await store.boxPeople.dropUnlisted(request.endpoint);
}

async function putPeople(
  { store, request, list, leftOut }: Parts,
  performers: readonly BoxPerformer[],
): Promise<void> {
  const members = performers.filter(({ id, deleted }) => !deleted && !leftOut(id));
  await store.boxPeople.putMembers(list, request.endpoint, members.map(toListed));
  await store.boxPeople.putAbsent(
    list,
    performers.filter((it) => !members.includes(it)).map(({ id }) => id),
  );
}

/** Says whether somebody has been looked at with the present pictures and rules. */
export type LookedAs = {
  of(performer: ListedBoxPerformer): string;
  isCurrent(member: StoredBoxPerformer): boolean;
  /** The same but for embedders or crops: what is missing may be made of kept crops. */
  isSameLook(member: StoredBoxPerformer): boolean;
};

/** @param embedders those that the face pack in use adds */
export function lookedAsOf(seenBy: string, embedders: readonly string[], keepCrops: boolean): LookedAs {
  const lookOf = ({ images }: ListedBoxPerformer): string => {
    const ids = candidateImages(images, MAX_PICTURES).map(({ id }) => id);
    const hash = createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 16);
    return `${LOOK_VERSION} ${seenBy} ${hash}`;
  };
  return {
    of: (performer) => [lookOf(performer), ...embedders, ...(keepCrops ? ['crops'] : [])].join('|'),
    isCurrent({ lookedAs, performer }) {
      const [look, ...made] = lookedAs?.split('|') ?? [];
      const wanted = [...embedders, ...(keepCrops ? ['crops'] : [])];
      return look === lookOf(performer) && wanted.every((it) => made.includes(it));
    },
    isSameLook: ({ lookedAs, performer }) => lookedAs?.split('|')[0] === lookOf(performer),
  };
}

function toWorkEntry(lookedAs: LookedAs) {
  return ({ number, performer }: StoredBoxPerformer) => ({
    kind: 'box-performer' as const,
    id: number,
    title: shownName(performer),
    revision: lookedAs.of(performer),
    priority: 0,
  });
}
