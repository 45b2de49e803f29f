/** Input of the clustering: elements 0, 1, … with their weights. */
export type Linkage = {
  readonly weights: readonly number[];
  /** Whether two elements must not be in one group (cannot-link). */
  readonly apart: (one: number, other: number) => boolean;
  readonly similarity: (one: number, other: number) => number;
  /** Weighted mean similarity from which two groups are joined. */
  readonly threshold: number;
};

/**
Agglomerative clustering with average linkage: joins the two most similar groups until none reaches the threshold.
Returns element indices: ascending within a group, groups by their first element.
*/
export function groupByLinkage({ weights, apart, similarity, threshold }: Linkage): number[][] {
  const n = weights.length;
  const members: number[][] = weights.map((_, i) => [i]);
  const mass = Float64Array.from(weights);
  // Sum over pairs of weight · weight · similarity, n x n; -Infinity: must not be joined.
  const sums = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const sum = apart(i, j) ? -Infinity : weights[i]! * weights[j]! * similarity(i, j);
      sums[i * n + j] = sum;
      sums[j * n + i] = sum;
    }
  const remaining = new Set(members.keys());
  const mean = (i: number, j: number): number => sums[i * n + j]! / (mass[i]! * mass[j]!);
  // The most similar group of each group; searched anew only when that one was joined to another.
  const best = new Int32Array(n).fill(-1);
  const findBest = (i: number): void => {
    let found = -1;
    for (const j of remaining)
      if (j !== i && mean(i, j) >= threshold && (found < 0 || mean(i, j) > mean(i, found))) found = j;
    best[i] = found;
  };
  for (const i of remaining) findBest(i);

  for (;;) {
    let closest = -1;
    for (const i of remaining)
      if (best[i]! >= 0 && (closest < 0 || mean(i, best[i]!) > mean(closest, best[closest]!))) closest = i;
    if (closest < 0) break;
    const [into, from] = [Math.min(closest, best[closest]!), Math.max(closest, best[closest]!)];
    members[into] = [...members[into]!, ...members[from]!];
    mass[into]! += mass[from]!;
    remaining.delete(from);
    for (const other of remaining) {
      if (other === into) continue;
      const sum = sums[into * n + other]! + sums[from * n + other]!;
      sums[into * n + other] = sum;
      sums[other * n + into] = sum;
    }
    findBest(into);
    for (const other of remaining)
      if (other !== into && (best[other] === into || best[other] === from)) findBest(other);
      else if (
        other !== into &&
        mean(other, into) >= threshold &&
        (best[other]! < 0 || mean(other, into) > mean(other, best[other]!))
      )
        best[other] = into;
  }
  return [...remaining].map((i) => members[i]!.toSorted((a, b) => a - b));
}
