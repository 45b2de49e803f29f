import type { Embedding } from '../../core/faces/face.ts';
import type { VectorIndex } from '../../core/ports/vision.ts';
import { createExactIndex } from './exact.ts';
import type { CreateIndex } from './usearch.ts';
import type { MatrixSearch } from './matrix.ts';

/**
Up to this size the search is exact: 30 000 probes take half a minute at most (native), while building the graph, which
is not stored between processes, takes more than two minutes.
*/
export const EXACT_UP_TO_ROWS = 50_000;

/** Exact search up to `exactUpToRows` rows; with more a usearch graph, when usearch can be loaded. */
export function createVectorIndex(
  dimensions: number,
  createGraph: CreateIndex | null,
  createSearch: (rows: Float32Array, dimensions: number, count: number) => Promise<MatrixSearch>,
  exactUpToRows = EXACT_UP_TO_ROWS,
): VectorIndex {
  let index = createExactIndex(dimensions, createSearch);
  let small: Embedding[] | null = createGraph ? [] : null;
  return {
    get name() {
      return index.name;
    },
    get size() {
      return index.size;
    },
    async add(vectors) {
      if (createGraph && small && index.size + vectors.length > exactUpToRows) {
        index = createGraph(dimensions);
        await index.add(small);
        small = null;
      }
      small?.push(...vectors);
      await index.add(vectors);
    },
    search: (probes, count) => index.search(probes, count),
  };
}
