/** The only door of usearch. */
import type * as Usearch from 'usearch';
import type { VectorIndex } from '../core/ports.ts';
import { loadNative } from './native.ts';

export type CreateIndex = (dimensions: number) => VectorIndex;

/** Null where usearch has no build for this system. */
export function loadUsearch(
  folders: readonly string[],
  threads: number,
): { create: CreateIndex | null; reason: string | null } {
  const { module: usearch, reason } = loadNative<typeof Usearch>('usearch', folders);
  return usearch
    ? { create: (dimensions) => createUsearchIndex(usearch, dimensions, threads), reason: null }
    : { create: null, reason };
}

/**
An HNSW graph of half-precision vectors. Approximate: on face-like vectors (5 references a person) it finds the nearest
row of an exact search for 99.9 % of probes, and similarities are off by up to 0.001.
*/
function createUsearchIndex(usearch: typeof Usearch, dimensions: number, threads: number): VectorIndex {
  const index = new usearch.Index({
    dimensions,
    metric: usearch.MetricKind.IP,
    quantization: usearch.ScalarKind.F16,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 128,
    multi: false,
  });
  return {
    name: 'usearch',
    get size() {
      return index.size();
    },

    async add(vectors) {
      if (vectors.length === 0) return;
      const first = index.size();
      index.add(
        BigUint64Array.from(vectors, (_, i) => BigInt(first + i)),
        toMatrix(vectors, dimensions),
        threads,
      );
    },

    async search(probes, count) {
      const wanted = Math.min(count, index.size());
      if (probes.length === 0 || wanted < 1) return probes.map(() => []);
      const found = index.search(toMatrix(probes, dimensions), wanted, threads);
      const lists = isBatch(found) ? probes.map((_, i) => found.get(i)) : [found];
      return lists.map(({ keys, distances }) =>
        Array.from(keys, (key, n) => ({ row: Number(key), similarity: 1 - distances[n]! })),
      );
    },
  };
}

function toMatrix(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const matrix = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, i) => matrix.set(vector, i * dimensions));
  return matrix;
}

/** One probe is answered in the shape of one, several in the shape of several. */
function isBatch(found: Usearch.Matches | Usearch.BatchMatches): found is Usearch.BatchMatches {
  return 'counts' in found;
}
