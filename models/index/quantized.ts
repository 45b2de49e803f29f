import type { Embedding } from '../../core/faces/face.ts';
import { createPauses } from '../../core/pauses.ts';
import type { Neighbour, QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { BLOCK_ROWS, insertIfBetter, PAIRS_BEFORE_ENGINE } from './exact.ts';
import type { MatrixSearch } from './matrix.ts';

/**
Blocks that stay in the inference engine between searches, 8 MB each with 512 dimensions. Of a larger gallery the others
are loaded once a search, about 20 ms each.
*/
const BLOCKS_IN_ENGINE = 12;

/** Compares each probe with each row. `createSearch`: the engine's matrix product for one block; without it JavaScript is used. */
export function createQuantizedSearch(
  vectors: QuantizedVectors,
  createSearch?: (rows: Float32Array, dimensions: number, count: number) => Promise<MatrixSearch>,
): RowSearch {
  const { dimensions, size } = vectors;
  const pause = createPauses();
  const loaded = new Map<number, MatrixSearch>();
  let searched = 0;
  const search: RowSearch = {
    async search(probes, count) {
      const best: Neighbour[][] = probes.map(() => []);
      if (count < 1 || probes.length === 0) return best;
      searched += probes.length;
      for (let first = 0; first < size; first += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, size - first);
        const found =
          createSearch && isWorthLoading(first, rows, probes.length)
            ? await searchInEngine(createSearch, probes, first, rows, count)
            : await searchHere(probes, first, rows, count);
        for (const [i, neighbours] of found.entries()) {
          for (const { row, similarity } of neighbours)
            insertIfBetter(best[i]!, { row: first + row, similarity }, count);
          await pause(1);
        }
      }
      return best;
    },
  };
  dropped.register(search, loaded);
  return search;

  function isWorthLoading(first: number, rows: number, probes: number): boolean {
    if (loaded.has(first / BLOCK_ROWS)) return true;
    return rows * (loaded.size < BLOCKS_IN_ENGINE ? searched : probes) > PAIRS_BEFORE_ENGINE;
  }

  async function searchHere(
    probes: readonly Embedding[],
    first: number,
    rows: number,
    count: number,
  ): Promise<Neighbour[][]> {
    const lists: Neighbour[][] = [];
    for (const probe of probes) {
      const best: Neighbour[] = [];
      for (let row = 0; row < rows; row++)
        insertIfBetter(best, { row, similarity: quantizedSimilarity(probe, vectors, first + row) }, count);
      lists.push(best);
      await pause(rows);
    }
    return lists;
  }

  async function searchInEngine(
    create: NonNullable<typeof createSearch>,
    probes: readonly Embedding[],
    first: number,
    rows: number,
    count: number,
  ): Promise<Neighbour[][]> {
    const wanted = Math.min(rows, count);
    const block = first / BLOCK_ROWS;
    let matrix = loaded.get(block);
    if (matrix && matrix.count < wanted) {
      loaded.delete(block);
      await matrix.close();
      matrix = undefined;
    }
    matrix ??= await create(floatsOf(vectors, first, rows), dimensions, wanted);
    const stays = loaded.has(block) || loaded.size < BLOCKS_IN_ENGINE;
    if (stays) loaded.set(block, matrix);
    try {
      return (await matrix.search(probes)).map((neighbours) => neighbours.slice(0, wanted));
    } finally {
      if (!stays) await matrix.close();
    }
  }
}

/** Frees the engine's copies of the blocks of a search that was garbage-collected: the engine's memory is not managed by JavaScript. */
const dropped = new FinalizationRegistry<Map<number, MatrixSearch>>((loaded) => {
  for (const matrix of loaded.values()) void matrix.close();
});

/** Cosine similarity of a unit vector and a row, -1…1. */
export function quantizedSimilarity(
  probe: Embedding,
  { values, scales, dimensions }: QuantizedVectors,
  row: number,
): number {
  const at = row * dimensions;
  const end = dimensions - (dimensions % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < end; i += 4) {
    s0 += probe[i]! * values[at + i]!;
    s1 += probe[i + 1]! * values[at + i + 1]!;
    s2 += probe[i + 2]! * values[at + i + 2]!;
    s3 += probe[i + 3]! * values[at + i + 3]!;
  }
  for (let i = end; i < dimensions; i++) s0 += probe[i]! * values[at + i]!;
  return (s0 + s1 + (s2 + s3)) * scales[row]!;
}

function floatsOf(
  { values, scales, dimensions }: QuantizedVectors,
  first: number,
  rows: number,
): Float32Array {
  const floats = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const scale = scales[first + row]!;
    const from = (first + row) * dimensions;
    for (let i = 0; i < dimensions; i++) floats[row * dimensions + i] = values[from + i]! * scale;
  }
  return floats;
}
