/** YuNet, a detector that finds five points of each face, to be compared with the pack's own: by its file in ../shared/assets/weights. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Landmarks, Point } from '../../../core/faces/face.ts';
import { applyAffine, boxToRaster } from '../../../core/faces/geometry.ts';
import { float32, float32Of, type Tensors } from '../../../core/tensor.ts';
import type { Session } from '../../../core/ports/vision.ts';
import { catalog, type FacePack, type ModelSpec, packOf } from '../../../models/catalog/catalog.ts';
import { ADAPTERS } from '../../../models/faces/adapters.ts';
import type { Adapters, Candidate, FaceDetector } from '../../../models/faces/roles.ts';
import { warp } from '../../../models/images/resample.ts';
import { toPlanar } from '../../../models/images/tensors.ts';

export const YUNET_FOLDER = path.resolve('../shared/assets/weights');
const FILE = 'yunet_n_dynamic.onnx';
const STRIDES = [8, 16, 32];

export const YUNET_ADAPTERS: Adapters = {
  ...ADAPTERS,
  detectors: { ...ADAPTERS.detectors, 'yunet-320': yunetOf(320), 'yunet-640': yunetOf(640) },
};

/**
The pack with YuNet as its detector.
@param points `own`: its five points are used; `68`: those of the pack's landmark model
*/
export function withYunet(id: string, side: 320 | 640, points: 'own' | '68'): FacePack {
  const pack = packOf(catalog, id);
  const bytes = readFileSync(path.join(YUNET_FOLDER, FILE));
  const detector: ModelSpec = {
    id: 'yunet',
    adapter: `yunet-${side}`,
    file: FILE,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    license: 'Apache-2.0',
    source: 'libfacedetection.train',
    inputs: [{ name: 'input', type: 'float32', dims: [-1, 3, -1, -1] }],
    outputs: STRIDES.flatMap((stride) =>
      (['cls', 'obj', 'bbox', 'kps'] as const).map((name) => ({
        name: `${name}_${stride}`,
        type: 'float32' as const,
        dims: [-1, -1, WIDTHS[name]],
      })),
    ),
    preprocessing: { channels: 'bgr', mean: 0, scale: 1 },
  };
  const detection = { searchedScore: 0.3, sureScore: 0.8, confirmedScore: 0.6, minSidePx: 14 };
  const calibration = { ...pack.calibration, detection };
  return {
    ...pack,
    id: `${id}-yunet-${side}-${points}`,
    detector,
    landmarks: points === 'own' ? null : pack.landmarks,
    calibration,
    seenBy: { ...pack.seenBy, calibration },
  };
}

const WIDTHS = { cls: 1, obj: 1, bbox: 4, kps: 10 };

/** @param side longer side of what the model sees, pixels */
function yunetOf(side: number): (session: Session) => FaceDetector {
  return (session) => ({
    findsLandmarks: true,
    async detect(pyramid, view, minScore) {
      const { width, height } = view.region;
      const scale = side / Math.max(width, height);
      const [across, down] = [roundUp(width * scale), roundUp(height * scale)];
      const toPicture = boxToRaster(view.region, across, down, view.degrees);
      const planar = new Float32Array(3 * across * down);
      toPlanar(warp(pyramid, toPicture, across, down), 'bgr', 0, 1, planar);
      const outputs = await session.run({ input: float32(planar, [1, 3, down, across]) });
      const perX = Math.hypot(toPicture.a, toPicture.c);
      const perY = Math.hypot(toPicture.b, toPicture.d);
      return STRIDES.flatMap((stride) =>
        readStride(outputs, stride, across, minScore).map(({ score, centre, size, points }): Candidate => {
          const middle = applyAffine(toPicture, centre);
          const box = { width: size.x * perX, height: size.y * perY };
          return {
            box: { x: middle.x - box.width / 2, y: middle.y - box.height / 2, ...box },
            score,
            view,
            landmarks: points.map((point) => applyAffine(toPicture, point)) as unknown as Landmarks,
          };
        }),
      );
    },
  });
}

type Found = { score: number; centre: Point; size: Point; points: Point[] };

function readStride(outputs: Tensors, stride: number, across: number, minScore: number): Found[] {
  const [cls, obj, bbox, kps] = ['cls', 'obj', 'bbox', 'kps'].map((name) =>
    float32Of(outputs, `${name}_${stride}`),
  );
  const columns = across / stride;
  const found: Found[] = [];
  for (let n = 0; n < cls!.length; n++) {
    const score = Math.sqrt(clamped(cls![n]!) * clamped(obj![n]!));
    if (score < minScore) continue;
    const [column, row] = [n % columns, Math.floor(n / columns)];
    found.push({
      score,
      centre: { x: (column + bbox![n * 4]!) * stride, y: (row + bbox![n * 4 + 1]!) * stride },
      size: { x: Math.exp(bbox![n * 4 + 2]!) * stride, y: Math.exp(bbox![n * 4 + 3]!) * stride },
      points: Array.from({ length: 5 }, (_, k) => ({
        x: (column + kps![n * 10 + k * 2]!) * stride,
        y: (row + kps![n * 10 + k * 2 + 1]!) * stride,
      })),
    });
  }
  return found;
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** The strides divide multiples of 32. */
function roundUp(pixels: number): number {
  return Math.max(32, Math.ceil(pixels / 32 - 1e-6) * 32);
}
