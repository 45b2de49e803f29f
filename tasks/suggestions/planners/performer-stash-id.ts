import { listOf } from '../../../core/changes/values.ts';
import type { StashIdValue } from '../../../core/changes/change.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { boxHost } from '../../../core/reference-packs/box-address.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import { stashIdDismissal } from '../../../core/stash-box/dismissed-link.ts';
import { performerOf } from '../read.ts';
import { gone } from '../write-parts.ts';
import type { Planner } from './planner.ts';

/** The performer gets the stash ID beside those that it has. */
export const performerStashIdPlanner: Planner<'performer-stash-id'> = {
  async plan({ library }, { suggestion }) {
    const { entity, entityTitle, payload } = suggestion;
    const { stashId } = payload;
    const box = boxHost(stashId.endpoint) ?? stashId.endpoint;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const known = listOf(object.values, 'stashIds') as readonly StashIdValue[];
    if (known.some((one) => keyOfStashId(one) === keyOfStashId(stashId))) return null;
    const name = object.title;
    if (known.some(({ endpoint }) => endpoint === stashId.endpoint))
      throw new StashSenseError('changed-since', message('stashIds.hasAnother', { name, box }));
    const others = await library.performersLike({ name, stashIds: [stashId] });
    const owner = others.find((one) => one.id !== entity.id && has(one.stashIds, stashId));
    if (owner !== undefined)
      throw new StashSenseError(
        'changed-since',
        message('stashIds.isOfAnother', { name, other: shownName(owner), box }),
      );
    return {
      entity,
      identity: object.identity,
      changes: [{ op: 'add', entity, field: 'stashIds', values: [stashId] }],
      addTags: [],
      summary: message('history.addedStashId', { name }),
      face: null,
    };
  },

  /** The performer is none of the others there. */
  async onAccepted({ store: { suggestions, boxLookUps } }, { id, entity, payload }) {
    const filter = { kind: 'performer-stash-id', entity, state: 'open' } as const;
    for (const other of (await suggestions.list(filter, 'newest', MAX_OTHERS, 0)).items)
      if (other.id !== id && other.payload.stashId.endpoint === payload.stashId.endpoint)
        await suggestions.changeState(other.id, ['open'], 'stale');
    // After an undo the others are found anew.
    await boxLookUps.drop(payload.stashId.endpoint, entity.id);
  },

  refusal: ({ entityTitle: name }, state) =>
    state === 'accepted'
      ? message('stashIds.wasLinked', { name })
      : message('stashIds.linkRefused', { state, name }),

  async dismissals(parts, { entity, payload }) {
    return [stashIdDismissal(payload.stashId, await performerOf(parts, entity.id, entity))];
  },
};

/** More than are suggested of one performer. */
const MAX_OTHERS = 100;

function has(stashIds: readonly StashIdValue[], wanted: StashIdValue): boolean {
  return stashIds.some((one) => keyOfStashId(one) === keyOfStashId(wanted));
}
