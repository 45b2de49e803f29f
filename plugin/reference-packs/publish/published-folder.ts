/** The folder that a static host serves: files that are named after what they hold, and the index that names them. */
import { lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import path from 'node:path';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import {
  PACK_INDEX,
  type PackIndex,
  type PublishedFile,
  type PublishedPack,
} from '../../../core/reference-packs/pack-index.ts';
import {
  MAX_OPT_OUT_BYTES,
  textOfOptOuts,
  type OptOuts,
} from '../../../core/reference-packs/left-out/opt-outs.ts';
import { copyBytes } from '../../system/files/copy-bytes.ts';
import { sha256OfFile } from '../../system/files/hash-file.ts';
import { SCRATCH } from './one-at-a-time.ts';
import { createFile, PUBLIC_MODE, replaceFile } from '../../system/files/own-files.ts';
import { openRegularFile, readRegularFile } from '../../system/files/regular-file.ts';
import { MAX_INDEX_BYTES, parseIndex } from '../channel/read-index.ts';

/** What we write there, with the checksum in its name; also what a killed process has not given its name yet. */
const PUBLISHED_FILE =
  /^(?:[a-z0-9-]{1,64}\.(?:people|vectors|delta)-[0-9a-f]{16}\.bin|opted-out-[0-9a-f]{16}\.txt(?:\.[0-9a-f]{8}\.part)?)$/;

/** Null: nothing was published there. @throws StashSenseError `bad-input`: another file has the name of the index */
export async function readPublished(out: string): Promise<PackIndex | null> {
  const file = path.join(out, PACK_INDEX);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return null;
  const index = parseIndex((await readRegularFile(file, MAX_INDEX_BYTES)).toString('utf8'));
  if (index !== null) return index;
  throw new StashSenseError('bad-input', message('referencePacks.publish.notAnIndex', { file }));
}

/**
The index is replaced last: killed at any point, the one that is there names files that are there. Then what was published there by
this or any earlier call and is not named now is deleted; what others have put there stays.
*/
export function replaceIndex(out: string, index: PackIndex): void {
  replaceFile(path.join(out, PACK_INDEX), `${JSON.stringify(index, null, 1)}\n`, PUBLIC_MODE);
  const named = new Set(namesIn(index));
  for (const entry of readdirSync(out, { withFileTypes: true }))
    if (entry.isFile() && PUBLISHED_FILE.test(entry.name) && !named.has(entry.name))
      rmSync(path.join(out, entry.name), { force: true });
}

/** @param name what the names of the parts begin with */
export async function publishFile(
  { out, maxPartBytes }: { readonly out: string; readonly maxPartBytes: number },
  file: string,
  name: string,
): Promise<PublishedFile> {
  const { handle, sizeBytes } = await openRegularFile(file);
  await handle.close();
  const parts: PublishedFile['parts'] = [];
  for (let start = 0; start < sizeBytes; start += maxPartBytes) {
    const bytes = Math.min(maxPartBytes, sizeBytes - start);
    const making = path.join(out, SCRATCH, 'part');
    rmSync(making, { force: true });
    const part = await createFile(making, PUBLIC_MODE);
    try {
      await copyBytes(file, async (chunk) => await part.writeFile(chunk), { start, bytes });
      await part.sync();
    } finally {
      await part.close();
    }
    const sha256 = await sha256OfFile(making);
    const own = `${name}-${sha256.slice(0, 16)}.bin`;
    // One that is there keeps its time, by which a copy to the host passes it over.
    const target = path.join(out, own);
    if (sizeOf(target) === bytes && (await sha256OfFile(target)) === sha256) rmSync(making);
    else renameSync(making, target);
    parts.push({ name: own, bytes, sha256 });
  }
  return { bytes: sizeBytes, sha256: await sha256OfFile(file), parts };
}

/** Whether all that is published of the pack is there. */
export function isWhole(out: string, pack: PublishedPack): boolean {
  return filesOf(pack).every(({ parts }) =>
    parts.every(({ name, bytes }) => sizeOf(path.join(out, name)) === bytes),
  );
}

/** Null: nobody opted out. @throws StashSenseError `bad-input`: nobody could read the list */
export function publishOptOuts(out: string, optOuts: OptOuts): PublishedFile | null {
  const bytes = Buffer.from(textOfOptOuts(optOuts));
  if (bytes.length === 0) return null;
  if (bytes.length > MAX_OPT_OUT_BYTES)
    throw new StashSenseError(
      'bad-input',
      message('referencePacks.publish.optOutsTooLong', { megabytes: MAX_OPT_OUT_BYTES / 1e6 }),
    );
  const sha256 = hash('sha256', bytes);
  const own = `opted-out-${sha256.slice(0, 16)}.txt`;
  if (sizeOf(path.join(out, own)) !== bytes.length) replaceFile(path.join(out, own), bytes, PUBLIC_MODE);
  return { bytes: bytes.length, sha256, parts: [{ name: own, bytes: bytes.length, sha256 }] };
}

function namesIn({ packs, optOuts }: PackIndex): string[] {
  const files = [...packs.flatMap(filesOf), ...(optOuts === null ? [] : [optOuts])];
  return files.flatMap(({ parts }) => parts.map(({ name }) => name));
}

function filesOf({ files, deltas }: PublishedPack): PublishedFile[] {
  return [...Object.values(files), ...deltas.map(({ file }) => file)];
}

function sizeOf(file: string): number | null {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? null;
}
