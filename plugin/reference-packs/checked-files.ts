/** Which files of packs had the checksum of the manifest, so that unchanged ones are not read again by each process. */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
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
  kept: { readonly state: State; readonly now: () => number } | null,
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
      if (isSettled && stampOf(before) === stampOf(after))
        await kept.state.set(keyOf(place), stampOf(after), KEPT_MS);
      return result;
    },
  };
}

function keyOf(place: string): `pack-file-checked:${string}` {
  return `pack-file-checked:${path.basename(path.dirname(place))}/${path.basename(place)}`;
}

function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}
