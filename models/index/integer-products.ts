import { float32Of } from '../../core/tensor.ts';
import type { OnnxEngine } from '../onnx/engine.ts';
import { DATA_TYPES, type Node, writeOnnx } from '../onnx/writer.ts';

/** The rows that have the largest products with a probe, by the inference engine's product of integer matrices. */
export type IntegerProducts = {
  /**
  @param probes `[n, dimensions]`, each component plus `PROBE_ZERO`
  @returns both `[n, blocks, count]`, of each block of rows the largest product of a probe first. A product is the sum over the
  components of probe and row, times the scale of the row.
  */
  multiply(probes: Uint8Array): Promise<{ readonly products: Float32Array; readonly rows: Float32Array }>;
  close(): Promise<void>;
};

/** Rows, of which each block is multiplied on its own, so that its products fit the CPU cache. */
export type RowBlocks = {
  /** `[n, dimensions]` */
  readonly values: Int8Array;
  /** Of each row. */
  readonly scales: Float32Array;
  readonly dimensions: number;
  /** Rows of each block but the last, which can have fewer. */
  readonly blockRows: number;
};

/**
Largest component of a rounded probe. With seven bits the sum of two products fits 16 bits, beyond which AVX2 saturates; all
other instructions are exact either way.
*/
export const LARGEST_PROBE_COMPONENT = 63;
/** What stands for 0 in a rounded probe: the processors multiply unsigned by signed bytes. */
export const PROBE_ZERO = 63;

/** The rows are copied. `count`: how many rows of each block are asked for, at most as many as the last one has. */
export async function createIntegerProducts(
  engine: Pick<OnnxEngine, 'openModel'>,
  { values, scales, dimensions, blockRows }: RowBlocks,
  count: number,
): Promise<IntegerProducts> {
  const starts = Array.from(
    { length: Math.ceil(scales.length / blockRows) },
    (_, block) => block * blockRows,
  );
  const found = starts.length * count;
  const session = await engine.openModel(
    writeOnnx({
      nodes: [
        ...starts.flatMap((start) => nodesOf(start)),
        concatNode('largest', starts),
        concatNode('found', starts),
        // To float32, which is exact for integers up to 2^24, far above the size of a block.
        { operator: 'Cast', inputs: ['found'], outputs: ['rows'], attributes: { to: DATA_TYPES.float32 } },
      ],
      initializers: [
        { name: 'one', dims: [], data: Float32Array.of(1) },
        { name: 'zero', dims: [], data: Uint8Array.of(PROBE_ZERO) },
        { name: 'count', dims: [1], data: BigInt64Array.of(BigInt(count)) },
        ...starts.flatMap((start) => {
          const end = Math.min(scales.length, start + blockRows);
          const dims = [end - start];
          return [
            {
              name: `values${start}`,
              dims: [...dims, dimensions],
              data: values.subarray(start * dimensions, end * dimensions),
            },
            { name: `scales${start}`, dims, data: scales.subarray(start, end) },
            { name: `zeros${start}`, dims, data: new Int8Array(end - start) },
          ];
        }),
      ],
      inputs: [{ name: 'probes', type: 'uint8', dims: [null, dimensions] }],
      outputs: [
        { name: 'largest', dims: [null, found] },
        { name: 'rows', dims: [null, found] },
      ],
    }),
    {
      id: 'integer-products',
      inputs: [{ name: 'probes', type: 'uint8', dims: [-1, dimensions] }],
      outputs: [
        { name: 'largest', type: 'float32', dims: [-1, found] },
        { name: 'rows', type: 'float32', dims: [-1, found] },
      ],
    },
  );
  return {
    async multiply(probes) {
      const dims = [probes.length / dimensions, dimensions];
      const outputs = await session.run({ probes: { type: 'uint8', data: probes, dims } });
      return { products: float32Of(outputs, 'largest'), rows: float32Of(outputs, 'rows') };
    },
    close: () => session.close(),
  };
}

function nodesOf(start: number): Node[] {
  return [
    {
      operator: 'QGemm',
      domain: 'com.microsoft',
      inputs: ['probes', 'one', 'zero', `values${start}`, `scales${start}`, `zeros${start}`],
      outputs: [`products${start}`],
      attributes: { transB: 1 },
    },
    {
      operator: 'TopK',
      inputs: [`products${start}`, 'count'],
      outputs: [`largest${start}`, `found${start}`],
    },
  ];
}

function concatNode(name: string, starts: readonly number[]): Node {
  return {
    operator: 'Concat',
    inputs: starts.map((start) => `${name}${start}`),
    outputs: [name],
    attributes: { axis: 1 },
  };
}
