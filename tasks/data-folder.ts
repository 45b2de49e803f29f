/** What lies in our data folder beside the store's own files. A user may have named a folder with other things in it: those are never touched. */
import { lstat, readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { DataMeasure } from '../core/ports.ts';

/** Made by "Set up" and the launcher. */
export const FETCHED = ['runtime', 'models'] as const;
/** Where the launcher looks for a Node of our own: it stays where it is, or nothing would start any more. */
const NODE = 'node';

export type DataFile = { readonly relative: string; readonly bytes: number; readonly modifiedMs: number };

/** Of what was fetched; Node only when it is not the one that runs this. */
export async function listFetched(folder: string, { withNode }: { withNode: boolean }): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const name of FETCHED)
    for (const file of await walk(folder, name)) if (withNode || !isOfNode(file.relative)) files.push(file);
  return files;
}

export async function measureFetched(folder: string): Promise<DataMeasure> {
  const files = await listFetched(folder, { withNode: true });
  return { count: files.length, bytes: files.reduce((sum, it) => sum + it.bytes, 0) };
}

/** @returns what is gone, and whether our own Node had to stay because it runs this */
export async function removeFetched(
  folder: string,
  { keepNode = isOurNode(folder) }: { keepNode?: boolean } = {},
): Promise<DataMeasure & { keptNode: boolean }> {
  const before = await listFetched(folder, { withNode: !keepNode });
  for (const name of FETCHED)
    for (const entry of await readdir(path.join(folder, name)).catch(() => []))
      if (!(keepNode && isOfNode(path.join(name, entry))))
        await rm(path.join(folder, name, entry), { recursive: true, force: true });
  if (!keepNode)
    for (const name of FETCHED) await rm(path.join(folder, name), { recursive: true, force: true });
  const keptNode = keepNode && (await walk(folder, path.join('runtime', NODE))).length > 0;
  return { count: before.length, bytes: before.reduce((sum, it) => sum + it.bytes, 0), keptNode };
}

/** Whether the Node that runs this was fetched into that folder. */
export function isOurNode(folder: string): boolean {
  return process.execPath.startsWith(path.join(folder, 'runtime', NODE) + path.sep);
}

function isOfNode(relative: string): boolean {
  return relative.split(path.sep)[0] === 'runtime' && relative.split(path.sep)[1] === NODE;
}

async function walk(folder: string, relative: string): Promise<DataFile[]> {
  const found = await lstat(path.join(folder, relative)).catch(() => null);
  if (found === null || found.isSymbolicLink()) return [];
  if (!found.isDirectory()) return [{ relative, bytes: found.size, modifiedMs: found.mtimeMs }];
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
