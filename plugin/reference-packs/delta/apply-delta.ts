import { renameSync } from 'node:fs';
import path from 'node:path';
import { message } from '../../../core/messages/message.ts';
import { createPauses } from '../../../core/pauses.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { openRegularFile } from '../../system/files/regular-file.ts';
import { misfit, PackDamage } from '../damage.ts';
import { dataFileName, fileOfPart } from '../folders.ts';
import type { PackAt } from '../install/take-in.ts';
import { openPack, type Using } from '../open-pack.ts';
import { createPeopleFile, PEOPLE, readPeople } from '../people-file.ts';
import { createVectorsFile, qualityOf, readVectors, VECTORS } from '../vectors-file.ts';
import { ADD, KEEP, LEAVE, openDelta, type OpenDelta } from './delta-file.ts';
import { storedAt, type Rows } from './stored-rows.ts';

/** Comparisons of two embeddings that writing a person is worth. */
const COMPARISONS_PER_PERSON = 20;

/**
Makes the files of the next version of a pack in `making` from those of the version before, and requires that they have the
checksums that the delta names.
@returns the manifest of the version before with those files
@throws PackDamage, PackUnfit
*/
export async function applyDelta(
  from: PackAt,
  file: string,
  making: string,
  using: Using,
): Promise<ReferencePackManifest> {
  const { handle, sizeBytes } = await openRegularFile(file);
  const name = path.basename(file);
  try {
    const delta = await openDelta(handle, sizeBytes, name);
    const { head } = delta;
    if (Object.entries(head.from).some(([part, sha256]) => fileOfPart(from.manifest, part).sha256 !== sha256))
      throw new PackDamage(message('referencePacks.damage.deltaOfOther', { file: name }));
    const old = await openPack(from.folder, from.manifest, using);
    requireSteps(delta, old.vectors.size, name);
    const added = await openAdded(delta);
    const written = await write(old, added, delta, making).catch((error: unknown) => {
      // Somebody twice, or templates of several lengths.
      throw error instanceof RangeError ? misfit(name) : error;
    });
    const files: Record<string, { bytes: number; sha256: string }> = {};
    for (const part of [PEOPLE, VECTORS] as const) {
      const { bytes, sha256 } = written[part];
      if (bytes !== head.to[part].bytes || sha256 !== head.to[part].sha256)
        throw new PackDamage(message('referencePacks.damage.deltaResult', { file: name }));
      const own = dataFileName(part, sha256);
      renameSync(path.join(making, part), path.join(making, own));
      files[own] = { bytes, sha256 };
    }
    return { ...from.manifest, people: head.to.count, files };
  } finally {
    await handle.close();
  }
}

/** Before anything is written: the steps go through all rows of the old version and of the delta, and give as many people as it says. */
function requireSteps({ head }: OpenDelta, oldPeople: number, name: string): void {
  const counts = { [KEEP]: 0, [LEAVE]: 0, [ADD]: 0 };
  for (const [kind, count] of head.steps) counts[kind] += count;
  const { [KEEP]: kept, [LEAVE]: left, [ADD]: added } = counts;
  if (kept + left !== oldPeople || added !== head.added.count || kept + added !== head.to.count)
    throw misfit(name);
}

async function openAdded(delta: OpenDelta): Promise<Rows> {
  const people = await delta.read('people', readPeople);
  const templates = await delta.read('vectors', readVectors);
  return {
    person: (row) => people.person(row),
    vectors: templates.vectors,
    quality: (row) => qualityOf(templates, row),
    references: (row) => templates.references[row] ?? 0,
  };
}

async function write(old: Rows, added: Rows, { head }: OpenDelta, making: string) {
  const people = await createPeopleFile(path.join(making, PEOPLE));
  const vectors = await createVectorsFile(path.join(making, VECTORS));
  const pause = createPauses();
  try {
    const put = async (from: Rows, row: number): Promise<void> => {
      const person = from.person(row);
      if (person === null) throw misfit(PEOPLE);
      await people.add(person);
      await vectors.addStored(storedAt(from, row));
      await pause(COMPARISONS_PER_PERSON);
    };
    let [nextOld, nextAdded] = [0, 0];
    for (const [kind, count] of head.steps)
      if (kind === LEAVE) nextOld += count;
      else
        for (let n = 0; n < count; n++)
          if (kind === KEEP) await put(old, nextOld++);
          else await put(added, nextAdded++);
    return { [PEOPLE]: await people.end(), [VECTORS]: await vectors.end() };
  } finally {
    await people.close();
    await vectors.close();
  }
}
