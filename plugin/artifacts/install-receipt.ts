/** The receipt in an unpacked folder: the hash of its archive and of each file. A folder with a receipt is complete. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder } from '../system/files/fsync.ts';
import { sha256OfFile } from '../system/files/hash-file.ts';
import { INSTALL_RECEIPT } from '../system/files/inventory.ts';
import { createFile } from '../system/files/own-files.ts';
import { readSmallFile } from '../system/files/regular-file.ts';

/** `name`: path below the folder, with slashes. */
export type UnpackedFile = { readonly name: string; readonly sha256: string };

/** Call it last, when all files are flushed to the disk: then a folder with a receipt is complete even after a power failure. */
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

/** Whether the folder's receipt names this artifact. Does not read the files. */
export async function isUnpacked(folder: string, artifact: { readonly sha256: string }): Promise<boolean> {
  try {
    return linesOf(folder)[0] === artifact.sha256;
  } catch {
    return false;
  }
}

/** The files that the receipt lists. @throws the system's error */
export function unpackedFiles(folder: string): UnpackedFile[] {
  const [, ...lines] = linesOf(folder);
  return lines.map((line) => ({ sha256: line.slice(0, 64), name: line.slice(65) }));
}

/** Whether all files still have the hashes in the receipt. Reads all of them. */
export async function isUnharmed(folder: string): Promise<boolean> {
  for (const { name, sha256 } of unpackedFiles(folder))
    if ((await sha256Of(path.join(folder, ...name.split('/')))) !== sha256) return false;
  return true;
}

/** Null when the file cannot be read. */
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
