import { z } from 'zod';
import { learnMorePictures, learnPeople } from './learn-people.ts';
import { offerPeople } from './offer-people.ts';
import { TASK_NAMES } from './queue.ts';
import { rematchAll } from './rematch.ts';
import { defineTask } from './task.ts';

/** Learns the faces of the user's performers, then matches again what was seen before. */
export const people = defineTask({
  mode: 'people',
  name: TASK_NAMES.people,
  args: z.object({}),

  async work(context, _args, slice) {
    slice.progress.say('Listing performers');
    await offerPeople(context, slice, 'everybody');
    if (
      (await learnPeople(context, slice)) === 'slice over' ||
      (await learnMorePictures(context, slice)) === 'slice over' ||
      (await rematchAll(context, slice)) === 'slice over'
    )
      return { end: 'more', message: 'Goes on in its next turn.' };
    const { performers, withReference } = await context.store.people.counts(context.sight.packId);
    return { end: 'finished', message: `${withReference} of ${performers} performers can be recognised.` };
  },
});
