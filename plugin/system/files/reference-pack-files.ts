/** Which files below `reference-packs` are ours: those of packs, of what is being made, and the lists of who opted out. */
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import path from 'node:path';
import { isTemporaryOf } from './own-files.ts';
import { REFERENCE_PACKS } from './own-names.ts';

export const PACK_MANIFEST = 'manifest.json';
/** Of the version that can be gone back to. */
export const PACK_MANIFEST_BEFORE = 'manifest-before.json';
/** Of the version that is about to be replaced, until it can be gone back to: it is not lost to a kill in between. */
export const PACK_MANIFEST_REPLACED = 'manifest-replaced.json';
/**
In the order in which they are deleted: a pack is there as long as its manifest is, and nothing names files without it for ever.
*/
export const PACK_MANIFESTS = [PACK_MANIFEST_REPLACED, PACK_MANIFEST_BEFORE, PACK_MANIFEST] as const;
/** Of files of data, by which a part of a pack is found. */
export const PACK_DATA_FILE = /^[a-z]+-[0-9a-f]{16}\.bin$/;
/** End of the name of a folder in which a pack is being made. */
export const PACK_MAKING = '.making';
/** What was fetched of a pack that is not whole yet, by any process. */
export const PACK_FETCHED = `fetched${PACK_MAKING}`;
export const OPTED_OUT = 'opted-out.txt';
/** The user's own list, and one of each publisher whom packs were looked for at. */
const OPT_OUT_LIST = /^opted-out(?:-channel-[0-9a-f]{16})?\.txt$/;

/** Name of the list of who opted out at a publisher. @param publisher where packs are published: each address has its own */
export function optOutListOf(publisher: string): string {
  return `opted-out-channel-${hash('sha256', publisher).slice(0, 16)}.txt`;
}

/** Paths of the lists of who opted out, in the order of their names. */
export function optOutLists(dataFolder: string): string[] {
  const root = path.join(dataFolder, REFERENCE_PACKS);
  if (!isFolder(root)) return [];
  return readdirSync(root)
    .filter((name) => OPT_OUT_LIST.test(name))
    .toSorted()
    .map((name) => path.join(root, name));
}

/** What packs take; the list of who opted out is none. */
export function measureReferencePacks(dataFolder: string): {
  readonly count: number;
  readonly bytes: number;
} {
  let [count, bytes] = [0, 0];
  for (const { packs, files } of packFolders(dataFolder)) {
    count += packs;
    for (const file of files) bytes += lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }
  return { count, bytes };
}

/** Deletes all packs. Files of others stay, and links are deleted themselves. @throws the system's error */
export function dropReferencePacks(dataFolder: string, { optOutsToo = false } = {}): void {
  const root = path.join(dataFolder, REFERENCE_PACKS);
  for (const { files, folder } of packFolders(dataFolder)) {
    // Without its manifest a pack is none.
    for (const file of files.toSorted((a, b) => rankOf(a) - rankOf(b))) rmSync(file, { force: true });
    removeEmpty(folder);
  }
  for (const name of isFolder(root) ? readdirSync(root) : [])
    if (name.endsWith(PACK_MAKING)) rmSync(path.join(root, name), { recursive: true, force: true });
  if (optOutsToo) for (const list of optOutLists(dataFolder)) rmSync(list, { force: true });
  if (isFolder(root)) removeEmpty(root);
}

function* packFolders(dataFolder: string): Iterable<{ folder: string; packs: number; files: string[] }> {
  const root = path.join(dataFolder, REFERENCE_PACKS);
  if (!isFolder(root)) return;
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.endsWith(PACK_MAKING)) continue;
    const folder = path.join(root, entry.name);
    const names = readdirSync(folder).filter(
      (name) =>
        PACK_MANIFESTS.some((it) => name === it || isTemporaryOf(name, it)) || PACK_DATA_FILE.test(name),
    );
    const packs = names.includes(PACK_MANIFEST) ? 1 : 0;
    yield { folder, packs, files: names.map((name) => path.join(folder, name)).filter(isNoFolder) };
  }
}

/** In which order files are deleted. */
function rankOf(file: string): number {
  const rank = PACK_MANIFESTS.findIndex((name) => name === path.basename(file));
  return rank === -1 ? PACK_MANIFESTS.length : rank;
}

function isFolder(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isNoFolder(place: string): boolean {
  return !isFolder(place);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something.
  }
}
