/** Largest number of times that are stored and shown per person. */
const MAX_TIMES = 24;

/** At most 24 of the ascending times, evenly chosen, including the first and the last. */
export function thinTimes(times: readonly number[]): number[] {
  if (times.length <= MAX_TIMES) return [...times];
  const step = (times.length - 1) / (MAX_TIMES - 1);
  return Array.from({ length: MAX_TIMES }, (_, n) => times[Math.round(n * step)]!);
}

/** Moments closer than that are one to somebody who looks for them in a player. */
const ONE_MOMENT_MS = 5000;

/** @param timesMs ascending. @returns the first of each moment */
export function toldApart(timesMs: readonly number[]): readonly number[] {
  let last = -Infinity;
  return timesMs.filter((timeMs) => {
    if (timeMs - last < ONE_MOMENT_MS) return false;
    last = timeMs;
    return true;
  });
}
