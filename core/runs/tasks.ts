/**
The declaration of all tasks. The manifest, the registry, the contract, the page, the command line and the store use it or
are checked against it (`test/manifest.test.ts`); the implementation of a task is in `tasks/<room>/task.ts`.

Imports no package, so that the page's bundle does not contain zod.
*/

/** How an argument from Stash's `defaultArgs`, the page or the command line is parsed. */
export type TaskArg = {
  /**
  `ids`: an array, its JSON text, or comma-separated numbers. `flag`: false when absent. `text`: 1 to 1 000 characters.
  `match`: the word `match`, or absent. `folder`: a whole path. `box-ids`: ids of a stash-box, as an array or separated by spaces, commas or lines; on
  the command line the file that they stand in. `files`: whole paths.
  */
  readonly type: 'ids' | 'flag' | 'text' | 'match' | 'box-ids' | 'folder' | 'files';
  /** Option on the command line, without dashes; absent: none. */
  readonly option?: string;
};

type TaskDeclaration = {
  /** The name by which Stash starts the task. It is stored in Stash's queue, so it never changes. */
  readonly name: string;
  /** For the Tasks menu and the page. */
  readonly description: string;
  /** Lists of the work queue that the task works through; the counts of the first are shown to the user. */
  readonly lists: readonly ListName[];
  readonly args: Readonly<Record<string, TaskArg>>;
  /** A start after a stop goes on where it was, though there is no list: what was done is known otherwise. */
  readonly goesOn?: true;
};

/** The lists of the work queue, and the kind of data each is erased with. */
export const LISTS = {
  scan: { erasedWith: 'faces' },
  identify: { erasedWith: 'faces' },
  people: { erasedWith: 'people' },
  /** The same performers, for further pictures that are learnt after the first entities. */
  'people-pictures': { erasedWith: 'people' },
  /** Performers of stash-boxes whose pictures are to be looked at for a reference pack. */
  'box-people': { erasedWith: 'people' },
} as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES = Object.keys(LISTS) as ListName[];

export const SCAN_LIST = 'scan' satisfies ListName;
export const IDENTIFY_LIST = 'identify' satisfies ListName;
export const PEOPLE_LIST = 'people' satisfies ListName;
export const BOX_PEOPLE_LIST = 'box-people' satisfies ListName;
export const MORE_PICTURES_LIST = 'people-pictures' satisfies ListName;

/** By `mode`, in the order of the Tasks menu. Each task can be stopped. */
export const TASKS = {
  'set-up': {
    name: 'Set up',
    description:
      'Checks runtime, engine, models, ffmpeg and space, finds the fastest engine, and says what is missing. Fetches only what you agreed to on the Status page.',
    lists: [],
    args: {},
  },
  people: {
    name: 'Update people',
    description:
      'Learns the faces of your performers from their pictures in Stash, and asks the stash-boxes for changes of the reference packs that you built. Only new and changed pictures are looked at.',
    lists: [PEOPLE_LIST, MORE_PICTURES_LIST, BOX_PEOPLE_LIST],
    /** `only: match` learns no references and rematches stored observations with the present ones. `pack`: the face pack to change to. */
    args: { only: { type: 'match' }, pack: { type: 'text', option: 'pack' } },
  },
  scan: {
    name: 'Scan library',
    description:
      'Brings people up to date, then looks for known faces in new and changed scenes. Can be stopped and goes on where it was.',
    lists: [SCAN_LIST, PEOPLE_LIST, MORE_PICTURES_LIST],
    args: {},
  },
  identify: {
    name: 'Identify scene',
    description:
      'Looks at the scenes that carry the tag named in the settings ("Identify faces"), and takes the tag off when done.',
    lists: [IDENTIFY_LIST],
    /** `requestId` identifies the request: it is stored once, even when the task is started with it several times. */
    args: {
      scene_ids: { type: 'ids', option: 'scene' },
      force: { type: 'flag', option: 'force' },
      requestId: { type: 'text' },
    },
  },
  'build-reference-pack': {
    name: 'Build reference pack',
    description:
      'Fetches who a stash-box knows in the studios and scenes you have, and learns their faces, so that people you have no performer of get a name. Goes on where it was. Meant for a night.',
    lists: [BOX_PEOPLE_LIST],
    /** `scope`: one of `PACK_SCOPES`; `ids`: for its scope `ids`. `estimate`: only measures what it would cost. `out`: a folder that the pack is copied to besides, to be handed on. `references`: files that others have exported. `people`: a folder with a table, in place of a stash-box. `scraper`: one of Stash's, by its id, in place of a stash-box, and `performers`: whom it is asked for. */
    args: {
      scope: { type: 'text', option: 'scope' },
      endpoint: { type: 'text', option: 'endpoint' },
      ids: { type: 'box-ids', option: 'ids-from' },
      out: { type: 'folder', option: 'out' },
      references: { type: 'files', option: 'references' },
      people: { type: 'folder', option: 'people' },
      scraper: { type: 'text', option: 'scraper' },
      performers: { type: 'ids', option: 'performer' },
      keep_crops: { type: 'flag', option: 'keep-crops' },
      estimate: { type: 'flag', option: 'estimate' },
    },
  },
  'fetch-reference-packs': {
    name: 'Fetch reference packs',
    description:
      'Fetches the published reference packs that you asked for on the People tab. Goes on where it was interrupted.',
    lists: [],
    /** `pack`: the id of one, which is asked for by this. */
    args: { pack: { type: 'text', option: 'pack' } },
  },
  'link-stash-ids': {
    name: 'Link stash-box IDs',
    description: 'Looks for your performers on stash-boxes, and suggests their stash IDs.',
    lists: [],
    /** `endpoint`: one stash-box, by its address or its name. `force`: also those who were looked up and have not changed. */
    args: {
      performer_ids: { type: 'ids', option: 'performer' },
      endpoint: { type: 'text', option: 'box' },
      force: { type: 'flag', option: 'all-again' },
    },
    goesOn: true,
  },
  'link-scenes': {
    name: 'Link scenes to stash-boxes',
    description: 'Looks for your scenes on stash-boxes by their fingerprints, and suggests their stash IDs.',
    lists: [],
    /** As for `link-stash-ids`. */
    args: {
      scene_ids: { type: 'ids', option: 'scene' },
      endpoint: { type: 'text', option: 'box' },
      force: { type: 'flag', option: 'all-again' },
    },
    goesOn: true,
  },
  health: {
    name: 'Check library health',
    description:
      'Looks for what is missing, double or wrong in your library, and suggests what to do. Only what changed since the last time is looked at.',
    lists: [],
    args: {},
    goesOn: true,
  },
  'move-data': {
    name: 'Move data',
    description:
      'Moves what Stash Sense keeps to the folder named on its page under Status. Goes on where it was interrupted.',
    lists: [],
    args: { folder: { type: 'text' } },
  },
} as const satisfies Record<string, TaskDeclaration>;

export type TaskMode = keyof typeof TASKS;
export const TASK_MODES = Object.keys(TASKS) as [TaskMode, ...TaskMode[]];

/** The last entry of the Tasks menu. Run by the launcher, which works without Node. */
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
