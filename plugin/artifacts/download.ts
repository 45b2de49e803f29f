import { lstatSync } from 'node:fs';
import { rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';
import { flushFolder } from '../system/files/fsync.ts';
import { sha256OfFile } from '../system/files/hash-file.ts';
import { setAside, type Inventory } from '../system/files/inventory.ts';
import { createFile, makeFolder, openOwnFile } from '../system/files/own-files.ts';
import { diskProblem } from '../system/disk-error.ts';
import { shownUrl } from './channel.ts';
import { openSource, SourceFailure } from './source.ts';

export type FetchOptions = {
  /** What relative addresses are relative to. */
  readonly base: URL;
  /** Made when it is not there. */
  readonly folder: string;
  /** Of the data folder in which that lies. */
  readonly inventory: Inventory;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal | undefined;
  readonly silenceMs?: number;
  /** Pauses before the same address is tried again; one that brought something new begins at the first again. */
  readonly retryDelaysMs?: readonly number[];
  /** Free bytes for a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
};

const RETRY_DELAYS_MS = [500, 2000, 5000];
/** So that Stash's own database can still grow. */
const SPACE_LEFT_BYTES = 100e6;

/**
The file of an artifact, whole and with the right hash, or nothing: what came so far is kept under another name, and the next
call goes on from there.
@returns where it lies
@throws StashSenseError `fetch-failed`, `stopped`
*/
export async function fetchArtifact(artifact: Artifact, options: FetchOptions): Promise<string> {
  const target = path.join(options.folder, artifact.name);
  // The hash in the name: the rest of another version is never continued.
  const partial = `${target}.${artifact.sha256.slice(0, 8)}.part`;
  try {
    makeFolder(options.folder);
    if ((await sizeOf(target)) === artifact.size && (await sha256OfFile(target)) === artifact.sha256)
      return target;
    if (!(isFile(partial) && options.inventory.has(partial))) setAside(partial);
    await requireSpace(artifact, options, await sizeOf(partial));
    await fromAnyAddress(artifact, partial, options);
    setAside(target);
    options.inventory.made(target, artifact.sha256);
    await rename(partial, target);
    flushFolder(options.folder);
    return target;
  } catch (error) {
    if (options.signal?.aborted)
      throw new StashSenseError('stopped', message('fetch.stopped', { name: artifact.name }));
    if (error instanceof StashSenseError) throw error;
    const problem = diskProblem(error, options.folder);
    throw new StashSenseError('fetch-failed', message('fetch.notKept', { name: artifact.name, problem }), {
      cause: error,
    });
  }
}

async function fromAnyAddress(artifact: Artifact, partial: string, options: FetchOptions): Promise<void> {
  const failures: Message[] = [];
  for (const address of [artifact.url, ...artifact.mirrors]) {
    const url = resolve(address, options.base);
    if (url === null) {
      failures.push(message('fetch.badAddress'));
      continue;
    }
    try {
      await fromOneAddress(artifact, url, partial, options);
      return;
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof SourceFailure)) throw error;
      failures.push(message('fetch.reasonAt', { address: shownUrl(url), reason: saidOf(error) }));
    }
  }
  const reasons = joined(failures, 'joinedBySemicolon') ?? '';
  throw new StashSenseError('fetch-failed', message('fetch.notFetched', { name: artifact.name, reasons }));
}

/** Again and again as long as each try brings more. */
async function fromOneAddress(
  artifact: Artifact,
  url: URL,
  partial: string,
  options: FetchOptions,
): Promise<void> {
  const delays = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  let furthest = await sizeOf(partial);
  const began = furthest > 0;
  for (let tries = 0; ; tries++) {
    try {
      if ((await sizeOf(partial)) !== artifact.size) await download(artifact, url, partial, options);
      break;
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof SourceFailure) || !error.passing) throw error;
      const reached = await sizeOf(partial);
      if (reached > furthest) [furthest, tries] = [reached, -1];
      const delay = delays[Math.max(tries, 0)];
      if (delay === undefined) throw error;
      await sleep(delay, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
  if ((await sha256OfFile(partial)) === artifact.sha256) return;
  await rm(partial, { force: true });
  // What lay there from an earlier day may be the wrong half.
  if (began) return await fromOneAddress(artifact, url, partial, options);
  throw new SourceFailure(message('fetch.otherContent'), false);
}

async function download(artifact: Artifact, url: URL, partial: string, options: FetchOptions): Promise<void> {
  const { signal, silenceMs } = options;
  const wanted = await sizeOf(partial);
  const source = await openSource(url, {
    from: wanted < artifact.size ? wanted : 0,
    signal,
    ...(silenceMs !== undefined && { silenceMs }),
  });
  let file: FileHandle | null = null;
  try {
    if (source.totalBytes !== null && source.totalBytes !== artifact.size)
      throw new SourceFailure(
        message('fetch.otherSize', { found: source.totalBytes, expected: artifact.size }),
        false,
      );
    if (source.from > wanted) throw new SourceFailure(message('fetch.otherPart'), false);
    file = await openPartial(partial, options.inventory);
    await file.truncate(source.from);
    let done = source.from;
    for await (const chunk of source.bytes) {
      if (done + chunk.length > artifact.size)
        throw new SourceFailure(message('fetch.tooLong', { expected: artifact.size }), false);
      for (let at = 0; at < chunk.length;)
        at += (await file.write(chunk, at, chunk.length - at, done + at)).bytesWritten;
      done += chunk.length;
      options.onProgress?.(done, artifact.size);
    }
    if (done < artifact.size) throw new SourceFailure(message('fetch.brokeOff'), true);
    await file.sync();
  } finally {
    source.close();
    await file?.close();
  }
}

async function openPartial(partial: string, inventory: Inventory): Promise<FileHandle> {
  if (isFile(partial)) return await openOwnFile(partial);
  inventory.making(partial);
  return await createFile(partial);
}

async function requireSpace(artifact: Artifact, options: FetchOptions, haveBytes: number): Promise<void> {
  const needed =
    artifact.size - Math.min(haveBytes, artifact.size) + (artifact.unpackedSize ?? 0) + SPACE_LEFT_BYTES;
  const free = await (options.freeBytes ?? freeBytesOf)(options.folder);
  if (free < needed)
    throw new StashSenseError(
      'fetch-failed',
      message('fetch.noSpace', {
        name: artifact.name,
        needed: megabytes(needed),
        free: megabytes(free),
        folder: options.folder,
      }),
    );
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function resolve(address: string, base: URL): URL | null {
  try {
    const url = new URL(address, base);
    // What the channel names may lie on another host, but a host may not name a file of this machine.
    if (url.protocol === 'file:' && base.protocol !== 'file:') return null;
    return ['http:', 'https:', 'file:'].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function isFile(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
