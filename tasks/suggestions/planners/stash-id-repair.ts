import type { StashIdValue } from '../../../core/changes/change.ts';
import { isSameValue, stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { repairDismissal } from '../../../core/stash-box/dismissed-link.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { checkNobodyElse } from '../box/linked.ts';
import { performerOf } from '../read.ts';
import { gone } from '../write-parts.ts';
import type { Planner, PlanParts } from './planner.ts';

/** The wrong stash ID is taken off, and the right one added in its place. */
export const stashIdRepairPlanner: Planner<'stash-id-repair'> = {
  async plan({ store, library }, { suggestion }) {
    const { entity, entityTitle, payload } = suggestion;
    const { wrong, right } = payload;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const known = stashIdsOf(object.values);
    const others = known.filter((one) => !isSameValue(one, wrong));
    const added = right === null || others.some((one) => isSameValue(one, right)) ? null : right;
    const name = object.title;
    if (others.length === known.length) {
      if (added === null) return null;
      const box = shownBox(wrong.endpoint);
      throw new StashSenseError('changed-since', message('stashIds.wrongIsGone', { name, box }));
    }
    if (added !== null) await checkFree({ store, library }, entity, name, { others, added });
    return {
      entity,
      identity: object.identity,
      changes: [
        { op: 'remove', entity, field: 'stashIds', values: [wrong] },
        ...(added === null ? [] : [{ op: 'add' as const, entity, field: 'stashIds', values: [added] }]),
      ],
      addTags: [],
      summary: message(right === null ? 'history.tookOffStashId' : 'history.correctedStashId', { name }),
      face: null,
    };
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

/** @throws StashSenseError the performer keeps another id there, or somebody else has this one */
async function checkFree(
  { store, library }: Pick<PlanParts, 'store' | 'library'>,
  entity: SuggestionOf<'stash-id-repair'>['entity'],
  name: string,
  { others, added }: { readonly others: readonly StashIdValue[]; readonly added: StashIdValue },
): Promise<void> {
  const filter = { kind: 'stash-id-repair', entity, state: 'open' } as const;
  const repairs = (await store.suggestions.list(filter, 'newest', MAX_LINKS, 0)).items;
  // Another wrong one there is corrected by a suggestion of its own.
  const kept = others.filter((one) => !repairs.some(({ payload }) => isSameValue(payload.wrong, one)));
  if (kept.some(({ endpoint }) => endpoint === added.endpoint))
    throw new StashSenseError(
      'changed-since',
      message('stashIds.hasAnother', { name, box: shownBox(added.endpoint) }),
    );
  await checkNobodyElse({ library }, entity, name, added);
}
