/** Times that are shown and kept of one person. */
const MAX_TIMES = 24;

/** At most 24 of ascending times, evenly over all, the first and the last among them. */
export function thinTimes(times: readonly number[]): number[] {
  if (times.length <= MAX_TIMES) return [...times];
  const step = (times.length - 1) / (MAX_TIMES - 1);
  return Array.from({ length: MAX_TIMES }, (_, n) => times[Math.round(n * step)]!);
}
