import { ALIGNED_SIDE } from '../../../core/faces/alignment.ts';
import { float32, float32Of } from '../../../core/ports/tensor.ts';
import type { Session } from '../../../core/ports/vision.ts';
import type { ModelSpec } from '../../catalog/catalog.ts';
import { toPlanarBgr } from '../../images/tensors.ts';
import type { FaceEmbedder } from '../roles.ts';

/** A face laid on ArcFace's five points, 112 pixels high and wide. */
export function createArcfaceEmbedder(
  session: Session,
  { preprocessing: { mean, scale } }: Pick<ModelSpec, 'preprocessing'>,
): FaceEmbedder {
  return {
    async embed(aligned) {
      const input = float32(toPlanarBgr(aligned, mean, scale), [1, 3, ALIGNED_SIDE, ALIGNED_SIDE]);
      return Float32Array.from(float32Of(await session.run({ input }), 'output'));
    },
  };
}
