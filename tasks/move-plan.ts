/** Whether the data may go there, and the files beside the store on their way. */
import {
  copyFile,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { messageOf, StashSenseError } from '../core/errors.ts';
import { readSmallFile } from '../plugin/system/regular-file.ts';
import { freeBytes, listFetched, type DataFile } from './data-folder.ts';
import type { Context } from './task.ts';

/** In the new folder until the old one is gone: what lies there is ours, made by a move from there. */
const ARRIVING = 'moving.json';
/** In the old folder, once the data have left; `plugin/store` refuses to open a store beside it. */
const LEFT = 'moved.json';
const STORE_FILE =
  /^(stash-sense|crops)\.sqlite(-wal|-shm|-journal|\.part|\.part-wal|\.part-shm|\.part-journal|\.v\d+\.backup|\.v\d+\.backup\.part|\.damaged)?$/;
const OURS = new Set(['runtime', 'models', 'last-error.json', ARRIVING, LEFT]);
/** What systems put into every folder. */
const IGNORED = new Set([
  'lost+found',
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  '@eaDir',
  '$RECYCLE.BIN',
  'System Volume Information',
]);
const SPARE_BYTES = 50e6;

export type MovePlan = {
  readonly from: string;
  readonly to: string;
  readonly files: readonly DataFile[];
  readonly bytes: number;
};

/** @throws StashSenseError `bad-input`: one sentence that says what is wrong with the folder. Nothing is made. */
export async function planMove(
  { dataFolder, store }: Pick<Context, 'dataFolder' | 'store'>,
  wanted: string,
  askFreeBytes: (place: string) => Promise<number | null> = freeBytes,
): Promise<MovePlan> {
  if (!path.isAbsolute(wanted))
    throw refused(
      `"${wanted}" is no whole path: name the folder from the root on, such as ${path.resolve('/', 'data', 'stash-sense')}`,
    );
  const from = await realpath(dataFolder);
  const to = await realPlace(path.resolve(wanted));
  if (to === from) throw refused(`the data is in ${from} already: choose another folder`);
  if (isWithin(from, to))
    throw refused(`${to} lies inside the data folder ${from}: choose one outside of it`);
  await refuseOthers(from, to);
  const files = await listFetched(from, { withNode: false });
  const { databaseBytes, cropBytes } = await store.sizes();
  const bytes = databaseBytes + cropBytes + files.reduce((sum, it) => sum + it.bytes, 0);
  const free = await askFreeBytes(to);
  if (free !== null && free < bytes + SPARE_BYTES)
    throw refused(
      `${to} has ${megabytes(free)} MB free and the data needs ${megabytes(bytes + SPARE_BYTES)} MB: make room or choose another disk`,
    );
  return { from, to, files, bytes };
}

/** Makes the folder, or says why it cannot be. Whatever is killed later: the folder is known as ours. */
export async function arrive({ from, to }: MovePlan): Promise<void> {
  try {
    await mkdir(to, { recursive: true, mode: 0o700 });
    await writeWhole(path.join(to, ARRIVING), { from });
  } catch (error) {
    throw refused(
      `${to} cannot be written (${messageOf(error)}): give the user that runs Stash permission, or choose another folder`,
    );
  }
}

/** A file that has come whole already, with its time, is not copied again. */
export async function copyFiles(
  { from, to, files }: MovePlan,
  each: (bytesDone: number) => Promise<void>,
): Promise<void> {
  let done = 0;
  for (const file of files) {
    await each(done);
    const target = path.join(to, file.relative);
    const there = await stat(target).catch(() => null);
    if (there?.size !== file.bytes || Math.abs(there.mtimeMs - file.modifiedMs) > 2) {
      try {
        await mkdir(path.dirname(target), { recursive: true });
        await copyFile(path.join(from, file.relative), target);
        const handle = await open(target, 'r+');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
        await utimes(target, file.modifiedMs / 1000, file.modifiedMs / 1000);
      } catch (error) {
        throw refused(
          `${target} could not be written (${messageOf(error)}): see to the disk and start the move again`,
        );
      }
      if ((await stat(target)).size !== file.bytes)
        throw refused(`${target} is not what was copied: see to the disk and start the move again`);
    }
    done += file.bytes;
  }
  await each(done);
}

/** From now on nobody opens a store in the old folder. */
export async function leave({ from, to }: Omit<MovePlan, 'files' | 'bytes'>): Promise<void> {
  await writeWhole(path.join(from, LEFT), { to });
}

/** Takes back what was made in the new folder, if it was made for this move; best effort, for a start that ended in a sentence. */
export async function giveUp({ from, to }: Omit<MovePlan, 'files' | 'bytes'>): Promise<void> {
  if (arrivingFrom(to) === from) await removeOurs(to).catch(() => undefined);
}

/** When the store there was last written; null: there is none. */
export async function lastWritten(folder: string): Promise<number | null> {
  const times = await Promise.all(
    ['stash-sense.sqlite', 'stash-sense.sqlite-wal'].map((it) =>
      stat(path.join(folder, it)).catch(() => null),
    ),
  );
  return times.reduce<number | null>(
    (last, it) => (it === null ? last : Math.max(last ?? 0, it.mtimeMs)),
    null,
  );
}

/**
Removes what we have in the folder that the data left, and the folder when nothing else is in it.
@returns what stayed there: our own Node, things of others; null when the folder is gone
@throws whatever the system says
*/
export async function removeLeft(from: string): Promise<readonly string[] | null> {
  const stayed = await removeOurs(from);
  if (stayed.length > 0) return stayed;
  await rmdir(from);
  return null;
}

export async function forgetArrival(to: string): Promise<void> {
  await rm(path.join(to, ARRIVING), { force: true });
}

/** The note that the data have left goes last: until then nobody makes a new store there. */
async function removeOurs(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  for (const name of names) if (STORE_FILE.test(name)) await rm(path.join(folder, name), { force: true });
  for (const file of await readdir(path.join(folder, 'runtime')).catch(() => []))
    if (file !== 'node') await rm(path.join(folder, 'runtime', file), { recursive: true, force: true });
  for (const name of ['models', 'stash-sense-scratch'])
    await rm(path.join(folder, name), { recursive: true, force: true });
  await rm(path.join(folder, 'last-error.json'), { force: true });
  // Our own Node may be in it.
  await rmdir(path.join(folder, 'runtime')).catch(() => undefined);
  for (const name of [ARRIVING, LEFT])
    for (const ending of ['.part', '']) await rm(path.join(folder, name + ending), { force: true });
  return await readdir(folder);
}

async function refuseOthers(from: string, to: string): Promise<void> {
  let names: string[];
  try {
    names = (await readdir(to)).filter((it) => !IGNORED.has(it) && it !== `${ARRIVING}.part`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw refused(`${to} cannot be read (${messageOf(error)}): choose another folder`);
  }
  if (names.length === 0) return;
  const others = names.filter((it) => !OURS.has(it) && !STORE_FILE.test(it));
  if (others.length === 0 && arrivingFrom(to) === from) return;
  const shown = (others.length > 0 ? others : names).slice(0, 3).join(', ');
  throw refused(
    `${to} holds other things (${shown}${names.length > 3 ? ', …' : ''}): choose an empty folder, or one that is not there yet`,
  );
}

/** The folder that a move into this one came from; null where no move says so. */
function arrivingFrom(to: string): unknown {
  try {
    return (JSON.parse(readSmallFile(path.join(to, ARRIVING))) as { from?: unknown } | null)?.from ?? null;
  } catch {
    return null;
  }
}

/** Links resolved as far as the path exists. */
async function realPlace(place: string): Promise<string> {
  const rest: string[] = [];
  for (let folder = place; ; folder = path.dirname(folder)) {
    const real = await realpath(folder).catch(() => null);
    if (real !== null) return path.join(real, ...rest);
    if (path.dirname(folder) === folder) return place;
    rest.unshift(path.basename(folder));
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

async function writeWhole(file: string, value: unknown): Promise<void> {
  const part = `${file}.part`;
  await writeFile(part, JSON.stringify(value), { mode: 0o600, flush: true });
  await rename(part, file);
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString('en-US');
}

function refused(trouble: string): StashSenseError {
  return new StashSenseError('bad-input', `The data cannot be moved: ${trouble}.`);
}
