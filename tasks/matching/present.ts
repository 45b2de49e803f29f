import { entityKey, type EntityKind, type EntityRef } from '../../core/content-id.ts';
import { nullIfExcluded } from '../../core/errors.ts';
import type { Context } from '../runs/task.ts';

const PAGE = 500;
/** When more than this share of an id range is wanted, whole pages are read instead of single entities. */
const MIN_SHARE_FOR_PAGES = 0.1;

/** The performers of these entities in Stash; entities that Stash does not have, or that are excluded, are absent. */
export async function readPresent(
  library: Context['library'],
  entities: readonly EntityRef[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const present = new Map<string, readonly string[]>();
  for (const kind of ['scene', 'image', 'gallery'] as const) {
    const ids = entities.filter((entity) => entity.kind === kind).map((entity) => Number(entity.id));
    if (ids.length === 0) continue;
    const [first, last] = [Math.min(...ids), Math.max(...ids)];
    if (ids.length > 4 && ids.length / (last - first + 1) > MIN_SHARE_FOR_PAGES)
      await readPages(library, kind, first, last, present);
    else
      for (const id of ids) {
        const item = await library.item({ kind, id: String(id) }).catch(nullIfExcluded);
        if (item) present.set(entityKey(item), item.performerIds);
      }
  }
  return present;
}

async function readPages(
  library: Context['library'],
  kind: EntityKind,
  first: number,
  last: number,
  present: Map<string, readonly string[]>,
): Promise<void> {
  for (let after = first - 1; after < last;) {
    const page = await library.entitiesAfter(kind, String(after), Math.min(PAGE, last - after));
    for (const item of page) present.set(entityKey(item), item.performerIds);
    after = page.length === 0 ? last : Number(page.at(-1)?.id);
  }
}
