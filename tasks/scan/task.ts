import { sweepSuggestions } from '../accepted/sweep.ts';
import { autoAccept } from '../suggestions/auto-accept.ts';
import { forEachItem } from '../runs/for-each-item.ts';
import { learnMorePictures, learnPeople } from '../people/learn.ts';
import { createObserveAndMatch, workOn } from '../identify/observe-and-match.ts';
import { deleteListings } from '../runs/enqueued.ts';
import { IDENTIFY_LIST, MORE_PICTURES_LIST, SCAN_LIST } from '../../core/runs/tasks.ts';
import { enqueueEntities } from './enqueue.ts';
import { checkWhenDue } from '../pack-channel/known.ts';
import { enqueuePerformers } from '../people/enqueue.ts';
import { embedLeft } from '../packs/change-pack.ts';
import { rematchAll } from '../matching/rematch.ts';
import { readCredits } from '../observe/read-credits.ts';
import { defineTask, MORE, RUN_TTL_MS, type Context, type Slice } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';

/** With at most this many pending performers all their pictures are learnt before the first scene, otherwise after the last. */
const MAX_PEOPLE_LEARNED_FIRST = 100;

/** Updates people, rematches affected entities, then observes new and changed entities. */
export const scan = defineTask({
  mode: 'scan',

  async onRestartRequested(context, run) {
    await deleteListings(context, run.id);
    await context.store.state.delete(matchedAtKey(run.id));
  },

  async work(context, _args, slice) {
    const { progress } = slice;
    progress.step(message('runs.step.listing'));
    await checkWhenDue(context);
    if ((await sweepSuggestions(context, slice)) === 'yielded') return MORE;
    progress.say(message('people.isListing'));
    if ((await enqueuePerformers(context, slice, 'news')) === 'yielded') return MORE;
    if ((await enqueueEntities(context, slice)) === 'yielded') return MORE;
    if ((await readCredits(context, slice)) === 'yielded') return MORE;
    const pending = async (list: string): Promise<number> => (await context.store.work.counts(list)).pending;
    for (const list of [MORE_PICTURES_LIST, SCAN_LIST]) progress.remains(list, await pending(list));

    if ((await learnPeople(context, slice)) === 'yielded') return MORE;
    // With many people the remaining pictures take hours, and the first matches should not wait for them.
    if (
      (await pending(MORE_PICTURES_LIST)) <= MAX_PEOPLE_LEARNED_FIRST &&
      (await learnMorePictures(context, slice)) === 'yielded'
    )
      return MORE;
    if ((await embedLeft(context, context.vision.packId, slice)) === 'yielded') return MORE;
    if ((await rematchBeforeScenes(context, slice)) === 'yielded') return MORE;
    if ((await autoAccept(context, slice)) === 'yielded') return MORE;

    progress.step(message('runs.step.scan'));
    const observeAndMatch = createObserveAndMatch(context);
    const end = await forEachItem(context, slice, SCAN_LIST, async (work) => {
      progress.say(message('observe.isLookingAt', { title: work.title }));
      const { outcome, item } = await workOn(context, observeAndMatch, work, {
        force: false,
        waiting: 'in the background',
      });
      if (item !== null) await autoAccept(context, slice, item);
      return outcome;
    });
    if (end === 'yielded') return MORE;
    if ((await learnMorePictures(context, slice)) === 'yielded') return MORE;
    // Includes faces confirmed meanwhile.
    if ((await rematchAll(context, slice)) === 'yielded') return MORE;
    if ((await autoAccept(context, slice)) === 'yielded') return MORE;
    return { end: 'finished', message: await summary(context) };
  },
});

/**
Rematches stored observations before the next scene when people changed since the last slice. Within one run it is
repeated only after the run has observed something: otherwise a library whose rematch takes a whole slice, and whose people
change in each, would never reach its scenes.
*/
async function rematchBeforeScenes(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'settings' | 'openGallery' | 'referencePacks'>,
  slice: Slice,
): Promise<'done' | 'yielded'> {
  const { state } = context.store;
  const { done, skipped, failed } = slice.progress.snapshot();
  const key = matchedAtKey(slice.run.id);
  if ((await state.get(key)) === done + skipped + failed) return 'done';
  if ((await rematchAll(context, slice)) === 'yielded') return 'yielded';
  await state.set(key, done + skipped + failed, RUN_TTL_MS);
  return 'done';
}

function matchedAtKey(runId: string) {
  return `matched-at:${runId}` as const;
}

async function summary({ store }: Pick<Context, 'store'>): Promise<Message> {
  const { done, failed } = await store.work.counts(SCAN_LIST);
  const identify = await store.work.counts(IDENTIFY_LIST);
  const { total } = await store.suggestions.list({ state: 'open' }, 'newest', 1, 0);
  return message('scan.finished', {
    count: done + failed,
    failed,
    identify: identify.failed,
    suggestions: total,
  });
}
