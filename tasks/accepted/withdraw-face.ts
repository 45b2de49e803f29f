/** Withdraws what a face that turned out to be wrong has taught. */
import type { ContentId } from '../../core/content-id.ts';
import type { FaceOf } from '../../core/changes/write.ts';
import { contentOf, faceKey } from '../../core/people/reference-content.ts';
import type { ReferencePicture } from '../../core/ports/people.ts';
import type { Store } from '../../core/ports/store.ts';
import type { FileDismissal } from '../../core/suggestions/dismissal.ts';
import { takeOutOfUse } from './references-in-use.ts';

/** The pack that keys of faces belong to. */
export type Pack = { readonly packId: string };

/** Stored with the journal entry, so that an interrupted write has the same effects when it is settled later. */
export async function rememberFace(store: Store, journalId: string, face: FaceOf): Promise<void> {
  await store.state.set(`face-of:${journalId}`, face);
}

/** The face that an entry of the journal was written for. */
export async function faceOf(store: Pick<Store, 'state'>, journalId: string): Promise<FaceOf | null> {
  return await store.state.get(`face-of:${journalId}`);
}

/**
Withdraws the face that was confirmed with an entry of the journal: in a transaction, when what was written no longer holds.
@returns whether it was used
*/
export async function withdrawFaceOf(store: Store, pack: Pack, journalId: string): Promise<boolean> {
  const face = await faceOf(store, journalId);
  if (face === null) return false;
  const { performerId, contentId } = face;
  return await withdraw(store, pack, { performerId, contentIds: [contentId], faces: [face] });
}

/** The same for faces that were confirmed without a write, since Stash had the performer on the entity already. */
export async function withdrawConfirmed(
  store: Store,
  pack: Pack,
  performerId: string,
  faces: NonNullable<FileDismissal['faces']>,
): Promise<boolean> {
  return await withdraw(store, pack, {
    performerId,
    contentIds: faces.map(({ contentId }) => contentId),
    faces,
  });
}

/** The same for a "no", of all faces that it holds for. One that is confirmed once more later is a reference again. */
export async function withdrawDismissed(
  store: Store,
  pack: Pack,
  { performer, contentIds, faces }: FileDismissal,
): Promise<boolean> {
  return await withdraw(store, pack, { performerId: performer.id, contentIds, faces });
}

type Scope = {
  readonly performerId: string;
  readonly contentIds: readonly ContentId[];
  /** Only these faces of the files; undefined: all that were said to be the performer. */
  readonly faces: FileDismissal['faces'];
};

/**
In all packs. The keys of faces are those of the pack in use: of another one, as of a picture that is a reference as a whole,
it is not known which face of the file is meant, so it stays where another face of the file is still confirmed.
*/
async function withdraw(
  store: Store,
  { packId }: Pack,
  { performerId, contentIds, faces }: Scope,
): Promise<boolean> {
  const references = (await store.people.pictures(performerId)).filter((reference) => {
    const contentId = contentOf(reference);
    // The profile picture is what Stash says of the performer.
    return reference.source !== 'profile' && contentId !== null && contentIds.includes(contentId);
  });
  const keys = faces?.map(faceKey);
  const isFace = ({ source, packId: pack }: ReferencePicture): boolean =>
    source === 'confirmed' && pack === packId;
  const kept = references
    .filter((reference) => isFace(reference) && keys?.includes(reference.sourceKey) === false)
    .filter(({ state }) => state === 'used' || state === 'spare')
    .map(contentOf);
  const meant = references.filter((reference) =>
    isFace(reference) ? keys?.includes(reference.sourceKey) !== false : !kept.includes(contentOf(reference)),
  );
  return await takeOutOfUse(store, packId, meant, 'withdrawn');
}
