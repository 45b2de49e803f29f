/** A clock that stands still until a test, or somebody who waits, turns it. */
export type TurningClock = {
  readonly now: () => number;
  /** Is over at once, and the time has passed. */
  readonly sleep: (ms: number) => Promise<void>;
  turn(ms: number): void;
};

export function turningClock(at = 1_700_000_000_000): TurningClock {
  return {
    now: () => at,
    async sleep(ms) {
      at += ms;
      // Others get their turn, as they would during a wait.
      await new Promise((resolve) => setImmediate(resolve));
    },
    turn(ms) {
      at += ms;
    },
  };
}
