import { shownName } from '../../core/people/shown-name.ts';
import type { ListedPerformer } from '../../core/ports/library.ts';
import { MORE_PICTURES_LIST, PEOPLE_LIST } from '../../core/runs/tasks.ts';
import { saveListing, readListing } from '../runs/enqueued.ts';
import type { Context, Slice } from '../runs/task.ts';

const LISTS = [PEOPLE_LIST, MORE_PICTURES_LIST];
const PAGE = 200;

/**
Enqueues performers to be learnt.

`everybody` (requested by the user) checks all pictures anew; `news` only performers that are new, whose profile picture
may have changed, or whose number of images differs. In both cases a picture with a known hash is not analysed anew. A
slice that yields stores the last id, and the next one continues there. Images are not listed for this: there can be a
million, and their ids and times do not tell who was tagged or untagged.
*/
export async function enqueuePerformers(
  context: Pick<Context, 'store' | 'library'>,
  slice: Slice,
  what: 'everybody' | 'news',
): Promise<'enqueued' | 'yielded'> {
  const { store, library } = context;
  const listing = await readListing(context, 'people', slice.run.id, what);
  if (listing.isWhole) return 'enqueued';
  const from = listing.after;
  const present = new Set<string>();
  const dropMissing = async (upTo: string | null): Promise<void> => {
    await store.people.dropMissing(present, { after: from, upTo });
    for (const list of LISTS) await store.work.dropMissing(list, 'performer', present, { after: from, upTo });
    const reached = { isWhole: upTo === null, kind: '', after: upTo ?? '' };
    await saveListing(context, 'people', slice.run.id, what, reached);
  };
  for (let after = from; ;) {
    const page = await library.performersAfter(after, PAGE);
    for (const { id } of page) present.add(id);
    await store.transaction(async () => {
      for (const { imageCount: _, ...performer } of page) await store.people.putPerformer(performer);
      const entries = await Promise.all(
        page.map(async (performer) =>
          toWorkEntry(
            performer,
            what === 'everybody' ? `run ${slice.run.id}` : await requestedAt(context, performer.id),
          ),
        ),
      );
      await store.work.enqueue(PEOPLE_LIST, entries);
      await store.work.enqueue(MORE_PICTURES_LIST, await withMorePictures(context, page, entries));
    });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
    slice.advanced();
    if (await slice.shouldYield()) {
      await store.transaction(() => dropMissing(last.id));
      return 'yielded';
    }
  }
  await store.transaction(() => dropMissing(null));
  return 'enqueued';
}

type WorkEntry = ReturnType<typeof toWorkEntry>;

/** Without those who have no image and had none before: their profile picture is all there is. */
async function withMorePictures(
  { store }: Pick<Context, 'store'>,
  page: readonly ListedPerformer[],
  entries: readonly WorkEntry[],
): Promise<WorkEntry[]> {
  const known = await Promise.all(
    page.map(
      async ({ id, imageCount }) =>
        imageCount > 0 || (await store.work.get(MORE_PICTURES_LIST, 'performer', id)) !== null,
    ),
  );
  return entries.filter((_, i) => known[i]);
}

function toWorkEntry(performer: ListedPerformer, round: string) {
  const { id, imagePath, imageCount } = performer;
  return {
    kind: 'performer' as const,
    id,
    title: shownName(performer),
    revision: `${pictureRevision(imagePath)}|${round}|${imageCount} images`,
    priority: imagePath === null ? 0 : 1,
  };
}

/** The time of the last request for everybody, part of the revision. */
async function requestedAt({ store }: Pick<Context, 'store'>, performerId: string): Promise<string> {
  const item = await store.work.get(PEOPLE_LIST, 'performer', performerId);
  return item?.revision.split('|')[1] ?? 'first';
}

/** A value that changes when the picture at one of Stash's paths may have changed. */
export function pictureRevision(path: string | null): string {
  return path === null ? 'none' : (/[?&]t=([^&]*)/.exec(path)?.[1] ?? path);
}
