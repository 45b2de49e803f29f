import { lumaAt } from './luma.ts';
import type { FaceQuality, Landmarks, RgbImage } from './face.ts';

/** Degrees from the five points: a nose beside the middle of the eyes is a turned head. */
export function headPose(landmarks: Landmarks): { yaw: number; roll: number } {
  const [eye, otherEye, nose, mouth, otherMouth] = landmarks;
  const across = { x: otherEye.x - eye.x, y: otherEye.y - eye.y };
  const roll = (Math.atan2(across.y, across.x) * 180) / Math.PI;
  // In a frame where the eyes lie level: how far the nose is off the line from the eyes' to the mouth's middle.
  const cos = Math.cos((-roll * Math.PI) / 180);
  const sin = Math.sin((-roll * Math.PI) / 180);
  const middleX = (eye.x + otherEye.x + mouth.x + otherMouth.x) / 4;
  const middleY = (eye.y + otherEye.y + mouth.y + otherMouth.y) / 4;
  const eyes = Math.hypot(across.x, across.y);
  if (eyes < 1e-6) return { yaw: 90, roll };
  const off = ((nose.x - middleX) * cos - (nose.y - middleY) * sin) / eyes;
  return { yaw: (Math.asin(Math.max(-1, Math.min(1, off * NOSE_TO_SINE))) * 180) / Math.PI, roll };
}

/** The nose stands out by about half the distance of the eyes, which a turn shrinks with its cosine. */
const NOSE_TO_SINE = 1.3;

/** 0…1: the root mean square of the Laplacian of an aligned crop over its standard deviation; 1 from 0.35 on, 0 for a flat crop. */
export function sharpnessOf({ width, height, data }: RgbImage): number {
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
How like other pictures of the same person an embedding may be expected to be, from 0 (0.25: strangers reach it) to 1 (0.70).

The weights are a least-squares fit on 1 110 faces: photographs, and the same made small, dark, blurred, grainy. The
embedding norm and sharpness alone give a correlation of 0.85; size, pose, fit of the points and the detector's score bring it to 0.865, so they are left out, but for heads turned so far
that the fit has not seen them.
*/
export function faceQuality(parts: Omit<FaceQuality, 'overall'>, embeddingNorm: number): FaceQuality {
  const similarity = -0.256 + 0.206 * Math.min(embeddingNorm, 4.5) + 0.234 * parts.sharpness;
  const turned = 1 - 0.5 * ramp(Math.abs(parts.yaw), 40, 75);
  return { overall: ramp(similarity, 0.25, 0.7) * turned, ...parts };
}

function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
