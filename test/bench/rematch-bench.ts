/** Matching again without reading a file: made people and made persons, the real store, the real search, the real decision. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SAMPLING_VERSION } from '../../core/faces/observation.ts';
import type { Log } from '../../core/ports/log.ts';
import { Settings } from '../../core/settings.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { openModels } from '../../models/open.ts';
import { withReferencePacks } from '../../plugin/gallery/with-reference-packs.ts';
import { openStore } from '../../plugin/store/store.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import type { Context } from '../../tasks/runs/task.ts';
import { aSlice } from '../fakes/slice.ts';
import { fillIdentified } from '../fakes/identified-library.ts';
import { testScratch } from '../fixtures/models.ts';
import { near, randomUnit, seeded } from '../fixtures/random.ts';
import { referencePacksIn } from '../fixtures/reference-packs.ts';
import { matchingVision, openBenchGallery } from '../fixtures/gallery.ts';

export type RematchTimes = {
  readonly scenes: number;
  readonly persons: number;
  readonly people: number;
  readonly references: number;
  readonly seconds: number;
  readonly index: string;
  /** One probe alone, and one of a batch of 64, milliseconds. */
  readonly searchOneMs: number;
  readonly searchBatchedMs: number;
};

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };

export async function measureRematch({
  root,
  engine,
  scenes = 10_000,
  people = 5000,
  packsOf,
}: {
  root: string;
  engine: 'native' | 'wasm';
  scenes?: number;
  people?: number;
  /** A data folder whose reference packs are searched too. */
  packsOf?: string;
}): Promise<RematchTimes> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-rematch-'));
  const store = await openStore({ folder });
  const models = openModels({
    pack: packInUse,
    weightFolders: [path.join(root, 'dist/stash-sense-faces')],
    runtimeFolders: [root],
    wasmFolder: path.join(root, 'dist/stash-sense/wasm'),
    threads: 2,
    ffmpeg: null,
    scratch: testScratch,
    log: quiet,
    env: {
      ...process.env,
      STASH_SENSE_ENGINE: engine,
      ...(engine === 'wasm' && { STASH_SENSE_PORTABLE: '1' }),
    },
  });
  try {
    const random = seeded(7);
    const centres = Array.from({ length: people }, () => randomUnit(packInUse.dimensions, random));
    const referencesEach = 3;
    for (let from = 0; from < people; from += 500)
      await store.transaction(async () => {
        for (let p = from; p < Math.min(people, from + 500); p++) {
          const id = String(p + 1);
          await store.people.putPerformer({
            id,
            name: `Performer ${id}`,
            disambiguation: '',
            aliases: [],
            stashIds: [],
            imagePath: null,
          });
          for (let r = 0; r < referencesEach; r++)
            await store.people.putReference({
              performerId: id,
              source: r === 0 ? 'profile' : 'image',
              sourceKey: r === 0 ? 'profile' : `image:${p}-${r}`,
              revision: '',
              contentHash: `${p}-${r}`,
              packId: packInUse.id,
              state: 'used',
              embedding: near(centres[p]!, 0.65, random),
              quality: 0.8,
              crop: null,
            });
        }
      });
    let persons = 0;
    for (let from = 0; from < scenes; from += 500)
      await store.transaction(async () => {
        for (let s = from; s < Math.min(scenes, from + 500); s++) {
          const contentId = `oshash:${s.toString(16).padStart(16, '0')}` as const;
          // Two in three persons are somebody known.
          const seen = Array.from({ length: 1 + (s % 3) }, (_, key) => {
            persons++;
            const known = random() < 2 / 3;
            const centre = known
              ? centres[Math.floor(random() * people)]!
              : randomUnit(packInUse.dimensions, random);
            const template = near(centre, 0.65, random);
            return {
              key,
              template,
              exemplars: [template, near(centre, 0.65, random)],
              faces: [
                {
                  timeMs: 1000,
                  box: { x: 0.4, y: 0.2, width: 0.1, height: 0.2 },
                  quality: { overall: 0.8, sizePx: 120, sharpness: 0.8, yaw: 0, roll: 0, detector: 0.9 },
                },
              ],
              quality: 0.8,
              apartFrom: [],
            };
          });
          await store.observations.put({
            observation: {
              contentId,
              media: 'video',
              sizeBytes: 1e9,
              durationMs: 1.2e6,
              packId: packInUse.id,
              samplingVersion: SAMPLING_VERSION,
              frameCount: 30,
              persons: seen,
              observedAt: 1_700_000_000_000,
            },
            crops: [],
          });
          await store.observations.link({ kind: 'scene', id: String(s + 1) }, `Scene ${s + 1}`, [contentId]);
        }
      });

    // Nobody is on a scene yet, as Stash would say of a library that was never tagged.
    const library = {
      item: () => Promise.resolve(null),
      entitiesAfter: () => Promise.resolve([]),
    } as unknown as Context['library'];
    const vision = matchingVision(models);
    const openPerformers = openBenchGallery(folder, store, models, quiet);
    const { packs } = referencePacksIn(packsOf ?? folder, { facePack: packInUse.id });
    const openGallery = withReferencePacks({
      openPerformers,
      packs,
      people: store.people,
      excludedStashIds: () => Promise.resolve([]),
      search: vision,
    });
    const context = {
      store,
      library,
      settings: Settings.parse({}),
      log: quiet,
      now: Date.now,
      vision,
      openGallery,
      referencePacks: packs,
    } as unknown as Context;
    const slice = aSlice();
    const began = performance.now();
    await rematchAll(context, slice);
    const seconds = (performance.now() - began) / 1000;

    const index = await models.createIndex(packInUse.dimensions);
    await index.add(centres);
    const probes = centres.slice(0, 64).map((centre) => near(centre, 0.65, random));
    await index.search(probes.slice(0, 1), 10);
    const oneBegan = performance.now();
    for (const probe of probes.slice(0, 20)) await index.search([probe], 10);
    const searchOneMs = (performance.now() - oneBegan) / 20;
    const batchBegan = performance.now();
    for (let n = 0; n < 5; n++) await index.search(probes, 10);
    const searchBatchedMs = (performance.now() - batchBegan) / 5 / 64;
    return {
      scenes,
      persons,
      people,
      references: people * referencesEach,
      seconds,
      index: index.name,
      searchOneMs,
      searchBatchedMs,
    };
  } finally {
    await models.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is asked of the identifications of 100 000 scenes: the median of several tries, milliseconds. */
export async function measureIdentifications(
  scenes = 100_000,
): Promise<{ question: string; ms: number; found: number }[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-identified-'));
  const store = await openStore({ folder });
  try {
    await fillIdentified(store, scenes);
    const { identifications } = store;
    const times = [];
    for (const [question, ask] of [
      ['seen, not tagged: all', () => identifications.seenNotTagged('1', null, scenes)],
      ['seen, not tagged: a page', () => identifications.seenNotTagged('1', null, 50)],
      ['the same unknown person', () => identifications.withUnknown({ kind: 'scene', id: '1' }, 1, scenes)],
    ] as const) {
      const tries: number[] = [];
      let found = 0;
      for (let n = 0; n < 9; n++) {
        const began = performance.now();
        ({ length: found } = await ask());
        tries.push(performance.now() - began);
      }
      times.push({ question, ms: tries.toSorted((a, b) => a - b)[4]!, found });
    }
    return times;
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
