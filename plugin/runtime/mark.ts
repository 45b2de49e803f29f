/** How an unpacked folder says that it is whole, and of what. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder } from '../flush.ts';
import { readSmallFile } from '../system/regular-file.ts';

/** In each unpacked folder: the hash of the archive it came from, then a line for each file. */
export const MARK = '.stash-sense-part';

/** `name`: below the folder, with slashes. */
export type MarkedFile = { readonly name: string; readonly sha256: string };

/** The last of all: what was written before must be on the disk, so that a folder with a mark is whole, after a power cut too. */
export async function writeMark(
  folder: string,
  sha256: string,
  files: readonly MarkedFile[] = [],
): Promise<void> {
  const mark = await open(path.join(folder, MARK), 'w');
  try {
    await mark.writeFile([sha256, ...files.map((it) => `${it.sha256} ${it.name}`)].join('\n'));
    await mark.sync();
  } finally {
    await mark.close();
  }
  flushFolder(folder);
}

/** Is this folder the whole of this part? */
export async function isUnpacked(folder: string, part: { readonly sha256: string }): Promise<boolean> {
  try {
    return linesOf(folder)[0] === part.sha256;
  } catch {
    return false;
  }
}

/** Are its files what they were when they were unpacked? Reads all of them. */
export async function isUnharmed(folder: string): Promise<boolean> {
  const [, ...lines] = linesOf(folder);
  for (const line of lines) {
    const at = line.indexOf(' ');
    const file = path.join(folder, ...line.slice(at + 1).split('/'));
    if ((await sha256Of(file)) !== line.slice(0, at)) return false;
  }
  return true;
}

/** Null when it cannot be read. */
export async function sha256Of(file: string): Promise<string | null> {
  try {
    if (!(await stat(file)).isFile()) return null;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}

function linesOf(folder: string): string[] {
  return readSmallFile(path.join(folder, MARK)).split('\n');
}
