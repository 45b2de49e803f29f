import { createHash } from 'node:crypto';
import type { SubjectKind } from '../core/content-id.ts';
import { StashSenseError } from '../core/errors.ts';
import { SAMPLING_VERSION } from '../core/observation.ts';
import type { ItemFilter, StashItem } from '../core/ports.ts';
import { ANALYZER } from './match-subject.ts';
import type { Context, Slice } from './task.ts';

export const SCAN_LIST = 'scan';
const PAGE = 500;
const RUN_TTL_MS = 90 * 86_400_000;

/** Scenes come first, without performers before the others; what only deserves a better look comes last. */
const PRIORITY = { scene: 40, gallery: 20, image: 20, withoutPerformers: 10, betterLook: -40 };

/**
Puts what the settings say onto the list of things to look at; what is on it from another scope, or is no longer in
Stash, leaves it. Once a run.
*/
export async function offerItems(context: Context, slice: Slice): Promise<void> {
  const { settings, store } = context;
  const key = `items-offered:${slice.run.id}`;
  if ((await store.state.get(key)) === true) return;
  await offerKind(context, slice, 'scene', await scopeOf(context));
  if (settings.scanGalleries) await offerKind(context, slice, 'gallery', {});
  else await store.work.dropMissing(SCAN_LIST, 'gallery', new Set());
  if (settings.scanImages) await offerKind(context, slice, 'image', {});
  else await store.work.dropMissing(SCAN_LIST, 'image', new Set());
  await store.state.set(key, true, RUN_TTL_MS);
}

async function offerKind(
  { store, library, sight }: Context,
  { progress }: Slice,
  kind: SubjectKind,
  filter: ItemFilter,
): Promise<void> {
  const present = new Set<string>();
  for (let after = '0'; ;) {
    const page = await library.itemsAfter(kind, after, PAGE, filter);
    if (page.length === 0) break;
    for (const { id } of page) present.add(id);
    after = page.at(-1)?.id ?? after;
    const offers = [];
    for (const item of page) {
      const known = await store.work.get(SCAN_LIST, kind, item.id);
      const mark = markOf(item, sight.packId);
      const onlyBetter = known !== null && known.mark !== mark.whole && known.mark.startsWith(mark.content);
      offers.push({
        kind,
        id: item.id,
        title: item.title,
        mark: mark.whole,
        priority:
          PRIORITY[kind] +
          (item.performerIds.length === 0 ? PRIORITY.withoutPerformers : 0) +
          (onlyBetter ? PRIORITY.betterLook : 0),
      });
    }
    await store.work.offer(SCAN_LIST, offers);
    progress.say(`Listing ${kind}s: ${present.size}`);
  }
  await store.work.dropMissing(SCAN_LIST, kind, present);
  if (Object.keys(filter).length === 0) await retireSuggestions(store, kind, present);
}

/** What is no longer in Stash cannot be added to. What was decided about its content is kept. */
async function retireSuggestions(
  { suggestions }: Context['store'],
  kind: SubjectKind,
  present: ReadonlySet<string>,
): Promise<void> {
  const gone = new Set<string>();
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await suggestions.list({ state: 'open', subjectKind: kind }, 'newest', PAGE, offset);
    for (const { subject } of items) if (!present.has(subject.id)) gone.add(subject.id);
    if (items.length < PAGE) break;
  }
  for (const id of gone) await suggestions.replace({ kind, id }, ANALYZER, []);
}

/** Another `content`: another film. Another `whole`: the same one could be looked at in a better way. */
function markOf(item: StashItem, packId: string): { content: string; whole: string } {
  const files = item.files.map(
    (it) => it.fingerprints['oshash'] ?? it.fingerprints['md5'] ?? `${it.path} ${it.sizeBytes} ${it.modTime}`,
  );
  // A gallery that is a folder has no file of its own.
  const text = files.length === 0 ? item.updatedAt : files.join('\n');
  const content = `${createHash('md5').update(text).digest('hex')}|${packId}|`;
  return { content, whole: `${content}${SAMPLING_VERSION}` };
}

/** The setting "Scan - which scenes" as a filter. @throws StashSenseError `bad-input` */
async function scopeOf({ settings, library }: Context): Promise<ItemFilter> {
  const scope = settings.scanScope;
  if (/^all$/i.test(scope)) return {};
  if (/^without performers$/i.test(scope)) return { withoutPerformers: true };
  const [, what, name = ''] = /^(studio|filter)\s*:\s*(.+)$/i.exec(scope) ?? [];
  if (what === undefined)
    throw new StashSenseError(
      'bad-input',
      `The setting "Scan - which scenes" is "${scope}": write all, without performers, studio: NAME, or filter: NAME.`,
    );
  if (what.toLowerCase() === 'studio') {
    const studioId = await library.findStudio(name);
    if (studioId !== null) return { studioId };
  } else {
    const savedFilterId = await library.findSavedFilter(name);
    if (savedFilterId !== null) return { savedFilterId };
  }
  throw new StashSenseError(
    'bad-input',
    `Stash has no ${what.toLowerCase() === 'studio' ? 'studio' : 'saved scene filter'} "${name}", which the setting "Scan - which scenes" names: correct it on the plugin page.`,
  );
}
