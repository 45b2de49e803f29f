import { z } from 'zod';
import { acceptByItself } from './auto-accept.ts';
import { scanBegins } from './due.ts';
import { forEachItem } from './for-each-item.ts';
import { learnPeople } from './learn-people.ts';
import { createLookAndMatch, workOn } from './look-and-match.ts';
import { offerItems, SCAN_LIST } from './offer-items.ts';
import { offerPeople } from './offer-people.ts';
import { TASK_NAMES } from './queue.ts';
import { rematchAll } from './rematch.ts';
import { defineTask, type Context, type SliceEnd } from './task.ts';

const MORE: SliceEnd = { end: 'more', message: 'Goes on in its next turn.' };

/** Brings people up to date, matches again what that concerns, then looks at what is new. */
export const scan = defineTask({
  mode: 'scan',
  name: TASK_NAMES.scan,
  args: z.object({}),

  async work(context, _args, slice) {
    const { progress } = slice;
    await scanBegins(context);
    progress.say('Listing performers');
    await offerPeople(context, slice, 'news');
    await offerItems(context, slice);
    progress.remains(SCAN_LIST, (await context.store.work.counts(SCAN_LIST)).pending);

    if ((await learnPeople(context, slice)) === 'slice over') return MORE;
    if ((await rematchAll(context, slice)) === 'slice over') return MORE;
    await acceptByItself(context, slice);

    const lookAndMatch = createLookAndMatch(context);
    const end = await forEachItem(context, slice, SCAN_LIST, async (work) => {
      progress.say(`Looking at ${work.title}`);
      const { outcome, item } = await workOn(context, lookAndMatch, work, {
        again: false,
        waiting: 'in the background',
      });
      if (item !== null) await acceptByItself(context, slice, item);
      return outcome;
    });
    if (end === 'slice over') return MORE;
    // Somebody may have confirmed or added people meanwhile.
    if ((await rematchAll(context, slice)) === 'slice over') return MORE;
    await acceptByItself(context, slice);
    return { end: 'finished', message: await summary(context, progress.snapshot()) };
  },
});

async function summary(
  { store }: Context,
  { done, failed }: { done: number; failed: number },
): Promise<string> {
  const { total } = await store.suggestions.list({ state: 'open' }, 'newest', 1, 0);
  return `${done} looked at${failed > 0 ? `, ${failed} could not be read` : ''}; ${total} suggestions wait.`;
}
