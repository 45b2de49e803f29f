/** Writes packs for any static host: the whole files in parts, what leads from the versions before to them, and the index. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { SaidError, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import {
  bytesOf,
  contentOf,
  MAX_DELTAS,
  MAX_PART_BYTES,
  PackIndex,
  type PublishedDelta,
  type PublishedPack,
} from '../../../core/reference-packs/pack-index.ts';
import type { OptOuts } from '../../../core/reference-packs/left-out/opt-outs.ts';
import { copyBytes } from '../../system/files/copy-bytes.ts';
import { createFile, makeFolderBelow, makePublicFolder } from '../../system/files/own-files.ts';
import { applyDelta } from '../delta/apply-delta.ts';
import { makeDelta } from '../delta/make-delta.ts';
import { manifestText } from '../folders.ts';
import { requireSound, type PackAt } from '../install/take-in.ts';
import type { Using } from '../open-pack.ts';
import { publishAlone } from './one-at-a-time.ts';
import { isWhole, publishFile, publishOptOuts, readPublished, replaceIndex } from './published-folder.ts';

export const KEPT_DELTAS = 12;

export type PublishOptions = {
  /** Absolute. */
  readonly out: string;
  /** All that are published from now on. */
  readonly packs: readonly PackAt[];
  readonly optOuts: OptOuts;
  /** Of this plugin. */
  readonly version: string;
  /** How many of the latest deltas of each pack are offered, at most `MAX_DELTAS`. */
  readonly keptDeltas?: number;
  readonly maxPartBytes?: number;
};

/** @returns what is published now. @throws StashSenseError `bad-input`, `busy`, PackDamage, PackUnfit; the system's error */
export async function publishPacks(options: PublishOptions): Promise<PackIndex> {
  const { out, packs, optOuts } = options;
  const ids = packs.map(({ manifest }) => manifest.id);
  const twice = ids.find((id, n) => ids.indexOf(id) < n);
  if (twice !== undefined)
    throw new StashSenseError('bad-input', message('referencePacks.publish.twice', { id: twice }));
  makePublicFolder(out);
  return await publishAlone(out, async (scratch, requireAlone) => {
    const before = await readPublished(out);
    const published: PublishedPack[] = [];
    for (const pack of packs) {
      const last = before?.packs.find(({ manifest }) => manifest.id === pack.manifest.id) ?? null;
      published.push(await publishPack({ ...options, scratch }, pack, last));
    }
    const index = PackIndex.parse({
      format: 1,
      packs: published.toSorted((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1)),
      optOuts: publishOptOuts(out, optOuts),
    });
    requireAlone();
    replaceIndex(out, index);
    return index;
  });
}

type Publishing = PublishOptions & { readonly scratch: string };

async function publishPack(
  options: Publishing,
  pack: PackAt,
  last: PublishedPack | null,
): Promise<PublishedPack> {
  const { manifest, folder } = pack;
  const { out, keptDeltas = KEPT_DELTAS, maxPartBytes = MAX_PART_BYTES } = options;
  const isPublished = last !== null && manifestText(last.manifest) === manifestText(manifest);
  if (isPublished && isWhole(out, last)) return last;
  await requireSound(pack, usingOf(options, pack));
  const files: PublishedPack['files'] = {};
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const part = name.slice(0, name.indexOf('-'));
    const file = await publishFile({ out, maxPartBytes }, path.join(folder, name), `${manifest.id}.${part}`);
    if (file.bytes !== bytes) throw new Error(`${name} has changed meanwhile`);
    files[name] = file;
  }
  const isSameContent = last !== null && contentOf(last.manifest) === contentOf(manifest);
  const delta = last === null || isSameContent ? null : await publishDelta(options, last, pack);
  if (delta === null) return { manifest, files, deltas: isSameContent ? last.deltas : [] };
  const deltas = [...(last?.deltas ?? []), delta];
  return { manifest, files, deltas: deltas.slice(-Math.min(keptDeltas, MAX_DELTAS)) };
}

/**
Null: the files of the version before are not there any more or of another face pack, or what leads from them is no smaller than
the pack, or does not give it byte for byte.
*/
async function publishDelta(
  options: Publishing,
  last: PublishedPack,
  pack: PackAt,
): Promise<PublishedDelta | null> {
  const { out, scratch, maxPartBytes = MAX_PART_BYTES } = options;
  const { id, files } = pack.manifest;
  const using = usingOf(options, pack);
  try {
    const from = await joinParts(out, last, makeFolderBelow(scratch, `${id}-before`));
    const place = path.join(scratch, `${id}.delta`);
    const changes = await makeDelta(from, pack, place, using);
    const made = await applyDelta(from, place, makeFolderBelow(scratch, `${id}-made`), using);
    const isSame = Object.entries(files).every(([name, { sha256 }]) => made.files[name]?.sha256 === sha256);
    if (!isSame) return null;
    const file = await publishFile({ out, maxPartBytes }, place, `${id}.delta`);
    if (file.bytes >= bytesOf(Object.values(files))) {
      for (const { name } of file.parts) rmSync(path.join(out, name), { force: true });
      return null;
    }
    return { from: contentOf(from.manifest), to: contentOf(pack.manifest), ...changes, file };
  } catch (error) {
    // Whoever has an earlier version fetches all of this one.
    if (error instanceof SaidError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whichever face pack is in use here. */
function usingOf({ version }: PublishOptions, { manifest }: PackAt): Using {
  return { facePack: manifest.facePack, version };
}

/** The files of a published pack, whole. */
async function joinParts(out: string, { manifest, files }: PublishedPack, folder: string): Promise<PackAt> {
  for (const [name, { parts }] of Object.entries(files)) {
    const file = await createFile(path.join(folder, name));
    try {
      for (const part of parts)
        await copyBytes(path.join(out, part.name), async (chunk) => await file.writeFile(chunk));
    } finally {
      await file.close();
    }
  }
  return { folder, manifest };
}
