/** How an unpacked folder says that it is whole, and of what. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder } from '../system/files/fsync.ts';
import { sha256OfFile } from '../system/files/hash-file.ts';
import { INSTALL_RECEIPT } from '../system/files/inventory.ts';
import { createFile } from '../system/files/own-files.ts';
import { readSmallFile } from '../system/files/regular-file.ts';

/** `name`: below the folder, with slashes. */
export type UnpackedFile = { readonly name: string; readonly sha256: string };

/** The last of all: what was written before must be on the disk, so that a folder with a receipt is whole, after a power cut too. */
export async function writeReceipt(
  folder: string,
  sha256: string,
  files: readonly UnpackedFile[],
): Promise<void> {
  const receipt = await createFile(path.join(folder, INSTALL_RECEIPT));
  try {
    await receipt.writeFile([sha256, ...files.map((file) => `${file.sha256} ${file.name}`)].join('\n'));
    await receipt.sync();
  } finally {
    await receipt.close();
  }
  flushFolder(folder);
}

/** Is this folder the whole of this artifact? */
export async function isUnpacked(folder: string, artifact: { readonly sha256: string }): Promise<boolean> {
  try {
    return linesOf(folder)[0] === artifact.sha256;
  } catch {
    return false;
  }
}

/** What was unpacked there. @throws whatever the system says */
export function unpackedFiles(folder: string): UnpackedFile[] {
  const [, ...lines] = linesOf(folder);
  return lines.map((line) => ({ sha256: line.slice(0, 64), name: line.slice(65) }));
}

/** Are its files what they were when they were unpacked? Reads all of them. */
export async function isUnharmed(folder: string): Promise<boolean> {
  for (const { name, sha256 } of unpackedFiles(folder))
    if ((await sha256Of(path.join(folder, ...name.split('/')))) !== sha256) return false;
  return true;
}

/** Null when it cannot be read. */
export async function sha256Of(file: string): Promise<string | null> {
  try {
    if (!(await stat(file)).isFile()) return null;
    return await sha256OfFile(file);
  } catch {
    return null;
  }
}

function linesOf(folder: string): string[] {
  return readSmallFile(path.join(folder, INSTALL_RECEIPT)).split('\n');
}
