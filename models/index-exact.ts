import { dotAt } from '../core/embedding.ts';
import type { VectorIndex } from '../core/ports.ts';

export function createExactIndex(dimensions: number): VectorIndex {
  let rows = new Float32Array(0);
  let size = 0;
  return {
    name: 'exact',
    get size() {
      return size;
    },
    async add(vectors) {
      if ((size + vectors.length) * dimensions > rows.length) {
        const grown = new Float32Array(Math.max(size * 2, size + vectors.length) * dimensions);
        grown.set(rows);
        rows = grown;
      }
      for (const vector of vectors) rows.set(vector, size++ * dimensions);
    },
    async search(probes, count) {
      return probes.map((probe) => {
        const best: { row: number; similarity: number }[] = [];
        for (let row = 0; row < size; row++) {
          const similarity = dotAt(probe, 0, rows, row * dimensions, dimensions);
          if (best.length === count && similarity <= best[count - 1]!.similarity) continue;
          let at = Math.min(best.length, count - 1);
          for (; at > 0 && best[at - 1]!.similarity < similarity; at--) best[at] = best[at - 1]!;
          if (count > 0) best[at] = { row, similarity };
        }
        return best;
      });
    },
  };
}
