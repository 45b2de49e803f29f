/** The log of a process: stderr in Stash's log protocol, or the terminal. */
export type Log = {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** Fraction of the whole run, 0…1. */
  progress(fraction: number): void;
};
