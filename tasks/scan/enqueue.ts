import { createHash } from 'node:crypto';
import { SCAN_LIST } from '../../core/runs/tasks.ts';
import { EXCLUSION_SETTINGS } from '../../core/settings.ts';
import type { EntityKind } from '../../core/content-id.ts';
import { SAMPLING_VERSION } from '../../core/faces/observation.ts';
import type { EntityFilter, StashEntity } from '../../core/ports/library.ts';
import { ANALYZER } from '../matching/proposals.ts';
import { saveListing, readListing } from '../runs/enqueued.ts';
import type { Context, Slice } from '../runs/task.ts';
import { resolveScope } from '../settings/scan-scope.ts';
import { message } from '../../core/messages/message.ts';

const PAGE = 500;

/** Scenes come first, those without performers before the others; entities with an observation of an older version come last. */
const PRIORITY = { scene: 40, gallery: 20, image: 20, withoutPerformers: 10, betterLook: -40 };

/**
Enqueues the entities of the scope in the settings, and removes items outside the scope or no longer in Stash. Done once per
run, and anew when the settings change. A slice that yields stores the last id, and the next one continues there.
*/
export async function enqueueEntities(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'settings'>,
  slice: Slice,
): Promise<'enqueued' | 'yielded'> {
  const { settings, store, library } = context;
  const { scanScope, scanImages, scanGalleries } = settings;
  const settled = JSON.stringify([scanScope, scanImages, scanGalleries, ...exclusionsOf(settings)]);
  const listing = await readListing(context, 'entities', slice.run.id, settled);
  if (listing.isWhole) return 'enqueued';
  const kinds: [EntityKind, EntityFilter | null][] = [
    ['scene', await resolveScope(scanScope, library)],
    ['gallery', scanGalleries ? {} : null],
    ['image', scanImages ? {} : null],
  ];
  const first = Math.max(
    0,
    kinds.findIndex(([kind]) => kind === listing.kind),
  );
  for (const [kind, filter] of kinds.slice(first)) {
    if (filter === null) {
      await store.work.dropMissing(SCAN_LIST, kind, new Set());
      continue;
    }
    const from = kind === listing.kind ? listing.after : '0';
    const reached = await enqueueKind(context, slice, kind, filter, from);
    if (reached !== null) {
      await saveListing(context, 'entities', slice.run.id, settled, { isWhole: false, kind, after: reached });
      return 'yielded';
    }
  }
  await saveListing(context, 'entities', slice.run.id, settled, { isWhole: true, kind: '', after: '' });
  return 'enqueued';
}

/** @returns the last id when the slice must yield; null when all ids above `from` are listed */
async function enqueueKind(
  { store, library, vision, settings }: Pick<Context, 'store' | 'library' | 'vision' | 'settings'>,
  slice: Slice,
  kind: EntityKind,
  filter: EntityFilter,
  from: string,
): Promise<string | null> {
  const { progress } = slice;
  const present = new Set<string>();
  for (let after = from; ;) {
    const page = await library.entitiesAfter(kind, after, PAGE, filter);
    if (page.length === 0) break;
    for (const { id } of page) present.add(id);
    after = page.at(-1)?.id ?? after;
    const entries = [];
    for (const item of page) {
      const known = await store.work.get(SCAN_LIST, kind, item.id);
      const revision = entityRevision(item, vision.seenBy.packId, settings);
      const onlyBetter =
        known !== null && known.revision !== revision.whole && known.revision.startsWith(revision.content);
      entries.push({
        kind,
        id: item.id,
        title: item.title,
        revision: revision.whole,
        priority:
          PRIORITY[kind] +
          (item.performerIds.length === 0 ? PRIORITY.withoutPerformers : 0) +
          (onlyBetter ? PRIORITY.betterLook : 0),
      });
    }
    await store.work.enqueue(SCAN_LIST, entries);
    await store.identifications.notePerformers(page);
    await store.credits.note(page);
    progress.say(message('scan.isListing', { kind, count: present.size }));
    slice.advanced();
    if (await slice.shouldYield()) {
      await store.work.dropMissing(SCAN_LIST, kind, present, { after: from, upTo: after });
      return after;
    }
  }
  await store.work.dropMissing(SCAN_LIST, kind, present, { after: from, upTo: null });
  // Suggestions for entities that Stash no longer has become stale. Rejections are stored by content id and remain.
  if (Object.keys(filter).length === 0) await store.suggestions.withdrawUnlisted(kind, ANALYZER, SCAN_LIST);
  return null;
}

/** `content` differs for another file; `whole` also when the same file would be observed in a better way. */
function entityRevision(
  item: StashEntity,
  packId: string,
  settings: Context['settings'],
): { content: string; whole: string } {
  const files = item.files.map(
    (file) =>
      file.fingerprints['oshash'] ??
      file.fingerprints['md5'] ??
      `${file.path} ${file.sizeBytes} ${file.modTime}`,
  );
  // A gallery that is a folder has no file.
  const text = files.length === 0 ? item.updatedAt : files.join('\n');
  // Other exclusions can leave a gallery with other pictures.
  const exclusions = item.kind === 'gallery' ? exclusionsOf(settings).join('\n').trim() : '';
  const content = `${createHash('md5')
    .update(exclusions === '' ? text : `${text}\n${exclusions}`)
    .digest('hex')}|${packId}|`;
  return { content, whole: `${content}${SAMPLING_VERSION}` };
}

function exclusionsOf(settings: Context['settings']): readonly string[] {
  return EXCLUSION_SETTINGS.map((name) => settings[name]);
}
