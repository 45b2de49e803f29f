/** Stash compares times as text in its local time, which is set back by an hour in autumn, and leaves out those of the same second. */
export const OVERLAP_SECONDS = 3601;

/** The earlier of a time as Stash wrote it, whole seconds in any zone, and one of ours in Unix milliseconds, in the zone of the first. */
export function earlierOf(time: string, limit: number): string {
  const after = Date.parse(time) - limit;
  return after > 0 ? secondsBefore(time, Math.ceil(after / 1000)) : time;
}

/** @param time as Stash wrote it, whole seconds in any zone: `2026-01-02T03:04:05+01:00` @returns in the same zone */
export function secondsBefore(time: string, seconds: number): string {
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(time)?.[0] ?? 'Z';
  const asUtc = Date.parse(`${time.slice(0, 19)}Z`);
  return Number.isNaN(asUtc) ? time : `${new Date(asUtc - seconds * 1000).toISOString().slice(0, 19)}${zone}`;
}
