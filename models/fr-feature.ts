import { ALIGNED_SIDE, type Alignment } from '../core/alignment.ts';
import type { RgbImage } from '../core/face.ts';
import type { Session } from '../core/ports.ts';
import { mirror, type Pyramid, toPlanarBgr, warp } from './pixels.ts';

export type FaceEmbedder = {
  /** Not yet of unit length: the length itself says how much of a face it saw. */
  embed(aligned: RgbImage): Promise<Float32Array>;
};

export function createFrFeature(session: Session, flip: boolean): FaceEmbedder {
  return {
    async embed(aligned) {
      const vector = await run(aligned);
      if (flip) {
        const mirrored = await run(mirror(aligned));
        for (let i = 0; i < vector.length; i++) vector[i] = (vector[i]! + mirrored[i]!) / 2;
      }
      return vector;
    },
  };

  async function run(aligned: RgbImage): Promise<Float32Array> {
    const input = toPlanarBgr(aligned, 127, 128); // [1, 3, 112, 112]
    const { output } = await session.run(input, [1, 3, ALIGNED_SIDE, ALIGNED_SIDE]);
    return Float32Array.from(output!);
  }
}

export function alignedCrop(pyramid: Pyramid, { toPicture }: Alignment): RgbImage {
  return warp(pyramid, toPicture, ALIGNED_SIDE, ALIGNED_SIDE);
}
