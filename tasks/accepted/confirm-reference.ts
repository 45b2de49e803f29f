/** Effects of a write to Stash, and of its undo, on suggestions and references. */
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { textOf } from '../../core/changes/values.ts';
import type { FaceOf } from '../../core/changes/write.ts';
import { similarity } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import { bestCropOf, type FaceCluster } from '../../core/faces/observation.ts';
import type { Store } from '../../core/ports/store.ts';
import type { StoredReference } from '../../core/ports/people.ts';
import { faceKey } from '../../core/people/reference-content.ts';
import { notReferences } from '../../core/suggestions/dismissal.ts';
import { BY_HAND, NOT_ACCEPTED, type SuggestionState } from '../../core/suggestions/suggestion.ts';
import { makeRoom } from './spare-references.ts';
import { faceOf, withdrawFaceOf } from './withdraw-face.ts';

/** The pack whose embeddings are stored and compared. */
type PackInUse = { readonly packId: string; readonly calibration: PackCalibration };

/** @param entry with the changes that were really made, which can be fewer than were planned */
export async function onWriteCommitted(store: Store, pack: PackInUse, entry: JournalEntry): Promise<void> {
  await changeSuggestion(store, entry, NOT_ACCEPTED, 'accepted');
  await notePerformers(store, entry, 'written');
  const face = await faceOf(store, entry.id);
  if (face !== null && entry.by === 'person') await confirm(store, pack, face);
}

export async function onWriteUndone(store: Store, pack: PackInUse, entry: JournalEntry): Promise<void> {
  const { suggestionId } = entry;
  const suggestion = suggestionId === null ? null : await store.suggestions.get(suggestionId);
  // Of what was chosen by hand nothing is left to decide.
  const next = suggestion?.analyzer === BY_HAND ? 'stale' : 'open';
  // A removed one whose value somebody else had written again, and nobody had noticed yet.
  await changeSuggestion(store, entry, ['accepted', 'removed'], next);
  await onWriteLost(store, pack, entry);
}

/**
What was written stands no more. Where it was not undone, Stash's form, another plugin, a scrape or the API took it off: then
called once, when it is noticed, in the transaction that makes the suggestion `removed`.
*/
export async function onWriteLost(store: Store, pack: PackInUse, entry: JournalEntry): Promise<void> {
  await notePerformers(store, entry, 'undone');
  await withdrawFaceOf(store, pack, entry.id);
}

async function notePerformers(
  { identifications, credits }: Store,
  { entity, changes }: JournalEntry,
  what: 'written' | 'undone',
): Promise<void> {
  const values = (op: 'add' | 'remove'): string[] =>
    changes.flatMap((change) =>
      change.op === op && change.field === 'performers' ? change.values.map(textOf) : [],
    );
  const [added, removed] =
    what === 'written' ? [values('add'), values('remove')] : [values('remove'), values('add')];
  await identifications.notePerformersChanged(entity, { added, removed });
  await credits.noteWritten(entity, { added, removed });
}

/** Does nothing when the suggestion was erased since: write and undo do not depend on it. Nor for what was made to be added: the write that adds it accepts. */
async function changeSuggestion(
  { suggestions }: Store,
  { suggestionId, changes }: JournalEntry,
  from: readonly SuggestionState[],
  to: SuggestionState,
): Promise<void> {
  if (suggestionId !== null && changes[0]?.op !== 'create')
    await suggestions.changeState(suggestionId, from, to);
}

/**
Makes the best face of the person a reference of the performer, when `canBecomeReference`, or where the user has named it
themselves and it is as good as a picture has to be.
*/
export async function confirm(store: Store, { packId, calibration }: PackInUse, face: FaceOf): Promise<void> {
  const observation = await store.observations.get(face.contentId, packId);
  const person = observation?.persons.find((candidate) => candidate.key === face.personKey);
  const performer = await store.people.performer(face.performerId);
  // A performer that "Update people" has not learnt yet has no references that could support it.
  if (!person || performer === null) return;
  const references = await store.people.vectors(face.performerId, packId);
  const isGood =
    face.isNamed === true
      ? person.quality >= calibration.references.minQuality
      : canBecomeReference(person, references, faceKey(face), calibration.confirmation);
  if (!isGood) return;
  const isSetAside = await store.dismissals.isDismissed(notReferences([face.contentId], performer));
  const place = { quality: person.quality, sourceKey: faceKey(face) };
  const state = isSetAside ? 'set-aside' : await makeRoom(store, references, place);
  if (state === null) return;
  const crops = await store.observations.crops(face.contentId, packId);
  const crop = bestCropOf(crops, face.personKey);
  await store.people.putReference({
    performerId: face.performerId,
    source: 'confirmed',
    sourceKey: faceKey(face),
    revision: '',
    contentHash: '',
    packId,
    state,
    embedding: person.exemplars[0] ?? person.template,
    quality: person.quality,
    crop: crop
      ? { jpeg: crop.jpeg, width: crop.width, height: crop.height, landmarks: crop.landmarks }
      : null,
  });
}

/**
Whether an accepted face can become a reference: its quality is sufficient, and the match is supported by a good picture of
the library or by two references. Confirmed faces alone are no support, so that an error cannot propagate from one confirmed
face to the next.
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
