import { stat } from 'node:fs/promises';
import path from 'node:path';
import { message } from '../../../core/messages/message.ts';
import type { ArchiveEntry } from '../../system/archives/archive.ts';
import { readZip } from '../../system/archives/zip.ts';
import { openRegularFile, readRegularFile } from '../../system/files/regular-file.ts';
import { PACK_MANIFEST as MANIFEST } from '../../system/files/reference-pack-files.ts';
import { PackDamage } from '../damage.ts';

/** A pack that lies elsewhere. Names in it are compared with those that are wanted, and never used as paths. */
export type PackSource = {
  readonly manifest: string;
  /** Those of these files that are there, in any order. */
  files(names: ReadonlySet<string>): AsyncIterable<SourceFile>;
};
type SourceFile = { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> };

export const MAX_MANIFEST_BYTES = 1e6;
const MAX_ENTRIES = 10_000;
const NOTHING_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** @throws PackDamage, NotRegularFile, ArchiveFailure; the system's error */
export async function openSource(place: string): Promise<PackSource> {
  const found = await stat(place).catch((error: unknown) => {
    if (!NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // Whoever types a path on the page cannot know what Stash's process takes it from.
    const said = path.isAbsolute(place)
      ? message('referencePacks.damage.nothingThere')
      : message('referencePacks.damage.nothingAtRelative', { place: path.resolve(place) });
    throw new PackDamage(said, { cause: error });
  });
  return found.isDirectory() ? await openFolder(place) : await openZip(place);
}

async function openFolder(folder: string): Promise<PackSource> {
  const manifest = await readRegularFile(path.join(folder, MANIFEST), MAX_MANIFEST_BYTES).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new PackDamage(message('referencePacks.damage.noManifest'), { cause: error });
    },
  );
  return {
    manifest: manifest.toString('utf8'),
    async *files(names) {
      for (const name of [...names].toSorted()) {
        const opened = await openRegularFile(path.join(folder, name)).catch((error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
          return null;
        });
        // The stream closes the handle.
        if (opened !== null) yield { name, bytes: opened.handle.createReadStream() };
      }
    },
  };
}

/** The pack lies at the top of the zip, or in one folder of it, as file managers make them. */
async function openZip(file: string): Promise<PackSource> {
  // A named pipe would block for ever.
  await (await openRegularFile(file)).handle.close();
  let manifest: string | null = null;
  let folder = '';
  for await (const entry of entriesOf(file)) {
    if (entry.kind !== 'file' || !/^(?:[^/]+\/)?manifest\.json$/.test(entry.name)) continue;
    if (entry.name.startsWith('__MACOSX/')) continue;
    if (manifest !== null || entry.size > MAX_MANIFEST_BYTES) throw noManifest();
    folder = entry.name.slice(0, -MANIFEST.length);
    manifest = await textOf(entry);
  }
  if (manifest === null) throw noManifest();
  return {
    manifest,
    async *files(names) {
      const left = new Set(names);
      for await (const { kind, name: whole, bytes } of entriesOf(file)) {
        const name = whole.slice(folder.length);
        if (kind === 'file' && whole.startsWith(folder) && left.delete(name)) yield { name, bytes };
      }
    },
  };
}

async function* entriesOf(file: string): AsyncIterable<ArchiveEntry> {
  let entries = 0;
  for await (const entry of readZip(file)) {
    if (++entries > MAX_ENTRIES) throw noManifest();
    yield entry;
  }
}

async function textOf({ bytes }: ArchiveEntry): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_MANIFEST_BYTES) throw noManifest();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function noManifest(): PackDamage {
  return new PackDamage(message('referencePacks.damage.noManifest'));
}
