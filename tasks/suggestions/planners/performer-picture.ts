import { PICTURE } from '../../../core/changes/picture.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { bestCropOf } from '../../../core/faces/observation.ts';
import { message } from '../../../core/messages/message.ts';
import { suggestionKey, type SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { pictureHash } from '../picture.ts';
import { gone } from '../write-parts.ts';
import type { Planner, PlanParts } from './planner.ts';

/** The face becomes the picture of the performer, who has none. */
export const performerPicturePlanner: Planner<'performer-picture'> = {
  async plan({ store, library }, { suggestion }) {
    const { entity, entityTitle } = suggestion;
    const object = await library.object(entity);
    if (object === null) throw gone(entity, entityTitle);
    if ((await library.usage('performer', entity.id))?.picturePath != null) return null;
    const picture = await bytesOf({ store }, suggestion);
    if (picture === null)
      throw new StashSenseError('changed-since', message('health.pictureLost', { name: object.title }));
    return {
      entity,
      identity: object.identity,
      changes: [{ op: 'set', entity, field: PICTURE, before: null, after: pictureHash(picture) }],
      picture,
      addTags: [],
      summary: message('history.setPicture', { name: object.title }),
      face: null,
    };
  },

  refusal: ({ entityTitle: name }, state) => message('told.refused', { state, name }),
  dismissals: (_parts, suggestion) => Promise.resolve([{ key: suggestionKey(suggestion) }]),
};

/** Of a JPEG. Null: what it was taken from is kept no more. */
export async function bytesOf(
  { store }: Pick<PlanParts, 'store'>,
  { payload: { referenceId, face, packId } }: SuggestionOf<'performer-picture'>,
): Promise<Uint8Array | null> {
  if (referenceId !== null) return (await store.people.reference(referenceId))?.crop?.jpeg ?? null;
  if (face === null) return null;
  const crops = await store.observations.crops(face.contentId, packId);
  return bestCropOf(crops, face.personKey)?.jpeg ?? null;
}
