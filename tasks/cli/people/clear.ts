/** Erasing what `identify` keeps of people. */
import { hasCode } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { toPrintableLine } from '../../../core/printable.ts';
import { parseOptions } from '../options.ts';
import { readPathOption } from '../paths.ts';
import { cacheFolderOfUser, clearPeopleCache } from './cache.ts';

/** What it may be told to erase: all that is kept without a Stash is about people. */
const WHAT = ['people', 'all'];

type Answer = { readonly code: number; readonly text: string };

/** `stash-sense clear` without a Stash. @returns why it was not asked for rightly, instead of an answer */
export function clearWithoutStash(argv: readonly string[]): Answer | Message {
  try {
    const { values, positionals } = parseOptions('clear', argv, {
      cache: { type: 'string' },
      // Asked of nobody here: what is erased is learnt anew.
      yes: { type: 'boolean' },
    });
    if (positionals.some((operand) => !WHAT.includes(operand)))
      return message('cli.needsUrl', { command: 'clear' });
    const { outcome, text } = clearPeopleCache(folderOf(values.cache));
    return { code: outcome === 'left' ? 1 : 0, text: toPrintableLine(text) };
  } catch (error) {
    if (!hasCode(error, 'bad-input')) throw error;
    return error.said;
  }
}

/** Beside what was kept of the people of a Stash. Null: nothing was there. */
export function clearCacheToo(cache: string | undefined): Answer | null {
  const { outcome, text } = clearPeopleCache(folderOf(cache));
  return outcome === 'nothing' ? null : { code: outcome === 'left' ? 1 : 0, text: toPrintableLine(text) };
}

/** @throws StashSenseError `bad-input` */
function folderOf(cache: string | undefined): string {
  return cache === undefined ? cacheFolderOfUser() : readPathOption('cache', cache);
}
