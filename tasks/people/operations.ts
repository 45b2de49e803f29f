import { PEOPLE_LIST } from '../../core/runs/tasks.ts';
import { matchDue } from '../matching/match-due.ts';
import type { Operations } from '../runs/task.ts';
import { plain } from '../../core/messages/message.ts';
import { chooseUse, viewReferences } from './references.ts';

export const peopleOperations: Pick<Operations, 'people.info' | 'people.references' | 'people.use'> = {
  'people.info': async ({ store, vision }, { limit, offset }) => {
    const counts = await store.people.counts(vision.packId);
    // "Update people" marks performers without a usable face as skipped, with the reason.
    const without = await store.work.failures(PEOPLE_LIST, limit, offset);
    return {
      ...counts,
      without: {
        total: without.total,
        items: without.items.map((item) => ({
          performerId: item.id,
          name: item.title,
          reason: item.lastError ?? plain(''),
        })),
      },
    };
  },

  'people.references': async (context, input) => await viewReferences(context, input),

  'people.use': async (context, input) => {
    await chooseUse(context, input);
    await matchDue(context);
    return await viewReferences(context, input);
  },
};
