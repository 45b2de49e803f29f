import type { Box } from '../core/face.ts';
import { applyAffine, boxToRaster } from '../core/geometry.ts';
import type { Session } from '../core/ports.ts';
import { type Pyramid, toPlanarBgr, warp } from './pixels.ts';

/** A face before its landmarks are known. */
export type Candidate = {
  /** In the picture, as if it were turned back by `degrees` around the box's middle. */
  readonly box: Box;
  readonly score: number;
  /** How far the picture was turned when it was found: the face is tilted by about this much, clockwise. */
  readonly degrees: number;
};

export type FaceDetector = {
  /** Faces of one region of the picture, which may reach outside it; not yet freed of doubles. */
  detect(pyramid: Pyramid, region: Box, degrees?: number): Promise<Candidate[]>;
};

const WIDTH = 320;
const HEIGHT = 240;

export function createFrDetect(session: Session, minScore: number): FaceDetector {
  return {
    async detect(pyramid, region, degrees = 0) {
      const toPicture = boxToRaster(region, WIDTH, HEIGHT, degrees);
      const raster = warp(pyramid, toPicture, WIDTH, HEIGHT, 127);
      const input = toPlanarBgr(raster, 127, 128); // [1, 3, 240, 320]
      const { scores, boxes } = await session.run(input, [1, 3, HEIGHT, WIDTH]);
      const perX = Math.hypot(toPicture.a, toPicture.c);
      const perY = Math.hypot(toPicture.b, toPicture.d);
      const found: Candidate[] = [];
      for (let i = 0; i * 2 < scores!.length; i++) {
        const score = scores![i * 2 + 1]!;
        if (!(score >= minScore)) continue;
        const [left, top, right, bottom] = boxes!.subarray(i * 4, i * 4 + 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        const middle = applyAffine(toPicture, {
          x: ((left + right) / 2) * WIDTH,
          y: ((top + bottom) / 2) * HEIGHT,
        });
        const width = (right - left) * WIDTH * perX;
        const height = (bottom - top) * HEIGHT * perY;
        if (!(width > 0 && height > 0)) continue;
        found.push({
          box: { x: middle.x - width / 2, y: middle.y - height / 2, width, height },
          score,
          degrees,
        });
      }
      return found;
    },
  };
}
