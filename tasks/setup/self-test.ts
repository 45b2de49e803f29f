import { elementCount, float32Of, type Tensor, type TensorInfo, type Tensors } from '../../core/tensor.ts';
import type { Engine } from '../../core/ports/vision.ts';
import { message } from '../../core/messages/message.ts';
import { engineLabel } from '../../core/setup/engine-label.ts';
import type { Finding } from '../runs/task.ts';

/** A model as the catalogue describes it. */
export type ModelToTest = {
  readonly id: string;
  readonly inputs: readonly TensorInfo[];
  /** Known values of a float32 output for the input `patternOf`, evenly spaced over the output. Without them the model is only run. */
  readonly golden?: { readonly output: string; readonly values: readonly number[] } | undefined;
};

/** Share of the largest golden value. Engines round differently; a broken one differs by far more. */
const TOLERANCE = 0.01;

/** Runs each model once on fixed input and compares the output with its golden values. */
export async function selfTest(
  engine: Pick<Engine, 'open' | 'name' | 'provider'>,
  models: readonly ModelToTest[],
): Promise<Finding & { readonly wrongModels: readonly string[] }> {
  const began = performance.now();
  const wrongModels: string[] = [];
  for (const { id, inputs, golden } of models) {
    const session = await engine.open(id);
    try {
      const outputs = await session.run(
        Object.fromEntries(inputs.map(({ name, type, dims }) => [name, patternOf(type, dims)])),
      );
      if (golden !== undefined && !isGolden(golden, outputs)) wrongModels.push(id);
    } finally {
      await session.close();
    }
  }
  const on = engineLabel(engine);
  const ok = wrongModels.length === 0;
  return {
    ok,
    wrongModels,
    message: ok
      ? message('setup.check.selfTestPassed', {
          count: models.length,
          engine: on,
          duration: Math.round(performance.now() - began),
        })
      : message('setup.check.selfTestFailed', { models: wrongModels.join(', '), engine: on }),
  };
}

function isGolden(golden: NonNullable<ModelToTest['golden']>, outputs: Tensors): boolean {
  const values = sample(float32Of(outputs, golden.output), golden.values.length);
  const scale = Math.max(...golden.values.map(Math.abs));
  return golden.values.every((value, n) => Math.abs((values[n] ?? Infinity) - value) <= TOLERANCE * scale);
}

/**
The same input on every machine, for each type; a dimension of -1 becomes 1. float32 is `pattern`; int64 is below 100, as a
token id; float16 is 0.5…1, given as its bits.
*/
export function patternOf(type: TensorInfo['type'], declared: readonly number[]): Tensor {
  const dims = declared.map((dim) => (dim === -1 ? 1 : dim));
  const length = elementCount(dims);
  switch (type) {
    case 'float32':
      return { type, data: pattern(dims), dims };
    case 'int64':
      return { type, data: BigInt64Array.from({ length }, (_, n) => BigInt((n * 37) % 100)), dims };
    case 'uint8':
      return { type, data: Uint8Array.from({ length }, (_, n) => (n * 37) % 256), dims };
    case 'float16':
      return { type, data: Uint16Array.from({ length }, (_, n) => 0x3800 + ((n * 37) % 0x400)), dims };
    default:
      throw new RangeError(`there is no pattern of the type ${type}`);
  }
}

/** Waves of two lengths, so that all weights contribute; in the range of a normalised picture. */
export function pattern(dims: readonly number[]): Float32Array {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return Float32Array.from({ length }, (_, n) => 0.6 * Math.sin(n * 0.037) + 0.4 * Math.sin(n * 0.0011 + 1));
}

/** `count` values, evenly spaced. */
export function sample(values: Float32Array, count: number): number[] {
  return Array.from(
    { length: count },
    (_, n) => values[Math.floor(((n + 0.5) * values.length) / count)] ?? NaN,
  );
}
