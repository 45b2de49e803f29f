import { ALIGNED_SIDE, type Alignment, alignFace } from '../../core/faces/alignment.ts';
import { vectorNorm } from '../../core/faces/embedding.ts';
import type { Landmarks, RgbImage } from '../../core/faces/face.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import { mirror, type Pyramid, warp } from '../images/resample.ts';
import { applyGamma, blur3x3 } from '../images/contrast.ts';
import type { Candidate, FaceEmbedder, LandmarkFinder } from './roles.ts';

/** Landmarks, alignment and embedding of one face. */
export type Reading = {
  readonly landmarks: Landmarks;
  readonly alignment: Alignment;
  readonly aligned: RgbImage;
  /** Of the crop alone; not of unit length. */
  readonly vector: Float32Array;
  /** Norm of `vector`: about 4 for a good face, 2 for no face or one that is upside down. */
  readonly embeddingNorm: number;
};

/** The models that read a face, and the norms that decide how. */
export type FaceReader = {
  /** Null when the detector finds the landmarks. */
  readonly landmarkFinder: LandmarkFinder | null;
  readonly embedder: FaceEmbedder;
  readonly reading: PackCalibration['reading'];
};

/** How much time a face is worth: the one reading as it stands, other rotations of a weak one, and these at higher norms too. */
export type Effort = 'quick' | 'plain' | 'exhaustive';

/** @returns null when the landmarks cannot be aligned */
export async function readFace(
  pyramid: Pyramid,
  { box, view, landmarks: detected }: Candidate,
  effort: Effort,
  { landmarkFinder, embedder, reading }: FaceReader,
): Promise<Reading | null> {
  let best = await read(view.degrees);
  const embeddingNorm = best?.embeddingNorm ?? 0;
  // Landmarks of the detector do not depend on the rotation.
  if (
    landmarkFinder !== null &&
    effort !== 'quick' &&
    embeddingNorm < reading.weakNormExhaustive &&
    (effort === 'exhaustive' ||
      (embeddingNorm < reading.weakNorm && Math.min(box.width, box.height) >= reading.minTurnedPx))
  )
    for (const turn of [90, -90, 180]) {
      const other = await read(view.degrees + turn);
      if (other && other.embeddingNorm > (best?.embeddingNorm ?? 0) + reading.turnedNormGain) best = other;
    }
  return best;

  async function read(degrees: number): Promise<Reading | null> {
    const landmarks = landmarkFinder === null ? detected : await landmarkFinder.find(pyramid, box, degrees);
    const alignment = landmarks && alignFace(landmarks);
    if (!alignment) return null;
    const aligned = alignedCrop(pyramid, alignment, reading.minLuma);
    const vector = await embedder.embed(aligned);
    return { landmarks, alignment, aligned, vector, embeddingNorm: vectorNorm(vector) };
  }
}

/**
Mean of the embeddings of the crop and of its mirror image. Below `strongNorm` the mirror image is blurred; below
`grainyNorm` the blurred crop is added. From `strongNorm` the mirror image hardly improves the embedding (mean
similarity 0.716 against 0.709) at twice the time, so only an exhaustive search uses it. A quick one uses the crop alone.
@returns a vector that is not of unit length
*/
export async function averageEmbeddings(
  { aligned, vector, embeddingNorm }: Reading,
  effort: Effort,
  { embedder, reading: { strongNorm, grainyNorm } }: Pick<FaceReader, 'embedder' | 'reading'>,
): Promise<Float32Array> {
  if (effort === 'quick') return vector;
  if (embeddingNorm >= strongNorm)
    return effort === 'exhaustive' ? mean([vector, await embedder.embed(mirror(aligned))]) : vector;
  const soft = blur3x3(blur3x3(aligned));
  const mirrored = await embedder.embed(mirror(soft));
  return mean(
    embeddingNorm < grainyNorm ? [vector, mirrored, await embedder.embed(soft)] : [vector, mirrored],
  );
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  return vectors[0]!.map((_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);
}

/** A face on the template, brightened where it is darker than `minLuma`. */
export function alignedCrop(
  pyramid: Pyramid,
  { toPicture }: Pick<Alignment, 'toPicture'>,
  minLuma: number,
): RgbImage {
  return applyGamma(warp(pyramid, toPicture, ALIGNED_SIDE, ALIGNED_SIDE), minLuma);
}
