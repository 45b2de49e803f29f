/** Where a process says what it does. stderr in Stash's own log protocol, or the terminal. */
export type Log = {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** 0…1, of the whole run. */
  progress(fraction: number): void;
};
