import type { Landmarks, Point } from './face.ts';
import { type Affine, applyAffine, invertAffine, similarityTransform } from './geometry.ts';

/** Side of an aligned crop, pixels. */
export const ALIGNED_SIDE = 112;

/** Positions of the five landmarks in an aligned crop, pixels: the template that ArcFace models are trained on. */
export const ALIGNED_LANDMARKS: Landmarks = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

export type Alignment = {
  /** From the aligned crop to the picture. */
  readonly toPicture: Affine;
  /** Pixels of the picture per pixel of the crop: above 1 the face is scaled down, below 1 up. */
  readonly scale: number;
  /** Root mean square distance of the landmarks from the template, in template pixels: large for what is no face. */
  readonly residual: number;
};

/** @returns null when all landmarks coincide */
export function alignFace(landmarks: Landmarks): Alignment | null {
  const toAligned = similarityTransform(landmarks, ALIGNED_LANDMARKS);
  const toPicture = toAligned && invertAffine(toAligned);
  if (!toAligned || !toPicture) return null;
  let sum = 0;
  landmarks.forEach((point, i) => {
    const mapped = applyAffine(toAligned, point);
    sum += squaredDistance(mapped, ALIGNED_LANDMARKS[i]!);
  });
  return {
    toPicture,
    scale: Math.hypot(toPicture.a, toPicture.c),
    residual: Math.sqrt(sum / landmarks.length),
  };
}

function squaredDistance(a: Point, b: Point): number {
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
}
