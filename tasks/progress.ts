import type { Run } from '../core/ports.ts';

/** What a run has done so far, over all its slices, and how long the rest will take. */
export type Progress = {
  /** What it is doing now, for people. */
  say(message: string): void;
  /** How far it is, 0…1, where nothing is counted. */
  at(fraction: number): void;
  /** How many items of this list wait. */
  remains(list: string, pending: number): void;
  /** One item of this list is through; `workedMs` is what it took. */
  count(list: string, state: 'done' | 'skipped' | 'failed', workedMs: number): void;
  snapshot(): ProgressSnapshot;
  /** 0…1. */
  fraction(): number;
};
export type ProgressSnapshot = Pick<
  Run,
  'done' | 'skipped' | 'failed' | 'total' | 'itemsPerHour' | 'secondsLeft' | 'message'
>;

/** How many items an earlier slice's pace weighs: after as many of its own, a slice trusts itself as much. */
const EARLIER_PACE_ITEMS = 20;

/** `mainList`: the list whose pace is what people are told. */
export function createProgress(run: ProgressSnapshot, mainList: string): Progress {
  const tally = { done: run.done, skipped: run.skipped, failed: run.failed };
  const pending = new Map<string, number>();
  const pace = new Map<string, { items: number; workedMs: number }>();
  if (run.itemsPerHour !== null && run.itemsPerHour > 0)
    pace.set(mainList, {
      items: EARLIER_PACE_ITEMS,
      workedMs: (EARLIER_PACE_ITEMS * 3_600_000) / run.itemsPerHour,
    });
  let message = run.message;
  let told: number | null = null;

  const msPerItem = (list: string): number | null => {
    const seen = pace.get(list);
    return seen === undefined || seen.items === 0 ? null : seen.workedMs / seen.items;
  };
  const finished = (): number => tally.done + tally.skipped + tally.failed;
  const waiting = (): number => [...pending.values()].reduce((sum, it) => sum + it, 0);

  const secondsLeft = (): number | null => {
    let leftMs = 0;
    for (const [list, count] of pending) {
      if (count === 0) continue;
      const each = msPerItem(list);
      if (each === null) return null;
      leftMs += count * each;
    }
    return Math.round(leftMs / 1000);
  };

  const itemsPerHour = (): number | null => {
    const each = msPerItem(mainList);
    return each === null ? null : Math.round(3_600_000 / Math.max(each, 1));
  };

  return {
    say(text) {
      message = text;
    },
    at(fraction) {
      told = fraction;
    },
    remains(list, count) {
      pending.set(list, count);
    },
    count(list, state, workedMs) {
      tally[state]++;
      pending.set(list, Math.max(0, (pending.get(list) ?? 0) - 1));
      const seen = pace.get(list) ?? { items: 0, workedMs: 0 };
      pace.set(list, { items: seen.items + 1, workedMs: seen.workedMs + workedMs });
    },
    snapshot: () => ({
      ...tally,
      total: finished() + waiting(),
      itemsPerHour: itemsPerHour(),
      secondsLeft: secondsLeft(),
      message,
    }),
    fraction: () => told ?? (waiting() === 0 ? 1 : finished() / (finished() + waiting())),
  };
}
