import type { StashIdValue } from '../../../core/changes/change.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import { stashIdDismissal } from '../../../core/stash-box/dismissed-link.ts';
import { isLinked } from '../box/linked.ts';
import { fetchTaken, planTaken, type FetchedProfile, type TakenOver } from '../box/take.ts';
import { performerOf } from '../read.ts';
import { gone } from '../write-parts.ts';
import type { Planner } from './planner.ts';

/** What was fetched of what is ticked, or why it could not be. */
type Prepared = FetchedProfile | StashSenseError | null;

const NOTHING: TakenOver = { changes: [], picture: null, note: null };

/** The performer gets the stash ID beside those that it has, and what was ticked of what the stash-box knows. */
export const performerStashIdPlanner: Planner<'performer-stash-id'> = {
  async prepare(parts, { suggestion, choices: { take = {} } }): Promise<Prepared> {
    if (Object.keys(take).length === 0) return null;
    const { entity, entityTitle, payload, evidence } = suggestion;
    try {
      // Of who is excluded by now no stash-box is asked.
      if ((await parts.library.performer(entity.id)) === null) return null;
      return await fetchTaken(parts, { ...payload, imageId: evidence.imageId }, entityTitle, take);
    } catch (error) {
      if (error instanceof StashSenseError) return error;
      throw error;
    }
  },

  async plan(parts, { suggestion, choices: { take = {} }, prepared }) {
    const { library } = parts;
    const { entity, entityTitle, payload, evidence } = suggestion;
    const { stashId } = payload;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    const isThere = await isLinked(parts, object, stashId);
    const fetched = (prepared ?? null) as Prepared;
    if (fetched instanceof StashSenseError) throw fetched;
    const wanted = { stashId, imageId: evidence.imageId };
    const taken = fetched === null ? NOTHING : await planTaken(parts, object, wanted, fetched, take);
    const changes = [...(isThere ? [] : [linking(entity, stashId)]), ...taken.changes];
    if (changes.length === 0) return null;
    const name = object.title;
    return {
      entity,
      identity: object.identity,
      changes,
      addTags: [],
      summary: message(taken.changes.length === 0 ? 'history.addedStashId' : 'history.addedStashIdAndMore', {
        name,
      }),
      face: null,
      picture: taken.picture,
      note: taken.note,
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

function linking(entity: StashRef, stashId: StashIdValue) {
  return { op: 'add' as const, entity, field: 'stashIds', values: [stashId] };
}
