/** Fetches published files part by part. What was fetched is kept, so that the next call, of any process, goes on with the part it was at. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { bytesOf, type PublishedFile } from '../../../core/reference-packs/pack-index.ts';
import { fetchArtifact, type FetchOptions } from '../../artifacts/download.ts';
import { requireSpace } from '../../artifacts/space.ts';
import { copyBytes } from '../../system/files/copy-bytes.ts';
import { createFile, makeFolderBelow } from '../../system/files/own-files.ts';
import { REFERENCE_PACKS } from '../../system/files/own-names.ts';
import { PACK_FETCHED } from '../../system/files/reference-pack-files.ts';

export type Fetching = {
  readonly dataFolder: string;
  /** Of the pack, for sentences. */
  readonly name: string;
  /** Where the index lies; ends in a slash. */
  readonly base: URL;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly options?: Pick<FetchOptions, 'freeBytes' | 'retryDelaysMs' | 'silenceMs'> | undefined;
};

/** Kept free, so that Stash's own database can still grow. */
const SPARE_BYTES = 200e6;

/**
@param files by the paths that they are joined to
@param spaceBytes what else is going to be written
@throws StashSenseError `fetch-failed`, `stopped`
*/
export async function fetchFiles(
  fetching: Fetching,
  files: ReadonlyMap<string, PublishedFile>,
  { spaceBytes = 0 } = {},
): Promise<void> {
  const all = [...files.values()];
  const folder = fetchedFolder(fetching.dataFolder);
  const parts = all.flatMap((file) => file.parts);
  const names = parts.map(({ name }) => name);
  for (const found of readdirSync(folder))
    if (!names.some((name) => found.startsWith(name))) rmSync(path.join(folder, found), { force: true });
  // The parts, and the files that they are joined to.
  const missing = Math.max(0, 2 * bytesOf(all) + spaceBytes - sizeOf(folder));
  await requireSpace({
    name: fetching.name,
    folder,
    bytes: missing + SPARE_BYTES,
    freeBytes: fetching.options?.freeBytes,
  });
  let before = 0;
  for (const part of parts) {
    await fetchPart(fetching, folder, part, (doneBytes) =>
      fetching.onProgress?.(before + doneBytes, bytesOf(all)),
    );
    before += part.bytes;
    fetching.onProgress?.(before, bytesOf(all));
  }
  for (const [to, file] of files) {
    const joining = await createFile(to);
    try {
      for (const { name } of file.parts)
        await copyBytes(path.join(folder, name), async (chunk) => await joining.writeFile(chunk));
      await joining.sync();
    } finally {
      await joining.close();
    }
  }
}

/** After it nothing is gone on with. */
export function dropFetched(dataFolder: string): void {
  rmSync(fetchedFolder(dataFolder), { recursive: true, force: true });
}

async function fetchPart(
  { base, name: pack, signal, options }: Fetching,
  folder: string,
  { name, bytes, sha256 }: PublishedFile['parts'][number],
  onProgress: (doneBytes: number) => void,
): Promise<void> {
  try {
    await fetchArtifact(
      { name, size: bytes, sha256, url: name, mirrors: [] },
      { ...options, base, folder, inventory: ALL_OURS, signal, onProgress },
    );
  } catch (error) {
    const said = error instanceof StashSenseError ? error.said : null;
    const reasons = said?.id === 'fetch.notFetched' ? said.values?.['reasons'] : undefined;
    if (reasons === undefined) throw error;
    throw new StashSenseError(
      'fetch-failed',
      message('referencePacks.channel.notFetched', { name: pack, reasons }),
      { cause: error },
    );
  }
}

/** Nobody else puts anything into the folder of what is being fetched. */
const ALL_OURS: FetchOptions['inventory'] = {
  root: '',
  making: () => undefined,
  made: () => undefined,
  has: () => true,
  entries: () => new Map(),
  keep: () => undefined,
};

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function fetchedFolder(dataFolder: string): string {
  return makeFolderBelow(dataFolder, REFERENCE_PACKS, PACK_FETCHED);
}
