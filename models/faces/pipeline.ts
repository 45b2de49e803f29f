import { toUnit } from '../../core/faces/embedding.ts';
import { type Box, type FoundFace, type RgbImage, withEmbedding } from '../../core/faces/face.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import { faceQuality, headPose, measureSharpness } from '../../core/faces/quality.ts';
import { nonMaxSuppression } from '../../core/faces/geometry.ts';
import type { AnalyzeOptions, Engine, FaceAnalyzer, Session } from '../../core/ports/vision.ts';
import { engineLabel } from '../../core/setup/engine-label.ts';
import type { FacePack, ModelSpec } from '../catalog/catalog.ts';
import { ADAPTERS, adapterOf } from './adapters.ts';
import { averageEmbeddings, type Reading, readFace } from './reader.ts';
import { searchFaces } from './search.ts';
import type { Adapters, Candidate } from './roles.ts';
import { pyramidOf } from '../images/resample.ts';

/** @throws RangeError when the pack cannot be put together from these adapters */
export async function createFaceAnalyzer(
  engine: Engine,
  pack: FacePack,
  adapters: Adapters = ADAPTERS,
  running: { readonly oneThread?: boolean } = {},
): Promise<FaceAnalyzer> {
  const { id: packId, dimensions, calibration } = pack.seenBy;
  const { detection, face, reading, quality } = calibration;
  const adapt = {
    detector: adapterOf(adapters.detectors, pack.detector),
    landmarks: pack.landmarks && adapterOf(adapters.landmarks, pack.landmarks),
    embedder: adapterOf(adapters.embedders, pack.embedder),
  };
  const sessions: Session[] = [];
  const open = async (spec: ModelSpec): Promise<Session> => {
    const session = await engine.open(spec.id, running);
    sessions.push(session);
    return session;
  };
  const detector = adapt.detector(await open(pack.detector), pack.detector);
  const landmarkFinder =
    pack.landmarks && adapt.landmarks ? adapt.landmarks(await open(pack.landmarks), pack.landmarks) : null;
  const embedder = adapt.embedder(await open(pack.embedder), pack.embedder);
  if (landmarkFinder === null && !detector.findsLandmarks)
    throw new RangeError(
      `The pack ${pack.id} names no model for landmarks, and its detector ${pack.detector.id} finds none.`,
    );
  const find = async (
    image: RgbImage,
    { exhaustive = false, quick = false }: AnalyzeOptions = {},
  ): Promise<FoundFace[]> => {
    if (image.width < 16 || image.height < 16) return [];
    const effort = exhaustive ? 'exhaustive' : quick ? 'quick' : 'plain';
    const pyramid = pyramidOf(image);
    const readings = new Map<Candidate, Reading | null>();
    const readOnce = async (candidate: Candidate): Promise<Reading | null> => {
      const known = readings.get(candidate);
      if (known !== undefined) return known;
      const found = await readFace(pyramid, candidate, effort, { landmarkFinder, embedder, reading });
      readings.set(candidate, found);
      return found;
    };
    // A lens of glasses or a pattern does not reach the norm of a clear face.
    const isClear = async (candidate: Candidate): Promise<boolean> =>
      ((await readOnce(candidate))?.embeddingNorm ?? 0) >= reading.strongNorm;
    const read: Read[] = [];
    for (const candidate of await searchFaces(pyramid, exhaustive, detector, detection, isClear)) {
      const found = await readOnce(candidate);
      if (found && isFace(candidate, found, face))
        read.push({ box: candidate.box, score: found.embeddingNorm, candidate, reading: found });
    }
    // Of two overlapping faces the one with the higher norm: the detector also returns chins and ears.
    return nonMaxSuppression(read, 0.3, 0.6)
      .map((found) => ({
        ...toDetected(found, quality),
        embed: async () => toUnit(await averageEmbeddings(found.reading, effort, { embedder, reading }))!,
      }))
      .toSorted((a, b) => area(b.box) - area(a.box));
  };

  return {
    packId,
    dimensions,
    calibration,
    engine: engineLabel(engine),
    find,

    async analyze(image, options) {
      const faces = [];
      for (const found of await find(image, options)) faces.push(await withEmbedding(found));
      return faces;
    },

    async close() {
      for (const session of sessions) await session.close();
    },
  };
}

type Read = {
  readonly box: Box;
  readonly score: number;
  readonly candidate: Candidate;
  readonly reading: Reading;
};

function isFace(
  { score }: Candidate,
  { embeddingNorm, alignment }: Reading,
  { clearNorm, minNorm, minNormScore, maxResidual }: PackCalibration['face'],
): boolean {
  return (
    embeddingNorm >= minNorm &&
    (embeddingNorm >= clearNorm || score >= minNormScore) &&
    alignment.residual < maxResidual
  );
}

function toDetected(
  { candidate: { box, score }, reading }: Read,
  quality: PackCalibration['quality'],
): Omit<FoundFace, 'embed'> {
  return {
    box,
    score,
    landmarks: reading.landmarks,
    quality: faceQuality(
      {
        sizePx: Math.min(box.width, box.height),
        sharpness: measureSharpness(reading.aligned),
        ...headPose(reading.landmarks),
        detector: score,
      },
      reading.embeddingNorm,
      quality,
    ),
  };
}

function area(box: Box): number {
  return box.width * box.height;
}
