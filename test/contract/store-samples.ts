import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { ContentId } from '../../core/content-id.ts';
import type { Embedding, FaceCrop } from '../../core/faces/face.ts';
import type { ObservationWithCrops, FaceCluster } from '../../core/faces/observation.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { Store } from '../../core/ports/store.ts';
import type { StoredReference } from '../../core/ports/people.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import type { ProposalOf } from '../../core/suggestions/suggestion.ts';
import { message } from '../../core/messages/message.ts';

/** Makes an empty store; `reopen` opens what it holds once more, as another process would. */
export type CreateStore = (options: {
  now: () => number;
  isAlive: (owner: string) => boolean;
}) => Promise<{ store: Store; reopen: () => Promise<Store> }>;

export const PACK = 'portable-1';
export const OTHER_PACK = 'other-1';
export const LEASE_MS = 60_000;

/** A store with a clock and a list of dead owners of its own. */
export async function fresh(create: CreateStore) {
  const clock = { at: 1_700_000_000_000 };
  const dead = new Set<string>();
  const made = await create({ now: () => clock.at, isAlive: (owner) => !dead.has(owner) });
  return { ...made, clock, dead };
}

export function contentId(number: number): ContentId {
  return `oshash:${number.toString(16).padStart(16, '0')}`;
}

/** The same for the same seed; two seeds have nothing in common. */
export function embedding(seed: number, dimensions = 128): Embedding {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const vector = Float32Array.from({ length: dimensions }, () => next() + next() + next() - 1.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length) as Embedding;
}

/** Numbers that the store keeps exactly, so that whole values compare. */
export function person(key: number, seed: number): FaceCluster {
  return {
    key,
    template: embedding(seed),
    exemplars: [embedding(seed + 1), embedding(seed + 2)],
    faces: [
      { timeMs: 1_000 + key, box: { x: 0, y: -1, width: 1, height: 2 }, quality: qualityOf(40 + key) },
      { timeMs: null, box: { x: 0, y: 0, width: 1, height: 1 }, quality: qualityOf(52) },
      {
        timeMs: null,
        fromCover: true,
        box: { x: -1, y: 0, width: 2, height: 1 },
        quality: qualityOf(50 + key),
      },
      { timeMs: 62_500, box: { x: 1, y: 0, width: 1, height: 1 }, quality: qualityOf(60.5) },
    ],
    quality: 1,
    apartFrom: key === 0 ? [1] : [0],
  };
}

function qualityOf(sizePx: number) {
  return { overall: 1, sizePx, sharpness: 0.2, yaw: -12.25, roll: 3.5, detector: 0.6 };
}

export function crop(size: number): FaceCrop {
  return {
    jpeg: Uint8Array.from({ length: size }, (_, i) => (i * 31 + size) & 0xff),
    width: 224,
    height: 180,
    landmarks: [
      { x: 80.5, y: 70 },
      { x: 140, y: 71.25 },
      { x: 110, y: 100 },
      { x: 90, y: 130 },
      { x: 130, y: -3.5 },
    ],
  };
}

export function look(
  number: number,
  { packId = PACK, persons = 2, cropBytes = 500 } = {},
): ObservationWithCrops {
  return {
    observation: {
      contentId: contentId(number),
      media: 'video',
      sizeBytes: 5_000_000_000 + number,
      durationMs: 1_200_040.5,
      packId,
      samplingVersion: 1,
      frameCount: 126,
      persons: Array.from({ length: persons }, (_, key) => person(key, number * 100 + key * 10)),
      observedAt: 1_700_000_000_123,
    },
    crops: Array.from({ length: persons }, (_, key) => ({
      ...crop(cropBytes + key),
      personKey: key,
      rank: 0,
      timeMs: key === 0 ? 1_000 : null,
    })),
  };
}

export function offered(id: number, priority = 0, revision = 'a') {
  return { kind: 'scene', id: String(id), title: `Scene ${id}`, revision, priority } as const;
}

export function idsOf(items: readonly Pick<WorkItem, 'id'>[]): string[] {
  return items.map((item) => item.id);
}

export function performer(id: number, changes: Partial<StashPerformer> = {}): StashPerformer {
  return {
    id: String(id),
    name: `Performer ${id}`,
    disambiguation: '',
    aliases: [`Alias ${id}`],
    stashIds: [],
    imagePath: `/performer/${id}/image?t=1`,
    ...changes,
  };
}

export function reference(
  performerId: number,
  changes: Partial<StoredReference> = {},
): Omit<StoredReference, 'id'> {
  return {
    performerId: String(performerId),
    source: 'profile',
    sourceKey: 'profile',
    revision: 't=1',
    contentHash: `md5-${performerId}`,
    packId: PACK,
    state: 'used',
    embedding: embedding(performerId),
    quality: 0.75,
    crop: crop(300),
    ...changes,
  };
}

export function proposal(
  scene: number,
  performerId: number,
  changes: Partial<ProposalOf<'performer-seen'>> = {},
): ProposalOf<'performer-seen'> {
  return {
    kind: 'performer-seen',
    entity: { kind: 'scene', id: String(scene) },
    entityTitle: `Scene ${scene}`,
    target: { kind: 'performer', id: String(performerId) },
    targetName: `Performer ${performerId}`,
    severity: 'info',
    confidence: 0.9,
    payload: { seen: [{ contentId: contentId(scene), personKey: 0 }] },
    evidence: {
      timesMs: [1_000, 2_000],
      faceCount: 2,
      similarity: 0.61,
      margin: 0.2,
      referenceId: '1',
      alternatives: [{ performerId: '9', name: 'Nine', confidence: 0.1 }],
    },
    analyzer: 'faces',
    analyzerVersion: 1,
    ...changes,
  };
}

/** Performer 5 is to be put on a scene. */
export function plannedEntry(
  changes: Partial<JournalEntry> = {},
): Omit<JournalEntry, 'id' | 'state' | 'at' | 'undoneAt'> {
  const entity = changes.entity ?? { kind: 'scene', id: '1' };
  return {
    batchId: 'b',
    entity,
    entityTitle: 'Scene 1',
    changes: [{ op: 'add', entity, field: 'performers', values: ['5'] }],
    identity: { contents: [contentId(1)], name: 'Scene 1', disambiguation: '', stashIds: [] },
    summary: message('history.added', { name: 'Jane Doe' }),
    suggestionId: null,
    by: 'person',
    ...changes,
  };
}
