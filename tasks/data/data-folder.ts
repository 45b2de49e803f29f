/** Files in the data folder in addition to the store's. A user may put files of their own there, which are never deleted. */
import { existsSync } from 'node:fs';
import { lstat, readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { DataMeasure } from '../../core/ports/store.ts';
import { realOf } from '../../plugin/system/data-place.ts';
import { eraseMade, listMade, listOthers } from '../../plugin/system/files/erase-made.ts';
import { PACK_MAKING } from '../../plugin/system/files/reference-pack-files.ts';
import { COMPILE_CACHE, FETCHED, REFERENCE_PACKS } from '../../plugin/system/files/own-names.ts';

/** Our own Node, which the launcher starts from this folder: it must not be moved. */
const NODE = 'runtime/node';

export type DataFile = { readonly relative: string; readonly bytes: number; readonly modifiedMs: number };

/** All files below `runtime` and `models` except Node, including the user's. Follows no links. */
export async function listFetched(folder: string): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const name of FETCHED)
    for (const file of await walk(folder, name)) if (!isOfNode(file.relative)) files.push(file);
  return files;
}

/** All files of reference packs, and the user's beside them, but none that is being made. */
export async function listReferencePacks(folder: string): Promise<DataFile[]> {
  const files = await walk(folder, REFERENCE_PACKS);
  return files.filter(({ relative }) => !relative.split(path.sep).some((name) => name.endsWith(PACK_MAKING)));
}

/** Number and size of the files we made below `runtime` and `models`. */
export async function measureFetched(folder: string): Promise<DataMeasure> {
  const files = listMade(folder);
  return { count: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/**
@returns what was deleted; `keptNode`: our own Node was kept, since it runs this process; `stayed`: entries that we did not make
or that were changed, such as `runtime/mine`
*/
export async function removeFetched(
  folder: string,
  { keepNode = isOurNode(folder) }: { keepNode?: boolean } = {},
): Promise<DataMeasure & { keptNode: boolean; stayed: readonly string[] }> {
  const except = keepNode ? isOfNode : () => false;
  // A link itself is deleted, and not its target.
  await rm(path.join(folder, COMPILE_CACHE), { recursive: true, force: true });
  const erased = await eraseMade(folder, { except });
  return {
    ...erased,
    keptNode: keepNode && existsSync(path.join(folder, ...NODE.split('/'))),
    stayed: listOthers(folder, { except }),
  };
}

/** Whether this process runs on the Node in that data folder. */
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

/** Free bytes at the nearest existing folder; null when the system does not say. */
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
