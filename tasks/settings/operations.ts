import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Input, Output } from '../../core/contract/operations.ts';
import { hasCode, saidOf, StashSenseError } from '../../core/errors.ts';
import { Settings } from '../../core/settings.ts';
import { exclusionProblems } from '../exclusions/problems.ts';
import { resolveExclusions } from '../exclusions/resolve.ts';
import { nextDue } from '../schedule/next-run.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { resolveScope } from './scan-scope.ts';

export type SettingsOperation = 'settings.get' | 'settings.set';
/** No store: settings stay within reach where the data folder that they name cannot be used. */
export type SettingsContext = Pick<Context, 'library' | 'readSettings' | 'now' | 'log'>;

export const settingsOperations: {
  readonly [Name in SettingsOperation]: (
    context: SettingsContext,
    input: Input<Name>,
  ) => Promise<Output<Name>>;
} = {
  'settings.get': async (context) => await checkSettings(context, await context.library.settings()),

  /** Stores each change that is right. */
  'settings.set': async (context, { changes }) => {
    const unknown = Object.keys(changes).filter((key) => !Object.hasOwn(Settings.shape, key));
    if (unknown.length > 0)
      throw new StashSenseError(
        'bad-input',
        message('settings.unknown', {
          unknown: unknown.join(', '),
          known: Object.keys(Settings.shape).join(', '),
        }),
      );
    const problems: Message[] = [];
    const good: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(changes)) {
      const checked = await checkSettings(context, { [name]: value });
      if (checked.problems.length === 0) good[name] = value;
      problems.push(...checked.problems);
    }
    if (Object.keys(good).length > 0) await context.library.changeSettings(good);
    return { problems, saved: Object.keys(good) };
  },
};

/** `problems`: what is wrong with the values, also what only Stash or the disk can say. */
async function checkSettings(
  context: SettingsContext,
  raw: Record<string, unknown>,
): Promise<{ settings: Settings; problems: Message[] }> {
  const { library, log } = context;
  const { settings, problems } = context.readSettings(raw);
  const checks = [
    () => Promise.resolve(checkSchedule(context, settings.schedule)),
    () => resolveScope(settings.scanScope, library),
    () => checkChannelFolder(settings, 'channel'),
    () => checkChannelFolder(settings, 'packChannel'),
  ];
  for (const check of checks)
    try {
      await check();
    } catch (error) {
      if (!hasCode(error, 'bad-input')) throw error;
      problems.push(saidOf(error));
    }
  problems.push(...(await exclusionProblems(() => resolveExclusions(library, settings), log)));
  return { settings, problems };
}

/** @throws StashSenseError `bad-input` */
function checkSchedule({ now }: Pick<Context, 'now'>, expression: string): void {
  if (expression !== '') nextDue(expression, new Date(now()));
}

/** @throws StashSenseError `bad-input` */
async function checkChannelFolder(settings: Settings, key: 'channel' | 'packChannel'): Promise<void> {
  const folder = folderIn(settings[key].trim());
  if (folder === null) return;
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true || (found?.isFile() === true && NAMES_FILE.test(folder))) return;
  const setting = message(`settings.label.${key}`);
  throw new StashSenseError('bad-input', message('settings.noChannelFolder', { setting, folder }));
}

/** A channel can be named by its `index.yml` or `channel.json`. */
const NAMES_FILE = /\.(json|ya?ml)$/i;

/** Null: it is an address of another kind, or none. */
function folderIn(channel: string): string | null {
  if (path.isAbsolute(channel)) return channel;
  try {
    return /^file:/i.test(channel) ? fileURLToPath(channel) : null;
  } catch {
    return null;
  }
}
