import { TASK_MODES, TASKS, type TaskArg, type TaskMode } from '../../core/runs/tasks.ts';
import { version } from '../compose/context.ts';

/** What each task does, in a line. */
const TASK_HELP: Readonly<Record<TaskMode, string>> = {
  'set-up': 'look at runtime, weights, ffmpeg and space',
  people: 'learn the faces of the performers',
  scan: 'look at the whole library',
  identify: 'look at these scenes, or at those that carry the tag',
  'build-reference-pack': 'learn the faces of the performers of a stash-box',
  'fetch-reference-packs': 'fetch the published reference packs that were asked for, or one by its id',
  'link-stash-ids': 'look for the performers on stash-boxes, and suggest their stash IDs',
  'link-scenes': 'look for the scenes on stash-boxes, and suggest their stash IDs',
  health: 'look for what is missing, double or wrong in the library',
  'move-data': 'go on with moving the data to another folder',
};

/** What stands for the value of an option. */
const VALUES: Partial<Record<TaskArg['type'], string>> = { 'box-ids': 'FILE', folder: 'DIR', files: 'FILE' };

/** A line of help for each task, from its declaration. */
const TASK_LINES = TASK_MODES.map((mode) => {
  const options = optionsOf(mode).map(([, arg]) =>
    arg.type === 'flag'
      ? `[--${arg.option}]`
      : `[--${arg.option} ${VALUES[arg.type] ?? 'ID'}]${arg.type === 'ids' || arg.type === 'files' ? '…' : ''}`,
  );
  const command = ['stash-sense', mode.padEnd(8), '--stash-url URL', ...options].join(' ');
  return `  ${command.padEnd(40)} ${TASK_HELP[mode]}\n`;
}).join('');

/** The arguments of a task that have an option. */
export function optionsOf(mode: TaskMode): [name: string, arg: TaskArg & { option: string }][] {
  return Object.entries<TaskArg>(TASKS[mode].args).flatMap(([name, arg]) =>
    arg.option === undefined ? [] : [[name, { ...arg, option: arg.option }]],
  );
}

export const HELP = `Stash Sense ${version}: sees who is in videos and pictures by face.

Without Stash:
  stash-sense identify FILE… [--people DIR] [--reference-pack PATH] [--cache DIR] [--json]
      DIR holds a folder of pictures (or one picture) for each person, named after the person.
      PATH is a reference pack (a folder or a zip): people whom stash-boxes know.
      What was learnt of the pictures is kept for the next time, in the user's cache folder or in the one of --cache.
  stash-sense publish-pack --out DIR FOLDER…
      Writes the reference packs in these folders for a static host, as below.
  stash-sense clear [--cache DIR] erase what was learnt of them

With a Stash (its API key in the environment variable STASH_API_KEY, where it wants one):
${TASK_LINES}  stash-sense status   --stash-url URL [--json]
  stash-sense pack-pictures --stash-url URL PACK [NAME] what became of the pictures of the people of a reference pack
  stash-sense publish-pack --stash-url URL --out DIR [--keep-deltas N] [PACK…] write the reference packs that were built there for a static host
  stash-sense export-references --stash-url URL --out FILE write the faces you confirmed and profile pictures as numbers, with ids of stash-boxes, to give to a publisher; nothing is sent
  stash-sense schedule --stash-url URL          keep time in the foreground, so that what is due in that Stash starts; ends by a signal
  stash-sense undo     --stash-url URL ENTRY… | --batch ID
  stash-sense stop     --stash-url URL [TASK]
  stash-sense clear    --stash-url URL [--yes] WHAT… erase: faces people decisions journal reference-packs fetched, or all
  --data DIR           our data, where Stash is on another machine
  --ffmpeg FILE        instead of the ffmpeg on PATH; ffprobe lies beside it
  --accept-any-certificate, --verbose, --help, --version
`;
