/** Files of a moment that show faces: with our own data and not in the system's temporary folder, so that the next start finds what a killed process left. */
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

/** Nobody needs a file for longer; of owners on other machines only the age says that they are gone. */
const ABANDONED_MS = 600_000;
/** Between making a folder and writing into it another process may remove it as empty. */
const TRIES = 5;

export function scratchFolder(dataFolder: string): string {
  return path.join(dataFolder, SCRATCH);
}

/** For a command that has no data folder: in the system's temporary folder, always the same, so that it can be swept. */
export function scratchOfUser(): string {
  return path.join(os.tmpdir(), `${SCRATCH}-${process.getuid?.() ?? os.userInfo().username}`);
}

/** `owner`: as `createOwner` names this process; a folder of its own says which files are whose. */
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
        // The last one takes it away; another process may have a folder in it.
        if (inUse === 0) await removeQuietly(() => rmdir(folder));
      }
    },
  };
}

/** `folders`: to be made, each in the one before. */
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
      // Whatever the system says here is about our folder; a fault of ours has no code.
      if (code === undefined || error instanceof StashSenseError) throw error;
      if (code !== 'ENOENT' || tries === TRIES)
        throw machineError(message('machine.writingTo', { folder }), error);
    }
  }
}

/** In the system's temporary folder another user may have been first: they would see the pictures. */
async function refuseForeign(folder: string): Promise<void> {
  if (process.getuid === undefined || (await lstat(folder)).uid === process.getuid()) return;
  throw new StashSenseError('machine-trouble', message('machine.foreignFolder', { folder }));
}

async function removeQuietly(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch {
    // Not empty, or not ours to remove: the next start sweeps.
  }
}

/** Removes what processes left that are gone. Never throws: a start must not fail because of it. */
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
    // It is not there, or another process was quicker.
  }
}

function ownerOf(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** For good, whoever uses it: the caller sees to it that nobody works. */
export function dropScratch(dataFolder: string): void {
  rmSync(scratchFolder(dataFolder), { recursive: true, force: true });
}
