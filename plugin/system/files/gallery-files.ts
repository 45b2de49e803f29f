/** Files of galleries: vectors of people. A cache, made anew from the store at any time. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { flushFile, flushFolder } from './fsync.ts';
import { createFile, sweepTemporary } from './own-files.ts';
import { isGalleryFile } from './own-names.ts';
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';

/** @param name of the source of people, lower-case letters */
export function galleryFile(dataFolder: string, name: string): string {
  return path.join(dataFolder, `gallery-${name}.vectors`);
}

/** Removes what killed processes have left beside the file. */
export function sweepGalleryFile(file: string): void {
  sweepTemporary(file);
}

/** All of them, of all sources, those that are being written too, and references that were exported. */
export function dropGalleryFiles(dataFolder: string): void {
  for (const name of readdirSync(dataFolder))
    if (isGalleryFile(name)) rmSync(path.join(dataFolder, name), { force: true });
}

/**
As `replaceFile`, for content too large to be written at once: `write` gets an empty temporary file of mode 0600.
@throws whatever the system says
*/
export async function replaceLargeFile(
  file: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  sweepTemporary(file);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  await (await createFile(temporary)).close();
  try {
    await write(temporary);
    flushFile(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  flushFolder(path.dirname(file));
}
