import type { Box, Landmarks, Point } from '../../../core/faces/face.ts';
import { applyAffine, boxAround, boxToRaster, centreOf, squareBox } from '../../../core/faces/geometry.ts';
import { headPose } from '../../../core/faces/quality.ts';
import { float32, float32Of } from '../../../core/tensor.ts';
import type { Session } from '../../../core/ports/vision.ts';
import { type Pyramid, warp } from '../../images/resample.ts';
import { toGrey } from '../../images/tensors.ts';
import type { LandmarkFinder } from '../roles.ts';

/** The 68 points of the iBUG scheme: jaw 0-16, brows 17-26, nose 27-35, eyes 36-47, mouth 48-67. */
type Points68 = readonly Point[];

const SIDE = 64;

export function createLandmarks68(session: Session): LandmarkFinder {
  return {
    /**
    Landmarks of the box first, then of the square around the landmarks rotated upright, until the roll changes by less than
    10°, three times at most. Averaged over two sizes of the square: on blurred faces TAR at FAR 0.1 % is 82 % against 80.6 %
    with one size.
    */
    async find(pyramid, box, degrees) {
      let points = await readPoints(pyramid, box, degrees);
      let turn = degrees;
      for (let round = 0; round < 3; round++) {
        const square = boxAround(points);
        const roll = headPose(toFivePoints(points)).roll;
        const [tight, loose] = [
          await readPoints(pyramid, squareBox(square, 1.2), roll),
          await readPoints(pyramid, squareBox(square, 1.4), roll),
        ];
        points = tight.map((point, i) => ({
          x: (point.x + loose[i]!.x) / 2,
          y: (point.y + loose[i]!.y) / 2,
        }));
        if (Math.abs(roll - turn) < 10) break;
        turn = roll;
      }
      return toFivePoints(points);
    },
  };

  async function readPoints(pyramid: Pyramid, box: Box, degrees: number): Promise<Points68> {
    const toPicture = boxToRaster(box, SIDE, SIDE, degrees);
    const grey = toGrey(warp(pyramid, toPicture, SIDE, SIDE)); // [1, 1, 64, 64], v / 256
    const outputs = await session.run({ input: float32(grey, [1, 1, SIDE, SIDE]) });
    const output = float32Of(outputs, 'output'); // [1, 136]
    return Array.from({ length: 68 }, (_, i) =>
      applyAffine(toPicture, { x: output[i * 2]! * SIDE, y: output[i * 2 + 1]! * SIDE }),
    );
  }
}

/** A mouth corner is the mean of the inner and the outer lip corner, since each alone is noisy. */
function toFivePoints(points: Points68): Landmarks {
  const mean = (...indices: number[]) => centreOf(indices.map((index) => points[index]!));
  return [
    mean(36, 37, 38, 39, 40, 41),
    mean(42, 43, 44, 45, 46, 47),
    points[30]!,
    mean(48, 60),
    mean(54, 64),
  ];
}
