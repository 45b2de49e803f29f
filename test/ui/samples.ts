/** Answers of the Node side to write tests with: whole and valid, each field changeable. */
import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import type { Output } from '../../core/contract/operations.ts';
import type { ReferencesView, ReferenceView } from '../../core/contract/people.ts';
import type { RunView } from '../../core/contract/runs.ts';
import type { AccelerationView } from '../../core/contract/setup.ts';
import { packView } from './pack-samples.ts';
import type { Status } from '../../core/contract/status.ts';
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import type { Library } from './scripted-stash.ts';
import { plain, message } from '../../core/messages/message.ts';

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
    alias_list: id === '3' ? ['Beatrix'] : [],
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
    lastFailure: null,
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

export function suggestion(
  change: Partial<SuggestionViewOf<'performer-seen'>> = {},
): SuggestionViewOf<'performer-seen'> {
  const entity = change.entity ?? { kind: 'scene' as const, id: '7' };
  const target = change.target ?? { kind: 'performer' as const, id: '1' };
  return {
    id: 's1',
    kind: 'performer-seen',
    key: `performer-seen:${entity.kind}:${entity.id}:${target.id}`,
    entity,
    entityTitle: 'A day out',
    target,
    targetName: 'Jane Doe',
    severity: 'info',
    confidence: 0.97,
    state: 'open',
    payload: { seen: [{ contentId: 'oshash:0011223344556677', personKey: 0 }] },
    evidence: {
      timesMs: [12_000, 63_500],
      faceCount: 12,
      similarity: 0.71,
      margin: 0.3,
      referenceId: 'r1',
      alternatives: [],
    },
    analyzer: 'faces',
    analyzerVersion: 1,
    createdAt: 1,
    updatedAt: 1,
    view: {
      crop: { url: PIXEL, timeMs: 12_000 },
      reference: { url: '/performer/1/image?t=1', source: 'profile' },
    },
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
    message: message('observe.isLookingAt', { title: 'A day out' }),
    step: message('runs.step.scan'),
    fraction: 0.25,
    jobId: null,
    wrote: null,
    wouldWrite: 0,
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
    vectorIndex: plain('usearch'),
    pack: { id: 'portable-1', license: 'MIT' },
    packs: [packView('portable-1', { state: 'used' }), packView('portable-2', { addedBytes: 10_667_852 })],
    checks: [{ id: 'weights', ok: true, message: plain('The weights are there.') }],
    people: { performers: 50, withReference: 42, references: { profile: 40, image: 12, confirmed: 3 } },
    scan: { pending: 375, done: 120, skipped: 4, failed: 1 },
    identify: { failed: 0 },
    suggestions: { open: 31, removed: 0 },
    data: {
      folder: '/config/stash-sense',
      databaseBytes: 4_200_000,
      cropBytes: 18_000_000,
      former: null,
      observations: 124,
    },
    runs: [],
    schedule: [],
    lastFailure: null,
    acceleration: acceleration(),
    ...change,
  };
}

export function acceleration(change: Partial<AccelerationView> = {}): AccelerationView {
  return {
    machine: 'Linux x64, glibc 2.36',
    channel: 'https://example.org/stash-sense/',
    artifacts: [],
    consent: null,
    choice: null,
    problems: [],
    ...change,
  };
}

/** With everything a machine with a graphics card could be told. */
export function fullAcceleration(change: Partial<AccelerationView> = {}): AccelerationView {
  return acceleration({
    artifacts: [
      {
        id: 'onnxruntime-node-linux-x64-1.30.0',
        kind: 'runtime',
        provides: 'onnxruntime-node',
        version: '1.30.0',
        sizeBytes: 21_000_000,
        licence: 'MIT',
        installed: false,
        gain: plain(
          'scenes 1.3 times as fast as without, finding faces 5 times (measured on Linux x64 with 2 cores)',
        ),
      },
      {
        id: 'sharp-linux-x64-0.35.5',
        kind: 'runtime',
        provides: 'sharp',
        version: '0.35.5',
        sizeBytes: 9_400_000,
        licence: 'Apache-2.0, LGPL-3.0-or-later',
        installed: true,
        gain: null,
      },
      {
        id: 'cuda-linux-x64',
        kind: 'cuda',
        provides: 'onnxruntime-node',
        version: '1.30.0',
        sizeBytes: 1_200_000_000,
        licence: 'MIT, NVIDIA EULA',
        installed: false,
        gain: null,
      },
    ],
    choice: {
      at: Date.now() - 3_600_000,
      engine: 'native',
      provider: 'cpu',
      modules: [
        {
          name: 'onnxruntime-node',
          ok: true,
          message: plain('onnxruntime-node loads and passes the self-test.'),
        },
        { name: 'sharp', ok: true, message: plain('sharp loads.') },
        {
          name: 'usearch',
          ok: false,
          message: plain('usearch wants glibc 2.38 and this machine has 2.36: exact search is used.'),
        },
      ],
      engines: [
        {
          engine: 'native',
          provider: 'cuda',
          ok: false,
          framesPerSecond: null,
          message: plain('No NVIDIA driver was found.'),
        },
        {
          engine: 'native',
          provider: 'cpu',
          ok: true,
          framesPerSecond: 18.25,
          message: plain('Passed the self-test.'),
        },
        {
          engine: 'wasm',
          provider: 'wasm',
          ok: true,
          framesPerSecond: 3.9,
          message: plain('Passed the self-test.'),
        },
      ],
    },
    ...change,
  });
}

export function dataInfo(change: Partial<Output<'data.info'>> = {}): Output<'data.info'> {
  return {
    folder: '/config/stash-sense',
    freeBytes: 210e9,
    kept: [
      { what: 'faces', count: 124, bytes: 17_400_000 },
      { what: 'people', count: 55, bytes: 1_900_000 },
      { what: 'decisions', count: 88, bytes: 120_000 },
      { what: 'journal', count: 31, bytes: 24_000 },
      { what: 'reference-packs', count: 1, bytes: 81_000_000 },
      { what: 'fetched', count: 212, bytes: 48_000_000 },
    ],
    movingTo: null,
    leftBehind: null,
    ...change,
  };
}

type Entry = Output<'journal.list'>['items'][number];

/** A page that holds the whole journal. */
export function journalOf(items: readonly Entry[]): Output<'journal.list'> {
  const batches = [...new Set(items.map(({ batchId }) => batchId))].map((batchId) => {
    const entries = items.filter((item) => item.batchId === batchId && item.state !== 'void');
    const inState = (state: Entry['state']): number => entries.filter((item) => item.state === state).length;
    return { batchId, total: entries.length, written: inState('written'), undone: inState('undone') };
  });
  return { total: items.length, items: [...items], batches, gone: [] };
}

export function entry(change: Partial<Entry> = {}): Entry {
  return {
    id: 'j1',
    batchId: 'b1',
    state: 'written',
    entity: { kind: 'scene', id: '7' },
    entityTitle: 'A day out',
    changes: [{ op: 'add', entity: { kind: 'scene', id: '7' }, field: 'performers', values: ['1'] }],
    identity: { contents: [], name: 'A day out', disambiguation: '', stashIds: [] },
    summary: message('history.added', { name: 'Jane Doe' }),
    suggestionId: 's1',
    by: 'person',
    at: Date.now() - 60_000,
    undoneAt: null,
    ...change,
  };
}

/** Of Jane: a profile picture, an image that shows somebody else, and a face that was confirmed in a scene. */
export function references(change: Partial<ReferencesView> = {}): ReferencesView {
  return {
    total: 3,
    items: [
      reference(),
      reference({
        id: '12',
        source: 'confirmed',
        quality: 0.6,
        url: PIXEL,
        entity: { kind: 'scene', id: '7' },
      }),
      reference({
        id: '13',
        source: 'image',
        state: 'outlier',
        url: null,
        entity: { kind: 'image', id: '5' },
      }),
    ],
    problem: null,
    ...change,
  };
}

export function reference(change: Partial<ReferenceView> = {}): ReferenceView {
  return {
    id: '11',
    source: 'profile',
    state: 'used',
    quality: 0.8,
    url: PIXEL,
    entity: null,
    offers: 'set-aside',
    ...change,
  };
}
