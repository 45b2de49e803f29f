/** Long work of one kind in a process of its own; prints how long it took and the largest gap of the event loop in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { clusterFaces, type SeenFace } from '../../core/faces/cluster.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import type { Log } from '../../core/ports/log.ts';
import { Settings } from '../../core/settings.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { openModels } from '../../models/open.ts';
import { openStore } from '../../plugin/store/store.ts';
import { findGalleryDiff, saveGallerySnapshot } from '../../tasks/matching/gallery-diff.ts';
import { openRecognizer } from '../../tasks/matching/recognizer.ts';
import type { Context } from '../../tasks/runs/task.ts';
import { fillPeople, matchingVision, openBenchGallery } from '../fixtures/gallery.ts';
import { testScratch } from '../fixtures/models.ts';
import { near, randomUnit, seeded } from '../fixtures/random.ts';

export type Stretch = {
  readonly seconds: number;
  /** Between two turns of the event loop, on the clock: with other processes on the machine it says more about those. */
  readonly largestGapMs: number;
  /** The same in processor time of the main thread. */
  readonly largestCpuMs: number;
  readonly note: string;
};

const random = seeded(11);
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const [kind = '', engine = 'native', amount = ''] = process.argv.slice(2);
const KINDS: Readonly<Record<string, (count: number) => Promise<Stretch>>> = {
  faces: groupFaces,
  index: fillIndex,
  people: openPeople,
  gallery: searchGallery,
};
console.log(JSON.stringify(await KINDS[kind]!(Number(amount))));

async function measured(work: () => Promise<string>): Promise<Stretch> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const watch = watchMainThread();
  const began = performance.now();
  const note = await work();
  const seconds = (performance.now() - began) / 1000;
  // The last stretch is seen at the next turn.
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  delay.disable();
  return { seconds, largestGapMs: delay.max / 1e6, largestCpuMs: watch.stop(), note };
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function watchMainThread(): { stop(): number } {
  let before = usedMs();
  let largest = 0;
  const look = (): void => {
    const now = usedMs();
    largest = Math.max(largest, now - before);
    before = now;
  };
  const timer = setInterval(look, 2);
  return {
    stop() {
      look();
      clearInterval(timer);
      return largest;
    },
  };
}

/** Here `engine` is how many people there are; 33 faces in a frame. */
function groupFaces(count: number): Promise<Stretch> {
  const people = Number(engine);
  const centres = Array.from({ length: people }, () => randomUnit(packInUse.dimensions, random));
  const seen = Array.from({ length: count }, (_, n): SeenFace => {
    const frame = Math.floor(n / 33);
    return {
      frame,
      timeMs: frame * 10_000,
      width: 1920,
      height: 1080,
      face: {
        box: { x: (n % 33) * 50, y: 100, width: 40, height: 50 },
        score: 0.9,
        landmarks: Array.from({ length: 5 }, () => ({
          x: 0,
          y: 0,
        })) as unknown as SeenFace['face']['landmarks'],
        embedding: near(centres[(n + frame) % people]!, 0.65, random),
        quality: {
          overall: 0.3 + 0.6 * random(),
          sizePx: 40,
          sharpness: 0.5,
          yaw: 0,
          roll: 0,
          detector: 0.9,
        },
      },
    };
  });
  return measured(
    async () => `${(await clusterFaces(seen, packInUse.calibration.clustering)).length} persons`,
  );
}

function openOn(folder: string) {
  return openModels({
    pack: packInUse,
    weightFolders: ['dist/stash-sense-faces'],
    runtimeFolders: [process.cwd()],
    wasmFolder: path.resolve('dist/stash-sense/wasm'),
    threads: 2,
    ffmpeg: null,
    scratch: testScratch,
    log: quiet,
    env: {
      STASH_SENSE_ENGINE: engine,
      ...(engine === 'wasm' && { STASH_SENSE_PORTABLE: '1' }),
      HOME: folder,
    },
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-stretch-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows are added, and 200 probes are searched. */
function fillIndex(count: number): Promise<Stretch> {
  return inFolder(async (folder) => {
    const models = openOn(folder);
    const rows = Array.from({ length: count }, () => randomUnit(packInUse.dimensions, random));
    const probes = rows.slice(0, 200).map((row) => near(row, 0.65, random));
    const stretch = await measured(async () => {
      const index = await models.createIndex(packInUse.dimensions);
      await index.add(rows);
      const found = await index.search(probes, 16);
      const right = found.filter(([best], n) => best?.row === n).length;
      return `${index.name}, ${right} of ${probes.length} found`;
    });
    await models.close();
    return stretch;
  });
}

/** People with one reference each are read, compared with those of the last match, searched by 500 persons, and kept. */
function openPeople(count: number): Promise<Stretch> {
  return inFolder(async (folder) => {
    const store = await openStore({ folder });
    const models = openOn(folder);
    const centres = Array.from({ length: count }, () => randomUnit(packInUse.dimensions, random));
    await fillPeople(path.join(folder, 'stash-sense.sqlite'), centres);
    const context = {
      store,
      settings: Settings.parse({}),
      vision: matchingVision(models),
      openGallery: openBenchGallery(folder, store, models, quiet),
      referencePacks: { revision: () => Promise.resolve('') },
    } as unknown as Context;
    const seen = Array.from({ length: 500 }, (_, n) => {
      const template = near(centres[n % count]!, 0.65, random);
      const person: FaceCluster = {
        key: 0,
        template,
        exemplars: [template],
        faces: [],
        quality: 0.8,
        apartFrom: [],
      };
      return [{ key: 0, contentId: `md5:${String(n).padStart(32, '0')}` as const, person }];
    });
    const stretch = await measured(async () => {
      const recognizer = await openRecognizer(context);
      const identified = await recognizer.identify(seen);
      await saveGallerySnapshot(context, recognizer.gallery, recognizer.matcherVersion);
      await findGalleryDiff(context, recognizer.gallery, recognizer.matcherVersion);
      const right = identified.filter(
        ({ persons: [it] }, n) => it?.candidates[0]?.personId === `stash:${(n % count) + 1}`,
      );
      return `${right.length} of ${seen.length} right`;
    });
    await models.close();
    await store.close();
    return stretch;
  });
}

/**
The file of the gallery is made, then opened as the next process does, and searched: in JavaScript for few probes with the
twins, else by usearch or the engine. The memory is what the process takes more once it is open.
*/
function searchGallery(count: number): Promise<Stretch> {
  return inFolder(async (folder) => {
    const store = await openStore({ folder });
    const models = openOn(folder);
    const centres = Array.from({ length: count }, () => randomUnit(packInUse.dimensions, random));
    await fillPeople(path.join(folder, 'stash-sense.sqlite'), centres);
    const probes = Array.from({ length: 400 }, (_, n) => near(centres[(n * 97) % count]!, 0.65, random));
    centres.length = 0;
    return await measured(async () => {
      await openBenchGallery(folder, store, models, quiet)('few probes');
      const before = process.memoryUsage.rss();
      const began = performance.now();
      const open = openBenchGallery(folder, store, models, quiet);
      const few = await open('few probes');
      const openedMs = performance.now() - began;
      const megabytes = (process.memoryUsage.rss() - before) / 1e6;
      const fewMs = await eachMs(probes.slice(0, 20), (probe) => few.search([probe], 24));
      const many = await open('many probes');
      const manyMs = (await eachMs([probes], (all) => many.search(all, 24))) / probes.length;
      const oneMs = await eachMs(probes.slice(0, 20), (probe) => many.search([probe], 24));
      await models.close();
      await store.close();
      const searched = `${fewMs.toFixed(1)} of few, ${oneMs.toFixed(1)} of many one by one, ${manyMs.toFixed(1)} of 400 at once`;
      return `opened in ${openedMs.toFixed(0)} ms with ${megabytes.toFixed(0)} MB, ms a probe: ${searched}`;
    });
  });
}

async function eachMs<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (const one of all) await work(one);
  return (performance.now() - began) / all.length;
}
