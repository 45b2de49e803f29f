/** Takes in a reference pack. See `install.test.ts`. */
import { createOwner } from '../../../plugin/system/process-owner.ts';
import { referencePacksIn } from '../../fixtures/reference-packs.ts';

const [folder = '', place = ''] = process.argv.slice(2);
await referencePacksIn(folder, { owner: createOwner() }).packs.install(place);
