import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';
import { diskProblem } from '../system/disk-error.ts';
import { flushFolder } from '../system/files/fsync.ts';
import { eraseMade } from '../system/files/erase-made.ts';
import { setAside, type Inventory } from '../system/files/inventory.ts';
import { createFile, FILE_MODE, makeFolder, PROGRAM_MODE } from '../system/files/own-files.ts';
import { ArchiveFailure, type ArchiveEntry } from '../system/archives/archive.ts';
import { type UnpackedFile, writeReceipt } from './install-receipt.ts';
import { readTar } from '../system/archives/tar.ts';
import { readZip } from '../system/archives/zip.ts';

export type UnpackOptions = {
  /** Target folder in `runtime`, replaced as a whole. Files there that are not ours are kept under another name. */
  readonly into: string;
  /** Inventory of the data folder that holds `into`. */
  readonly inventory: Inventory;
  readonly signal?: AbortSignal | undefined;
  /** Path of an entry below `into`; null: the entry is skipped. Default: its own name. */
  readonly place?: (name: string) => string | null;
  /** Called with the new folder before the archive is unpacked into it. */
  readonly prepare?: (folder: string) => Promise<void>;
};

const MAX_ENTRIES = 20_000;
const ARCHIVES: [RegExp, (file: string) => AsyncIterable<ArchiveEntry>][] = [
  [/\.(tar\.gz|tgz)$/i, readTarGz],
  [/\.(zip|nupkg|whl)$/i, readZip],
];

/**
Unpacks an archive whose hash was checked into a folder, completely or not at all. Nevertheless refuses entries outside the
folder, links, and more bytes than the manifest announces.
@throws StashSenseError `fetch-failed`, `stopped`
*/
export async function unpackArtifact(
  archive: string,
  artifact: Pick<Artifact, 'id' | 'name' | 'sha256' | 'unpackedSize'>,
  { into, inventory, signal, place = (name) => name, prepare }: UnpackOptions,
): Promise<void> {
  const read = ARCHIVES.find(([ending]) => ending.test(artifact.name))?.[1];
  if (!read) throw refused(artifact.name, message('archive.unknownKind'));
  const temporary = `${into}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    makeFolder(path.dirname(into));
    inventory.making(temporary + path.sep);
    makeFolder(temporary);
    await prepare?.(temporary);
    const files = await fill(temporary, read(archive), artifact.unpackedSize ?? 0, place, signal);
    for (const folder of foldersOf(files)) flushFolder(path.join(temporary, folder));
    await writeReceipt(temporary, artifact.sha256, files);
    await replaceFolder(temporary, into, inventory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (signal?.aborted)
      throw new StashSenseError('stopped', message('fetch.unpackingStopped', { name: artifact.name }));
    if (error instanceof StashSenseError) throw error;
    if (error instanceof ArchiveFailure) throw refused(artifact.name, error.said, error);
    const problem = diskProblem(error, path.dirname(into));
    throw new StashSenseError(
      'fetch-failed',
      message('fetch.notUnpacked', { name: artifact.name, problem }),
      {
        cause: error,
      },
    );
  }
}

async function fill(
  folder: string,
  entries: AsyncIterable<ArchiveEntry>,
  maxBytes: number,
  place: (name: string) => string | null,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const files: UnpackedFile[] = [];
  let bytesLeft = maxBytes;
  let entriesLeft = MAX_ENTRIES;
  for await (const entry of entries) {
    signal?.throwIfAborted();
    if (--entriesLeft < 0) throw new ArchiveFailure(message('archive.tooManyFiles', { limit: MAX_ENTRIES }));
    requireSafe(entry.name);
    const placed = place(entry.name);
    if (placed === null || entry.kind === 'folder') continue;
    requireSafe(placed);
    if (entry.kind !== 'file')
      throw new ArchiveFailure(message('archive.holdsLink', { name: shown(entry.name) }));
    bytesLeft -= entry.size;
    if (bytesLeft < 0) throw new ArchiveFailure(message('archive.tooMuch', { bytes: maxBytes }));
    const name = path.posix.normalize(placed);
    files.push({ name, sha256: await writeEntry(path.join(folder, ...name.split('/')), entry) });
  }
  return files;
}

/** All folders that hold these files, with intermediate ones. */
function foldersOf(files: readonly UnpackedFile[]): Set<string> {
  const folders = new Set<string>();
  for (const { name } of files)
    for (let folder = path.posix.dirname(name); folder !== '.'; folder = path.posix.dirname(folder))
      folders.add(folder);
  return folders;
}

/** @returns the SHA-256, after the file is flushed to the disk */
async function writeEntry(target: string, entry: ArchiveEntry): Promise<string> {
  makeFolder(path.dirname(target));
  let left = entry.size;
  const hash = createHash('sha256');
  // EEXIST: the archive holds a name twice, or two spellings that this file system treats as one name.
  const file = await createFile(target, entry.executable ? PROGRAM_MODE : FILE_MODE).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      throw new ArchiveFailure(message('archive.holdsTwice', { name: shown(entry.name) }));
    },
  );
  try {
    for await (const chunk of entry.bytes) {
      left -= chunk.length;
      if (left < 0) throw new ArchiveFailure(message('archive.largerThanItSays'));
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    if (left > 0) throw new ArchiveFailure(message('archive.endsTooEarly'));
    await file.sync();
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** Refuses names that leave the folder on any system: `..`, a root, a drive, an NTFS stream, a device. */
function requireSafe(name: string): void {
  const segments = name.replace(/\/$/, '').split('/');
  const safe =
    name.length <= 400 &&
    segments.every(
      (segment) =>
        segment !== '' &&
        segment !== '..' &&
        // eslint-disable-next-line no-control-regex -- these are what it looks for
        !/[\\:*?"<>|\u0000-\u001f]/.test(segment) &&
        (segment === '.' || !/[. ]$/.test(segment)) &&
        !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(segment),
    );
  if (!safe) throw new ArchiveFailure(message('archive.unsafeName', { name: shown(name) }));
}

/** Renames the old folder away first: on Windows a folder with a loaded library cannot be deleted, at most renamed. */
export async function replaceFolder(temporary: string, into: string, inventory: Inventory): Promise<void> {
  const old = setAside(into);
  await rename(temporary, into);
  flushFolder(path.dirname(into));
  if (old !== null) await eraseMade(inventory.root, { below: [`runtime/${path.basename(old)}`] });
}

async function* readTarGz(file: string): AsyncIterable<ArchiveEntry> {
  const packed = createReadStream(file);
  const stream = packed.pipe(createGunzip());
  packed.on('error', (error) => stream.destroy(error));
  try {
    yield* readTar(stream as AsyncIterable<Uint8Array>);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw code.startsWith('Z_') ? new ArchiveFailure(message('archive.damaged'), { cause: error }) : error;
  } finally {
    packed.destroy();
    stream.destroy();
  }
}

function refused(name: string, reason: Message, cause?: unknown): StashSenseError {
  return new StashSenseError('fetch-failed', message('fetch.archiveRefused', { name, reason }), { cause });
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}
