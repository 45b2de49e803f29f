/** What is to be grouped: things 0, 1, … with a weight each. */
export type Linkage = {
  readonly weights: readonly number[];
  /** These two can never be in one group. */
  readonly apart: (one: number, other: number) => boolean;
  readonly similarity: (one: number, other: number) => number;
  /** Weighted mean similarity from which two groups are joined. */
  readonly threshold: number;
};

/**
Agglomerative grouping by weighted mean similarity, the nearest two groups first. Numbers within a group ascend, groups
are in the order of their first.
*/
export function groupByLinkage({ weights, apart, similarity, threshold }: Linkage): number[][] {
  const n = weights.length;
  const members: number[][] = weights.map((_, i) => [i]);
  const mass = Float64Array.from(weights);
  // Sum over pairs of weight · weight · similarity, n x n; -Infinity: can never be joined.
  const sums = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const sum = apart(i, j) ? -Infinity : weights[i]! * weights[j]! * similarity(i, j);
      sums[i * n + j] = sum;
      sums[j * n + i] = sum;
    }
  const alive = new Set(members.keys());
  const mean = (i: number, j: number): number => sums[i * n + j]! / (mass[i]! * mass[j]!);
  // The best partner of each group; asked anew only where the old one is gone.
  const best = new Int32Array(n).fill(-1);
  const findBest = (i: number): void => {
    let found = -1;
    for (const j of alive)
      if (j !== i && mean(i, j) >= threshold && (found < 0 || mean(i, j) > mean(i, found))) found = j;
    best[i] = found;
  };
  for (const i of alive) findBest(i);

  for (;;) {
    let one = -1;
    for (const i of alive)
      if (best[i]! >= 0 && (one < 0 || mean(i, best[i]!) > mean(one, best[one]!))) one = i;
    if (one < 0) break;
    const [into, from] = [Math.min(one, best[one]!), Math.max(one, best[one]!)];
    members[into] = [...members[into]!, ...members[from]!];
    mass[into]! += mass[from]!;
    alive.delete(from);
    for (const other of alive) {
      if (other === into) continue;
      const sum = sums[into * n + other]! + sums[from * n + other]!;
      sums[into * n + other] = sum;
      sums[other * n + into] = sum;
    }
    findBest(into);
    for (const other of alive)
      if (other !== into && (best[other] === into || best[other] === from)) findBest(other);
      else if (
        other !== into &&
        mean(other, into) >= threshold &&
        (best[other]! < 0 || mean(other, into) > mean(other, best[other]!))
      )
        best[other] = into;
  }
  return [...alive].map((i) => members[i]!.toSorted((a, b) => a - b));
}
