import { alignFace } from '../core/alignment.ts';
import { toUnit } from '../core/embedding.ts';
import type { Box, Face, RgbImage } from '../core/face.ts';
import { faceQuality, headPose, sharpnessOf } from '../core/face-quality.ts';
import { boxAround, scaleBox, suppressOverlaps } from '../core/geometry.ts';
import type { Engine, FaceAnalyzer } from '../core/ports.ts';
import type { PackSpec } from './catalog.ts';
import { type Candidate, createFrDetect, type FaceDetector } from './fr-detect.ts';
import { alignedCrop, createFrFeature } from './fr-feature.ts';
import { createFrLandmark, toFivePoints } from './fr-landmark.ts';
import { createPyramid, type Pyramid } from './pixels.ts';

export async function createFaceAnalyzer(engine: Engine, pack: PackSpec): Promise<FaceAnalyzer> {
  const detectorSession = await engine.open(pack.detector);
  const landmarkSession = await engine.open(pack.landmark);
  const embedderSession = await engine.open(pack.embedder);
  const detector = createFrDetect(detectorSession, 0.6);
  const landmarks = createFrLandmark(landmarkSession);
  const embedder = createFrFeature(embedderSession, true);

  return {
    packId: pack.id,
    dimensions: pack.dimensions,
    engine: `${engine.name} ${engine.provider}`,

    async analyze(image, options = {}) {
      if (image.width < 16 || image.height < 16) return [];
      const pyramid = createPyramid(image);
      const candidates = suppressOverlaps(
        await search(pyramid, options.thorough ?? false, detector),
        0.35,
        0.7,
      );
      const faces: Face[] = [];
      for (const candidate of candidates) {
        const face = await toFace(pyramid, candidate);
        if (face) faces.push(face);
      }
      return suppressOverlaps(faces, 0.35, 0.7).toSorted((one, other) => area(other.box) - area(one.box));
    },

    async close() {
      await detectorSession.close();
      await landmarkSession.close();
      await embedderSession.close();
    },
  };

  async function toFace(pyramid: Pyramid, { box, score, degrees }: Candidate): Promise<Face | null> {
    let points = await landmarks.find(pyramid, box, degrees);
    const first = headPose(toFivePoints(points));
    points = await landmarks.find(pyramid, scaleBox(boxAround(points), 1.1), first.roll);
    const five = toFivePoints(points);
    const alignment = alignFace(five);
    if (!alignment || alignment.residual > 12) return null;
    const aligned = alignedCrop(pyramid, alignment);
    const embedding = toUnit(await embedder.embed(aligned));
    if (!embedding) return null;
    return {
      box,
      score,
      landmarks: five,
      embedding,
      quality: faceQuality({
        sizePx: Math.min(box.width, box.height),
        sharpness: sharpnessOf(aligned),
        ...headPose(five),
        detector: score,
      }),
    };
  }
}

async function search(pyramid: Pyramid, thorough: boolean, detector: FaceDetector): Promise<Candidate[]> {
  const whole = { x: 0, y: 0, width: pyramid.image.width, height: pyramid.image.height };
  const found = await detector.detect(pyramid, whole);
  if (thorough) {
    for (const tile of tilesOf(pyramid.image)) found.push(...(await detector.detect(pyramid, tile)));
    for (const degrees of [-35, 35]) found.push(...(await detector.detect(pyramid, whole, degrees)));
  }
  return found;
}

/** 3 x 2 tiles of half the picture's sides, overlapping by a third. */
export function tilesOf({ width, height }: Pick<RgbImage, 'width' | 'height'>): Box[] {
  const tiles: Box[] = [];
  for (const y of [0, height * 0.5])
    for (const x of [0, width * 0.25, width * 0.5])
      tiles.push({ x, y, width: width / 2, height: height / 2 });
  return tiles;
}

function area(box: Box): number {
  return box.width * box.height;
}
