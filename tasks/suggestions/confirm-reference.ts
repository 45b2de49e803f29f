/** What a write to Stash, and taking it back, mean for what we keep. */
import { z } from 'zod';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { FaceOf } from '../../core/changes/write.ts';
import { isContentId } from '../../core/content-id.ts';
import { similarity } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import type { Store } from '../../core/ports/store.ts';
import type { StoredReference } from '../../core/ports/people.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import type { StateKey } from '../../core/state-keys.ts';

/** Whose vectors are kept and compared. */
type PackInUse = { readonly packId: string; readonly calibration: PackCalibration };

const FaceOfEntry = z.object({
  contentId: z.string().refine(isContentId),
  personKey: z.int(),
  performerId: z.string(),
});

/** Together with the journal entry, so that a write cut short ends as one that was not. */
export async function rememberFace(store: Store, journalId: string, face: FaceOf): Promise<void> {
  await store.state.set(faceKey(journalId), face);
}

export async function onWriteCommitted(store: Store, pack: PackInUse, entry: JournalEntry): Promise<void> {
  // Also what was rejected: somebody may choose that very performer for a person all the same.
  await changeSuggestion(store, entry, ['open', 'stale', 'rejected'], 'accepted');
  const face = await faceOf(store, entry.id);
  if (face !== null && entry.by === 'person') await confirm(store, pack, face);
}

export async function onWriteUndone(store: Store, pack: PackInUse, entry: JournalEntry): Promise<void> {
  await changeSuggestion(store, entry, ['accepted'], 'open');
  const face = await faceOf(store, entry.id);
  if (face === null) return;
  const references = await store.people.vectors(face.performerId, pack.packId);
  const confirmed = references.find(
    (reference) => reference.source === 'confirmed' && reference.sourceKey === sourceKeyOf(face),
  );
  if (confirmed) await store.people.setReferenceState(confirmed.id, 'withdrawn');
}

/** Decisions may have been erased since: the write and the way back do not hang on them. */
async function changeSuggestion(
  { suggestions }: Store,
  { suggestionId }: JournalEntry,
  from: readonly SuggestionState[],
  to: SuggestionState,
): Promise<void> {
  if (suggestionId !== null) await suggestions.changeState(suggestionId, from, to);
}

/** The best face of the person becomes a reference of the performer, where that is safe. */
async function confirm(store: Store, { packId, calibration }: PackInUse, face: FaceOf): Promise<void> {
  const observation = await store.observations.get(face.contentId, packId);
  const person = observation?.persons.find((candidate) => candidate.key === face.personKey);
  // Somebody Stash has and "Update people" has not seen yet has no pictures that could carry it either.
  if (!person || (await store.people.performer(face.performerId)) === null) return;
  const references = await store.people.vectors(face.performerId, packId);
  if (!canBecomeReference(person, references, sourceKeyOf(face), calibration.confirmation)) return;
  if (!(await makeRoom(store, references, person.quality, sourceKeyOf(face)))) return;
  const crops = await store.observations.crops(face.contentId, packId);
  const crop = crops
    .filter((candidate) => candidate.personKey === face.personKey)
    .toSorted((a, b) => a.rank - b.rank)[0];
  await store.people.putReference({
    performerId: face.performerId,
    source: 'confirmed',
    sourceKey: sourceKeyOf(face),
    revision: '',
    contentHash: '',
    packId,
    state: 'used',
    embedding: person.exemplars[0] ?? person.template,
    quality: person.quality,
    crop: crop
      ? { jpeg: crop.jpeg, width: crop.width, height: crop.height, landmarks: crop.landmarks }
      : null,
  });
}

/** So many confirmed faces of one performer are kept: each is compared with in every search. */
const MAX_CONFIRMED = 12;

/** Among many the best stay. @returns whether there is room for one of this quality */
async function makeRoom(
  { people }: Store,
  references: readonly Pick<StoredReference, 'id' | 'source' | 'state' | 'sourceKey' | 'quality'>[],
  quality: number,
  sourceKey: string,
): Promise<boolean> {
  const confirmed = references.filter(
    (reference) =>
      reference.source === 'confirmed' && reference.state === 'used' && reference.sourceKey !== sourceKey,
  );
  if (confirmed.length < MAX_CONFIRMED) return true;
  const [worst] = confirmed.toSorted((a, b) => a.quality - b.quality);
  if (worst === undefined || worst.quality >= quality) return false;
  await people.setReferenceState(worst.id, 'withdrawn');
  return true;
}

/**
Whether an accepted face may become a reference: it is a good one, and the match did not rest on one weak reference
alone. A good picture of the library carries it; so do any two references that agree. A chain of confirmed faces,
each resting on the one before, is no support.
*/
export function canBecomeReference(
  person: Pick<FaceCluster, 'template' | 'exemplars' | 'quality'>,
  references: readonly Pick<StoredReference, 'embedding' | 'quality' | 'source' | 'state' | 'sourceKey'>[],
  sourceKey: string,
  { minFaceQuality, minSimilarity, minReferenceQuality, supportWithin }: PackCalibration['confirmation'],
): boolean {
  if (person.quality < minFaceQuality) return false;
  const near = references.flatMap((reference) =>
    reference.state === 'used' && reference.embedding !== null && reference.sourceKey !== sourceKey
      ? [{ ...reference, similarity: similarityTo(person, reference.embedding) }]
      : [],
  );
  const best = Math.max(...near.map((reference) => reference.similarity));
  const supports = near.filter(
    (reference) => reference.similarity >= minSimilarity && reference.similarity >= best - supportWithin,
  );
  if (supports.every((support) => support.source === 'confirmed')) return false;
  return (
    supports.length >= 2 ||
    supports.some((support) => support.source !== 'confirmed' && support.quality >= minReferenceQuality)
  );
}

function similarityTo(
  { template, exemplars }: Pick<FaceCluster, 'template' | 'exemplars'>,
  reference: Embedding,
): number {
  return Math.max(...[template, ...exemplars].map((exemplar) => similarity(exemplar, reference)));
}

async function faceOf(store: Store, journalId: string): Promise<FaceOf | null> {
  const face = FaceOfEntry.safeParse(await store.state.get(faceKey(journalId)));
  return face.success ? face.data : null;
}

function faceKey(journalId: string): StateKey {
  return `face-of:${journalId}`;
}

function sourceKeyOf({ contentId, personKey }: FaceOf): string {
  return `${contentId}#${personKey}`;
}
