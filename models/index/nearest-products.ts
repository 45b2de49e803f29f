/** Of each probe the rows with the largest products, as long as they come; in arrays, since they are millions. */
export type NearestProducts = {
  /** @param products in descending order; all other rows of the block have smaller ones. `isAll`: there are no others */
  add(probe: number, products: Float32Array, rows: Float32Array, firstRow: number, isAll: boolean): void;
  /** In descending order of the products. `beyond`: the largest product of a row that was not kept. */
  of(probe: number): {
    readonly products: Float32Array;
    readonly rows: Int32Array;
    readonly beyond: number;
  };
};

export function createNearestProducts(probes: number, kept: number): NearestProducts {
  const all = new Float32Array(probes * kept);
  const allRows = new Int32Array(probes * kept);
  const filled = new Int32Array(probes);
  const beyond = new Float32Array(probes).fill(-Infinity);

  return {
    add(probe, products, rows, firstRow, isAll) {
      const from = probe * kept;
      for (let n = 0; n < products.length; n++) {
        const product = products[n]!;
        const isFull = filled[probe] === kept;
        if (isFull && product <= all[from + kept - 1]!) {
          beyond[probe] = Math.max(beyond[probe]!, product);
          return;
        }
        if (isFull) beyond[probe] = Math.max(beyond[probe]!, all[from + kept - 1]!);
        else filled[probe]!++;
        let at = from + filled[probe]! - 1;
        for (; at > from && all[at - 1]! < product; at--) {
          all[at] = all[at - 1]!;
          allRows[at] = allRows[at - 1]!;
        }
        all[at] = product;
        allRows[at] = firstRow + rows[n]!;
      }
      if (!isAll) beyond[probe] = Math.max(beyond[probe]!, products.at(-1) ?? -Infinity);
    },

    of(probe) {
      const [from, end] = [probe * kept, probe * kept + filled[probe]!];
      return {
        products: all.subarray(from, end),
        rows: allRows.subarray(from, end),
        beyond: beyond[probe]!,
      };
    },
  };
}
