import path from 'node:path';
import { makeFolder, replaceFile } from '../system/files/own-files.ts';
import { readRegularFile } from '../system/files/regular-file.ts';
import { PACK_MANIFEST } from '../system/files/reference-pack-files.ts';
import type { FoundManifest } from './folders.ts';

/** As read, so far larger than any. */
const MAX_MANIFEST_BYTES = 1e6;

/** Copies a pack to `<to>/<id>`, the manifest last. @returns that folder */
export async function copyOut(
  folder: string,
  { manifest }: Pick<FoundManifest, 'manifest'>,
  to: string,
): Promise<string> {
  // The folder that the user named keeps its mode.
  makeFolder(to, { mayBeLink: true });
  const target = path.join(to, manifest.id);
  makeFolder(target);
  for (const [name, { bytes }] of Object.entries(manifest.files))
    replaceFile(path.join(target, name), await readRegularFile(path.join(folder, name), bytes));
  const text = await readRegularFile(path.join(folder, PACK_MANIFEST), MAX_MANIFEST_BYTES);
  replaceFile(path.join(target, PACK_MANIFEST), text);
  return target;
}
