/**
Temporary files, which may show faces. They are in the data folder and not in the system's temporary folder, so that the next
start finds and deletes those of a killed process.
*/
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { lstat, rm, rmdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { machineError, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { Scratch } from '../../../core/ports/media.ts';
import { isOwnerAlive } from '../process-owner.ts';
import { createFile, makeFolder } from './own-files.ts';
import { SCRATCH } from './own-names.ts';

/** Deleted at this age even if the owner may be alive: no file is needed for so long, and a process on another machine cannot be checked. */
const ABANDONED_MS = 600_000;
/** Attempts: between `mkdir` and the write another process may delete the empty folder. */
const TRIES = 5;

export function scratchFolder(dataFolder: string): string {
  return path.join(dataFolder, SCRATCH);
}

/** For a command without a data folder: a fixed name in the system's temporary folder, so that it can be swept. */
export function scratchOfUser(): string {
  return path.join(os.tmpdir(), `${SCRATCH}-${process.getuid?.() ?? os.userInfo().username}`);
}

/** @param owner name of this process (`createOwner`); its files are in a folder of that name, so that `sweepScratch` can check it */
export function createScratch(folder: string, owner: string): Scratch {
  const own = path.join(folder, encodeURIComponent(owner));
  let inUse = 0;

  return {
    async withFile(name, bytes, work) {
      const place = path.join(own, randomBytes(6).toString('hex'));
      const file = path.join(place, name);
      inUse++;
      try {
        await write([folder, own, place], file, bytes);
        return await work(file);
      } finally {
        inUse--;
        await removeQuietly(() => rm(place, { recursive: true, force: true }));
        if (inUse === 0) await removeQuietly(() => rmdir(own));
        // Fails while another process has a folder in it; the last process deletes it.
        if (inUse === 0) await removeQuietly(() => rmdir(folder));
      }
    },
  };
}

/** @param folders created when missing, each inside the one before */
async function write(
  folders: readonly [string, ...string[]],
  file: string,
  bytes: Uint8Array,
): Promise<void> {
  const [folder] = folders;
  for (let tries = 1; ; tries++) {
    try {
      for (const entry of folders) makeFolder(entry);
      await refuseForeign(folder);
      const handle = await createFile(file);
      try {
        await handle.writeFile(bytes);
      } finally {
        await handle.close();
      }
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Errors of the system have a code and concern our folder; a programming error has none.
      if (code === undefined || error instanceof StashSenseError) throw error;
      if (code !== 'ENOENT' || tries === TRIES)
        throw machineError(message('machine.writingTo', { folder }), error);
    }
  }
}

/** In the system's temporary folder another user could create this folder first and read the files in it. */
async function refuseForeign(folder: string): Promise<void> {
  if (process.getuid === undefined || (await lstat(folder)).uid === process.getuid()) return;
  throw new StashSenseError('machine-trouble', message('machine.foreignFolder', { folder }));
}

async function removeQuietly(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch {
    // Not empty, or not permitted: the next start sweeps it.
  }
}

/** Deletes the files of processes that have ended. Never throws: a start must not fail because of it. */
export function sweepScratch(folder: string, now: number): void {
  try {
    if (!lstatSync(folder).isDirectory()) return;
    for (const name of readdirSync(folder)) {
      const left = path.join(folder, name);
      if (!isOwnerAlive(ownerOf(name)) || lstatSync(left).mtimeMs < now - ABANDONED_MS)
        rmSync(left, { recursive: true, force: true });
    }
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  } catch {
    // The folder does not exist, or another process sweeps it.
  }
}

function ownerOf(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Deletes all temporary files. The caller makes sure that no process uses them. */
export function dropScratch(dataFolder: string): void {
  rmSync(scratchFolder(dataFolder), { recursive: true, force: true });
}
