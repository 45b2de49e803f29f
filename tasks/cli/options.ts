/** Options of the command line, with sentences of ours for what Node's parser refuses. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';

type Config = NonNullable<ParseArgsConfig['options']>;

/** @throws StashSenseError `bad-input` */
export function parseOptions<const Options extends Config>(
  command: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const problem = problemOf(command, error);
    if (problem === null) throw error;
    throw new StashSenseError('bad-input', problem, { cause: error });
  }
}

/** All options that a command with a Stash can have. */
export function parseAll(command: string, args: readonly string[]) {
  return parseOptions(command, args, {
    'stash-url': { type: 'string' },
    data: { type: 'string' },
    ffmpeg: { type: 'string' },
    scene: { type: 'string', multiple: true },
    pack: { type: 'string' },
    performer: { type: 'string' },
    box: { type: 'string' },
    'all-again': { type: 'boolean' },
    scope: { type: 'string' },
    endpoint: { type: 'string' },
    'ids-from': { type: 'string' },
    out: { type: 'string' },
    references: { type: 'string', multiple: true },
    people: { type: 'string' },
    scraper: { type: 'string' },
    'keep-crops': { type: 'boolean' },
    'keep-deltas': { type: 'string' },
    estimate: { type: 'boolean' },
    batch: { type: 'string' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
    yes: { type: 'boolean' },
    cache: { type: 'string' },
    verbose: { type: 'boolean' },
    'accept-any-certificate': { type: 'boolean' },
  });
}

/** Node names the option in quotes, with its short form before it and `<value>` behind it. */
function problemOf(command: string, error: unknown): Message | null {
  if (!(error instanceof Error && 'code' in error)) return null;
  const option = /'(?:-\w, )?(-[^ '=]*)/.exec(error.message)?.[1] ?? '';
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return message('cli.unknownOption', { command, option });
  if (error.code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return null;
  return message(/does not take/.test(error.message) ? 'cli.valueNotTaken' : 'cli.valueMissing', { option });
}
