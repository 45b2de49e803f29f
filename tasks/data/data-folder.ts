/** What lies in our data folder beside the store's own files. A user may put things of their own there: those are never erased. */
import { existsSync } from 'node:fs';
import { lstat, readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { DataMeasure } from '../../core/ports/store.ts';
import { realOf } from '../../plugin/system/data-place.ts';
import { eraseMade, listMade, listOthers } from '../../plugin/system/files/erase-made.ts';
import { FETCHED } from '../../plugin/system/files/own-names.ts';

/** Where the launcher looks for a Node of our own: it stays where it is, or nothing would start any more. */
const NODE = 'runtime/node';

export type DataFile = { readonly relative: string; readonly bytes: number; readonly modifiedMs: number };

/** All files below `acceleration` and `models` but Node, those of the user too; what lies behind a link is not among them. */
export async function listFetched(folder: string): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const name of FETCHED)
    for (const file of await walk(folder, name)) if (!isOfNode(file.relative)) files.push(file);
  return files;
}

/** Of what we have fetched. */
export async function measureFetched(folder: string): Promise<DataMeasure> {
  const files = listMade(folder);
  return { count: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/**
@returns what is gone; whether our own Node had to stay because it runs this; and what else stays, because we have not made it
or because it was changed since: `runtime/mine`
*/
export async function removeFetched(
  folder: string,
  { keepNode = isOurNode(folder) }: { keepNode?: boolean } = {},
): Promise<DataMeasure & { keptNode: boolean; stayed: readonly string[] }> {
  const except = keepNode ? isOfNode : () => false;
  const erased = await eraseMade(folder, { except });
  return {
    ...erased,
    keptNode: keepNode && existsSync(path.join(folder, ...NODE.split('/'))),
    stayed: listOthers(folder, { except }),
  };
}

/** Whether the Node that runs this was fetched into that folder. */
export function isOurNode(folder: string): boolean {
  return [folder, realOf(folder)].some((candidate) =>
    process.execPath.startsWith(path.join(candidate, ...NODE.split('/')) + path.sep),
  );
}

/** @param name below the data folder, with slashes or the system's separators */
export function isOfNode(name: string): boolean {
  const [top, below] = name.split(/[/\\]/);
  return `${top}/${below}` === NODE;
}

async function walk(folder: string, relative: string): Promise<DataFile[]> {
  const found = await lstat(path.join(folder, relative)).catch(() => null);
  if (found?.isFile()) return [{ relative, bytes: found.size, modifiedMs: found.mtimeMs }];
  if (!found?.isDirectory()) return [];
  const files: DataFile[] = [];
  for (const entry of await readdir(path.join(folder, relative)).catch(() => []))
    files.push(...(await walk(folder, path.join(relative, entry))));
  return files;
}

/** Null where the system does not say. Of the nearest folder that is there. */
export async function freeBytes(place: string): Promise<number | null> {
  for (let folder = place; ; folder = path.dirname(folder)) {
    try {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    } catch {
      if (path.dirname(folder) === folder) return null;
    }
  }
}
