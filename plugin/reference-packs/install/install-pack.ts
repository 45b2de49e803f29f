import { rmSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, machineError, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { ArchiveFailure } from '../../system/archives/archive.ts';
import { createFile } from '../../system/files/own-files.ts';
import { NotRegularFile } from '../../system/files/regular-file.ts';
import { idWhenInstalled } from '../builder.ts';
import { PackDamage, PackUnfit } from '../damage.ts';
import { makingFolder, parseManifest } from '../folders.ts';
import { requireFit, type Using } from '../open-pack.ts';
import { openSource, type PackSource } from './pack-source.ts';
import { requireParts, takeIn } from './take-in.ts';

type Place = Using & {
  readonly dataFolder: string;
  readonly owner: string;
  /** Of the packs that are built here. Null: each pack keeps its id. */
  readonly builder: string | null;
};

/**
Copies a pack, checks everything in the copy, and only then puts it in place.
@throws StashSenseError `bad-input`, `machine-trouble`
*/
export async function installPack(place: Place, from: string): Promise<ReferencePackManifest> {
  let making: string | null = null;
  try {
    const source = await openSource(from);
    const given = parseManifest(source.manifest);
    const { builder } = place;
    const manifest = builder === null ? given : { ...given, id: idWhenInstalled(given, builder) };
    requireFit(manifest, place);
    requireParts(manifest);
    making = makingFolder(place.dataFolder, place.owner);
    await copyFiles(source, manifest, making);
    await takeIn(place, { making, manifest });
    return manifest;
  } catch (error) {
    if (making !== null) rmSync(making, { recursive: true, force: true });
    throw refusal(place, from, error);
  }
}

/** Another size than the manifest's ends the copy at once. */
async function copyFiles(
  source: PackSource,
  { files }: ReferencePackManifest,
  making: string,
): Promise<void> {
  const left = new Set(Object.keys(files));
  for await (const { name, bytes } of source.files(left)) {
    const expected = files[name]!.bytes;
    let actual = 0;
    const file = await createFile(path.join(making, name));
    try {
      for await (const chunk of bytes) {
        actual += chunk.length;
        if (actual > expected) break;
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (actual !== expected)
      throw new PackDamage(message('referencePacks.damage.size', { file: name, actual, expected }));
    left.delete(name);
  }
  const [missing] = left;
  if (missing !== undefined)
    throw new PackDamage(message('referencePacks.damage.missing', { file: missing }));
}

function refusal({ dataFolder }: Place, place: string, error: unknown): unknown {
  if (error instanceof PackUnfit) return new StashSenseError('bad-input', error.said, { cause: error });
  if (error instanceof PackDamage || error instanceof ArchiveFailure || error instanceof NotRegularFile)
    return new StashSenseError(
      'bad-input',
      message('referencePacks.notInstalled', { place, problem: error.said }),
      { cause: error },
    );
  if (isSystemError(error)) return machineError(message('machine.writingTo', { folder: dataFolder }), error);
  return error;
}
