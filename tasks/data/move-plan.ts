/** The steps of a move of the data folder: checks the target, copies files other than the store, deletes the old folder. */
import { lstatSync } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { copyNew } from '../../plugin/system/files/copy-file.ts';
import { prepareDataFolder, realOf, whyNoDataFolder } from '../../plugin/system/data-place.ts';
import { eraseMade } from '../../plugin/system/files/erase-made.ts';
import { openInventory } from '../../plugin/system/files/inventory.ts';
import { makeFolderBelow, replaceFile } from '../../plugin/system/files/own-files.ts';
import {
  COMPILE_CACHE,
  MOVING_INVENTORY,
  MOVING_MARKER,
  INVENTORY,
  isGalleryFile,
  isIgnored,
  isOurName,
  isStoreFile,
  isTemporaryName,
  LAST_ERROR,
  MOVED_MARKER,
  SCRATCH,
} from '../../plugin/system/files/own-names.ts';
import { dropReferencePacks } from '../../plugin/system/files/reference-pack-files.ts';
import { readSmallFile } from '../../plugin/system/files/regular-file.ts';
import { freeBytes, isOfNode, listFetched, listReferencePacks, type DataFile } from './data-folder.ts';
import type { Context } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';
import type { Message } from '../../core/messages/schema.ts';

const SPARE_BYTES = 50e6;

/** Absolute folders, links resolved. */
export type Move = { readonly from: string; readonly to: string };

export type MovePlan = Move & {
  readonly files: readonly DataFile[];
  readonly bytes: number;
};

/** Checks the target and makes nothing. @throws StashSenseError `bad-input`: one sentence about what is wrong with the folder */
export async function planMove(
  { dataFolder, store }: Pick<Context, 'dataFolder' | 'store'>,
  wanted: string,
  askFreeBytes: (place: string) => Promise<number | null> = freeBytes,
): Promise<MovePlan> {
  if (!path.isAbsolute(wanted))
    throw refused(
      message('move.noWholePath', { folder: wanted, example: path.resolve('/', 'data', 'stash-sense') }),
    );
  const from = realOf(dataFolder);
  const to = realOf(wanted);
  if (to === from) throw refused(message('move.sameFolder', { folder: from }));
  if (isWithin(from, to)) throw refused(message('move.insideDataFolder', { folder: to, from }));
  await refuseOthers(from, to);
  // Both the given path, which becomes the setting, and the real one after links are resolved.
  const failure = whyNoDataFolder(path.resolve(wanted)) ?? whyNoDataFolder(to);
  if (failure !== null) throw refused(message('move.unfitFolder', { folder: wanted, problem: failure }));
  const files = [...(await listFetched(from)), ...(await listReferencePacks(from))];
  const { databaseBytes, cropBytes } = await store.sizes();
  const bytes = databaseBytes + cropBytes + files.reduce((sum, file) => sum + file.bytes, 0);
  const free = await askFreeBytes(to);
  if (free !== null && free < bytes + SPARE_BYTES)
    throw refused(
      message('move.noSpace', { folder: to, free: megabytes(free), needed: megabytes(bytes + SPARE_BYTES) }),
    );
  return { from, to, files, bytes };
}

/** Makes the folder with a marker, by which a later run knows it as ours when this one is killed. */
export async function markTarget({ from, to }: Move): Promise<void> {
  try {
    prepareDataFolder(to);
    writeJson(path.join(to, MOVING_MARKER), { from });
  } catch (error) {
    throw refused(message('move.notWritable', { folder: to, problem: saidOf(error) }));
  }
}

/** Deletes a store in the new folder: an empty one, or what a killed move has copied. Its log beside a new file would damage that. */
export async function clearTarget({ from, to }: Move): Promise<void> {
  if (arrivingFrom(to) !== from) return;
  for (const name of await readdir(to))
    if (isStoreFile(name) || isGalleryFile(name)) await removeFile(path.join(to, name));
}

/**
Copies the files. One that is complete already (same size and time) is not copied again. Lists all files it makes in
`MOVING_INVENTORY`, so that a rollback deletes exactly these. The new inventory gets those entries of the old one.
*/
export async function copyFiles(
  { from, to, files }: MovePlan,
  each: (bytesDone: number) => Promise<void>,
): Promise<void> {
  const arrived = openInventory(to, MOVING_INVENTORY);
  let done = 0;
  for (const file of files) {
    await each(done);
    const target = path.join(to, file.relative);
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there && !(there.isFile() && arrived.has(target)))
      throw refused(message('move.inTheWay', { file: target }));
    if (there?.size !== file.bytes || Math.abs(there.mtimeMs - file.modifiedMs) > 2) {
      try {
        makeFolderBelow(to, ...path.dirname(file.relative).split(path.sep));
        arrived.making(target);
        await rm(target, { force: true });
        await copyNew(path.join(from, file.relative), target, {
          modifiedAt: file.modifiedMs,
          beforeWhole: (sha256) => arrived.made(target, sha256),
        });
      } catch (error) {
        throw refused(message('move.fileNotWritten', { file: target, problem: saidOf(error) }));
      }
      if ((await stat(target)).size !== file.bytes)
        throw refused(message('move.fileDiffers', { file: target }));
    }
    done += file.bytes;
  }
  const copied = arrived.entries();
  const named = [...openInventory(from).entries()].filter(
    ([name, sha256]) => copied.has(name) && sha256 !== null,
  );
  openInventory(to).keep(new Map(named));
  await each(done);
}

/** Marks the old folder: from now on no process opens a store there. */
export async function markMoved({ from, to }: Move): Promise<void> {
  writeJson(path.join(from, MOVED_MARKER), { to });
}

/** Deletes what this move made in the new folder. Ignores errors, since the caller reports another one already. */
export async function rollback({ from, to }: Move): Promise<void> {
  if (arrivingFrom(to) !== from) return;
  await eraseMade(to, { inventory: openInventory(to, MOVING_INVENTORY) }).catch(() => undefined);
  await removeOurs(to).catch(() => undefined);
}

/** Unix ms of the last write to the store in a folder; null: there is none. */
export async function storeModifiedAt(folder: string): Promise<number | null> {
  const times = await Promise.all(
    ['stash-sense.sqlite', 'stash-sense.sqlite-wal'].map((name) =>
      stat(path.join(folder, name)).catch(() => null),
    ),
  );
  return times.reduce<number | null>(
    (last, stats) => (stats === null ? last : Math.max(last ?? 0, stats.mtimeMs)),
    null,
  );
}

/**
Deletes our files in the old folder, and the folder itself when it is empty then.
@returns the entries left: our own Node, files of the user; null when the folder was deleted
@throws the system's error
*/
export async function removeOldFolder(from: string): Promise<readonly string[] | null> {
  await eraseMade(from, { except: isOfNode });
  const stayed = await removeOurs(from);
  if (stayed.length > 0) return stayed;
  await rmdir(from);
  return null;
}

export async function unmarkTarget(to: string): Promise<void> {
  for (const name of [MOVING_INVENTORY, MOVING_MARKER]) await rm(path.join(to, name), { force: true });
}

/**
Deletes files with names of ours, those of the store included. The markers are deleted last: as long as `MOVED_MARKER` exists, no
process makes a new store there.
*/
async function removeOurs(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  for (const name of names)
    if (
      isStoreFile(name) ||
      isGalleryFile(name) ||
      name === LAST_ERROR ||
      name === INVENTORY ||
      name === MOVING_INVENTORY ||
      isTemporaryName(name)
    )
      await removeFile(path.join(folder, name));
  dropReferencePacks(folder, { optOutsToo: true });
  // Deletes a link itself and not its target.
  for (const name of [SCRATCH, COMPILE_CACHE])
    await rm(path.join(folder, name), { recursive: true, force: true });
  for (const name of names)
    if (name === MOVING_MARKER || name === MOVED_MARKER) await removeFile(path.join(folder, name));
  return await readdir(folder);
}

/** Keeps a link, a folder or a pipe with that name, which is not ours. */
async function removeFile(file: string): Promise<void> {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) await rm(file, { force: true });
}

async function refuseOthers(from: string, to: string): Promise<void> {
  let names: string[];
  try {
    names = (await readdir(to)).filter((name) => !isIgnored(name) && !isTemporaryName(name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw refused(message('move.notReadable', { folder: to, problem: saidOf(error) }));
  }
  if (names.length === 0) return;
  const others = names.filter((name) => !isOurName(name));
  if (others.length === 0 && arrivingFrom(to) === from) return;
  const shown = (others.length > 0 ? others : names).slice(0, 3).join(', ');
  const more = names.length > 3 ? ', …' : '';
  throw refused(message('move.notEmpty', { folder: to, names: shown + more }));
}

const Arriving = z.object({ from: z.string() });

/** The source folder of a move into this one; null without a marker. */
function arrivingFrom(to: string): string | null {
  try {
    return Arriving.parse(JSON.parse(readSmallFile(path.join(to, MOVING_MARKER)))).from;
  } catch {
    return null;
  }
}

export function isWithin(outer: string, inner: string): boolean {
  const relative = path.relative(outer, inner);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

function writeJson(file: string, value: unknown): void {
  replaceFile(file, JSON.stringify(value));
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function refused(problem: Message): StashSenseError {
  return new StashSenseError('bad-input', message('move.refused', { problem }));
}
