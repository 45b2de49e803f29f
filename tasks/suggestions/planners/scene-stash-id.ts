import { isSameValue, stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { sceneDismissals } from '../../../core/stash-box/dismissed-link.ts';
import {
  fetchSceneTaken,
  planSceneTaken,
  type FetchedScene,
  type SceneTakenOver,
} from '../box/scene/take-scene.ts';
import { readUnchanged } from '../read.ts';
import { gone } from '../write-parts.ts';
import type { Planner } from './planner.ts';

/** What was fetched of what is ticked, or why it could not be. */
type Prepared = FetchedScene | StashSenseError | null;

const NOTHING: SceneTakenOver = { changes: [], picture: null, make: null, note: null };

/** The scene gets the stash ID beside those of other stash-boxes, and what was ticked of what the stash-box knows. */
export const sceneStashIdPlanner: Planner<'scene-stash-id'> = {
  async prepare(parts, { suggestion, choices: { take = {} } }): Promise<Prepared> {
    if (Object.keys(take).length === 0) return null;
    try {
      // Of what is excluded by now, or is another film, no stash-box is asked.
      await readUnchanged(parts, suggestion);
      const object = await parts.library.object(suggestion.entity);
      if (object === null) return null;
      return await fetchSceneTaken(parts, object, suggestion.payload.stashId, take);
    } catch (error) {
      if (error instanceof StashSenseError) return error;
      throw error;
    }
  },

  async plan(parts, { suggestion, choices: { take = {} }, prepared }) {
    const { library } = parts;
    const { entity, entityTitle, payload } = suggestion;
    const { stashId } = payload;
    await readUnchanged({ library }, suggestion);
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const known = stashIdsOf(object.values);
    const isLinked = known.some((one) => isSameValue(one, stashId));
    const name = object.title;
    if (!isLinked && known.some(({ endpoint }) => endpoint === stashId.endpoint))
      throw new StashSenseError(
        'changed-since',
        message('stashIds.hasAnother', { name, box: shownBox(stashId.endpoint) }),
      );
    const fetched = (prepared ?? null) as Prepared;
    if (fetched instanceof StashSenseError) throw fetched;
    const taken = fetched === null ? NOTHING : await planSceneTaken(parts, object, stashId, fetched, take);
    const linking = { op: 'add', entity, field: 'stashIds', values: [stashId] } as const;
    const changes = [...(isLinked ? [] : [linking]), ...taken.changes];
    if (changes.length === 0 && taken.make === null) return null;
    const isMore = taken.changes.length > 0 || taken.make !== null;
    return {
      entity,
      identity: object.identity,
      changes,
      picture: taken.picture,
      addTags: [],
      make: taken.make ?? undefined,
      summary: message(isMore ? 'history.addedStashIdAndMore' : 'history.addedStashId', { name }),
      face: null,
      note: taken.note,
    };
  },

  /** The scene is none of the others there. */
  async onAccepted({ store: { suggestions, sceneLookUps, recutLookUps } }, { id, entity, payload }) {
    const { endpoint } = payload.stashId;
    const filter = { kind: 'scene-stash-id', entity, state: 'open' } as const;
    for (const other of (await suggestions.list(filter, 'newest', MAX_OTHERS, 0)).items)
      if (other.id !== id && other.payload.stashId.endpoint === endpoint)
        await suggestions.changeState(other.id, ['open'], 'stale');
    // After an undo the others are found anew.
    await sceneLookUps.drop(endpoint, entity.id);
    await recutLookUps.drop(endpoint, entity.id);
  },

  /** The others are rated anew without it. */
  async onDismissed({ store: { sceneLookUps, recutLookUps } }, { entity, payload }) {
    await sceneLookUps.drop(payload.stashId.endpoint, entity.id);
    await recutLookUps.drop(payload.stashId.endpoint, entity.id);
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
