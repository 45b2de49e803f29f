/** Wilson's score interval of a share, 95 % (E. B. Wilson, 1927): holds for few trials and for shares of 0 and 1. */
export function wilson(successes: number, trials: number): { share: number; low: number; high: number } {
  if (trials === 0) return { share: 0, low: 0, high: 1 };
  const z = 1.959964;
  const share = successes / trials;
  const centre = share + (z * z) / (2 * trials);
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return { share, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** One name given with a confidence, and whether it was right. */
export type Rated = { readonly confidence: number; readonly right: boolean };

/** Bins of confidence with the share that was right; `error` is the expected calibration error over all. */
export function calibration(rated: readonly Rated[]): {
  bins: { from: number; to: number; n: number; said: number; right: number }[];
  error: number;
} {
  const edges = [0, 0.1, 0.35, 0.6, 0.8, 0.9, 0.97, 1.0000001];
  const bins = edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1]!;
    const inside = rated.filter((answer) => answer.confidence >= from && answer.confidence < to);
    const mean = (of: (it: Rated) => number): number =>
      inside.length === 0 ? 0 : inside.reduce((sum, answer) => sum + of(answer), 0) / inside.length;
    return {
      from,
      to: Math.min(1, to),
      n: inside.length,
      said: mean((answer) => answer.confidence),
      right: mean((answer) => (answer.right ? 1 : 0)),
    };
  });
  const error = bins.reduce(
    (sum, bin) => sum + (bin.n / Math.max(1, rated.length)) * Math.abs(bin.said - bin.right),
    0,
  );
  return { bins, error };
}
