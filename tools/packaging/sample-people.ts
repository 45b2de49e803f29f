/** The package of the sample people: the pack as the builder makes it, and whose pictures it was learnt from. */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SAMPLE_PEOPLE } from '../../core/reference-packs/sample-people.ts';
import { buildSamplePack, SAMPLE_PACK_ID } from '../../test/demo/sample-pack.ts';
import { FOOTAGE, openDataPackage } from '../data-packages.ts';
import { NOTICES_FILE, writeNotices } from '../notices.ts';

/** @param dist where the other packages were built */
export async function writeSamplePeople(dist: string, date: Date): Promise<void> {
  const out = path.join(dist, SAMPLE_PEOPLE);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await buildSamplePack({ out, at: date.getTime(), weights: path.join(dist, 'stash-sense-faces') });
  // The folder of the package is then one that can be named on the People tab.
  const made = path.join(out, SAMPLE_PACK_ID);
  for (const name of readdirSync(made)) renameSync(path.join(made, name), path.join(out, name));
  rmSync(made, { recursive: true });
  const footage = await openDataPackage(FOOTAGE);
  const licence = await readFile(path.join(footage, LICENCE));
  copyFileSync(path.join(footage, LICENCE), path.join(out, 'LICENSE'));
  writeFileSync(
    path.join(out, NOTICES_FILE),
    writeNotices([{ ...FOOTAGE, files: ['LICENSE'], read: () => licence }]),
  );
  writeFileSync(
    path.join(out, 'README.txt'),
    'A reference pack of six public figures, to try Stash Sense with. Their faces were learnt by its builder from portraits\n' +
      `among the examples of the npm package ${FOOTAGE.name} ${FOOTAGE.version} (MIT, see LICENSE); no picture is in it.\n` +
      'The People tab offers to install it where this folder lies beside Stash Sense; else name this folder there. No stash-box knows the ids in it.\n',
  );
}

const LICENCE = 'LICENSE.txt';
