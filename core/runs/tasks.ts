/**
The one declaration of what can be started. The manifest, the registry, the contract, the page, the command line and the
store read it or are checked against it (`test/manifest.test.ts`); what a task does stands in `tasks/<room>/task.ts`.

Free of packages, so that the page can read it without carrying zod.
*/

/** How a value of Stash's `defaultArgs`, of the page or of the command line is read. */
export type TaskArg = {
  /**
  `ids`: a list, its JSON text, or numbers with commas between. `flag`: absent is false. `text`: 1 to 1 000 characters.
  `match`: that word or nothing.
  */
  readonly type: 'ids' | 'flag' | 'text' | 'match';
  /** Its option on the command line, without the dashes; absent: it has none. */
  readonly option?: string;
};

type TaskDeclaration = {
  /** By which Stash starts it: stored in Stash's queue, so never changed. */
  readonly name: string;
  /** For the Tasks menu and the page. */
  readonly description: string;
  /** What the command line's help says of it. */
  readonly help: string;
  /** Lists of the work queue that it works through; the first is the one people are told the numbers of. */
  readonly lists: readonly ListName[];
  readonly args: Readonly<Record<string, TaskArg>>;
};

/** Lists of the work queue, and with which data each is erased. */
export const LISTS = {
  scan: { erasedWith: 'faces' },
  identify: { erasedWith: 'faces' },
  people: { erasedWith: 'people' },
  /** The same performers once more, for pictures that are not needed to begin. */
  'people-pictures': { erasedWith: 'people' },
} as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES = Object.keys(LISTS) as ListName[];

export const SCAN_LIST = 'scan' satisfies ListName;
export const IDENTIFY_LIST = 'identify' satisfies ListName;
export const PEOPLE_LIST = 'people' satisfies ListName;
export const MORE_PICTURES_LIST = 'people-pictures' satisfies ListName;

/** By `mode`, in the order of the Tasks menu. Every one of them can be stopped. */
export const TASKS = {
  'set-up': {
    name: 'Set up',
    description:
      'Checks runtime, engine, models, ffmpeg and space, finds the fastest engine, and says what is missing. Fetches only what you agreed to on the Status page.',
    help: 'look at runtime, weights, ffmpeg and space',
    lists: [],
    args: {},
  },
  people: {
    name: 'Update people',
    description:
      'Learns the faces of your performers from their pictures in Stash. Only new and changed pictures are looked at.',
    help: 'learn the faces of the performers',
    lists: [PEOPLE_LIST, MORE_PICTURES_LIST],
    /** `only` is `match`: nobody is learnt, kept observations are matched with the people known now. */
    args: { only: { type: 'match' } },
  },
  scan: {
    name: 'Scan library',
    description:
      'Brings people up to date, then looks for known faces in new and changed scenes. Can be stopped and goes on where it was.',
    help: 'look at the whole library',
    lists: [SCAN_LIST, PEOPLE_LIST, MORE_PICTURES_LIST],
    args: {},
  },
  identify: {
    name: 'Identify scene',
    description:
      'Looks at the scenes that carry the tag named in the settings ("Identify faces"), and takes the tag off when done.',
    help: 'look at these scenes, or at those that carry the tag',
    lists: [IDENTIFY_LIST],
    /** `requestId` names the request: asked for once, however often the task is started with it. */
    args: {
      scene_ids: { type: 'ids', option: 'scene' },
      force: { type: 'flag', option: 'again' },
      requestId: { type: 'text' },
    },
  },
  'move-data': {
    name: 'Move data',
    description:
      'Moves what Stash Sense keeps to the folder named on its page under Status. Goes on where it was interrupted.',
    help: 'go on with moving the data to another folder',
    lists: [],
    args: { folder: { type: 'text' } },
  },
} as const satisfies Record<string, TaskDeclaration>;

export type TaskMode = keyof typeof TASKS;
export const TASK_MODES = Object.keys(TASKS) as [TaskMode, ...TaskMode[]];

/** Done by the launcher, which is there when Node is not: the last entry of the Tasks menu. */
export const INSTALL_NODE = {
  mode: 'install-node',
  name: 'Install Node',
  description:
    'Fetches the program Stash Sense runs on, where there is none, and keeps it with its data. Starting it is the consent.',
} as const;

export function taskName(mode: string): string {
  return Object.hasOwn(TASKS, mode) ? TASKS[mode as TaskMode].name : mode;
}

export function listsErasedWith(what: 'faces' | 'people'): ListName[] {
  return LIST_NAMES.filter((name) => LISTS[name].erasedWith === what);
}
