import { lstatSync } from 'node:fs';
import { rename, rm, stat, type FileHandle } from 'node:fs/promises';
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
import { requireSpace } from './space.ts';

export type FetchOptions = {
  /** Base of the artifact's relative addresses. */
  readonly base: URL;
  /** Target folder; created when missing. */
  readonly folder: string;
  /** Inventory of the data folder that holds `folder`. */
  readonly inventory: Inventory;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal | undefined;
  readonly silenceMs?: number;
  /** Pauses before the same address is retried; an attempt that received new bytes resets to the first pause. */
  readonly retryDelaysMs?: readonly number[];
  /** Free bytes on the disk of a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
};

const RETRY_DELAYS_MS = [500, 2000, 5000];
/** Kept free, so that Stash's own database can still grow. */
const SPARE_BYTES = 100e6;

/** Of an artifact, what its download needs. */
export type Download = Pick<Artifact, 'name' | 'size' | 'unpackedSize' | 'sha256' | 'url' | 'mirrors'>;

/**
Fetches the file of an artifact and checks its hash. An incomplete download stays as `*.part`, and the next call continues it.
@returns the path of the file
@throws StashSenseError `fetch-failed`, `stopped`
*/
export async function fetchArtifact(artifact: Download, options: FetchOptions): Promise<string> {
  const target = path.join(options.folder, artifact.name);
  // The hash in the name prevents continuing the incomplete file of another version.
  const partial = `${target}.${artifact.sha256.slice(0, 8)}.part`;
  try {
    makeFolder(options.folder);
    if ((await sizeOf(target)) === artifact.size && (await sha256OfFile(target)) === artifact.sha256)
      return target;
    if (!(isFile(partial) && options.inventory.has(partial))) setAside(partial);
    const { name, size, unpackedSize = 0 } = artifact;
    const missing = size - Math.min(await sizeOf(partial), size);
    await requireSpace({ ...options, name, bytes: missing + unpackedSize + SPARE_BYTES });
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

async function fromAnyAddress(artifact: Download, partial: string, options: FetchOptions): Promise<void> {
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

/** Retries as long as each attempt receives more bytes. */
async function fromOneAddress(
  artifact: Download,
  url: URL,
  partial: string,
  options: FetchOptions,
): Promise<void> {
  const delays = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  let furthest = await sizeOf(partial);
  const continued = furthest > 0;
  for (let tries = 0; ; tries++) {
    try {
      if ((await sizeOf(partial)) !== artifact.size) await download(artifact, url, partial, options);
      break;
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof SourceFailure) || !error.transient) throw error;
      const reached = await sizeOf(partial);
      if (reached > furthest) [furthest, tries] = [reached, -1];
      const delay = delays[Math.max(tries, 0)];
      if (delay === undefined) throw error;
      await sleep(delay, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
  if ((await sha256OfFile(partial)) === artifact.sha256) return;
  await rm(partial, { force: true });
  // The part that an earlier run left may have been wrong: one attempt from the start.
  if (continued) return await fromOneAddress(artifact, url, partial, options);
  throw new SourceFailure(message('fetch.otherContent'), false);
}

async function download(artifact: Download, url: URL, partial: string, options: FetchOptions): Promise<void> {
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

function resolve(address: string, base: URL): URL | null {
  try {
    const url = new URL(address, base);
    // An artifact may be on another host than its channel, but a channel on a host must not name a local file.
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
