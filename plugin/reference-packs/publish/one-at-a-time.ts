/** Of several processes that publish to one folder one goes on; the others end with a sentence. */
import { closeSync, lstatSync, rmSync, utimesSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { createFileSync, makeFolderBelow, replaceFile } from '../../system/files/own-files.ts';
import { readSmallFileIfThere } from '../../system/files/regular-file.ts';
import { createOwner, isOwnerAlive } from '../../system/process-owner.ts';
import { sealOwner, unsealOwner } from '../../system/sealed-owner.ts';

/** Names the process that publishes, sealed: the folder is served. */
export const LOCK = 'stash-sense.publishing';
/** Of what is written there and does not have its name yet. */
export const SCRATCH = 'stash-sense.making';

const HEARTBEAT_MS = 5000;
/** Whether a process of another machine or container is alive cannot be asked: its last sign of life says so. */
const SILENT_MS = 600_000;

/**
@param work `requireAlone` is called before what cannot be undone: it throws where this process was silent for so long that another
one has taken its place
@throws StashSenseError `busy`; what `work` throws
*/
export async function publishAlone<Result>(
  out: string,
  work: (scratch: string, requireAlone: () => void) => Promise<Result>,
): Promise<Result> {
  const lock = path.join(out, LOCK);
  const owner = sealOwner(createOwner());
  const busy = (): StashSenseError =>
    new StashSenseError('busy', message('referencePacks.publish.isPublishing', { folder: out }));
  const requireAlone = (): void => {
    if (readSmallFileIfThere(lock) !== owner) throw busy();
  };
  if (!isTaken(lock, owner)) throw busy();
  requireAlone();
  const heartbeat = setInterval(() => touch(lock), HEARTBEAT_MS);
  heartbeat.unref();
  const scratch = path.join(out, SCRATCH);
  try {
    // What a killed process has left.
    rmSync(scratch, { recursive: true, force: true });
    return await work(makeFolderBelow(out, SCRATCH), requireAlone);
  } catch (error) {
    // Another process that found the one before ended too has taken the place, and deleted what was being made.
    requireAlone();
    throw error;
  } finally {
    clearInterval(heartbeat);
    if (readSmallFileIfThere(lock) === owner) {
      rmSync(scratch, { recursive: true, force: true });
      rmSync(lock, { force: true });
    }
  }
}

/** Whether the lock is this owner's now: nobody had it, or who had it has ended. @throws the system's error */
function isTaken(lock: string, owner: string): boolean {
  try {
    const handle = createFileSync(lock);
    try {
      writeSync(handle, owner);
    } finally {
      closeSync(handle);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = readSmallFileIfThere(lock);
  const silentMs = Date.now() - (lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  // An empty one was just made, or its process was killed before it wrote its name.
  const isAlive = holder === null || holder === '' ? silentMs < HEARTBEAT_MS : isSealedAlive(holder);
  if (isAlive && silentMs < SILENT_MS) return false;
  replaceFile(lock, owner);
  return true;
}

/** What another machine has sealed says nothing, so that its process counts as alive as long as it gives signs of life. */
function isSealedAlive(holder: string): boolean {
  const owner = unsealOwner(holder);
  return owner === null || isOwnerAlive(owner);
}

/** A sign of life. */
function touch(lock: string): void {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // It is gone: `requireAlone` finds out.
  }
}
