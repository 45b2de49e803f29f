/**
The rising sequence that is nearest to these values by weighted least squares: neighbours that fall are pooled to their mean
(pool adjacent violators; Ayer et al., 1955).
*/
export function isotonic(
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): number[] {
  const pools: { mean: number; weight: number; count: number }[] = [];
  for (const [n, value] of values.entries()) {
    let pool = { mean: value, weight: weights[n]!, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.mean > pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      pool = {
        mean: (last.mean * last.weight + pool.mean * pool.weight) / weight,
        weight,
        count: last.count + pool.count,
      };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean));
}
