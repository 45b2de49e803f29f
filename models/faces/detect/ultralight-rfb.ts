import type { RgbImage } from '../../../core/faces/face.ts';
import { applyAffine, boxToRaster } from '../../../core/faces/geometry.ts';
import { float32, float32Of } from '../../../core/tensor.ts';
import type { Session } from '../../../core/ports/vision.ts';
import type { ModelSpec } from '../../catalog/catalog.ts';
import { warp } from '../../images/resample.ts';
import { createLender, toPlanar } from '../../images/tensors.ts';
import { blur3x3, stretchContrast } from '../../images/contrast.ts';
import type { Candidate, FaceDetector } from '../roles.ts';

const WIDTH = 320;
const HEIGHT = 240;

/** Ultra-Light RFB-320. Stretches the region to 4:3 instead of padding it, which detects more faces, down to 9:16 (44 against 32 of 60 faces of 46 px). */
export function createUltralightDetector(
  session: Session,
  { preprocessing: { mean, scale } }: Pick<ModelSpec, 'preprocessing'>,
): FaceDetector {
  const withArrays = createLender(() => ({
    raster: new Uint8Array(WIDTH * HEIGHT * 3),
    planar: new Float32Array(WIDTH * HEIGHT * 3),
  }));
  return {
    findsLandmarks: false,

    async detect(pyramid, view, minScore) {
      const toPicture = boxToRaster(view.region, WIDTH, HEIGHT, view.degrees);
      const outputs = await withArrays(async ({ raster, planar }) => {
        const plain = warp(pyramid, toPicture, WIDTH, HEIGHT, 127, raster);
        const shown: RgbImage = view.enhanced ? stretchContrast(blur3x3(blur3x3(plain))) : plain;
        toPlanar(shown, 'bgr', mean, scale, planar);
        return await session.run({ input: float32(planar, [1, 3, HEIGHT, WIDTH]) });
      });
      const scores = float32Of(outputs, 'scores'); // [1, 4420, 2]
      const boxes = float32Of(outputs, 'boxes'); // [1, 4420, 4]
      const perX = Math.hypot(toPicture.a, toPicture.c);
      const perY = Math.hypot(toPicture.b, toPicture.d);
      const found: Candidate[] = [];
      for (let i = 0; i * 2 < scores.length; i++) {
        const score = scores[i * 2 + 1]!;
        if (!(score >= minScore)) continue;
        const left = boxes[i * 4]! * WIDTH;
        const top = boxes[i * 4 + 1]! * HEIGHT;
        const right = boxes[i * 4 + 2]! * WIDTH;
        const bottom = boxes[i * 4 + 3]! * HEIGHT;
        const middle = applyAffine(toPicture, { x: (left + right) / 2, y: (top + bottom) / 2 });
        const width = (right - left) * perX;
        const height = (bottom - top) * perY;
        if (width > 0 && height > 0)
          found.push({
            box: { x: middle.x - width / 2, y: middle.y - height / 2, width, height },
            score,
            view,
          });
      }
      return found;
    },
  };
}
