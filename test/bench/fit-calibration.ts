/**
Fits `matching.logOdds` of the pack's calibration (models/catalog/catalog.json): `tsx test/bench/fit-calibration.ts LIBRARY [PHOTOGRAPHS]`.

LIBRARY is made by ../shared/dev-library/make.mjs; PHOTOGRAPHS holds a folder of pictures for each person, of which half
are references and half are looked for, as they are and spoilt: small, blurred, dark, for people who are seen well are
hardly ever mistaken and teach nothing. Each person seen is looked for in many galleries drawn from all people, with the
right one among them in half of them, and counts as one however many galleries those are.
*/
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { meanEmbedding, similarity } from '../../core/faces/embedding.ts';
import type { Embedding, Face } from '../../core/faces/face.ts';
import { selectReferenceFace } from '../../core/people/reference.ts';
import { createFfmpeg, developmentFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { observeVideo } from '../../tasks/observe/observe-media.ts';
import { openTestModels, testScratch } from '../fixtures/models.ts';
import { seeded } from '../fixtures/random.ts';
import { fitLogistic, type Trial } from './logistic-fit.ts';

type Reference = { readonly embedding: Embedding; readonly quality: number };
type Probe = {
  /** Null: nobody of the people at hand. */
  readonly name: string | null;
  readonly template: Embedding;
  /** Those it may be looked for among: whom a library calls a stranger the photographs may know. */
  readonly among: readonly string[];
};

/** ffmpeg's filters. The photographs are 250 pixels wide, their faces 110. */
const SPOILT = [
  'null',
  'scale=iw*0.4:-2',
  'scale=iw*0.25:-2,scale=iw*3:-2',
  'scale=iw*0.18:-2,scale=iw*4:-2',
  'scale=iw*0.14:-2,scale=iw*5:-2',
  'gblur=2',
  'gblur=3.5',
  'eq=brightness=-0.35:contrast=0.6,noise=alls=18:allf=t',
  'eq=brightness=-0.42:contrast=0.4,noise=alls=28:allf=t',
  'scale=iw*0.3:-2,noise=alls=40:allf=t,scale=iw*3:-2',
];

const [library, photographs] = process.argv.slice(2);
if (library === undefined || !existsSync(path.join(library, 'truth.json')))
  throw new Error('Name a folder made by ../shared/dev-library/make.mjs.');
const paths = developmentFfmpeg(import.meta.url)!;
const ffmpeg = createFfmpeg(paths.ffmpeg);
const models = openTestModels({ threads: 2, ffmpeg });
const [analyzer, frames, { codec }] = [await models.analyzer(), createVideoFrames(paths), models];

const people = new Map<string, Reference[]>();
const probes: Probe[] = [];
await readPeople(path.join(library, 'people'));
await readVideos(library, [...people.keys()]);
if (photographs !== undefined) await readPhotographs(photographs);
await models.close();
console.log(
  `${people.size} people, ${probes.length} persons looked for, ${probes.filter((probe) => probe.name !== null).length} of them known`,
);

const GALLERIES = 60;
const random = seeded(11);
const trials = probes.flatMap((probe) => trialsOf(probe));
const { coefficients, loss } = fitLogistic(trials);
console.log(
  `intercept, similarity: ${coefficients.map((coefficient) => coefficient.toFixed(2)).join(', ')}; log loss ${loss.toFixed(4)}`,
);
for (const size of [10, 100, 1000, 5000]) {
  const [a = 0, b = 0] = coefficients;
  const { matchConfidence } = analyzer.calibration.matching;
  const threshold = (Math.log(matchConfidence / (1 - matchConfidence)) + Math.log(size) - a) / b;
  console.log(`${size} people: a name from similarity ${threshold.toFixed(3)}`);
}

/** Confidence and rightness of the best candidate, the gallery's size as a fixed term: see core/matching/calibration.ts. */
function trialsOf(probe: Probe): Trial[] {
  const names = probe.among.filter((name) => name !== probe.name);
  const found: Trial[] = [];
  for (let n = 0; n < GALLERIES; n++) {
    const size = 1 + Math.floor(random() * Math.min(20, names.length));
    const drawn = shuffled(names).slice(0, size);
    const withRight = n % 2 === 0 && probe.name !== null;
    const gallery = withRight ? [probe.name, ...drawn.slice(0, -1)] : drawn;
    const rated = gallery
      .flatMap((name) => {
        const references = people.get(name)!;
        const centre = meanEmbedding(
          references.map((reference) => ({
            embedding: reference.embedding,
            weight: Math.max(0.05, reference.quality),
          })),
        );
        if (!centre) return [];
        const near = [centre, ...references.map((reference) => reference.embedding)].map((embedding) =>
          similarity(embedding, probe.template),
        );
        return [{ name, similarity: Math.max(...near) }];
      })
      .toSorted((a, b) => b.similarity - a.similarity);
    const [best] = rated;
    if (!best) continue;
    found.push({
      values: [1, best.similarity],
      offset: -Math.log(gallery.length),
      right: best.name === probe.name,
      weight: 1,
    });
  }
  return found.map((trial) => ({ ...trial, weight: 1 / found.length }));
}

async function readPeople(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const references: Reference[] = [];
    for (const picture of readdirSync(path.join(folder, name))) {
      const face = await faceOf(readFileSync(path.join(folder, name, picture)));
      if (face) references.push({ embedding: face.embedding, quality: face.quality.overall });
    }
    people.set(name, references);
  }
}

/** Of a person of both sources the photographs may be in the videos. */
async function readPhotographs(folder: string): Promise<void> {
  const fresh = readdirSync(folder).filter((name) => !people.has(name.replaceAll('_', ' ')));
  const among = [...people.keys(), ...fresh.map((name) => name.replaceAll('_', ' '))];
  for (const entry of fresh) {
    const name = entry.replaceAll('_', ' ');
    const pictures = readdirSync(path.join(folder, entry));
    const references: Reference[] = [];
    for (const [i, picture] of pictures.entries()) {
      const bytes = readFileSync(path.join(folder, entry, picture));
      if (i % 2 === 0) {
        const face = await faceOf(bytes);
        if (face) references.push({ embedding: face.embedding, quality: face.quality.overall });
        continue;
      }
      for (const filter of SPOILT) {
        const spoilt = await ffmpeg.run(
          ['-v', 'error', '-i', 'pipe:0', '-vf', filter, '-f', 'image2', '-c:v', 'png', 'pipe:1'],
          { input: bytes, maxBytes: 50e6, timeoutMs: 60_000 },
        );
        const face = await faceOf(spoilt);
        if (face) probes.push({ name, template: face.embedding, among });
      }
    }
    people.set(name, references);
  }
}

async function faceOf(bytes: Uint8Array): Promise<Face | null> {
  const image = await codec.decode(bytes, 1600);
  const faces = await analyzer.analyze(image, { exhaustive: true });
  return selectReferenceFace(faces, image, analyzer.calibration.references).face;
}

async function readVideos(folder: string, among: readonly string[]): Promise<void> {
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
        now: Date.now,
        scratch: testScratch,
        crop: () => Promise.resolve({ jpeg: new Uint8Array(), width: 0, height: 0, landmarks: [] } as never),
      },
      { contentId: 'oshash:0', path: path.join(folder, 'videos', file), sizeBytes: 1, cropsPerPerson: 1 },
    );
    const alike = (name: string, template: Embedding): number =>
      Math.max(-1, ...(people.get(name) ?? []).map((reference) => similarity(reference.embedding, template)));
    const free = [...observation.persons];
    // Each name is the person most like it; whoever is left is a stranger.
    for (const name of names) {
      free.sort((a, b) => alike(name, b.template) - alike(name, a.template));
      const person = free.shift();
      if (person)
        for (const template of [person.template, ...person.exemplars]) probes.push({ name, template, among });
    }
    for (const person of free)
      for (const template of [person.template, ...person.exemplars])
        probes.push({ name: null, template, among });
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, it]) => it);
}
