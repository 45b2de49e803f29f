/**
`tsx test/bench/choices/prior.ts GALLERY CACHE [PACK]`: what it brings, and what it costs, to expect the performers of a scene's
studio and those who are tagged on it (`test/bench/cohort/expected.ts`), for a pack whose pictures were looked at as references
are. CACHE is made by test/bench/look-alikes/gallery-faces.ts with the same PACK.
*/
import { catalog, packOf } from '../../../models/catalog/catalog.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { toActors } from '../cohort/to-actors.ts';
import { measureExpected } from '../cohort/expected.ts';
import { readRoles } from '../cohort/faces.ts';

const [folder = '/', cache = '/', packId = packInUse.id] = process.argv.slice(2);
const { dimensions, calibration } = packOf(catalog, packId);
measureExpected(toActors(readRoles(folder, cache, dimensions)), calibration.matching);
