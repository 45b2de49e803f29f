/**
Makes files and folders that only Stash's user may read: mode 0600 and 0700 whatever the umask, never through a symbolic link,
and atomically. Windows has no modes: there a file inherits its rights from its folder.
*/
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { SaidError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { flushFolder } from './fsync.ts';

const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;
export const PROGRAM_MODE = 0o700;
/** Of what is meant for others. */
export const PUBLIC_MODE = 0o644;
const PUBLIC_FOLDER_MODE = 0o755;

export const hasModes = process.platform !== 'win32';
/** Windows has no O_NOFOLLOW; there only the preceding `lstat` refuses a link. */
const NO_FOLLOW = hasModes ? constants.O_NOFOLLOW : 0;
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
/** A temporary file of this age was left by a killed process: writing one takes milliseconds. */
const ABANDONED_MS = 600_000;

/** The path of a file or folder of ours is taken by something else. `code` is the system's, `said` is the end of a sentence. */
export class NotOurOwn extends SaidError {
  override name = 'NotOurOwn' as const;
  readonly code: 'ELOOP' | 'ENOTDIR' | 'EEXIST';
  constructor(code: 'ELOOP' | 'ENOTDIR' | 'EEXIST', said: Message) {
    super(said);
    this.code = code;
  }
}

export function isLink(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/**
Creates the folder and its missing parents, each with its own `mkdir`: Node's `recursive` never returns on a file system that
answers ENOENT to `mkdir`, as /proc does. Sets the mode of an existing folder to 0700.
@param mayBeLink the folder may be a link: a user may replace the data folder itself by one. Its mode is not changed.
@throws NotOurOwn for a link, or anything else that is not a folder; the system's error
*/
export function makeFolder(folder: string, { mayBeLink = false }: { mayBeLink?: boolean } = {}): void {
  const missing: string[] = [];
  for (let place = path.resolve(folder); !isThere(place); place = path.dirname(place)) {
    missing.unshift(place);
    if (path.dirname(place) === place) break;
  }
  for (const place of missing) {
    try {
      mkdirSync(place, FOLDER_MODE);
      // The umask may have removed bits.
      if (hasModes && (lstatSync(place).mode & 0o777) !== FOLDER_MODE) chmodSync(place, FOLDER_MODE);
    } catch (error) {
      // Another process has made it meanwhile.
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  const found = lstatSync(folder);
  if (found.isSymbolicLink() && !mayBeLink) throw linkRefused(folder);
  const { mode, isFolder } = found.isSymbolicLink()
    ? modeOf(folder)
    : { mode: found.mode, isFolder: found.isDirectory() };
  if (!isFolder) throw new NotOurOwn('ENOTDIR', message('file.notFolder', { place: folder }));
  if (hasModes && !mayBeLink && (mode & 0o777) !== FOLDER_MODE) chmodSync(folder, FOLDER_MODE);
}

/** `makeFolder`, readable by everybody where it was not there; that of the user keeps its mode. */
export function makePublicFolder(folder: string): void {
  const wasThere = isThere(folder);
  makeFolder(folder, { mayBeLink: true });
  if (hasModes && !wasThere) chmodSync(folder, PUBLIC_FOLDER_MODE);
}

/** `makeFolder` for `names`, each inside the one before; none of them may be a link. @returns the last */
export function makeFolderBelow(root: string, ...names: readonly string[]): string {
  let folder = root;
  for (const name of names) {
    folder = path.join(folder, name);
    makeFolder(folder);
  }
  return folder;
}

/** Creates an empty file, open for writing. @throws EEXIST when the path exists, also as a link */
export function createFileSync(file: string, mode: number = FILE_MODE): number {
  const handle = openSync(file, NEW, mode);
  if (hasModes && (fstatSync(handle).mode & 0o777) !== mode) fchmodSync(handle, mode);
  return handle;
}

/** As `createFileSync`. */
export async function createFile(file: string, mode: number = FILE_MODE): Promise<FileHandle> {
  const handle = await open(file, NEW, mode);
  if (hasModes && ((await handle.stat()).mode & 0o777) !== mode) await handle.chmod(mode);
  return handle;
}

/** Creates an empty file and deletes an existing one, left by a killed process. @throws NotOurOwn for a link or a folder */
export function createAnewSync(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile()) throw found.isSymbolicLink() ? linkRefused(file) : otherRefused(file);
  rmSync(file, { force: true });
  closeSync(createFileSync(file));
}

/** Opens an existing file for reading and writing. @throws NotOurOwn when it is a link or not a file */
export async function openOwnFile(file: string): Promise<FileHandle> {
  const found = lstatSync(file);
  if (!found.isFile()) throw found.isSymbolicLink() ? linkRefused(file) : otherRefused(file);
  const handle = await open(file, constants.O_RDWR | NO_FOLLOW);
  if (hasModes && ((await handle.stat()).mode & 0o077) !== 0) await handle.chmod(FILE_MODE);
  return handle;
}

/**
Writes a temporary file beside it and renames that: the file always has either the old content or the new one, also when two
processes write it. A link is replaced itself, and its target is not changed.
@throws the system's error
*/
export function replaceFile(file: string, content: string | Uint8Array, mode: number = FILE_MODE): void {
  sweepTemporary(file);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  const handle = createFileSync(temporary, mode);
  try {
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  flushFolder(path.dirname(file));
}

/** `replaceFile` with what is not all in memory. @param fill hands it over piece by piece; where it throws the file stays as it was */
export async function replaceFileBy(
  file: string,
  fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  sweepTemporary(file);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  const handle = await createFile(temporary);
  try {
    try {
      await fill(async (chunk) => await handle.writeFile(chunk));
      await handle.sync();
    } finally {
      await handle.close();
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  flushFolder(path.dirname(file));
}

/** Whether `name` is a temporary file of `replaceFile(…/base)`. */
export function isTemporaryOf(name: string, base: string): boolean {
  return name.startsWith(`${base}.`) && /^[0-9a-f]{8}\.part$/.test(name.slice(base.length + 1));
}

/** Removes temporary files of this file that killed processes have left. */
export function sweepTemporary(file: string): void {
  const [folder, base] = [path.dirname(file), path.basename(file)];
  for (const name of readdirSync(folder)) {
    if (!isTemporaryOf(name, base)) continue;
    const left = path.join(folder, name);
    const found = lstatSync(left, { throwIfNoEntry: false });
    if (found?.isFile() && found.mtimeMs < Date.now() - ABANDONED_MS) rmSync(left, { force: true });
  }
}

function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

function modeOf(folder: string): { mode: number; isFolder: boolean } {
  const found = statSync(folder);
  return { mode: found.mode, isFolder: found.isDirectory() };
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function linkRefused(place: string): NotOurOwn {
  return new NotOurOwn('ELOOP', message('file.isLink', { place }));
}

function otherRefused(place: string): NotOurOwn {
  return new NotOurOwn('EEXIST', message('file.notFile', { place }));
}
