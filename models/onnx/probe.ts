import { float32 } from '../../core/tensor.ts';
import { writeOnnx } from './writer.ts';

/** A minimal model to test a provider: y = x · W, 2 x 2. */
export const probe = {
  bytes: writeOnnx({
    nodes: [{ operator: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [{ name: 'w', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    inputs: [{ name: 'x', dims: [1, 2] }],
    outputs: [{ name: 'y', dims: [1, 2] }],
  }),
  inputs: { x: float32(Float32Array.of(1, 1), [1, 2]) },
  output: Float32Array.of(4, 6),
};
