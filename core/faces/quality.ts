import { lumaAt } from './luma.ts';
import type { FaceQuality, Landmarks, RgbImage } from './face.ts';
import type { PackCalibration } from './pack-calibration.ts';

/** Yaw and roll in degrees, from the five landmarks: the nose tip of a turned head is off the midline. */
export function headPose(landmarks: Landmarks): { yaw: number; roll: number } {
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = landmarks;
  const across = { x: rightEye.x - leftEye.x, y: rightEye.y - leftEye.y };
  const roll = (Math.atan2(across.y, across.x) * 180) / Math.PI;
  // Rotated so that the eyes are level: horizontal distance of the nose tip from the midline between eyes and mouth.
  const cos = Math.cos((-roll * Math.PI) / 180);
  const sin = Math.sin((-roll * Math.PI) / 180);
  const middleX = (leftEye.x + rightEye.x + mouthLeft.x + mouthRight.x) / 4;
  const middleY = (leftEye.y + rightEye.y + mouthLeft.y + mouthRight.y) / 4;
  const eyes = Math.hypot(across.x, across.y);
  if (eyes < 1e-6) return { yaw: 90, roll };
  const off = ((nose.x - middleX) * cos - (nose.y - middleY) * sin) / eyes;
  return { yaw: (Math.asin(Math.max(-1, Math.min(1, off * NOSE_TO_SINE))) * 180) / Math.PI, roll };
}

/** The nose tip stands out by about half the distance of the eyes, which itself shrinks with the cosine of the yaw. */
const NOSE_TO_SINE = 1.3;

/** Root mean square of the Laplacian of an aligned crop over its standard deviation, scaled to 0…1: a ratio of 0.35 or more is 1, a crop without contrast is 0. */
export function measureSharpness({ width, height, data }: RgbImage): number {
  const grey = new Float32Array(width * height);
  let sum = 0;
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    grey[i] = lumaAt(data, from);
    sum += grey[i]!;
  }
  const mean = sum / grey.length;
  let contrast = 0;
  let edges = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const laplacian = 4 * grey[i]! - grey[i - 1]! - grey[i + 1]! - grey[i - width]! - grey[i + width]!;
      edges += laplacian * laplacian;
      contrast += (grey[i]! - mean) ** 2;
      count++;
    }
  if (count === 0 || contrast < count) return 0;
  return Math.min(1, Math.sqrt(edges / contrast) / 0.35);
}

/**
The similarity that the embedding is expected to have with other pictures of the same person, scaled to 0…1: 0 is a
similarity that strangers reach too. A linear fit on embedding norm and sharpness; yaw counts where the fit has no faces
turned that far.
*/
export function faceQuality(
  parts: Omit<FaceQuality, 'overall'>,
  embeddingNorm: number,
  fit: PackCalibration['quality'],
): FaceQuality {
  const similarity =
    fit.intercept + fit.perNorm * Math.min(embeddingNorm, fit.maxNorm) + fit.perSharpness * parts.sharpness;
  const turned = 1 - 0.5 * ramp(Math.abs(parts.yaw), ...fit.turnedYaws);
  return { overall: ramp(similarity, ...fit.similarities) * turned, ...parts };
}

function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
