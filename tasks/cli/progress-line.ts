import { toPrintableLine } from '../../core/printable.ts';

/** One line at the bottom of a terminal that is written over; on anything else only notes are written. */
export type ProgressLine = {
  say(text: string): void;
  /** A line that stays. */
  note(sentence: string): void;
  clear(): void;
};

export function createProgressLine(
  stderr: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean },
): ProgressLine {
  let shown = '';
  const clear = (): void => {
    if (shown !== '') stderr.write('\r\u001B[2K');
    shown = '';
  };
  return {
    say(text) {
      if (stderr.isTTY !== true) return;
      clear();
      shown = toPrintableLine(text);
      stderr.write(shown);
    },
    note(sentence) {
      clear();
      stderr.write(`${toPrintableLine(sentence)}\n`);
    },
    clear,
  };
}
