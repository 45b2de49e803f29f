import { isSameValue, stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { sceneRepairDismissals } from '../../../core/stash-box/dismissed-link.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { gone } from '../write-parts.ts';
import {
  checkNoOther,
  closeCorrectedLinks,
  MAX_OF_ONE,
  planCorrection,
  refusalOfCorrection,
} from './corrected-id.ts';
import type { Planner, PlanParts } from './planner.ts';

type Repair = SuggestionOf<'scene-id-repair'>;

/** The wrong stash ID is taken off, and the right one added in its place. Another scene may have the right one: copies of one film do. */
export const sceneIdRepairPlanner: Planner<'scene-id-repair'> = {
  async plan({ store, library }, { suggestion }) {
    const { entity, entityTitle, payload, evidence } = suggestion;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const { plan, added, others } = planCorrection(object, payload);
    if (plan === null) return null;
    if (evidence.reason === 'shared') await checkShared({ library }, suggestion, object.title);
    if (added === null) return plan;
    const filter = { kind: 'scene-id-repair', entity, state: 'open' } as const;
    const repairs = (await store.suggestions.list(filter, 'newest', MAX_OF_ONE, 0)).items;
    // One of which nothing says that it is wrong may stay.
    const told = repairs.filter(({ evidence: { isTold } }) => isTold);
    checkNoOther(object.title, { added, others }, told);
    return plan;
  },

  async onAccepted({ store }, { entity, payload: { wrong }, evidence: { others } }) {
    const { suggestions, sceneLookUps, recutLookUps } = store;
    await closeCorrectedLinks(suggestions, { kind: 'scene-stash-id', entity }, wrong);
    // The others may be the only ones by now; where they are not, the next run says so.
    for (const { id } of others) {
      const ofOther = { kind: 'scene-id-repair', entity: { kind: 'scene', id }, state: 'open' } as const;
      for (const one of (await suggestions.list(ofOther, 'newest', MAX_OF_ONE, 0)).items)
        if (one.evidence.reason === 'shared' && isSameValue(one.payload.wrong, wrong))
          await suggestions.changeState(one.id, ['open'], 'stale');
      await sceneLookUps.drop(wrong.endpoint, id);
      await recutLookUps.drop(wrong.endpoint, id);
    }
  },

  refusal: refusalOfCorrection,

  dismissals: (_parts, { entity, payload: { wrong, contentIds } }) =>
    Promise.resolve(sceneRepairDismissals(wrong, { id: entity.id, contentIds })),
};

/** @throws StashSenseError `changed-since`: none of the other scenes has it by now, so that this one would be without it for nothing */
async function checkShared(
  { library }: Pick<PlanParts, 'library'>,
  { payload: { wrong }, evidence: { others } }: Repair,
  name: string,
): Promise<void> {
  const ids = others.map(({ id }) => id);
  const read = await library.fieldsOf('scene', ids, ['stashIds']);
  const isThere = [...read.values()].some((values) =>
    stashIdsOf(values).some((one) => isSameValue(one, wrong)),
  );
  if (!isThere)
    throw new StashSenseError(
      'changed-since',
      message('sceneRepairs.onlyOne', { name, box: shownBox(wrong.endpoint) }),
    );
}
