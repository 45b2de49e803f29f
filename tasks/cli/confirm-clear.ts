/** What "clear" erases is gone for good, so a person is asked before. */
import { createInterface } from 'node:readline/promises';
import { DataKind } from '../../core/contract/data.ts';
import { toPrintableLine } from '../../core/printable.ts';
import { say } from './language.ts';

export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks at the terminal; only "yes" is one. */
export async function isClearMeant(folder: string, kinds: readonly string[]): Promise<boolean> {
  const list = kinds.map((kind) => say(`data.kind.${DataKind.parse(kind)}`)).join('; ');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(toPrintableLine(say('cli.clearAsk', { folder, list })));
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}
