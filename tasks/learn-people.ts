import { forEachItem } from './for-each-item.ts';
import { learnPerformer } from './learn-performer.ts';
import { PEOPLE_LIST } from './offer-people.ts';
import type { Context, Slice } from './task.ts';

/** Learns the faces of all performers on the list. */
export async function learnPeople(context: Context, slice: Slice): Promise<'drained' | 'slice over'> {
  return await forEachItem(context, slice, PEOPLE_LIST, async (item) => {
    slice.progress.say(`Learning ${item.title}`);
    return await learnPerformer(context, item.id);
  });
}
