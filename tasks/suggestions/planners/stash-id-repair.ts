import { repairDismissal } from '../../../core/stash-box/dismissed-link.ts';
import { checkNobodyElse } from '../box/linked.ts';
import { performerOf } from '../read.ts';
import { gone } from '../write-parts.ts';
import {
  checkNoOther,
  closeCorrectedLinks,
  MAX_OF_ONE,
  planCorrection,
  refusalOfCorrection,
} from './corrected-id.ts';
import type { Planner } from './planner.ts';

/** The wrong stash ID is taken off, and the right one added in its place. */
export const stashIdRepairPlanner: Planner<'stash-id-repair'> = {
  async plan({ store, library }, { suggestion }) {
    const { entity, entityTitle, payload } = suggestion;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const { plan, added, others } = planCorrection(object, payload);
    if (plan === null || added === null) return plan;
    const filter = { kind: 'stash-id-repair', entity, state: 'open' } as const;
    const repairs = (await store.suggestions.list(filter, 'newest', MAX_OF_ONE, 0)).items;
    checkNoOther(object.title, { added, others }, repairs);
    await checkNobodyElse({ library }, entity, object.title, added);
    return plan;
  },

  onAccepted: ({ store: { suggestions } }, { entity, payload: { wrong } }) =>
    closeCorrectedLinks(suggestions, { kind: 'performer-stash-id', entity }, wrong),

  refusal: refusalOfCorrection,

  async dismissals(parts, { entity, payload }) {
    return [repairDismissal(payload.wrong, await performerOf(parts, entity.id, entity))];
  },
};
