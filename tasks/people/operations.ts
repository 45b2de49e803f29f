import { PEOPLE_LIST } from '../../core/runs/tasks.ts';
import { viewDescribed } from '../matching/described-packs.ts';
import { matchDue } from '../matching/match-due.ts';
import type { Operations } from '../runs/task.ts';
import { plain } from '../../core/messages/message.ts';
import { tellApart, viewLookAlikes } from './look-alikes.ts';
import { chooseUse, viewReferences } from './references.ts';

type Names = 'people.info' | 'people.references' | 'people.use' | 'people.lookAlikes' | 'people.tellApart';

export const peopleOperations: Pick<Operations, Names> = {
  'people.info': async ({ store, vision, referencePacks }, { limit, offset }) => {
    const counts = await store.people.counts(vision.packId);
    const hidden = await store.hiddenPeople.count();
    // "Update people" marks performers without a usable face as skipped, with the reason.
    const without = await store.work.failures(PEOPLE_LIST, limit, offset);
    return {
      ...counts,
      ...(hidden > 0 && { hidden }),
      packs: (await referencePacks.describe()).map(viewDescribed),
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

  'people.lookAlikes': async (context, input) => await viewLookAlikes(context, input),

  'people.tellApart': async (context, input) => {
    await tellApart(context, input);
    return { toldApart: !input.undo };
  },

  'people.use': async (context, input) => {
    await chooseUse(context, input);
    await matchDue(context);
    return await viewReferences(context, input);
  },
};
