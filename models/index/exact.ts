import { dotAt } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import { createPauses } from '../../core/pauses.ts';
import type { Neighbour, VectorIndex } from '../../core/ports/vision.ts';
import type { MatrixSearch } from './matrix.ts';

/** Rows per block: a block and its products fit the CPU cache and the WASM heap. */
export const BLOCK_ROWS = 4096;
/** Cost of copying a row, in comparisons of two embeddings. */
const COMPARISONS_PER_ADDED_ROW = 4;
/**
Pairs compared in JavaScript before a block is loaded into the inference engine, which takes about 20 ms and makes it 20
to 50 times faster: 30 000 probes in 5 000 rows take 4 s (native) and 10 s (WASM) on two cores, in JavaScript more than a
minute.
*/
export const PAIRS_BEFORE_ENGINE = 300_000;

/** Compares each probe with each row. `createSearch`: the engine's matrix product for one block; without it JavaScript is used. */
export function createExactIndex(
  dimensions: number,
  createSearch?: (rows: Float32Array, dimensions: number, count: number) => Promise<MatrixSearch>,
): VectorIndex {
  const blocks: Block[] = [];
  const pause = createPauses();
  let size = 0;
  const index: VectorIndex = {
    name: 'exact',
    get size() {
      return size;
    },

    async add(vectors) {
      for (const vector of vectors) {
        let block = blocks.at(-1);
        if (!block || block.size === BLOCK_ROWS)
          blocks.push((block = { rows: new Float32Array(64 * dimensions), size: 0, pairs: 0, search: null }));
        if (block.size * dimensions === block.rows.length) {
          const grown = new Float32Array(Math.min(block.size * 2, BLOCK_ROWS) * dimensions);
          grown.set(block.rows);
          block.rows = grown;
        }
        block.rows.set(vector, block.size++ * dimensions);
        block.pairs = 0;
        size++;
        // The engine has a copy of the block from before the new rows.
        if (block.search) await closeSearch(block);
        await pause(COMPARISONS_PER_ADDED_ROW);
      }
    },

    async search(probes, count) {
      const best: Neighbour[][] = probes.map(() => []);
      if (count < 1) return best;
      for (const [number, block] of blocks.entries()) {
        const found = await searchBlock(block, probes, count);
        for (const [i, neighbours] of found.entries()) {
          for (const { row, similarity } of neighbours)
            insertIfBetter(best[i]!, { row: row + number * BLOCK_ROWS, similarity }, count);
          await pause(1);
        }
      }
      return best;
    },
  };
  freedBlocks.register(index, blocks);
  return index;

  async function searchBlock(
    block: Block,
    probes: readonly Embedding[],
    count: number,
  ): Promise<Neighbour[][]> {
    block.pairs += probes.length * block.size;
    if (createSearch && block.pairs > PAIRS_BEFORE_ENGINE) {
      const wanted = Math.min(block.size, count);
      if (block.search && block.search.count < wanted) await closeSearch(block);
      block.search ??= await createSearch(
        block.rows.subarray(0, block.size * dimensions),
        dimensions,
        Math.min(block.size, Math.max(wanted, 16)),
      );
      return (await block.search.search(probes)).map((neighbours) => neighbours.slice(0, count));
    }
    const lists: Neighbour[][] = [];
    for (const probe of probes) {
      const best: Neighbour[] = [];
      for (let row = 0; row < block.size; row++)
        insertIfBetter(
          best,
          { row, similarity: dotAt(probe, 0, block.rows, row * dimensions, dimensions) },
          count,
        );
      lists.push(best);
      await pause(block.size);
    }
    return lists;
  }
}

type Block = {
  rows: Float32Array;
  size: number;
  /** Number of pairs compared since rows were last added. */
  pairs: number;
  search: MatrixSearch | null;
};

/** Frees the engine's copies of an index that was garbage-collected: the engine's memory is not managed by JavaScript. */
const freedBlocks = new FinalizationRegistry<Block[]>((blocks) => {
  for (const block of blocks) void closeSearch(block);
});

async function closeSearch(block: Block): Promise<void> {
  const search = block.search;
  block.search = null;
  block.pairs = 0;
  await search?.close();
}

/** Most similar first; of equal ones the row added first. */
export function insertIfBetter(best: Neighbour[], candidate: Neighbour, count: number): void {
  if (best.length === count && candidate.similarity <= best[count - 1]!.similarity) return;
  let at = Math.min(best.length, count - 1);
  for (; at > 0 && best[at - 1]!.similarity < candidate.similarity; at--) best[at] = best[at - 1]!;
  best[at] = candidate;
}
