import { forEachItem } from '../runs/for-each-item.ts';
import { learnPerformer, type LearnParts } from './learn-performer.ts';
import { MORE_PICTURES_LIST, PEOPLE_LIST } from '../../core/runs/tasks.ts';
import type { Slice } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

/** Learns all performers on the list from as few pictures as are needed to recognise them. */
export async function learnPeople(context: LearnParts, slice: Slice): Promise<'drained' | 'yielded'> {
  slice.progress.step(message('runs.step.people'));
  return await forEachItem(context, slice, PEOPLE_LIST, async (item) => {
    slice.progress.say(message('people.isLearning', { name: item.title }));
    return await learnPerformer(context, item.id, 'enough to begin');
  });
}

/** Learns them from all their pictures, which raises the recognition rate. */
export async function learnMorePictures(context: LearnParts, slice: Slice): Promise<'drained' | 'yielded'> {
  slice.progress.step(message('runs.step.people'));
  return await forEachItem(context, slice, MORE_PICTURES_LIST, async (item) => {
    slice.progress.say(message('people.isLearningMore', { name: item.title }));
    await learnPerformer(context, item.id, 'all pictures');
    return { state: 'done' };
  });
}
