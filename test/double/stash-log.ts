/** Stash's own log, as its page and the query `logs` show it. */
export type LogLevel = 'Trace' | 'Debug' | 'Info' | 'Warning' | 'Error';
export type LogLine = { readonly time: string; readonly level: LogLevel; readonly message: string };
export type StashLog = {
  readonly lines: readonly LogLine[];
  write(level: LogLevel, message: string): void;
  /** At most 30, newest first. */
  recent(): LogLine[];
};

const ORDER: readonly LogLevel[] = ['Trace', 'Debug', 'Info', 'Warning', 'Error'];
const KEPT = 10_000;

/** `level`: the lowest that is kept, asked anew for each line. */
export function createStashLog(level: () => string, now: () => number): StashLog {
  const lines: LogLine[] = [];
  return {
    lines,
    write(lineLevel, message) {
      const lowest = ORDER.findIndex((candidate) => candidate.toLowerCase() === level().toLowerCase());
      const text = message.trimEnd();
      if (text === '' || ORDER.indexOf(lineLevel) < lowest) return;
      lines.push({ time: new Date(now()).toISOString(), level: lineLevel, message: text });
      if (lines.length > KEPT) lines.shift();
    },
    recent: () => lines.slice(-30).toReversed(),
  };
}
