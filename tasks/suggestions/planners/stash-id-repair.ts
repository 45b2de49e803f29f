import { isSameValue } from '../../../core/changes/values.ts';
import { message } from '../../../core/messages/message.ts';
import { repairDismissal } from '../../../core/stash-box/dismissed-link.ts';
import { checkNobodyElse } from '../box/linked.ts';
import { performerOf } from '../read.ts';
import { gone } from '../write-parts.ts';
import { checkNoOther, planCorrection } from './corrected-id.ts';
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
    const repairs = (await store.suggestions.list(filter, 'newest', MAX_LINKS, 0)).items;
    checkNoOther(object.title, { added, others }, repairs);
    await checkNobodyElse({ library }, entity, object.title, added);
    return plan;
  },

  /** What was linked by a suggestion was not taken off, but corrected. */
  async onAccepted({ store: { suggestions } }, { entity, payload: { wrong } }) {
    const filter = { kind: 'performer-stash-id', entity, state: ['accepted', 'removed'] } as const;
    for (const link of (await suggestions.list(filter, 'newest', MAX_LINKS, 0)).items)
      if (isSameValue(link.payload.stashId, wrong))
        await suggestions.changeState(link.id, ['accepted', 'removed'], 'stale');
  },

  refusal: ({ entityTitle: name }, state) =>
    state === 'accepted'
      ? message('stashIds.wasCorrected', { name })
      : message('stashIds.repairRefused', { state, name }),

  async dismissals(parts, { entity, payload }) {
    return [repairDismissal(payload.wrong, await performerOf(parts, entity.id, entity))];
  },
};

/** More than one performer has. */
const MAX_LINKS = 100;
