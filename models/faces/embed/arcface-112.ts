import { ALIGNED_SIDE } from '../../../core/faces/alignment.ts';
import { float32, float32Of } from '../../../core/tensor.ts';
import type { Session } from '../../../core/ports/vision.ts';
import type { ModelSpec } from '../../catalog/catalog.ts';
import { createLender, toPlanar } from '../../images/tensors.ts';
import type { FaceEmbedder } from '../roles.ts';

/**
A face laid on ArcFace's five points, 112 pixels high and wide, to one vector.
@throws RangeError when the model reads or answers something else
*/
export function createArcfaceEmbedder(session: Session, spec: ArcfaceSpec): FaceEmbedder {
  const { channels, mean, scale } = spec.preprocessing;
  const [input, ...otherInputs] = spec.inputs;
  const [output, ...otherOutputs] = spec.outputs;
  if (!input || !output || otherInputs.length + otherOutputs.length > 0 || channels === 'grey')
    throw new RangeError(`The model ${spec.id} must read one picture in colour and answer one vector.`);
  const withPixels = createLender(() => new Float32Array(3 * ALIGNED_SIDE ** 2));
  return {
    async embed(aligned) {
      const answer = await withPixels(async (pixels) => {
        toPlanar(aligned, channels, mean, scale, pixels);
        return await session.run({ [input.name]: float32(pixels, [1, 3, ALIGNED_SIDE, ALIGNED_SIDE]) });
      });
      return Float32Array.from(float32Of(answer, output.name));
    },
  };
}

type ArcfaceSpec = Pick<ModelSpec, 'id' | 'inputs' | 'outputs' | 'preprocessing'>;
