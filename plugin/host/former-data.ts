/**
Data in a folder that the setting "Data folder" named before somebody changed it by hand. Which folders were in use is kept
beside our settings in Stash, under a name that is no setting: it has to be known whatever the data folder is.
*/
import { statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { FormerData, FormerFolder } from '../../core/ports/store.ts';
import { dataFolderOf, realOf } from '../system/data-place.ts';
import { MOVED_MARKER } from '../system/files/own-names.ts';

const KEY = 'usedFolders';
const MAX_KEPT = 5;
/** As the setting named them, the newest last. JSON in a text, since Stash's settings are texts, numbers and booleans. */
const UsedFolders = z.array(z.string());

/** @param configDir null: the folder is not that of the setting */
export function createFormerData({
  configDir,
  dataFolder,
  setting,
  stored,
}: {
  configDir: string | null;
  dataFolder: string;
  setting: string;
  stored: Readonly<Record<string, unknown>>;
}): FormerData {
  const used = readUsed(stored[KEY]);
  const folderOf = (name: string): string => realOf(dataFolderOf(configDir ?? '', name));
  const here = realOf(dataFolder);
  const isSettled = configDir === null || folderOf(used.at(-1) ?? '') === here;
  const settled = (name: string): Record<string, string> => ({
    [KEY]: JSON.stringify([...used.filter((other) => other !== name), name].slice(-MAX_KEPT)),
  });
  const find = (): FormerFolder | null => {
    if (isSettled) return null;
    const found = [...new Set([...used, ''])]
      .filter((name) => folderOf(name) !== here)
      .flatMap((name) => dataIn(name, folderOf(name)) ?? []);
    return found.toSorted((a, b) => b.usedAt - a.usedAt)[0] ?? null;
  };
  return {
    find,
    settled,
    toSettle: () => (isSettled || find() !== null ? null : settled(setting)),
  };
}

function readUsed(text: unknown): string[] {
  try {
    return UsedFolders.parse(JSON.parse(String(text)));
  } catch {
    return [];
  }
}

/** The file of face pictures without any has a few pages; those of two dozen faces have as much as this. */
const FEW_BYTES = 64_000;

/** Null: nothing was learned there, it was moved, or the folder cannot be read any more, which must not stop a task. */
function dataIn(setting: string, folder: string): FormerFolder | null {
  const [moved, database, crops] = [MOVED_MARKER, 'stash-sense.sqlite', 'crops.sqlite'].map((name) =>
    statIfThere(path.join(folder, name)),
  );
  if (moved || !database?.isFile() || !crops?.isFile() || crops.size < FEW_BYTES) return null;
  return { setting, folder, bytes: database.size + crops.size, usedAt: database.mtimeMs };
}

function statIfThere(file: string): Stats | null {
  try {
    return statSync(file);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null;
    throw error;
  }
}
