/** Answers of the Node side to write tests with: whole and valid, each field changeable. */
import type {
  CandidateView,
  FacesView,
  Output,
  PersonView,
  RunView,
  RuntimeView,
  Status,
  SuggestionView,
} from '../../core/contract.ts';
import type { Library } from './scripted-stash.ts';

/** A grey pixel. */
export const PIXEL =
  'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=';

export function library(): Library {
  const performers = [
    ['1', 'Jane Doe'],
    ['2', 'Ann Example'],
    ['3', 'Bea Sample'],
    ['4', 'Cleo Test'],
  ].map(([id = '', name = '']) => ({
    id,
    name,
    disambiguation: '',
    image_path: `/performer/${id}/image?t=1`,
  }));
  return {
    performers,
    scenes: [
      { id: '7', title: 'A day out', performers: [] },
      { id: '8', title: '', performers: [] },
    ],
    images: [{ id: '5', title: 'On the beach', performers: [] }],
    galleries: [
      { id: '6', title: 'Holidays', performers: [] },
      { id: '7', title: '', performers: [] },
    ],
  };
}

export function candidate(change: Partial<CandidateView> = {}): CandidateView {
  return {
    performerId: '1',
    name: 'Jane Doe',
    confidence: 0.97,
    similarity: 0.71,
    reference: { url: '/performer/1/image?t=1', source: 'profile' },
    ...change,
  };
}

/** A match that can be added. */
export function person(change: Partial<PersonView> = {}): PersonView {
  return {
    key: 0,
    decision: 'match',
    performerId: '1',
    name: 'Jane Doe',
    confidence: 0.97,
    margin: 0.3,
    faceCount: 12,
    timesMs: [12_000, 63_500, 245_000],
    crops: [
      { url: PIXEL, timeMs: 12_000 },
      { url: PIXEL, timeMs: 63_500 },
    ],
    candidates: [candidate()],
    suggestion: { id: 's1', state: 'open' },
    journalId: null,
    present: false,
    ...change,
  };
}

export function ambiguous(change: Partial<PersonView> = {}): PersonView {
  return person({
    key: 1,
    decision: 'ambiguous',
    performerId: null,
    name: null,
    confidence: 0.55,
    suggestion: null,
    candidates: [
      candidate({ performerId: '2', name: 'Ann Example', confidence: 0.55 }),
      candidate({ performerId: '3', name: 'Bea Sample', confidence: 0.4 }),
    ],
    ...change,
  });
}

export function unknown(change: Partial<PersonView> = {}): PersonView {
  return person({
    key: 2,
    decision: 'unknown',
    performerId: null,
    name: null,
    confidence: 0.1,
    suggestion: null,
    candidates: [],
    ...change,
  });
}

export function faces(change: Partial<FacesView> = {}): FacesView {
  return {
    state: 'done',
    progress: null,
    problem: null,
    observedAt: Date.now() - 300_000,
    frameCount: 126,
    persons: [],
    peopleCount: 42,
    ...change,
  };
}

export function never(change: Partial<FacesView> = {}): FacesView {
  return faces({ state: 'never', observedAt: null, frameCount: 0, ...change });
}

export function suggestion(change: Partial<SuggestionView> = {}): SuggestionView {
  const subject = change.subject ?? { kind: 'scene' as const, id: '7' };
  const performerId = change.performerId ?? '1';
  return {
    id: 's1',
    kind: 'performer-seen',
    key: `performer-seen:${subject.kind}:${subject.id}:${performerId}`,
    subject,
    subjectTitle: 'A day out',
    performerId,
    performerName: 'Jane Doe',
    confidence: 0.97,
    state: 'open',
    evidence: {
      seen: [{ contentId: 'oshash:0011223344556677', personKey: 0 }],
      timesMs: [12_000, 63_500],
      faceCount: 12,
      similarity: 0.71,
      margin: 0.3,
      referenceId: 'r1',
      alternatives: [],
    },
    analyzer: 'faces@1',
    createdAt: 1,
    updatedAt: 1,
    crop: { url: PIXEL, timeMs: 12_000 },
    reference: { url: '/performer/1/image?t=1', source: 'profile' },
    href: '/scenes/7',
    ...change,
  };
}

export function run(change: Partial<RunView> = {}): RunView {
  return {
    id: 'r1',
    task: 'scan',
    state: 'running',
    phase: 'working',
    startedAt: Date.now() - 600_000,
    endedAt: null,
    done: 120,
    skipped: 4,
    failed: 1,
    total: 500,
    itemsPerHour: 720,
    secondsLeft: 1875,
    message: 'Looking at A day out',
    ...change,
  };
}

export function status(change: Partial<Status> = {}): Status {
  return {
    version: '0.1.0',
    node: 'v24.0.0',
    stash: 'v0.30.1',
    engine: 'native cpu',
    imageCodec: 'sharp',
    vectorIndex: 'usearch',
    pack: { id: 'portable-1', license: 'MIT' },
    checks: [{ id: 'weights', ok: true, message: 'The weights are there.' }],
    people: { performers: 50, withReference: 42, references: { profile: 40, image: 12, confirmed: 3 } },
    scan: { pending: 375, done: 120, skipped: 4, failed: 1 },
    suggestions: { open: 31 },
    data: {
      folder: '/config/stash-sense',
      databaseBytes: 4_200_000,
      cropBytes: 18_000_000,
      observations: 124,
    },
    runs: [],
    schedule: { expression: '', nextAt: null, due: false },
    lastFailure: null,
    runtime: runtime(),
    ...change,
  };
}

export function runtime(change: Partial<RuntimeView> = {}): RuntimeView {
  return {
    machine: 'Linux x64, glibc 2.36',
    channel: 'https://example.org/stash-sense/',
    parts: [],
    consent: null,
    choice: null,
    problems: [],
    ...change,
  };
}

type Entry = Output<'journal.list'>['items'][number];

export function entry(change: Partial<Entry> = {}): Entry {
  return {
    id: 'j1',
    batchId: 'b1',
    state: 'written',
    subject: { kind: 'scene', id: '7' },
    subjectTitle: 'A day out',
    added: { performerIds: ['1'], tagIds: [] },
    removed: { performerIds: [], tagIds: [] },
    before: { performerIds: [], tagIds: [] },
    summary: 'added Jane Doe',
    suggestionId: 's1',
    by: 'person',
    at: Date.now() - 60_000,
    undoneAt: null,
    ...change,
  };
}
