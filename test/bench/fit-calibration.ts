/**
Fits the constants of core/calibration.ts: `tsx test/bench/fit-calibration.ts LIBRARY [PHOTOGRAPHS]`.

LIBRARY is made by ../shared/dev-library/make.mjs; PHOTOGRAPHS holds a folder of pictures for each person. Each person
seen in a video or a picture is looked for in many galleries drawn from all people, with the right one among them in
half of them; each counts as one observation however many galleries it was looked for in.
*/
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { meanEmbedding, similarity } from '../../core/embedding.ts';
import type { Embedding } from '../../core/face.ts';
import { judgeReference } from '../../core/reference.ts';
import { createFfmpeg, developmentFfmpeg } from '../../plugin/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/video-frames.ts';
import { observeVideo } from '../../tasks/observe.ts';
import { openTestModels } from '../fixtures/models.ts';
import { fitLogistic, type Trial } from './logistic-fit.ts';

type Reference = { readonly file: string; readonly embedding: Embedding; readonly quality: number };
type Probe = {
  /** Null: nobody of the people at hand. */
  readonly name: string | null;
  readonly template: Embedding;
  readonly quality: number;
  /** A picture is no reference for itself. */
  readonly file: string;
};

const [library, photographs] = process.argv.slice(2);
if (library === undefined || !existsSync(path.join(library, 'truth.json')))
  throw new Error('Name a folder made by ../shared/dev-library/make.mjs.');
const paths = developmentFfmpeg(import.meta.url)!;
const models = openTestModels({ threads: 2, ffmpeg: createFfmpeg(paths.ffmpeg) });
const [analyzer, frames, { codec }] = [await models.analyzer(), createVideoFrames(paths), models];

const people = new Map<string, Reference[]>();
const probes: Probe[] = [];
await readPeople(path.join(library, 'people'), false);
if (photographs !== undefined) await readPeople(photographs, true);
await readVideos(library);
await models.close();
console.log(
  `${people.size} people, ${probes.length} persons looked for, ${probes.filter((it) => it.name !== null).length} of them known`,
);

const GALLERIES = 60;
const random = seeded(11);
const trials = probes.flatMap((probe) => trialsOf(probe));
const { coefficients, loss } = fitLogistic(trials);
console.log(
  `intercept, similarity, margin: ${coefficients.map((it) => it.toFixed(2)).join(', ')}; log loss ${loss.toFixed(4)}`,
);
for (const size of [10, 100, 1000, 5000]) {
  const [a = 0, b = 0, c = 0] = coefficients;
  const bar = (Math.log(0.9 / 0.1) + Math.log(size) - a - c * 0.2) / b;
  console.log(`${size} people, margin 0.2: confidence 0.9 from similarity ${bar.toFixed(3)}`);
}

/** Confidence and rightness of the best candidate, the gallery's size as a fixed term: see core/calibration.ts. */
function trialsOf(probe: Probe): Trial[] {
  const names = [...people.keys()].filter((it) => it !== probe.name);
  const found: Trial[] = [];
  for (let n = 0; n < GALLERIES; n++) {
    const size = 1 + Math.floor(random() * Math.min(20, names.length));
    const drawn = shuffled(names).slice(0, size);
    const withRight = n % 2 === 0 && probe.name !== null;
    const gallery = withRight ? [probe.name, ...drawn.slice(0, -1)] : drawn;
    const rated = gallery
      .flatMap((name) => {
        const references = people.get(name)!.filter((it) => it.file !== probe.file);
        const centre = meanEmbedding(
          references.map((it) => ({ embedding: it.embedding, weight: Math.max(0.05, it.quality) })),
        );
        if (!centre) return [];
        const near = [centre, ...references.map((it) => it.embedding)].map((it) =>
          similarity(it, probe.template),
        );
        return [{ name, similarity: Math.max(...near) }];
      })
      .toSorted((one, other) => other.similarity - one.similarity);
    const [best, next] = rated;
    if (!best) continue;
    const margin = Math.min(0.4, next ? best.similarity - next.similarity : 1);
    found.push({
      values: [1, best.similarity, margin],
      offset: -Math.log(gallery.length),
      right: best.name === probe.name,
      weight: 1,
    });
  }
  return found.map((it) => ({ ...it, weight: 1 / found.length }));
}

async function readPeople(folder: string, areProbesToo: boolean): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const name = entry.name.replaceAll('_', ' ');
    // Of a person of both sources the photographs may be in the videos.
    if (people.has(name)) continue;
    const added: Reference[] = [];
    for (const picture of readdirSync(path.join(folder, entry.name))) {
      const file = path.join(folder, entry.name, picture);
      const image = await codec.decode(readFileSync(file), 1600);
      const { face } = judgeReference(await analyzer.analyze(image, { thorough: true }));
      if (face) added.push({ file, embedding: face.embedding, quality: face.quality.overall });
    }
    people.set(name, areProbesToo ? added.slice(0, Math.ceil(added.length / 2)) : added);
    if (areProbesToo)
      for (const { file, embedding, quality } of added.slice(Math.ceil(added.length / 2)))
        probes.push({ name, template: embedding, quality, file });
  }
}

async function readVideos(folder: string): Promise<void> {
  const truth = JSON.parse(readFileSync(path.join(folder, 'truth.json'), 'utf8')) as Record<
    string,
    { names: string[]; unknown: number }
  >;
  for (const [file, { names }] of Object.entries(truth)) {
    const { observation } = await observeVideo(
      {
        analyzer,
        codec,
        frames,
        crop: () => Promise.resolve({ jpeg: new Uint8Array(), width: 0, height: 0, landmarks: [] } as never),
      },
      { contentId: 'oshash:0', path: path.join(folder, 'videos', file), sizeBytes: 1, cropsPerPerson: 1 },
    );
    const alike = (name: string, template: Embedding): number =>
      Math.max(-1, ...(people.get(name) ?? []).map((it) => similarity(it.embedding, template)));
    const free = [...observation.persons];
    // Each name is the person most like it; whoever is left is a stranger.
    for (const name of names) {
      free.sort((one, other) => alike(name, other.template) - alike(name, one.template));
      const person = free.shift();
      if (person) probes.push({ name, template: person.template, quality: person.quality, file });
    }
    for (const person of free)
      probes.push({ name: null, template: person.template, quality: person.quality, file });
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((it) => [random(), it] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, it]) => it);
}

/** Mulberry32: the same galleries each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
