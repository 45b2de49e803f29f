/**
onnxruntime with CUDA: the libraries that its npm package omits (its CUDA provider, NVIDIA's runtime) must lie beside its main
library. The channel has them in their publishers' archives, one or several.
*/
import { createHash, randomBytes } from 'node:crypto';
import { link, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Artifact, Platform } from '../../core/setup/acceleration.ts';
import { flushFolder } from '../system/files/fsync.ts';
import { copyNew } from '../system/files/copy-file.ts';
import type { Inventory } from '../system/files/inventory.ts';
import { makeFolder } from '../system/files/own-files.ts';
import { isUnpacked, type UnpackedFile, unpackedFiles, writeReceipt } from './install-receipt.ts';
import { replaceFolder } from './unpack.ts';

/** Folder below `node_modules` from which onnxruntime-node loads its libraries. */
const BIN_FOLDERS: Partial<Record<Platform, string>> = {
  'linux-x64': 'onnxruntime-node/bin/napi-v6/linux/x64',
  'linux-arm64': 'onnxruntime-node/bin/napi-v6/linux/arm64',
  'win-x64': 'onnxruntime-node/bin/napi-v6/win32/x64',
};

/** Target of an archive entry: libraries only, without their folders. onnxruntime's main library comes with the npm package. */
export function placeOfCudaLibrary(name: string): string | null {
  const bare = name.slice(name.lastIndexOf('/') + 1);
  if (!/\.(so(\.\d+)*|dll)$/i.test(bare) || /^(lib)?onnxruntime\.(so|dll)/i.test(bare)) return null;
  return `lib/${bare}`;
}

/**
Makes a folder with onnxruntime-node and all these libraries: hard links, or copies where the file system has no links.
@returns null when there is no CUDA for this platform
*/
export async function composeCuda(
  folder: string,
  base: { readonly artifact: Artifact; readonly folder: string },
  additions: readonly { readonly artifact: Artifact; readonly folder: string }[],
  inventory: Inventory,
): Promise<string | null> {
  const bin = base.artifact.platform === 'any' ? undefined : BIN_FOLDERS[base.artifact.platform];
  if (bin === undefined) return null;
  const sha256 = createHash('sha256')
    .update([base, ...additions].map(({ artifact }) => artifact.sha256).join())
    .digest('hex');
  const into = path.join(folder, `${base.artifact.id}-cuda`);
  if (await isUnpacked(into, { sha256 })) return into;
  const temporary = `${into}.${randomBytes(4).toString('hex')}.tmp`;
  // Of two files with one name the first counts, as in `linkAll`.
  const files = new Map<string, UnpackedFile>();
  const addFiles = async (from: string, below: string, to: string): Promise<void> => {
    for (const file of unpackedFiles(from)) {
      const name = `${to}${file.name.slice(below.length)}`;
      if (file.name.startsWith(below) && !files.has(name)) files.set(name, { name, sha256: file.sha256 });
    }
  };
  await addFiles(base.folder, 'node_modules/', 'node_modules/');
  for (const { folder: from } of additions) await addFiles(from, 'lib/', `node_modules/${bin}/`);
  try {
    inventory.making(temporary + path.sep);
    makeFolder(temporary);
    await linkAll(path.join(base.folder, 'node_modules'), path.join(temporary, 'node_modules'));
    for (const { folder: from } of additions)
      await linkAll(path.join(from, 'lib'), path.join(temporary, 'node_modules', bin));
    await writeReceipt(temporary, sha256, [...files.values()]);
    await replaceFolder(temporary, into, inventory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return into;
}

async function linkAll(from: string, to: string): Promise<void> {
  makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await linkAll(source, target);
    else
      await link(source, target).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return;
        await copyNew(source, target);
      });
  }
  flushFolder(to);
}
