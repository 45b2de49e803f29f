import { toPrintableLine } from '../../core/printable.ts';

/** One line of progress at the bottom of a terminal, which is overwritten. When stderr is no terminal only notes are written. */
export type ProgressLine = {
  say(text: string): void;
  /** Writes a line that stays. */
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
