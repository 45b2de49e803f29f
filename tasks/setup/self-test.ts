import type { Engine } from '../../core/ports/vision.ts';
import { engineLabel } from '../../core/setup/engine-label.ts';

/** What each model answers to `pattern` at eight places: onnxruntime-node 1.30 and its WASM twin agree to 1e-5 (CPU, x64). */
const GOLDEN: Record<string, { readonly output: string; readonly values: readonly number[] }> = {
  'fr-detect': {
    output: 'scores',
    values: [0.94886, 0.05592, 0.94297, 0.0545, 0.94698, 0.05532, 0.9413, 0.00169],
  },
  'fr-landmark': {
    output: 'output',
    values: [0.2674, 0.6871, 0.43384, 0.47408, 0.40593, 0.3614, 0.64299, 0.69594],
  },
  'fr-feature': {
    output: 'output',
    values: [0.02768, 0.06439, -0.11571, -0.02498, 0.06719, -0.03563, 0.11702, -0.04921],
  },
};

/** Share of the largest golden value. Another engine rounds otherwise; a broken one is off by far more. */
const TOLERANCE = 0.01;

/** Each model once, on numbers that are always the same, compared with what it is known to answer. */
export async function selfTest(
  engine: Pick<Engine, 'open' | 'name' | 'provider'>,
  models: readonly { readonly id: string; readonly dims: readonly number[] }[],
): Promise<{ ok: boolean; message: string }> {
  const began = performance.now();
  const wrong: string[] = [];
  for (const { id, dims } of models) {
    const session = await engine.open(id);
    try {
      const outputs = await session.run(pattern(dims), dims);
      if (!isGolden(id, outputs)) wrong.push(id);
    } finally {
      await session.close();
    }
  }
  const on = engineLabel(engine);
  return wrong.length === 0
    ? {
        ok: true,
        message: `Self-test passed: ${models.length} models answer as they should on ${on} (${Math.round(performance.now() - began)} ms).`,
      }
    : {
        ok: false,
        message: `Self-test failed: ${wrong.join(', ')} answered other numbers than they should on ${on}; set the environment variable STASH_SENSE_ENGINE to wasm for Stash, and tell us.`,
      };
}

function isGolden(id: string, outputs: Readonly<Record<string, Float32Array>>): boolean {
  const golden = GOLDEN[id];
  // A model nobody has measured yet cannot be wrong.
  if (golden === undefined) return true;
  const values = sample(outputs[golden.output] ?? new Float32Array(0), golden.values.length);
  const scale = Math.max(...golden.values.map(Math.abs));
  return golden.values.every((value, n) => Math.abs((values[n] ?? Infinity) - value) <= TOLERANCE * scale);
}

/** Waves of several lengths, so that no weight goes unseen; in the range of a normalised picture. */
export function pattern(dims: readonly number[]): Float32Array {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return Float32Array.from({ length }, (_, n) => 0.6 * Math.sin(n * 0.037) + 0.4 * Math.sin(n * 0.0011 + 1));
}

/** `count` values, evenly over all. */
export function sample(values: Float32Array, count: number): number[] {
  return Array.from(
    { length: count },
    (_, n) => values[Math.floor(((n + 0.5) * values.length) / count)] ?? NaN,
  );
}
