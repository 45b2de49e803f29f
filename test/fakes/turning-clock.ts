/** A clock that advances only when a test turns it or code sleeps. */
export type TurningClock = {
  readonly now: () => number;
  /** Advances the clock and returns without waiting. */
  readonly sleep: (ms: number) => Promise<void>;
  turn(ms: number): void;
};

export function turningClock(at = 1_700_000_000_000): TurningClock {
  return {
    now: () => at,
    async sleep(ms) {
      at += ms;
      // Lets other pending work run, as a real wait would.
      await new Promise((resolve) => setImmediate(resolve));
    },
    turn(ms) {
      at += ms;
    },
  };
}
