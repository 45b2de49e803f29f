import { TASK_MODES, TASKS, type TaskArg, type TaskMode } from '../../core/runs/tasks.ts';
import { DataKind } from '../../core/contract/data.ts';
import { version } from '../compose/context.ts';
import { say } from './language.ts';

/** What stands for the value of an option. */
const VALUES: Partial<Record<TaskArg['type'], string>> = { 'box-ids': 'FILE', folder: 'DIR', files: 'FILE' };

/** A line of help for a task, from its declaration. */
function lineOf(mode: TaskMode): string {
  const options = optionsOf(mode).map(([, arg]) =>
    arg.type === 'flag'
      ? `[--${arg.option}]`
      : `[--${arg.option} ${VALUES[arg.type] ?? 'ID'}]${arg.type === 'ids' || arg.type === 'files' ? '…' : ''}`,
  );
  const command = ['stash-sense', mode.padEnd(8), '--stash-url URL', ...options].join(' ');
  return `  ${command.padEnd(40)} ${say(`cli.help.task.${mode}`)}`;
}

/** The arguments of a task that have an option. */
export function optionsOf(mode: TaskMode): [name: string, arg: TaskArg & { option: string }][] {
  return Object.entries<TaskArg>(TASKS[mode].args).flatMap(([name, arg]) =>
    arg.option === undefined ? [] : [[name, { ...arg, option: arg.option }]],
  );
}

/** What the command line can do, in the language of its environment. */
export function help(): string {
  return [
    say('cli.help.title', { version }),
    '',
    say('cli.help.withoutStash'),
    '  stash-sense identify FILE… [--people DIR] [--reference-pack PATH] [--cache DIR] [--json]',
    `      ${say('cli.help.peopleFolder')}`,
    `      ${say('cli.help.packPath')}`,
    `      ${say('cli.help.kept')}`,
    '  stash-sense publish-pack --out DIR FOLDER…',
    `      ${say('cli.help.publishFolders')}`,
    `  stash-sense clear [--cache DIR] ${say('cli.help.clearCache')}`,
    '',
    say('cli.help.withStash'),
    ...TASK_MODES.map(lineOf),
    '  stash-sense status   --stash-url URL [--json]',
    `  stash-sense pack-pictures --stash-url URL PACK [NAME] ${say('cli.help.packPictures')}`,
    `  stash-sense publish-pack --stash-url URL --out DIR [--keep-deltas N] [PACK…] ${say('cli.help.publishPacks')}`,
    `  stash-sense export-references --stash-url URL --out FILE ${say('cli.help.exportReferences')}`,
    `  stash-sense schedule --stash-url URL          ${say('cli.help.schedule')}`,
    '  stash-sense undo     --stash-url URL ENTRY… | --batch ID',
    '  stash-sense stop     --stash-url URL [TASK]',
    `  stash-sense clear    --stash-url URL [--yes] WHAT… ${say('cli.help.clear', { kinds: DataKind.options.join(' ') })}`,
    `  --data DIR           ${say('cli.help.data')}`,
    `  --ffmpeg FILE        ${say('cli.help.ffmpeg')}`,
    '  --accept-any-certificate, --verbose, --help, --version',
    '',
  ].join('\n');
}
