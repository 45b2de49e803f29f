/**
`tsx test/bench/choices/readings.ts GALLERY [PEOPLE]`: how a found face is best read: with its mirror image or without, and laid by
the points of the pack's landmark model or the five of YuNet. The first PEOPLE (700) of the development gallery with two usable
pictures are compared, one picture against one.
*/
import { readFileSync } from 'node:fs';
import { alignFace } from '../../../core/faces/alignment.ts';
import { similarity, toUnit, vectorNorm } from '../../../core/faces/embedding.ts';
import type { Embedding, Face, Landmarks, RgbImage } from '../../../core/faces/face.ts';
import { iou, scaleBox } from '../../../core/faces/geometry.ts';
import { faceQuality, headPose, measureSharpness } from '../../../core/faces/quality.ts';
import { createArcfaceEmbedder } from '../../../models/faces/embed/arcface-112.ts';
import { alignedCrop, averageEmbeddings, type Reading } from '../../../models/faces/reader.ts';
import { createPyramid, mirror } from '../../../models/images/resample.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { findReferenceFace } from '../../../tasks/observe/reference-face.ts';
import { openTestModels, weightFolder } from '../../fixtures/models.ts';
import { operatingPoint, percentile, thresholdAtFpir } from '../gallery/open-set.ts';
import { readDevGallery } from '../gallery/people.ts';
import { castPeople } from '../gallery/split.ts';
import { withYunet, YUNET_ADAPTERS, YUNET_FOLDER } from './yunet.ts';

type Read = { readonly embedding: Embedding; readonly quality: number };
const WAYS = ['as it is', 'never mirrored', 'always mirrored', 'points of YuNet'] as const;
type Reads = Readonly<Record<(typeof WAYS)[number], Read>>;
/** Around a face YuNet looks for its points, in sides of the face. */
const REGION = 3;
const LEAST_SCORE = 0.4;
const LEAST_OVERLAP = 0.3;

const [folder, count = '700'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a folder made by ../shared/dev-gallery/make.mjs.');
const { reading, quality } = packInUse.calibration;
const { curve, perMissingQuality, lowestQuality } = packInUse.calibration.matching.likelihood;
const models = openTestModels();
const yunetPack = withYunet(packInUse.id, 320, 'own');
const yunetModels = openTestModels({
  pack: yunetPack,
  adapters: YUNET_ADAPTERS,
  weightFolders: [YUNET_FOLDER, weightFolder],
});
const analyzer = await models.analyzer();
const embedder = createArcfaceEmbedder(
  await (await models.engine()).open(packInUse.embedder.id),
  packInUse.embedder,
);
const detector = YUNET_ADAPTERS.detectors[yunetPack.detector.adapter]!(
  await (await yunetModels.engine()).open(yunetPack.detector.id),
  yunetPack.detector,
);

const people: { reference: Reads; probe: Reads }[] = [];
for (const { references, probe } of castPeople(readDevGallery(folder))) {
  if (people.length === Number(count)) break;
  if (probe === null || references.length === 0) continue;
  const [one, other] = [await readAll(references[0]!), await readAll(probe)];
  if (one !== null && other !== null) people.push({ reference: one, probe: other });
  if (people.length % 50 === 49) console.error(`${people.length + 1} of ${count} people`);
}
for (const way of WAYS) report(way);
await models.close();
await yunetModels.close();

async function readAll(file: string): Promise<Reads | null> {
  const { check, image } = await findReferenceFace(
    { analyzer, codec: models.codec },
    readFileSync(file),
    analyzer.calibration.references,
  );
  if (check.face === null) return null;
  const { face } = check;
  const points = await pointsOfYunet(image, face);
  const own = await readingOf(image, face.landmarks);
  const other = points && (await readingOf(image, points));
  if (own === null || other === null) return null;
  const mirrored = await embedder.embed(mirror(own.aligned));
  return {
    'as it is': { embedding: face.embedding, quality: face.quality.overall },
    'never mirrored': { embedding: toUnit(own.vector)!, quality: face.quality.overall },
    'always mirrored': {
      embedding: toUnit(own.vector.map((value, i) => value + mirrored[i]!))!,
      quality: face.quality.overall,
    },
    'points of YuNet': {
      embedding: toUnit(await averageEmbeddings(other, 'plain', { embedder, reading }))!,
      quality: faceQuality(
        {
          sizePx: face.quality.sizePx,
          sharpness: measureSharpness(other.aligned),
          ...headPose(other.landmarks),
          detector: face.score,
        },
        other.embeddingNorm,
        quality,
      ).overall,
    },
  };
}

async function pointsOfYunet(image: RgbImage, face: Face): Promise<Landmarks | null> {
  const view = { region: scaleBox(face.box, REGION), degrees: 0, enhanced: false };
  const found = await detector.detect(createPyramid(image), view, LEAST_SCORE);
  const [best] = found
    .filter(({ box }) => iou(box, face.box) > LEAST_OVERLAP)
    .toSorted((a, b) => b.score - a.score);
  return best?.landmarks ?? null;
}

async function readingOf(image: RgbImage, landmarks: Landmarks): Promise<Reading | null> {
  const alignment = alignFace(landmarks);
  if (alignment === null) return null;
  const aligned = alignedCrop(createPyramid(image), alignment, reading.minLuma);
  const vector = await embedder.embed(aligned);
  return { landmarks, alignment, aligned, vector, embeddingNorm: vectorNorm(vector) };
}

/** By similarity and by what the quality of both pictures adds, in similarities. */
function report(way: (typeof WAYS)[number]): void {
  const [from, to] = [curve.at(-3)!, curve.at(-2)!];
  const perNat = (to[0] - from[0]) / (to[1] - from[1]);
  const scores = people.map(({ probe }) =>
    people.map(({ reference }) => {
      const [one, other] = [probe[way], reference[way]];
      const added =
        perMissingQuality.probe * missing(one.quality) + perMissingQuality.reference * missing(other.quality);
      return similarity(one.embedding, other.embedding) + perNat * added;
    }),
  );
  const strangers = Float64Array.from(scores.flatMap((row, n) => row.filter((_, m) => m !== n))).toSorted();
  const accepted = (rate: number): string => {
    const threshold = percentile(strangers, 1 - rate);
    return ((100 * scores.filter((row, n) => row[n]! > threshold).length) / people.length).toFixed(1);
  };
  // Each is looked for with and without the own reference.
  const trials = scores.flatMap((row, n) => {
    const others = Math.max(...row.filter((_, m) => m !== n));
    return [
      { isKnown: true, isRight: row[n]! > others, score: Math.max(row[n]!, others) },
      { isKnown: false, isRight: false, score: others },
    ];
  });
  const { share, low, high } = operatingPoint(trials, thresholdAtFpir(trials, 0.01)).tpir;
  const percents = [share, low, high].map((value) => (100 * value).toFixed(1));
  console.log(
    `${way}: ${people.length} people, TAR at 1e-4 ${accepted(1e-4)} %, at 1e-5 ${accepted(1e-5)} %; TPIR at 1 % FPIR ${percents[0]} % [${percents[1]}, ${percents[2]}]`,
  );
}

function missing(value: number): number {
  return 1 - Math.min(1, Math.max(lowestQuality, value));
}
