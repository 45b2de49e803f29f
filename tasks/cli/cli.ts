import { DataKind } from '../../core/contract/data.ts';
import { type Output } from '../../core/contract/operations.ts';
import { TASK_MODES } from '../../core/runs/tasks.ts';
import { saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { toPrintable, toPrintableJson, toPrintableLine } from '../../core/printable.ts';
import { createTerminalLog } from '../../plugin/host/log.ts';
import { parseBaseUrl } from '../../plugin/stash/http.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { openStash } from '../../plugin/stash/client.ts';
import { canAsk, isClearMeant } from './confirm-clear.ts';
import { help, optionsOf } from './help.ts';
import { say, speakAs, worded, wordedError } from './language.ts';
import { parseAll } from './options.ts';
import { argsOfOptions } from './task-args.ts';
import { folderOfStash, readPathOption, readProgramOption } from './paths.ts';
import { PACK_COMMANDS } from './packs/commands.ts';
import { clearCacheToo, clearWithoutStash } from './people/clear.ts';
import { picturesText, statusText, stopText, undoText, withTexts } from './text.ts';
import { findTask, runOperation, runTask } from '../compose/dispatch.ts';
import type { Context } from '../runs/task.ts';
import { openContext, version } from '../compose/context.ts';
import { message, type Message } from '../../core/messages/message.ts';

/** @returns the exit code: 0 done, 1 nothing could be done, 2 wrong usage */
export async function runCommandLine(argv: readonly string[], bundleUrl: string): Promise<number> {
  speakAs(process.env, bundleUrl);
  const [command, ...rest] = argv;
  // `identify` has a help of its own.
  const wantsHelp = command !== 'identify' && argv.some((operand) => /^(--help|-h)$/.test(operand));
  if (command === undefined || command === 'help' || wantsHelp) {
    process.stdout.write(help());
    return command === undefined ? 2 : 0;
  }
  if (command === '--version' || command === '-v') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (command === 'identify' && !rest.some((operand) => operand.startsWith('--stash-url'))) {
    const { runIdentifyCommand } = await import('./identify.ts');
    return await runIdentifyCommand(rest, { stdout: process.stdout, stderr: process.stderr, bundleUrl });
  }
  if (command === 'schedule') {
    const ended = await (await import('./schedule.ts')).runScheduleCommand(rest, removeApiKey);
    return typeof ended === 'number' ? ended : badUsage(ended);
  }
  const withoutStash = WITHOUT_STASH[command];
  if (withoutStash !== undefined && !rest.some((operand) => operand.startsWith('--stash-url'))) {
    const answer = await withoutStash(rest);
    if ('id' in answer) return badUsage(answer);
    process[answer.code === 0 ? 'stdout' : 'stderr'].write(`${answer.text}\n`);
    return answer.code;
  }
  const asked = await parse(command, rest);
  return 'id' in asked ? badUsage(asked) : await withStash(asked, bundleUrl);
}

type Answer = { readonly code: number; readonly text: string };

/** What these commands do where no Stash is named. @returns a sentence about what was asked wrongly, instead of an answer */
const WITHOUT_STASH: Readonly<
  Record<string, (argv: readonly string[]) => Answer | Message | Promise<Answer | Message>>
> = {
  clear: clearWithoutStash,
  'publish-pack': async (argv) => await (await import('./packs/publish-pack.ts')).publishFolders(argv),
};

function badUsage(sentence: Message): number {
  process.stderr.write(`${toPrintable(worded(sentence))}\n${say('cli.help.more')}\n`);
  return 2;
}

type Asked = {
  readonly command: string;
  readonly url: string;
  /** Absolute; null: the folder of the settings, on Stash's machine. */
  readonly dataFolder: string | null;
  /** Absolute; null: the ffmpeg on PATH. */
  readonly ffmpeg: string | null;
  readonly operands: readonly string[];
  readonly values: ReturnType<typeof parseAll>['values'];
};

async function parse(command: string, rest: readonly string[]): Promise<Asked | Message> {
  const others = ['status', 'undo', 'stop', 'clear', 'pack-pictures', ...Object.keys(PACK_COMMANDS)];
  if (!findTask(command) && !others.includes(command)) return message('cli.noCommand', { command });
  try {
    const { values, positionals: operands } = parseAll(command, rest);
    const url = values['stash-url'];
    if (url === undefined) return message('cli.needsUrl', { command });
    parseBaseUrl(url);
    const { data, ffmpeg } = values;
    const dataFolder = data === undefined ? null : readPathOption('data', data);
    const program = ffmpeg === undefined ? null : await readProgramOption('ffmpeg', ffmpeg);
    const asked = { command, url, dataFolder, ffmpeg: program, operands, values };
    return strayOption(asked) ?? wrongOperand(asked) ?? asked;
  } catch (error) {
    return saidOf(error);
  }
}

/** Options that not every command has, with the names of those that do. */
const OWN_OPTIONS: readonly { readonly option: string; readonly command: string }[] = [
  ...TASK_MODES.flatMap((mode) => optionsOf(mode).map(([, { option }]) => ({ option, command: mode }))),
  { option: 'batch', command: 'undo' },
  { option: 'json', command: 'status' },
  { option: 'yes', command: 'clear' },
  { option: 'cache', command: 'clear' },
  { option: 'out', command: 'publish-pack' },
  { option: 'out', command: 'export-references' },
  { option: 'keep-deltas', command: 'publish-pack' },
];

function strayOption({ command, values }: Asked): Message | null {
  for (const { option } of OWN_OPTIONS) {
    const owners = OWN_OPTIONS.filter((one) => one.option === option).map((one) => one.command);
    if (values[option as keyof typeof values] !== undefined && !owners.includes(command))
      return message('cli.optionOfOther', { command, option, owner: owners.join(', ') });
  }
  const strange = values.scene?.filter((id) => !/^\d+$/.test(id)) ?? [];
  return strange.length === 0 ? null : message('cli.noSceneNumber', { given: strange.join(', ') });
}

function wrongOperand({ command, operands, values }: Asked): Message | null {
  if (command === 'undo')
    return operands.length === 0 && values.batch === undefined ? message('cli.undoNeedsEntry') : null;
  if (command === 'stop') {
    const names = TASK_MODES.join(', ');
    const unknown = operands.filter((operand) => !TASK_MODES.some((mode) => mode === operand));
    if (unknown.length > 0) return message('cli.stopUnknown', { unknown: unknown.join(', '), names });
    return operands.length > 1 ? message('cli.stopTakesOne', { names }) : null;
  }
  if (command === 'pack-pictures')
    return operands.length === 1 || operands.length === 2 ? null : message('cli.picturesNeedPack');
  if (command === 'clear') {
    const unknown = operands.filter((operand) => operand !== 'all' && !DataKind.safeParse(operand).success);
    if (unknown.length > 0) return message('cli.clearUnknown', { unknown: unknown.join(', ') });
    if (operands.length === 0) return message('cli.clearNeedsWhat');
    return values.yes === true || canAsk() ? null : message('cli.clearNeedsYes');
  }
  if (command === 'publish-pack') return null;
  return operands.length > 0 ? message('cli.takesNone', { command, operands: operands.join(' ') }) : null;
}

async function withStash(asked: Asked, bundleUrl: string): Promise<number> {
  const { command, url, operands, values } = asked;
  const secrets = createSecrets();
  const log = createTerminalLog(secrets, { verbose: values.verbose === true });
  const stash = openStash({
    baseUrl: url,
    apiKey: removeApiKey(),
    secrets,
    log,
    acceptAnyCertificate: values['accept-any-certificate'] === true,
  });
  try {
    const { context, close } = await openContext({
      stash,
      log,
      secrets,
      bundleUrl,
      configDir: asked.dataFolder ?? (await folderOfStash(url, stash.library)),
      dataFolder: asked.dataFolder ?? undefined,
      slices: false,
      programs: { of: 'user', ffmpeg: asked.ffmpeg },
    });
    try {
      const { code, text } = await runCommand(context, command, operands, values);
      // Redacted, since a server may have echoed a secret.
      process.stdout.write(`${secrets.redact(text)}\n`);
      return code;
    } finally {
      await close();
    }
  } catch (error) {
    log.error(wordedError(error));
    logFault(log, error);
    return 1;
  } finally {
    stash.close();
  }
}

/** Reads the key and removes it from the environment, so that no library and no child process can read it there. */
function removeApiKey(): string | null {
  const key = process.env['STASH_API_KEY'] ?? null;
  delete process.env['STASH_API_KEY'];
  return key;
}

async function runCommand(
  context: Context,
  command: string,
  operands: readonly string[],
  values: Asked['values'],
): Promise<Answer> {
  const task = findTask(command);
  if (task) {
    // The first ctrl-C stops the run after the current file, the second ends the process.
    process.once('SIGINT', () => void context.store.runs.askStop(task.mode));
    const args = await argsOfOptions(task.mode, values);
    const { message: ending, allFailed } = await runTask(context, task, args);
    return { code: allFailed === true ? 1 : 0, text: toPrintableLine(worded(ending)) };
  }
  const packCommand = PACK_COMMANDS[command];
  if (packCommand) return await packCommand(context, operands, values);
  const [name, input] = toOperation(command, operands, values);
  if (
    command === 'clear' &&
    values.yes !== true &&
    !(await isClearMeant(context.dataFolder, kindsIn(operands)))
  )
    return { code: 1, text: say('cli.clearNotMeant') };
  const answer = await runOperation(context, name, input);
  const isNothing = name === 'journal.undo' && (answer as Output<'journal.undo'>).undone.length === 0;
  const alsoPeople = command === 'clear' && kindsIn(operands).includes('people');
  const cache = alsoPeople ? clearCacheToo(values.cache) : null;
  const text = values.json === true ? toPrintableJson(withTexts(answer)) : TEXTS[name](answer);
  return {
    code: isNothing ? 1 : (cache?.code ?? 0),
    text: cache === null ? text : `${text}\n${cache.text}`,
  };
}

/** The answers come from the contract's own handlers. */
const TEXTS = {
  status: (answer: unknown) => statusText(answer as Output<'status'>),
  'journal.undo': (answer: unknown) => undoText(answer as Output<'journal.undo'>),
  'referencePacks.learnt': (answer: unknown) => picturesText(answer as Output<'referencePacks.learnt'>),
  stop: (answer: unknown) => stopText(answer as Output<'stop'>),
  'data.clear': (answer: unknown) => toPrintableLine(worded((answer as Output<'data.clear'>).message)),
};

function kindsIn(operands: readonly string[]): readonly string[] {
  return operands.includes('all') ? DataKind.options : operands;
}

function toOperation(
  command: string,
  operands: readonly string[],
  { batch }: Asked['values'],
): [name: keyof typeof TEXTS, input: unknown] {
  if (command === 'undo')
    return ['journal.undo', batch === undefined ? { ids: operands } : { batchId: batch }];
  if (command === 'clear') return ['data.clear', { what: kindsIn(operands) }];
  if (command === 'pack-pictures')
    return ['referencePacks.learnt', { packId: operands[0], name: operands[1] ?? '', limit: 200 }];
  if (command === 'stop') return ['stop', operands[0] === undefined ? {} : { task: operands[0] }];
  return ['status', {}];
}
