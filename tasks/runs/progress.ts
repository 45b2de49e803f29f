import type { Message } from '../../core/messages/message.ts';
import type { Run } from '../../core/ports/runs.ts';
import { risingFraction } from '../../core/runs/rising-fraction.ts';

/** Progress of a run over all its slices, and an estimate of the time left. */
export type Progress = {
  /** Sets the part of the work that begins: listing, learning people, scanning. */
  step(step: Message): void;
  /** Sets the text of the current activity. */
  say(said: Message): void;
  /** Sets the fraction done, 0…1, for work without items. */
  at(fraction: number): void;
  /** Sets the number of pending items of a list. */
  remains(list: string, pending: number): void;
  /** Counts one finished item of a list, and the time it took. */
  count(list: string, state: 'done' | 'skipped' | 'failed', workedMs: number): void;
  /** `fraction`: worked time over the estimate of all; never falls, also not from one slice to the next. */
  snapshot(): ProgressSnapshot;
  /** Mean milliseconds per item, for each list with finished items: initial values for the next slice or run. */
  itemDurations(): Record<string, number>;
};
export type ProgressSnapshot = Pick<
  Run,
  'done' | 'skipped' | 'failed' | 'total' | 'itemsPerHour' | 'secondsLeft' | 'message' | 'step' | 'fraction'
>;

/** Weight of the durations of earlier slices in items: after 20 items of its own, a slice weighs both equally. */
const EARLIER_DURATION_ITEMS = 20;
/** Assumed time per item of a list without finished items: short videos and pictures take less, films more. */
const GUESSED_MS = 2000;

/**
@param mainList list whose items and rate are shown; other lists prepare it and count only by their time
@param earlierDurations mean milliseconds per item, by list
*/
export function createProgress(
  run: ProgressSnapshot,
  mainList: string,
  earlierDurations: Readonly<Record<string, number>> = {},
): Progress {
  const tally = { done: run.done, skipped: run.skipped, failed: run.failed };
  const pending = new Map<string, number>();
  const durations = new Map<string, { items: number; workedMs: number }>();
  const workedMs = new Map<string, number>();
  const remember = (list: string, each: number): void =>
    void durations.set(list, { items: EARLIER_DURATION_ITEMS, workedMs: EARLIER_DURATION_ITEMS * each });
  for (const [list, each] of Object.entries(earlierDurations)) remember(list, each);
  if (run.itemsPerHour !== null && run.itemsPerHour > 0) remember(mainList, 3_600_000 / run.itemsPerHour);
  let { message, step } = run;
  let givenFraction: number | null = null;
  const rising = risingFraction(run.fraction);

  const msPerItem = (list: string): number | null => {
    const seen = durations.get(list);
    return seen === undefined ? null : seen.workedMs / seen.items;
  };
  const finished = (): number => tally.done + tally.skipped + tally.failed;
  const msLeft = (): number =>
    [...pending].reduce((sum, [list, count]) => sum + count * (msPerItem(list) ?? GUESSED_MS), 0);
  const msWorked = (): number =>
    [...workedMs].reduce(
      (sum, [list, worked]) => (list === mainList ? sum : sum + worked),
      finished() * (msPerItem(mainList) ?? GUESSED_MS),
    );
  const fraction = (): number => {
    if (givenFraction !== null) return rising(givenFraction);
    const [worked, left] = [msWorked(), msLeft()];
    // In this slice nothing is listed yet: how much there is to do is not known.
    return pending.size === 0 || worked + left === 0 ? run.fraction : rising(worked / (worked + left));
  };
  const itemsPerHour = (): number | null => {
    const each = msPerItem(mainList);
    return each === null ? null : Math.round(3_600_000 / Math.max(each, 1));
  };

  return {
    step(next) {
      step = next;
    },
    say(said) {
      message = said;
    },
    at(done) {
      givenFraction = done;
    },
    remains(list, count) {
      pending.set(list, count);
    },
    count(list, state, tookMs) {
      if (list === mainList) tally[state]++;
      pending.set(list, Math.max(0, (pending.get(list) ?? 0) - 1));
      workedMs.set(list, (workedMs.get(list) ?? 0) + tookMs);
      const seen = durations.get(list) ?? { items: 0, workedMs: 0 };
      durations.set(list, { items: seen.items + 1, workedMs: seen.workedMs + tookMs });
    },
    snapshot: () => ({
      ...tally,
      total: finished() + (pending.get(mainList) ?? 0),
      itemsPerHour: itemsPerHour(),
      secondsLeft: pending.size === 0 ? null : Math.round(msLeft() / 1000),
      message,
      step,
      fraction: fraction(),
    }),
    itemDurations: () =>
      Object.fromEntries([...durations.keys()].map((list) => [list, Math.round(msPerItem(list) ?? 0)])),
  };
}
