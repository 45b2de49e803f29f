import { sweepSuggestions } from '../accepted/sweep.ts';
import { learnMorePictures, learnPeople, type LearnParts } from './learn.ts';
import { deleteListings } from '../runs/enqueued.ts';
import { findLookAlikes } from './look-alikes.ts';
import { enqueuePerformers } from './enqueue.ts';
import { rematchAll } from '../matching/rematch.ts';
import { checkWhenDue } from '../pack-channel/known.ts';
import { updatePacks } from '../reference-packs/build/update-packs.ts';
import { changePack, wantPack } from '../packs/change-pack.ts';
import { readCredits } from '../observe/read-credits.ts';
import { defineTask, MORE, RUN_TTL_MS, type Context, type Slice, type SliceEnd } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

/** Learns the performers' references, brings the reference packs that were built here up to date, then rematches stored observations, then compares the performers with each other. */
export const people = defineTask({
  mode: 'people',

  async prepare(context, { pack }) {
    if (pack !== undefined) await wantPack(context, pack);
  },

  async onRestartRequested(context, run) {
    await deleteListings(context, run.id);
    await context.store.state.set(learnKey(run.id), true, RUN_TTL_MS);
  },

  async work(context, { only }, slice) {
    if ((await sweepSuggestions(context, slice)) === 'yielded') return MORE;
    const learns = only === undefined || (await context.store.state.get(learnKey(slice.run.id))) === true;
    if (learns && (await learn(context, slice)) === 'yielded') return MORE;
    if (learns) await checkWhenDue(context);
    if (learns && (await updatePacks(context, slice)) === 'yielded') return MORE;
    if (learns && (await readCredits(context, slice)) === 'yielded') return MORE;
    const change = await changePack(context, slice);
    if (change === 'yielded') return MORE;
    if (change !== 'done') return afterChange(context, change.changedTo);
    if (
      (await rematchAll(context, slice)) === 'yielded' ||
      (await findLookAlikes(context, slice)) === 'yielded'
    )
      return MORE;
    const { performers, withReference } = await context.store.people.counts(context.vision.packId);
    return { end: 'finished', message: message('people.updated', { withReference, performers }) };
  },
});

/** The next process has the new pack, and matches with it. On the command line that is the next command. */
function afterChange({ limits }: Pick<Context, 'limits'>, pack: string): SliceEnd {
  return Number.isFinite(limits.sliceMs)
    ? MORE
    : { end: 'finished', message: message('packs.isChanged', { pack }) };
}

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
