import type { StashIdValue } from '../../../core/changes/change.ts';
import { listOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { boxHost } from '../../../core/reference-packs/box-address.ts';
import { repairDismissal } from '../../../core/stash-box/dismissed-link.ts';
import { performerOf } from '../read.ts';
import { gone } from '../write-parts.ts';
import type { Planner } from './planner.ts';
import { refusalOf } from './seen.ts';

/** The wrong stash ID is taken off, and the right one added in its place. */
export const stashIdRepairPlanner: Planner<'stash-id-repair'> = {
  async plan({ library }, { suggestion }) {
    const { entity, entityTitle, payload } = suggestion;
    const { wrong, right } = payload;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const known = listOf(object.values, 'stashIds') as readonly StashIdValue[];
    const others = known.filter((one) => !isSame(one, wrong));
    if (others.length === known.length) return null;
    const name = object.title;
    const taken = right !== null && others.some(({ endpoint }) => endpoint === right.endpoint);
    if (taken && !others.some((one) => isSame(one, right)))
      throw new StashSenseError(
        'changed-since',
        message('stashIds.hasAnother', { name, box: boxHost(right.endpoint) ?? right.endpoint }),
      );
    return {
      entity,
      identity: object.identity,
      changes: [
        { op: 'remove', entity, field: 'stashIds', values: [wrong] },
        ...(right === null || taken
          ? []
          : [{ op: 'add' as const, entity, field: 'stashIds', values: [right] }]),
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
      if (isSame(link.payload.stashId, wrong))
        await suggestions.changeState(link.id, ['accepted', 'removed'], 'stale');
  },

  refusal: ({ entityTitle: name }, state) =>
    state === 'accepted' ? message('stashIds.wasCorrected', { name }) : refusalOf(name, state),

  async dismissals(parts, { entity, payload }) {
    return [repairDismissal(payload.wrong, await performerOf(parts, entity.id, entity))];
  },
};

/** More than one performer has. */
const MAX_LINKS = 100;

function isSame(a: StashIdValue, b: StashIdValue): boolean {
  return a.endpoint === b.endpoint && a.stashId === b.stashId;
}
