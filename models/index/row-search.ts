import type { Searches } from '../../core/ports/gallery.ts';
import type { Log } from '../../core/ports/log.ts';
import type { QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import type { OnnxEngine } from '../onnx/engine.ts';
import { createIntegerProducts } from './integer-products.ts';
import { createIntegerSearch } from './integer-search.ts';
import { createMatrixSearch } from './matrix.ts';
import { createNativeSearch, isEngineFaster } from './native-search.ts';
import { createQuantizedSearch } from './quantized.ts';
import type { CompareAll } from './usearch.ts';

type Parts = {
  readonly searches: Searches;
  /** Opened when it is first needed. */
  readonly engine: () => Promise<OnnxEngine>;
  /** usearch's, where it can be loaded. */
  readonly compareAll: CompareAll | null;
  readonly log: Pick<Log, 'debug'>;
};

/** Exact: by usearch where it can be loaded and is faster than the engine; the engine is for many probes. */
export function createRowSearch(
  vectors: QuantizedVectors,
  { searches, engine, compareAll, log }: Parts,
): RowSearch {
  const exact =
    searches === 'few probes'
      ? createQuantizedSearch(vectors)
      : createIntegerSearch(vectors, {
          createProducts: async (rows, count) => createIntegerProducts(await engine(), rows, count),
          // The providers of graphics cards have no product of integers.
          isExactFaster: async () => !['cpu', 'wasm'].includes((await engine()).provider),
          exact: createQuantizedSearch(vectors, async (rows, width, count) =>
            createMatrixSearch(await engine(), rows, width, count),
          ),
          log,
        });
  return compareAll === null
    ? exact
    : createNativeSearch(vectors, {
        compareAll,
        exact,
        // In WASM the product takes longer than usearch.
        isExactFaster: async (probes) =>
          searches === 'many probes' &&
          isEngineFaster(vectors.size, probes) &&
          (await engine()).name === 'native',
        log,
      });
}
