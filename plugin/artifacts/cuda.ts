/**
onnxruntime with CUDA: the libraries that its npm package leaves out (its own providers, NVIDIA's runtime) must lie beside
its main library. They come as their publishers pack them, in one archive or several.
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

/** Where onnxruntime-node looks, below `node_modules`. */
const BIN_FOLDERS: Partial<Record<Platform, string>> = {
  'linux-x64': 'onnxruntime-node/bin/napi-v6/linux/x64',
  'linux-arm64': 'onnxruntime-node/bin/napi-v6/linux/arm64',
  'win-x64': 'onnxruntime-node/bin/napi-v6/win32/x64',
};

/** Only libraries are taken out of such an archive, without their folders; onnxruntime itself is there already. */
export function placeOfCudaLibrary(name: string): string | null {
  const bare = name.slice(name.lastIndexOf('/') + 1);
  if (!/\.(so(\.\d+)*|dll)$/i.test(bare) || /^(lib)?onnxruntime\.(so|dll)/i.test(bare)) return null;
  return `lib/${bare}`;
}

/**
A folder with onnxruntime-node and all these libraries, of hard links where the file system knows them.
@returns null where CUDA has no place on this platform
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
  // The first that has a name wins, as with the links.
  const files = new Map<string, UnpackedFile>();
  const take = async (from: string, below: string, to: string): Promise<void> => {
    for (const { name, sha256: its } of unpackedFiles(from)) {
      const placed = `${to}${name.slice(below.length)}`;
      if (name.startsWith(below) && !files.has(placed)) files.set(placed, { name: placed, sha256: its });
    }
  };
  await take(base.folder, 'node_modules/', 'node_modules/');
  for (const { folder: from } of additions) await take(from, 'lib/', `node_modules/${bin}/`);
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
