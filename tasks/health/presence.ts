/** Whether files of Stash's library are on the disk, as far as it can be told from a machine whose disks come and go. */
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StashFile } from '../../core/ports/library.ts';
import type { LookParts } from './analyzer.ts';

export type Presence = 'there' | 'gone' | 'unknown';

/** Scenes of one folder of which a file is looked for. */
const PAGE = 200;
const MOST_PAGES = 5;

/**
A file is gone where nothing is at its path though its disk is there: the folder that it is in, or the next one above that is
there, is not empty as the folder of an unmounted disk is, and below the same first folder of the library another file of Stash's
is there. A mount point that was removed, or holds something else, takes nothing away by that. Whatever else keeps a file from
being seen leaves it unknown.
*/
export async function presenceIn({
  library,
}: Pick<LookParts, 'library'>): Promise<(file: StashFile) => Promise<Presence>> {
  const roots = (await library.catalogue.folders()).map((folder) => path.resolve(folder));
  /** By the first folder: whether a file of Stash's is below it. */
  const filled = new Map<string, Promise<boolean>>();
  return async (file) => {
    const place = placeOf(file);
    if (!path.isAbsolute(place)) return 'unknown';
    const found = await isThere(place);
    if (found !== false) return found === true ? 'there' : 'unknown';
    // Of folders within one another the inner one may be another disk.
    const [root] = roots
      .filter((one) => isBelow(path.resolve(place), one))
      .toSorted((a, b) => b.length - a.length);
    if (root === undefined || !(await hasFilledFolder(path.resolve(place), root))) return 'unknown';
    const first = firstFolder(path.resolve(place), root);
    const asked = filled.get(first) ?? holdsAny(library, first);
    filled.set(first, asked);
    return (await asked) ? 'gone' : 'unknown';
  };
}

function placeOf({ path: file, zipPath }: StashFile): string {
  return zipPath ?? file;
}

/** Null: it cannot be told, as of a missing permission or a disk that fails. */
async function isThere(file: string): Promise<boolean | null> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    return saysMissing(error) ? false : null;
  }
}

function saysMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Whether the deepest folder above the file that is there, not above the root, has anything in it. */
async function hasFilledFolder(file: string, root: string): Promise<boolean> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const entries = await opendir(folder).catch((error: unknown) => (saysMissing(error) ? null : undefined));
    if (entries === undefined || (entries === null && folder === root)) return false;
    if (entries === null) continue;
    try {
      return (await entries.read()) !== null;
    } finally {
      await entries.close();
    }
  }
}

/** The folder in the root that holds the file; the root itself where the file lies in it. */
function firstFolder(file: string, root: string): string {
  const [first, ...others] = path.relative(root, file).split(path.sep);
  return first === undefined || others.length === 0 ? root : path.join(root, first);
}

/** Whether any file is there that Stash lists below this folder. */
async function holdsAny(library: LookParts['library'], folder: string): Promise<boolean> {
  let after = '0';
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const scenes = await library.entitiesAfter('scene', after, PAGE, { folder });
    for (const place of scenes.flatMap(({ files }) => files.map(placeOf)))
      if (path.isAbsolute(place) && isBelow(path.resolve(place), folder) && (await isThere(place)) === true)
        return true;
    const last = scenes.at(-1);
    if (last === undefined || scenes.length < PAGE) return false;
    after = last.id;
  }
  return false;
}

function isBelow(file: string, folder: string): boolean {
  const between = path.relative(folder, file);
  return (
    between !== '' && between !== '..' && !between.startsWith(`..${path.sep}`) && !path.isAbsolute(between)
  );
}
