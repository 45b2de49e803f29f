import { type Alignment, alignFace } from '../core/alignment.ts';
import { lengthOf } from '../core/embedding.ts';
import type { Landmarks } from '../core/face.ts';
import { headPose } from '../core/face-quality.ts';
import { boxAround, squareBox } from '../core/geometry.ts';
import type { Candidate } from './fr-detect.ts';
import { alignedCrop, type FaceEmbedder } from './fr-feature.ts';
import { type LandmarkFinder, toFivePoints } from './fr-landmark.ts';
import { mirror, type Pyramid, soften } from './pixels.ts';
import type { RgbImage } from '../core/face.ts';

/** All that can be read from one face. */
export type Reading = {
  readonly landmarks: Landmarks;
  readonly alignment: Alignment;
  readonly aligned: RgbImage;
  /** Not of unit length. */
  readonly vector: Float32Array;
  /** Length of the vector before mirroring: about 4 for a good face, 2 for what is none or stands on its head. */
  readonly strength: number;
};

export const STRONG = 3.4;
const WEAK = 2.8;

/** `thorough`: tries the other ways up, and always reads the mirror image too. Null: no face can be laid on these points. */
export async function readFace(
  pyramid: Pyramid,
  { box, view }: Candidate,
  thorough: boolean,
  landmarkFinder: LandmarkFinder,
  embedder: FaceEmbedder,
): Promise<Reading | null> {
  let best = await read(view.degrees);
  if (thorough && (!best || best.strength < WEAK))
    for (const turn of [90, -90, 180]) {
      const other = await read(view.degrees + turn);
      if (other && other.strength > (best?.strength ?? 0) + 0.3) best = other;
    }
  if (!best || (!thorough && best.strength >= STRONG)) return best;
  const mirrored = mirror(best.strength < STRONG ? soften(best.aligned) : best.aligned);
  const other = await embedder.embed(mirrored);
  return { ...best, vector: best.vector.map((v, i) => (v + other[i]!) / 2) };

  async function read(degrees: number): Promise<Reading | null> {
    const landmarks = await findLandmarks(pyramid, box, degrees, landmarkFinder);
    const alignment = alignFace(landmarks);
    if (!alignment) return null;
    const aligned = alignedCrop(pyramid, alignment);
    const vector = await embedder.embed(aligned);
    return { landmarks, alignment, aligned, vector, strength: lengthOf(vector) };
  }
}

/**
Once on the box, then on the square around the points themselves, turned upright, until it stands still. The mean of two
sizes of the square: on blurred faces TAR at FAR 0.1 % 82 % against 80.6 % with one.
*/
async function findLandmarks(
  pyramid: Pyramid,
  box: Candidate['box'],
  degrees: number,
  finder: LandmarkFinder,
): Promise<Landmarks> {
  let points = await finder.find(pyramid, box, degrees);
  let turn = degrees;
  for (let round = 0; round < 3; round++) {
    const square = boxAround(points);
    const roll = headPose(toFivePoints(points)).roll;
    const [tight, loose] = [
      await finder.find(pyramid, squareBox(square, 1.2), roll),
      await finder.find(pyramid, squareBox(square, 1.4), roll),
    ];
    points = tight.map((it, i) => ({ x: (it.x + loose[i]!.x) / 2, y: (it.y + loose[i]!.y) / 2 }));
    if (Math.abs(roll - turn) < 10) break;
    turn = roll;
  }
  return toFivePoints(points);
}
