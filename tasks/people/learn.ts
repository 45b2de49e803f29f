import { forEachItem } from '../runs/for-each-item.ts';
import { createInferenceTurn, type InferenceParts, type InferenceTurn } from '../runs/inference-lock.ts';
import { learnPerformer, type LearnParts as OneLearnParts } from './learn-performer.ts';
import { createPerformerReader } from './read-performers.ts';
import { MORE_PICTURES_LIST, PEOPLE_LIST } from '../../core/runs/tasks.ts';
import type { Slice } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

export type LearnParts = Omit<OneLearnParts, 'inference' | 'readPerformer'> & InferenceParts;

/** Learns all performers on the list from as few pictures as are needed to recognise them. */
export async function learnPeople(context: LearnParts, slice: Slice): Promise<'drained' | 'yielded'> {
  slice.progress.step(message('runs.step.people'));
  const readPerformer = createPerformerReader(context.library, context.now);
  return await withTurn(context, async (inference) =>
    forEachItem(context, slice, PEOPLE_LIST, async (item) => {
      slice.progress.say(message('people.isLearning', { name: item.title }));
      return await learnPerformer({ ...context, inference, readPerformer }, item.id, 'enough to begin');
    }),
  );
}

/** Learns them from all their pictures, which raises the recognition rate. */
export async function learnMorePictures(context: LearnParts, slice: Slice): Promise<'drained' | 'yielded'> {
  slice.progress.step(message('runs.step.people'));
  const readPerformer = createPerformerReader(context.library, context.now);
  return await withTurn(context, async (inference) =>
    forEachItem(context, slice, MORE_PICTURES_LIST, async (item) => {
      slice.progress.say(message('people.isLearningMore', { name: item.title }));
      await learnPerformer({ ...context, inference, readPerformer }, item.id, 'all pictures');
      return { state: 'done' };
    }),
  );
}

async function withTurn<T>(parts: LearnParts, work: (turn: InferenceTurn) => Promise<T>): Promise<T> {
  const turn = createInferenceTurn(parts);
  try {
    return await work(turn);
  } finally {
    await turn.end();
  }
}
