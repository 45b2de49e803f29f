/**
Data in a folder that the setting "Storage - data folder" named before somebody changed it by hand. Which folders were in use is kept
beside our settings in Stash, under a name that is no setting: it has to be known whatever the data folder is. It is kept in a
file beside the plugin too, since a settings page of Stash that was opened before writes all settings as they were then.
*/
import { statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { FormerData, FormerFolder } from '../../core/ports/store.ts';
import { dataFolderOf, realOf } from '../system/data-place.ts';
import { replaceFile } from '../system/files/own-files.ts';
import { MOVED_MARKER } from '../system/files/own-names.ts';
import { readSmallFileIfThere } from '../system/files/regular-file.ts';

const KEY = 'usedFolders';
/** Not in a data folder, of which none may be left: a move removes the old one. */
const FILE = 'data-folders.json';
const MAX_KEPT = 5;
/** As the setting named them, the newest last. JSON in a text, since Stash's settings are texts, numbers and booleans. */
const UsedFolders = z.array(z.string());

/** @param configDir null: the folder is not that of the setting */
export function createFormerData({
  configDir,
  pluginDir,
  dataFolder,
  setting,
  stored,
}: {
  configDir: string | null;
  pluginDir: string;
  dataFolder: string;
  setting: string;
  stored: Readonly<Record<string, unknown>>;
}): FormerData {
  const file = path.join(pluginDir, FILE);
  const inStash = readUsed(stored[KEY]);
  const inFile = configDir === null ? [] : readUsed(readSmallFileIfThere(file));
  // What the file says last was settled later, or at the same time.
  const used = [...inStash.filter((name) => !inFile.includes(name)), ...inFile];
  const folderOf = (name: string): string => realOf(dataFolderOf(configDir ?? '', name));
  const here = realOf(dataFolder);
  const isSettled = configDir === null || folderOf(used.at(-1) ?? '') === here;
  const withLast = (name: string): string =>
    JSON.stringify([...used.filter((other) => other !== name), name].slice(-MAX_KEPT));
  const settled = (name: string): Record<string, string> => ({ [KEY]: withLast(name) });
  const isKept =
    configDir === null || (inStash.at(-1) === used.at(-1) && (inFile.length > 0 || inStash.length === 0));
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
    toSettle: () => ((isSettled && isKept) || find() !== null ? null : settled(setting)),
    remember(name) {
      const text = withLast(name);
      if (configDir === null || readSmallFileIfThere(file) === text) return;
      try {
        replaceFile(file, text);
      } catch {
        // Where the plugin's folder is read-only, Stash's settings alone have it.
      }
    },
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
