import { rmSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, machineError, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { createPauses } from '../../../core/pauses.ts';
import type { OpenReferencePack } from '../../../core/ports/reference-packs.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { ArchiveFailure } from '../../system/archives/archive.ts';
import { createFile } from '../../system/files/own-files.ts';
import { NotRegularFile } from '../../system/files/regular-file.ts';
import { idWhenInstalled } from '../builder.ts';
import { misfit, PackDamage, PackUnfit } from '../damage.ts';
import { fileOfPart, makingFolder, parseManifest } from '../folders.ts';
import { openPack, requireFit, type Using } from '../open-pack.ts';
import { openSource, type PackSource } from './pack-source.ts';
import { requireDistinct } from './self-test.ts';
import { mostPeopleBytes, PEOPLE } from '../people-file.ts';
import { mostVectorsBytes, VECTORS } from '../vectors-file.ts';
import { putInPlace } from '../versions.ts';

type Place = Using & {
  readonly dataFolder: string;
  readonly owner: string;
  /** Of the packs that are built here. Null: each pack keeps its id. */
  readonly builder: string | null;
};

/** Comparisons of two embeddings that the check of a record is worth. */
const COMPARISONS_PER_RECORD = 40;

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
    const opened = await openPack(making, manifest, place);
    await requireWhole(opened);
    await requireDistinct(opened);
    putInPlace(place.dataFolder, { making, manifest }, { keepsBefore: true });
    return manifest;
  } catch (error) {
    if (making !== null) rmSync(making, { recursive: true, force: true });
    throw refusal(place, from, error);
  }
}

/** Before anything is copied: the two parts of a pack, and none larger than its people can make it. @throws PackDamage */
function requireParts(manifest: ReferencePackManifest): void {
  const limits = { [PEOPLE]: mostPeopleBytes, [VECTORS]: mostVectorsBytes };
  for (const [part, most] of Object.entries(limits))
    if (fileOfPart(manifest, part).bytes > most(manifest.people))
      throw new PackDamage(message('referencePacks.damage.manifest'));
  if (Object.keys(manifest.files).length > Object.keys(limits).length)
    throw new PackDamage(message('referencePacks.damage.manifest'));
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

/** That each record is a person, and that everybody is found by all their ids: who opted out, too. */
async function requireWhole(pack: OpenReferencePack): Promise<void> {
  const pause = createPauses();
  for (let row = 0; row < pack.vectors.size; row++) {
    const person = pack.person(row);
    const isFound =
      person !== null &&
      pack.rowOf(person.id) === row &&
      person.stashIds.every((stashId) => pack.rowsWith(stashId).includes(row));
    if (!isFound) throw misfit(PEOPLE);
    await pause(COMPARISONS_PER_RECORD);
  }
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
