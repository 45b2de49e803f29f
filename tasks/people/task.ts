import { sweepSuggestions } from '../accepted/sweep.ts';
import type { LearnParts } from './learn-performer.ts';
import { learnMorePictures, learnPeople } from './learn.ts';
import { deleteListings } from '../runs/enqueued.ts';
import { findLookAlikes } from './look-alikes.ts';
import { enqueuePerformers } from './enqueue.ts';
import { rematchAll } from '../matching/rematch.ts';
import { defineTask, MORE, RUN_TTL_MS, type Slice } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

/** Learns the performers' references, then rematches stored observations, then compares the performers with each other. */
export const people = defineTask({
  mode: 'people',

  async onRestartRequested(context, run) {
    await deleteListings(context, run.id);
    await context.store.state.set(learnKey(run.id), true, RUN_TTL_MS);
  },

  async work(context, { only }, slice) {
    if ((await sweepSuggestions(context, slice)) === 'yielded') return MORE;
    const learns = only === undefined || (await context.store.state.get(learnKey(slice.run.id))) === true;
    if (
      (learns && (await learn(context, slice)) === 'yielded') ||
      (await rematchAll(context, slice)) === 'yielded' ||
      (await findLookAlikes(context, slice)) === 'yielded'
    )
      return MORE;
    const { performers, withReference } = await context.store.people.counts(context.vision.packId);
    return { end: 'finished', message: message('people.updated', { withReference, performers }) };
  },
});

async function learn(context: LearnParts, slice: Slice): Promise<'done' | 'yielded'> {
  slice.progress.step(message('runs.step.listing'));
  slice.progress.say(message('people.isListing'));
  const isOver =
    (await enqueuePerformers(context, slice, 'everybody')) === 'yielded' ||
    (await learnPeople(context, slice)) === 'yielded' ||
    (await learnMorePictures(context, slice)) === 'yielded';
  return isOver ? 'yielded' : 'done';
}

/** State key: everybody was requested while a run that only rematches was at work. */
function learnKey(runId: string) {
  return `learns-too:${runId}` as const;
}
