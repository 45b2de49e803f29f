import type { StashPerformer } from '../core/ports.ts';
import type { Context, Slice } from './task.ts';

export const PEOPLE_LIST = 'people';
/** The same people once more, for what is not needed to begin. */
export const MORE_PICTURES_LIST = 'people-pictures';
const LISTS = [PEOPLE_LIST, MORE_PICTURES_LIST];
const PAGE = 200;
const IMAGE_PAGE = 500;
/** Highest image id whose performers were told. */
const IMAGES_SEEN = 'people:images-seen';

/**
Puts performers on the list of people to learn.

`everybody` (somebody asked for it) looks at all pictures again; `news` only where a performer is new, their own picture
may have changed, or an image with them alone has come since. Either way a picture known by its content costs nothing.
*/
export async function offerPeople(context: Context, slice: Slice, what: 'everybody' | 'news'): Promise<void> {
  const { store, library } = context;
  const doneKey = `people-offered:${slice.run.id}`;
  if ((await store.state.get(doneKey)) !== true) {
    const present = new Set<string>();
    for (let after = '0'; ;) {
      const page = await library.performersAfter(after, PAGE);
      for (const { id } of page) present.add(id);
      await store.transaction(async () => {
        for (const performer of page) await store.people.putPerformer(performer);
        const offers = await Promise.all(
          page.map(async (it) =>
            toOffer(it, what === 'everybody' ? `run ${slice.run.id}` : await roundOf(context, it.id)),
          ),
        );
        for (const list of LISTS) await store.work.offer(list, offers);
      });
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    await store.transaction(async () => {
      await store.people.dropMissing(present);
      for (const list of LISTS) await store.work.dropMissing(list, 'performer', present);
      await store.state.set(doneKey, true, RUN_TTL_MS);
    });
  }
  await offerWhoHasNewImages(context, slice);
}

/** Runs do not live longer. */
const RUN_TTL_MS = 90 * 86_400_000;

/** Images come with ascending ids; which of them have one performer is all that is read of them. */
async function offerWhoHasNewImages({ store, library }: Context, slice: Slice): Promise<void> {
  for (;;) {
    const seen = await store.state.get(IMAGES_SEEN);
    const after = typeof seen === 'string' ? seen : '0';
    const page = await library.itemsAfter('image', after, IMAGE_PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    const touched = new Set(page.flatMap((it) => (it.performerIds.length === 1 ? it.performerIds : [])));
    await store.transaction(async () => {
      for (const id of touched) {
        const performer = await store.people.performer(id);
        if (performer === null) continue;
        for (const list of LISTS) await store.work.offer(list, [toOffer(performer, `image ${last.id}`)]);
      }
      await store.state.set(IMAGES_SEEN, last.id);
    });
    if (await slice.over()) return;
  }
}

function toOffer(performer: StashPerformer, round: string) {
  return {
    kind: 'performer' as const,
    id: performer.id,
    title: performer.name,
    mark: `${hintOf(performer.imagePath)}|${round}`,
    priority: performer.imagePath === null ? 0 : 1,
  };
}

/** The occasion a performer was last looked at for: kept as long as nothing new has come. */
async function roundOf({ store }: Context, performerId: string): Promise<string> {
  const item = await store.work.get(PEOPLE_LIST, 'performer', performerId);
  return item?.mark.split('|')[1] ?? 'first';
}

/** What changes when the picture behind one of Stash's paths may have changed. */
export function hintOf(path: string | null): string {
  return path === null ? 'none' : (/[?&]t=([^&]*)/.exec(path)?.[1] ?? path);
}
