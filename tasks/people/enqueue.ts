import type { ListedPerformer } from '../../core/ports/library.ts';
import { MORE_PICTURES_LIST, PEOPLE_LIST } from '../../core/runs/tasks.ts';
import { keepListing, readListing } from '../runs/enqueued.ts';
import type { Context, Slice } from '../runs/task.ts';

const LISTS = [PEOPLE_LIST, MORE_PICTURES_LIST];
const PAGE = 200;

/**
Puts performers on the list of people to learn.

`everybody` (somebody asked for it) looks at all pictures again; `news` only where a performer is new, their own picture
may have changed, or they are on more or fewer images than before. Either way a picture known by its content costs
nothing. A slice that gives way keeps the id it has reached, and the next one lists from there. Images are not listed for that: there may be a million of them, and their ids and times do not tell who was
tagged or untagged since.
*/
export async function enqueuePerformers(
  context: Context,
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
    await keepListing(context, 'people', slice.run.id, what, reached);
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
            what === 'everybody' ? `run ${slice.run.id}` : await roundOf(context, performer.id),
          ),
        ),
      );
      for (const list of LISTS) await store.work.enqueue(list, entries);
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

function toWorkEntry({ id, name, imagePath, imageCount }: ListedPerformer, round: string) {
  return {
    kind: 'performer' as const,
    id,
    title: name,
    revision: `${revisionOf(imagePath)}|${round}|${imageCount} images`,
    priority: imagePath === null ? 0 : 1,
  };
}

/** The time somebody last asked for everybody: kept as long as nobody asks again. */
async function roundOf({ store }: Context, performerId: string): Promise<string> {
  const item = await store.work.get(PEOPLE_LIST, 'performer', performerId);
  return item?.revision.split('|')[1] ?? 'first';
}

/** What changes when the picture behind one of Stash's paths may have changed. */
export function revisionOf(path: string | null): string {
  return path === null ? 'none' : (/[?&]t=([^&]*)/.exec(path)?.[1] ?? path);
}
