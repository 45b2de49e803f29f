/** A context with the real store, in a temporary folder that is deleted after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Fusion } from '../../core/packs/fusion.ts';
import type { TestContext } from 'node:test';
import type { Embedding } from '../../core/faces/face.ts';
import type { Observation, FaceCluster } from '../../core/faces/observation.ts';
import type { ReferencePacks } from '../../core/ports/reference-packs.ts';
import type { PerformerScrapers } from '../../core/ports/boxes/scrapers.ts';
import type { FingerprintSubmission, StashBoxes } from '../../core/ports/stash-box.ts';
import type { FormerData } from '../../core/ports/store.ts';
import type { Log } from '../../core/ports/log.ts';
import { EXCLUSION_SETTINGS, Settings } from '../../core/settings.ts';
import { createPackChannel } from '../../plugin/reference-packs/channel/pack-channel.ts';
import { createReferencePacks } from '../../plugin/reference-packs/reference-packs.ts';
import { readSettings } from '../../plugin/host/settings.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';
import type { Context, Limits, Acceleration, Vision } from '../../tasks/runs/task.ts';
import { completeContext, type MadeOfOthers } from '../../tasks/compose/complete.ts';
import { CALIBRATION } from '../fixtures/calibration.ts';
import { noScrapers, noStashBoxes } from './boxes/none.ts';
import type { MemoryStash } from './memory-stash.ts';
import { message } from '../../core/messages/message.ts';

export const PACK = 'test-1';

export const FAST: Limits = {
  // A test that runs one slice expects all of its work in it, also on a busy machine.
  sliceMs: 3_600_000,
  sliceMinimumMs: 0,
  leaseMs: 600,
  heartbeatMs: 60,
  queueCheckMs: 0,
};

export type FakeContext = Context & { readonly said: string[] };

export function tempFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function fakeContext(
  t: Pick<TestContext, 'after'>,
  stash: Pick<MemoryStash, 'library' | 'writer'> & Partial<Pick<MemoryStash, 'settings'>>,
  {
    folder = tempFolder(t),
    settings = {},
    limits = FAST,
    now = Date.now,
    sleep = async (ms) => await setTimeout(ms),
    vision = closedVision,
    acceleration = bareAcceleration,
    formerData = NO_FORMER_DATA,
    stashBoxes = noStashBoxes,
    scrapers = noScrapers,
    fingerprints = { submit: () => Promise.reject(new Error('gives no fingerprints')) },
    referencePacks,
    owner = createOwner(),
    fusions,
    startScheduler = null,
    besideStash = true,
  }: {
    folder?: string;
    settings?: Partial<Settings>;
    limits?: Limits;
    now?: () => number;
    sleep?: (ms: number) => Promise<void>;
    vision?: Vision;
    acceleration?: Acceleration;
    formerData?: FormerData;
    stashBoxes?: StashBoxes;
    scrapers?: PerformerScrapers;
    fingerprints?: FingerprintSubmission;
    referencePacks?: ReferencePacks;
    owner?: string;
    fusions?: ReadonlyMap<string, Fusion>;
    startScheduler?: Context['startScheduler'];
    besideStash?: boolean;
  } = {},
): Promise<FakeContext> {
  // They are read in Stash anew after a second, where a busy machine takes so long.
  for (const name of EXCLUSION_SETTINGS)
    if (settings[name] !== undefined) stash.settings = { [name]: settings[name], ...stash.settings };
  const store = await openStore({ folder, now, ...(fusions && { fusions }) });
  t.after(() => store.close());
  const said: string[] = [];
  const log = listeningLog(said);
  const parts: Omit<Context, MadeOfOthers> = {
    version: '0.0.0',
    owner,
    dataFolder: folder,
    formerData,
    settings: { ...Settings.parse({}), ...settings },
    settingsProblems: [],
    readSettings,
    log,
    now,
    sleep,
    store,
    library: stash.library,
    vision,
    acceleration,
    stashBoxes,
    scrapers,
    fingerprints,
    referencePacks:
      referencePacks ??
      createReferencePacks({
        dataFolder: folder,
        owner,
        version: '0.0.0',
        facePack: vision.packId,
        log,
        kept: { store, now },
      }),
    packChannel: createPackChannel({
      dataFolder: folder,
      owner,
      using: { facePack: vision.packId, version: '0.0.0' },
      store,
      log,
      setting: settings.packChannel ?? '',
      artifactsSetting: settings.channel ?? '',
      pluginDir: folder,
      options: { retryDelaysMs: [] },
    }),
    hashes: {
      oshash: () => Promise.reject(new Error('asked for a hash')),
      md5: () => Promise.reject(new Error('asked for a hash')),
      phash: () => Promise.reject(new Error('asked for a hash')),
      filmstrip: () => Promise.reject(new Error('asked for pictures')),
    },
    besideStash,
    limits,
    startScheduler,
  };
  return { ...completeContext(parts, stash.writer), said };
}

const NO_FORMER_DATA: FormerData = {
  find: () => null,
  settled: () => ({}),
  toSettle: () => null,
  remember: () => undefined,
};

/** For what must not open a model. */
export const closedVision: Vision = {
  packId: PACK,
  calibration: CALIBRATION,
  seenBy: { packId: PACK, calibration: CALIBRATION, dimensions: 8 },
  packs: () => Promise.resolve([{ id: PACK, license: 'MIT', adds: [], addedBytes: 0, problem: null }]),
  addedBy: () => Promise.resolve(null),
  open: () => Promise.reject(new Error('a model was opened')),
  openForPictures: () => Promise.reject(new Error('a model was opened')),
  createIndex: () => Promise.reject(new Error('an index was made')),
  createRowSearch: () => Promise.reject(new Error('an index was made')),
  createPlainRowSearch: () => {
    throw new Error('an index was made');
  },
  describe: () =>
    Promise.resolve({
      pack: { id: PACK, license: 'MIT' },
      weights: { ok: true, message: message('setup.check.weights', { pack: PACK }) },
      ffmpeg: { ok: true, message: message('setup.check.ffmpeg', { file: '/usr/bin/ffmpeg' }) },
    }),
  selfTest: () => Promise.reject(new Error('a model was opened')),
  close: () => Promise.resolve(),
};

/** A package without a channel. */
export const bareAcceleration: Acceleration = {
  state: () => Promise.resolve({ machine: 'a machine', channel: null, artifacts: [], problems: [] }),
  install: () => Promise.reject(new Error('an artifact was fetched')),
  sweep: () => Promise.resolve({ bytes: 0, kept: [] }),
  choice: () => Promise.resolve(null),
  tryOut: () => Promise.resolve({ choice: null, engines: [], failures: [] }),
};

function listeningLog(said: string[]): Log {
  const say =
    (level: string) =>
    (line: string): void =>
      void said.push(`${level} ${line}`);
  return {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    progress: () => undefined,
  };
}

/** A unit vector that points along axis `n`, turned a little towards `lean`. */
export function aVector(n: number, { lean = 0, towards = 7 } = {}): Embedding {
  const vector = new Float32Array(8);
  vector[n % 8] = Math.cos(lean);
  vector[towards] = (vector[towards] ?? 0) + Math.sin(lean);
  return vector as Embedding;
}

export function aPerson(key: number, overrides: Partial<FaceCluster> = {}): FaceCluster {
  const template = aVector(key);
  return {
    key,
    template,
    exemplars: [template],
    faces: [
      {
        timeMs: 1000 * (key + 1),
        box: { x: 0.1, y: 0.1, width: 0.2, height: 0.3 },
        quality: { overall: 0.8, sizePx: 120, sharpness: 0.8, yaw: 0, roll: 0, detector: 0.99 },
      },
    ],
    quality: 0.8,
    apartFrom: [],
    ...overrides,
  };
}

export function anObservation(n: number, overrides: Partial<Observation> = {}): Observation {
  return {
    contentId: `oshash:${n.toString(16).padStart(16, '0')}`,
    media: 'video',
    sizeBytes: 1000 + n,
    durationMs: 60_000,
    packId: PACK,
    samplingVersion: 1,
    frameCount: 30,
    persons: [aPerson(0)],
    observedAt: 1_700_000_000_000,
    ...overrides,
  };
}
