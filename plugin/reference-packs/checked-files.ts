/** Which files of packs had the checksum of the manifest, so that unchanged ones are not read again by each process. */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Log } from '../../core/ports/log.ts';
import type { State } from '../../core/ports/store.ts';

/** After it a file is read again: a disk can change what is on it and leave the times. */
const KEPT_MS = 30 * 86_400_000;
/** A file that was changed so shortly before can be changed once more without another time. */
const TICK_MS = 2000;

export type CheckedFiles = {
  /** Whether the file had its checksum, and its size, times and inode are as they were then. */
  isChecked(file: OpenedFile): Promise<boolean>;
  /** Runs `check`, which throws unless the file has its checksum, and remembers that it has. */
  checking<T>(file: OpenedFile, check: () => Promise<T>): Promise<T>;
};

/** `place` lies in the folder of its pack; its name holds a part of the checksum. */
export type OpenedFile = { readonly place: string; readonly handle: Pick<FileHandle, 'stat'> };

/** @param kept null: nothing is remembered */
export function createCheckedFiles(
  kept: {
    readonly state: State;
    readonly now: () => number;
    readonly log: Pick<Log, 'debug' | 'error'>;
  } | null,
): CheckedFiles {
  return {
    async isChecked({ place, handle }) {
      if (kept === null) return false;
      return (await kept.state.get(keyOf(place))) === stampOf(await handle.stat({ bigint: true }));
    },
    async checking({ place, handle }, check) {
      if (kept === null) return await check();
      const before = await handle.stat({ bigint: true });
      const result = await check();
      const after = await handle.stat({ bigint: true });
      const isSettled = Number(after.ctimeMs) < kept.now() - TICK_MS;
      if (isSettled && stampOf(before) === stampOf(after)) await remember(kept, keyOf(place), stampOf(after));
      return result;
    },
  };
}

/** A file is as good where the store is busy, full or read-only: it is read again the next time. */
async function remember(
  { state, log }: { readonly state: State; readonly log: Pick<Log, 'debug' | 'error'> },
  key: ReturnType<typeof keyOf>,
  stamp: string,
): Promise<void> {
  try {
    await state.set(key, stamp, KEPT_MS);
  } catch (error) {
    log.debug(messageOf(error));
    logFault(log, error);
  }
}

function keyOf(place: string): `pack-file-checked:${string}` {
  return `pack-file-checked:${path.basename(path.dirname(place))}/${path.basename(place)}`;
}

function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}
