import type { Message } from '../../core/messages/message.ts';
import type { Run } from '../../core/ports/runs.ts';

/** What a run has done so far, over all its slices, and how long the rest will take. */
export type Progress = {
  /** What it is doing now. */
  say(said: Message): void;
  /** How far it is, 0…1, where nothing is counted. */
  at(fraction: number): void;
  /** How many items of this list wait. */
  remains(list: string, pending: number): void;
  /** One item of this list is through; `workedMs` is what it took. */
  count(list: string, state: 'done' | 'skipped' | 'failed', workedMs: number): void;
  snapshot(): ProgressSnapshot;
  /** 0…1, by the time it takes. */
  fraction(): number;
  /** Milliseconds an item of each list takes, as far as known: what the next slice or run begins with. */
  itemDurations(): Record<string, number>;
};
export type ProgressSnapshot = Pick<
  Run,
  'done' | 'skipped' | 'failed' | 'total' | 'itemsPerHour' | 'secondsLeft' | 'message'
>;

/** How many items an earlier pace weighs: after as many of its own, a slice trusts itself as much. */
const EARLIER_DURATION_ITEMS = 20;
/** What an item of a list is taken to cost as long as none was ever through: short videos and pictures take less, films more. */
const GUESSED_MS = 2000;

/**
@param mainList whose items are counted and whose pace people are told; other lists are the way there, and weigh by
their time only
@param earlierDurations milliseconds an item, by list
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
  let message = run.message;
  let shownFraction: number | null = null;

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
  const itemsPerHour = (): number | null => {
    const each = msPerItem(mainList);
    return each === null ? null : Math.round(3_600_000 / Math.max(each, 1));
  };

  return {
    say(said) {
      message = said;
    },
    at(fraction) {
      shownFraction = fraction;
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
    }),
    fraction: () => shownFraction ?? (msLeft() === 0 ? 1 : msWorked() / (msWorked() + msLeft())),
    itemDurations: () =>
      Object.fromEntries([...durations.keys()].map((list) => [list, Math.round(msPerItem(list) ?? 0)])),
  };
}
