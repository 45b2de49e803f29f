import type { Input, Output } from '../../core/contract/operations.ts';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { Settings } from '../../core/settings.ts';
import { nextDue } from '../schedule/next-run.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';

export type SettingsOperation = 'settings.get' | 'settings.set';
/** No store: settings stay within reach where the data folder that they name cannot be used. */
export type SettingsContext = Pick<Context, 'library' | 'readSettings' | 'now'>;

export const settingsOperations: {
  readonly [Name in SettingsOperation]: (
    context: SettingsContext,
    input: Input<Name>,
  ) => Promise<Output<Name>>;
} = {
  'settings.get': async (context) => checkSettings(context, await context.library.settings()),

  /** Nothing is stored when one of the changes is wrong. */
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
    const { problems } = checkSettings(context, changes);
    if (problems.length === 0) await context.library.changeSettings(changes);
    return { problems };
  },
};

function checkSettings(
  context: Pick<Context, 'readSettings' | 'now'>,
  raw: unknown,
): { settings: Settings; problems: Message[] } {
  const { settings, problems } = context.readSettings(raw);
  return { settings, problems: [...problems, ...scheduleProblems(context, settings.schedule)] };
}

function scheduleProblems({ now }: Pick<Context, 'now'>, expression: string): Message[] {
  if (expression === '') return [];
  try {
    nextDue(expression, new Date(now()));
    return [];
  } catch (error) {
    return [saidOf(error)];
  }
}
