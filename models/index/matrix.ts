import type { Embedding } from '../../core/faces/face.ts';
import { float32, float32Of } from '../../core/tensor.ts';
import type { Neighbour } from '../../core/ports/vision.ts';
import type { OnnxEngine } from '../onnx/engine.ts';
import { DATA_TYPES, writeOnnx } from '../onnx/writer.ts';

/** The nearest rows of one block of vectors, by the inference engine's matrix product. */
export type MatrixSearch = {
  /** Number of neighbours per probe. */
  readonly count: number;
  search(probes: readonly Embedding[]): Promise<Neighbour[][]>;
  close(): Promise<void>;
};

/** Probes per matrix product: with more the products exceed the CPU cache, with fewer the rows are read more often. */
const PROBES_PER_PRODUCT = 128;

/** `rows` has the shape `[n, dimensions]`, n at least `count`; it is copied. */
export async function createMatrixSearch(
  engine: Pick<OnnxEngine, 'openModel'>,
  rows: Float32Array,
  dimensions: number,
  count: number,
): Promise<MatrixSearch> {
  const session = await engine.openModel(
    writeOnnx({
      nodes: [
        { operator: 'Gemm', inputs: ['probes', 'rows'], outputs: ['products'], attributes: { transB: 1 } },
        { operator: 'TopK', inputs: ['products', 'count'], outputs: ['similarities', 'found'] },
        // To float32, which is exact for integers up to 2^24, far above the size of a block.
        { operator: 'Cast', inputs: ['found'], outputs: ['numbers'], attributes: { to: DATA_TYPES.float32 } },
      ],
      initializers: [
        { name: 'rows', dims: [rows.length / dimensions, dimensions], data: rows },
        { name: 'count', dims: [1], data: BigInt64Array.of(BigInt(count)) },
      ],
      inputs: [{ name: 'probes', dims: [null, dimensions] }],
      outputs: [
        { name: 'similarities', dims: [null, count] },
        { name: 'numbers', dims: [null, count] },
      ],
    }),
    {
      id: 'matrix-search',
      inputs: [{ name: 'probes', type: 'float32', dims: [-1, dimensions] }],
      outputs: [
        { name: 'similarities', type: 'float32', dims: [-1, count] },
        { name: 'numbers', type: 'float32', dims: [-1, count] },
      ],
    },
  );

  return {
    count,
    async search(probes) {
      const all: Neighbour[][] = [];
      for (let start = 0; start < probes.length; start += PROBES_PER_PRODUCT) {
        const some = probes.slice(start, start + PROBES_PER_PRODUCT);
        const outputs = await session.run({
          probes: float32(toMatrix(some, dimensions), [some.length, dimensions]),
        });
        const similarities = float32Of(outputs, 'similarities'); // [n, count]
        const numbers = float32Of(outputs, 'numbers'); // [n, count]
        for (let i = 0; i < some.length; i++)
          all.push(
            Array.from({ length: count }, (_, k) => ({
              row: numbers[i * count + k]!,
              similarity: similarities[i * count + k]!,
            })),
          );
      }
      return all;
    },
    close: () => session.close(),
  };
}

/** Concatenates the vectors, row by row. */
export function toMatrix(vectors: readonly Float32Array[], dimensions: number): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, i) => matrix.set(vector, i * dimensions));
  return matrix;
}
