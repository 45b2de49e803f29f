import { createPauses } from '../../../core/pauses.ts';
import { message } from '../../../core/messages/message.ts';
import type { OpenReferencePack } from '../../../core/ports/reference-packs.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { misfit, PackDamage } from '../damage.ts';
import { fileOfPart } from '../folders.ts';
import { openPack, type Using } from '../open-pack.ts';
import { mostPeopleBytes, PEOPLE } from '../people-file.ts';
import { mostVectorsBytes, VECTORS } from '../vectors-file.ts';
import { putInPlace } from '../versions.ts';
import { requireDistinct } from './self-test.ts';

/** Comparisons of two embeddings that the check of a record is worth. */
const COMPARISONS_PER_RECORD = 40;

/** The files of a pack in a folder of their own. */
export type PackAt = { readonly folder: string; readonly manifest: ReferencePackManifest };

/**
Checks everything in the files of `making`, and only then puts the pack in place; the version before is kept.
@throws PackDamage, PackUnfit
*/
export async function takeIn(
  place: Using & { readonly dataFolder: string },
  { making, manifest }: { readonly making: string; readonly manifest: ReferencePackManifest },
): Promise<void> {
  await requireSound({ folder: making, manifest }, place);
  putInPlace(place.dataFolder, { making, manifest }, { keepsBefore: true });
}

/** That a pack may be used and handed on. @throws PackDamage, PackUnfit */
export async function requireSound({ folder, manifest }: PackAt, using: Using): Promise<void> {
  const opened = await openPack(folder, manifest, using);
  await requireWhole(opened);
  await requireDistinct(opened);
}

/** Before anything is copied: the two parts of a pack, and none larger than its people can make it. @throws PackDamage */
export function requireParts(manifest: ReferencePackManifest): void {
  const limits = { [PEOPLE]: mostPeopleBytes, [VECTORS]: mostVectorsBytes };
  for (const [part, most] of Object.entries(limits))
    if (fileOfPart(manifest, part).bytes > most(manifest.people))
      throw new PackDamage(message('referencePacks.damage.manifest'));
  if (Object.keys(manifest.files).length > Object.keys(limits).length)
    throw new PackDamage(message('referencePacks.damage.manifest'));
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
