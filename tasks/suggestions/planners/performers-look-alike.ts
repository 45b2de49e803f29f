import { toldPlanner } from './told.ts';
import type { Planner } from './planner.ts';

/** A "no" holds as on the People tab: these are two people, also after a merge and under other names. */
export const performersLookAlikePlanner: Planner<'performers-look-alike'> = {
  ...(toldPlanner as unknown as Planner<'performers-look-alike'>),

  async onDismissed({ store }, { id, entity, evidence }) {
    const [other] = evidence.others;
    const [one, two] = await Promise.all(
      [entity.id, other?.ref.id ?? ''].map((performerId) => store.people.performer(performerId)),
    );
    const decided = await store.suggestions.get(id);
    if (!one || !two || decided === null) return;
    if (decided.state === 'rejected') await store.lookAlikes.tellApart([one, two], decided.updatedAt);
    else await store.lookAlikes.untell([one, two]);
  },
};
