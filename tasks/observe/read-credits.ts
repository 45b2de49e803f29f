import { message } from '../../core/messages/message.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { EXCLUSION_SETTINGS } from '../../core/settings.ts';
import type { StateValue } from '../../core/state-keys.ts';
import { readListing, saveListing } from '../runs/enqueued.ts';
import type { Context, Slice } from '../runs/task.ts';
import { earlierOf, OVERLAP_SECONDS, secondsBefore } from './seconds-before.ts';

const PAGE = 500;

type Reading = StateValue<'credits-read'>;
type Position = NonNullable<Reading['at']>;

const START = { after: '0', seen: 0, added: 0, newest: '', highest: 0 };

/**
Reads whom Stash has on its scenes, and their studios, by which performers are expected (`core/matching/expected.ts`): all scenes at
first, then those that were changed since, which is two requests where none was. All of them again once scenes were deleted, or
others are excluded. Once a run; goes on after the last page that was stored, also in a later run.
*/
export async function readCredits(
  { store, library, settings, now }: Pick<Context, 'store' | 'library' | 'settings' | 'now'>,
  slice: Slice,
): Promise<'read' | 'yielded'> {
  const settled = JSON.stringify(EXCLUSION_SETTINGS.map((name) => settings[name]));
  const { run } = slice;
  if ((await readListing({ store }, 'credits', run.id, settled)).isWhole) return 'read';
  const kept = await store.state.get('credits-read');
  let reading: Reading = kept?.settled === settled ? kept : { settled, done: null, at: null };
  for (;;) {
    const { done } = reading;
    const at = reading.at ?? {
      ...START,
      began: now(),
      ...(done && { newest: done.newest, highest: done.highest }),
    };
    const isWhole = done === null || done.newest === '';
    const filter = isWhole ? {} : { updatedAfter: secondsBefore(done.newest, OVERLAP_SECONDS) };
    const page = await library.entitiesAfter('scene', at.after, PAGE, filter);
    const isLast = page.length < PAGE;
    const next = isLast
      ? await ended(library, reading, advanced(at, page, done))
      : { ...reading, at: advanced(at, page, done) };
    await store.transaction(async () => {
      await store.credits.note(page);
      const ids = page.map(({ id }) => id);
      const upTo = isLast ? null : page.at(-1)!.id;
      if (isWhole) await store.credits.dropMissing(ids, { after: at.after, upTo });
      await store.state.set('credits-read', next);
    });
    reading = next;
    if (isLast && reading.done !== null) {
      await saveListing({ store }, 'credits', run.id, settled, { isWhole: true, kind: '', after: '' });
      return 'read';
    }
    slice.progress.say(message('scan.isListing', { kind: 'scene', count: reading.at?.seen ?? 0 }));
    slice.advanced();
    if (await slice.shouldYield()) return 'yielded';
  }
}

function advanced(at: Position, page: readonly StashEntity[], done: Reading['done']): Position {
  const last = page.at(-1);
  if (last === undefined) return at;
  const highest = done?.highest ?? 0;
  return {
    began: at.began,
    after: last.id,
    seen: at.seen + page.length,
    added: at.added + page.filter(({ id }) => Number(id) > highest).length,
    newest: page.reduce((newest, { updatedAt }) => (updatedAt > newest ? updatedAt : newest), at.newest),
    highest: Math.max(at.highest, Number(last.id)),
  };
}

/** What is not among the added ones and missing from the count was deleted: the next page is the first of all scenes. What was changed since it began is read once more. */
async function ended(
  library: Pick<Context['library'], 'countEntities'>,
  { settled, done }: Reading,
  { began, newest, highest, added }: Position,
): Promise<Reading> {
  const count = await library.countEntities('scene');
  const isCurrent = done === null || count === done.count + added;
  return { settled, done: isCurrent ? { newest: earlierOf(newest, began), highest, count } : null, at: null };
}
