import type { StashIdValue } from '../../../core/changes/change.ts';
import { isSameValue, listOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { sceneDismissals } from '../../../core/stash-box/dismissed-link.ts';
import { readUnchanged } from '../read.ts';
import { gone } from '../write-parts.ts';
import type { Planner } from './planner.ts';

/** The scene gets the stash ID beside those of other stash-boxes. */
export const sceneStashIdPlanner: Planner<'scene-stash-id'> = {
  async plan({ library }, { suggestion }) {
    const { entity, entityTitle, payload } = suggestion;
    const { stashId } = payload;
    await readUnchanged({ library }, suggestion);
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const known = listOf(object.values, 'stashIds') as readonly StashIdValue[];
    if (known.some((one) => isSameValue(one, stashId))) return null;
    const name = object.title;
    if (known.some(({ endpoint }) => endpoint === stashId.endpoint))
      throw new StashSenseError(
        'changed-since',
        message('stashIds.hasAnother', { name, box: shownBox(stashId.endpoint) }),
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

  /** The scene is none of the others there. */
  async onAccepted({ store: { suggestions, sceneLookUps } }, { id, entity, payload }) {
    const { endpoint } = payload.stashId;
    const filter = { kind: 'scene-stash-id', entity, state: 'open' } as const;
    for (const other of (await suggestions.list(filter, 'newest', MAX_OTHERS, 0)).items)
      if (other.id !== id && other.payload.stashId.endpoint === endpoint)
        await suggestions.changeState(other.id, ['open'], 'stale');
    // After an undo the others are found anew.
    await sceneLookUps.drop(endpoint, entity.id);
  },

  /** The others are rated anew without it. */
  async onDismissed({ store: { sceneLookUps } }, { entity, payload }) {
    await sceneLookUps.drop(payload.stashId.endpoint, entity.id);
  },

  refusal: ({ entityTitle: name }, state) =>
    state === 'accepted'
      ? message('stashIds.wasLinked', { name })
      : message('sceneLinks.refused', { state, name }),

  dismissals: (_parts, { entity, payload }) =>
    Promise.resolve(sceneDismissals(payload.stashId, { id: entity.id, contentIds: payload.contentIds })),
};

/** More than are suggested of one scene. */
const MAX_OTHERS = 100;
