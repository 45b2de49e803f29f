/** Fetches a published pack: what has changed since the installed version, or all of it. The installed one is used until the new one has passed its test. */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, machineError, saidOf, StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { message } from '../../../core/messages/message.ts';
import type { Log } from '../../../core/ports/log.ts';
import {
  bytesOf,
  contentOf,
  deltasFrom,
  type PublishedDelta,
  type PublishedPack,
} from '../../../core/reference-packs/pack-index.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { makeFolderBelow } from '../../system/files/own-files.ts';
import { PACK_MANIFEST } from '../../system/files/reference-pack-files.ts';
import { PackDamage, PackUnfit } from '../damage.ts';
import { applyDelta } from '../delta/apply-delta.ts';
import { makingFolder, manifestIn, manifestText, packFolder } from '../folders.ts';
import { requireParts, requireSound, takeIn, type PackAt } from '../install/take-in.ts';
import { requireFit, type Using } from '../open-pack.ts';
import { dropFetched, fetchFiles, type Fetching } from './fetch-files.ts';

export type FetchPackParts = Omit<Fetching, 'name'> & {
  readonly owner: string;
  readonly using: Using;
  /** Under which the pack is installed. */
  readonly installedId: string;
  readonly log: Pick<Log, 'warn'>;
};

/** @throws StashSenseError `fetch-failed`, `stopped`, `bad-input`, `machine-trouble` */
export async function fetchPack(parts: FetchPackParts, pack: PublishedPack): Promise<ReferencePackManifest> {
  const { dataFolder, owner, using, installedId } = parts;
  const manifest = { ...pack.manifest, id: installedId };
  const { name } = manifest;
  let making: string | null = null;
  try {
    requireFit(manifest, using);
    requireParts(manifest);
    if (await isInstalled(parts, manifest)) {
      dropFetched(dataFolder);
      return manifest;
    }
    making = makingFolder(dataFolder, owner);
    const fetching: Fetching = { ...parts, name };
    if (!(await isMadeByDeltas(parts, pack, fetching, making))) await fetchAll(pack, fetching, making);
    await takeIn({ ...using, dataFolder }, { making, manifest });
    dropFetched(dataFolder);
    return manifest;
  } catch (error) {
    if (error instanceof PackUnfit) throw new StashSenseError('bad-input', error.said, { cause: error });
    if (error instanceof PackDamage) {
      // It is what the index names: fetched once more it would be no better.
      dropFetched(dataFolder);
      throw new StashSenseError(
        'fetch-failed',
        message('referencePacks.channel.notInstalled', { name, problem: error.said }),
        { cause: error },
      );
    }
    if (isSystemError(error)) throw machineError(message('machine.writingTo', { folder: dataFolder }), error);
    throw error;
  } finally {
    if (making !== null) rmSync(making, { recursive: true, force: true });
  }
}

/** Where the process was killed after it had put the pack in place, nothing is fetched once more. False also where it is damaged. */
async function isInstalled(
  { dataFolder, using }: Pick<FetchPackParts, 'dataFolder' | 'using'>,
  manifest: ReferencePackManifest,
): Promise<boolean> {
  const folder = packFolder(dataFolder, manifest.id);
  const installed = manifestIn(folder, PACK_MANIFEST);
  if (installed === null || manifestText(installed) !== manifestText(manifest)) return false;
  try {
    await requireSound({ folder, manifest }, using);
    return true;
  } catch (error) {
    if (isOfInstalled(error)) return false;
    throw error;
  }
}

/** What is wrong with the files of a pack: they are others than its manifest says, or one is not there. */
function isOfInstalled(error: unknown): boolean {
  return error instanceof PackDamage || (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** False: nothing leads from the installed version to the published one with fewer bytes, or what does is not what it should be. */
async function isMadeByDeltas(
  { dataFolder, using, installedId, log }: FetchPackParts,
  pack: PublishedPack,
  fetching: Fetching,
  making: string,
): Promise<boolean> {
  const folder = packFolder(dataFolder, installedId);
  const manifest = manifestIn(folder, PACK_MANIFEST);
  const deltas = manifest === null ? null : deltasFrom(pack, contentOf(manifest));
  if (manifest === null || deltas === null || deltas.length === 0) return false;
  try {
    await followDeltas({ folder, manifest }, pack, { deltas, fetching, making, using });
    return true;
  } catch (error) {
    // What the index says of the whole pack decides.
    const isRefused = isOfInstalled(error) || error instanceof PackUnfit;
    if (!isRefused && !(error instanceof StashSenseError && error.code === 'fetch-failed')) throw error;
    const { name } = fetching;
    log.warn(inEnglish(message('referencePacks.channel.deltaRefused', { name, problem: saidOf(error) })));
    return false;
  }
}

async function followDeltas(
  installed: PackAt,
  { manifest, files }: PublishedPack,
  {
    deltas,
    fetching,
    making,
    using,
  }: {
    readonly deltas: readonly PublishedDelta[];
    readonly fetching: Fetching;
    readonly making: string;
    readonly using: Using;
  },
): Promise<void> {
  const fetched = makeFolderBelow(making, 'deltas');
  const places = deltas.map(({ file }, n) => [path.join(fetched, `${n}.delta`), file] as const);
  // Two versions at a time.
  await fetchFiles(fetching, new Map(places), { spaceBytes: 2 * bytesOf(Object.values(files)) });
  let at = installed;
  for (const [n, [delta]] of places.entries()) {
    const folder = makeFolderBelow(making, `version-${n}`);
    const made = await applyDelta(at, delta, folder, using);
    if (n > 0) rmSync(at.folder, { recursive: true, force: true });
    at = { folder, manifest: made };
  }
  for (const [file, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const made = at.manifest.files[file];
    if (made?.bytes !== bytes || made.sha256 !== sha256)
      throw new PackDamage(message('referencePacks.damage.deltaResult', { file }));
    renameSync(path.join(at.folder, file), path.join(making, file));
  }
}

async function fetchAll({ files }: PublishedPack, fetching: Fetching, making: string): Promise<void> {
  // What deltas have left there takes room on the disk.
  for (const name of readdirSync(making)) rmSync(path.join(making, name), { recursive: true, force: true });
  const places = Object.entries(files).map(([name, file]) => [path.join(making, name), file] as const);
  await fetchFiles(fetching, new Map(places));
}
