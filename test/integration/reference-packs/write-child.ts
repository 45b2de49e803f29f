/** Writes a reference pack of so many people. See `files.test.ts`. */
import { createOwner } from '../../../plugin/system/process-owner.ts';
import { packEntries, referencePacksIn, writeReferencePack } from '../../fixtures/reference-packs.ts';

const [folder = '', people = '0'] = process.argv.slice(2);
await writeReferencePack(
  referencePacksIn(folder, { owner: createOwner() }).packs,
  packEntries(Number(people)),
);
