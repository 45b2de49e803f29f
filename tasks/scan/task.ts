import { autoAccept } from '../suggestions/auto-accept.ts';
import { scanBegins } from '../schedule/due.ts';
import { forEachItem } from '../runs/for-each-item.ts';
import { learnMorePictures, learnPeople } from '../people/learn.ts';
import { createObserveAndMatch, workOn } from '../identify/observe-and-match.ts';
import { forgetEnqueued } from '../runs/enqueued.ts';
import { MORE_PICTURES_LIST, SCAN_LIST } from '../../core/runs/tasks.ts';
import { enqueueEntities } from './enqueue.ts';
import { enqueuePerformers } from '../people/enqueue.ts';
import { rematchAll } from '../matching/rematch.ts';
import { defineTask, MORE, RUN_TTL_MS, type Context, type Slice } from '../runs/task.ts';
import type { StateKey } from '../../core/state-keys.ts';
import { message, type Message } from '../../core/messages/message.ts';

/** With at most so many performers waiting, all their pictures are learnt before the first scene; of more, after the last. */
const MAX_PEOPLE_LEARNED_FIRST = 100;

/** Brings people up to date, matches again what that concerns, then looks at what is new. */
export const scan = defineTask({
  mode: 'scan',

  async onRestartRequested(context, run) {
    await forgetEnqueued(context, run.id);
    await context.store.state.delete(matchedAtKey(run.id));
  },

  async work(context, _args, slice) {
    const { progress } = slice;
    await scanBegins(context);
    progress.say(message('people.isListing'));
    if ((await enqueuePerformers(context, slice, 'news')) === 'yielded') return MORE;
    if ((await enqueueEntities(context, slice)) === 'yielded') return MORE;
    const pending = async (list: string): Promise<number> => (await context.store.work.counts(list)).pending;
    for (const list of [MORE_PICTURES_LIST, SCAN_LIST]) progress.remains(list, await pending(list));

    if ((await learnPeople(context, slice)) === 'yielded') return MORE;
    // Of many people the other pictures take hours, and the first names should not wait for them.
    if (
      (await pending(MORE_PICTURES_LIST)) <= MAX_PEOPLE_LEARNED_FIRST &&
      (await learnMorePictures(context, slice)) === 'yielded'
    )
      return MORE;
    if ((await rematchFirst(context, slice)) === 'yielded') return MORE;
    if ((await autoAccept(context, slice)) === 'yielded') return MORE;

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
    // Also what somebody has confirmed meanwhile.
    if ((await rematchAll(context, slice)) === 'yielded') return MORE;
    if ((await autoAccept(context, slice)) === 'yielded') return MORE;
    return { end: 'finished', message: await summary(context) };
  },
});

/**
Before the next scene, all that was seen is matched with whoever was learnt or confirmed since the last slice. Once more in
the same run only after the run has looked at something: else a library whose matching takes a slice, and whose people
change in each, would never get to its scenes.
*/
async function rematchFirst(context: Context, slice: Slice): Promise<'done' | 'yielded'> {
  const { state } = context.store;
  const { done, skipped, failed } = slice.progress.snapshot();
  const key = matchedAtKey(slice.run.id);
  if ((await state.get(key)) === done + skipped + failed) return 'done';
  if ((await rematchAll(context, slice)) === 'yielded') return 'yielded';
  await state.set(key, done + skipped + failed, RUN_TTL_MS);
  return 'done';
}

function matchedAtKey(runId: string): StateKey {
  return `matched-at:${runId}`;
}

async function summary({ store }: Context): Promise<Message> {
  const { done, failed } = await store.work.counts(SCAN_LIST);
  const { total } = await store.suggestions.list({ state: 'open' }, 'newest', 1, 0);
  return message('scan.finished', { count: done + failed, failed, suggestions: total });
}
