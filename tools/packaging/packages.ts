/**
What a user installs: `index.yml` in the format of Stash's package sources, and the zips it names.

The same build gives the same bytes: files sorted, all with one time, one compressor at one level.
Stash's installer has ten seconds for a zip and never tries again, so none may be larger than 8 MB.
*/
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { stringify } from 'yaml';
import { SAMPLE_PEOPLE } from '../../core/reference-packs/sample-people.ts';

export const MAX_ZIP_BYTES = 8_000_000;

export type Packaged = { readonly id: string; readonly zip: string; readonly bytes: number };

const packages = [
  {
    id: 'stash-sense',
    name: 'Stash Sense',
    description:
      'Sees who is in your scenes, images and galleries by face. Local, every change can be undone. Once it is installed, reload the page in your browser: only then its Faces tab and its symbol appear.',
    requires: ['stash-sense-faces'],
  },
  {
    id: 'stash-sense-faces',
    name: 'Stash Sense faces',
    description: 'The weights Stash Sense recognises faces with. Data only; needed by Stash Sense.',
    requires: [],
  },
];

/** In the index where it was built, and needed by nobody. */
const samplePeople = {
  id: SAMPLE_PEOPLE,
  name: 'Stash Sense sample people',
  description:
    'A few public figures as a reference pack, to try how people you have no performer of are named. Data only: the People tab of Stash Sense then offers to install the pack.',
  requires: [],
};

/** `built` holds a folder for each package; `version` and `date` are those that Stash shows and compares. */
export function writePackages(options: {
  built: string;
  out: string;
  version: string;
  date: Date;
}): Packaged[] {
  // A zip's times have no zone; fflate takes the local one.
  process.env['TZ'] = 'UTC';
  mkdirSync(options.out, { recursive: true });
  const there = existsSync(path.join(options.built, SAMPLE_PEOPLE)) ? [...packages, samplePeople] : packages;
  const made = there.map(({ id }) => {
    const bytes = zipSync(filesOf(path.join(options.built, id)), { level: 9, mtime: options.date });
    if (bytes.length > MAX_ZIP_BYTES)
      throw new Error(
        `${id}.zip has ${bytes.length} bytes; Stash's installer needs at most ${MAX_ZIP_BYTES}.`,
      );
    writeFileSync(path.join(options.out, `${id}.zip`), bytes);
    return { id, bytes };
  });
  const index = there.map(({ id, name, description, requires }, i) => ({
    id,
    name,
    version: options.version,
    date: options.date.toISOString().slice(0, 19).replace('T', ' '),
    path: `${id}.zip`,
    sha256: createHash('sha256').update(made[i]!.bytes).digest('hex'),
    ...(requires.length > 0 && { requires }),
    metadata: { description },
  }));
  writeFileSync(path.join(options.out, 'index.yml'), stringify(index));
  return made.map(({ id, bytes }) => ({
    id,
    zip: path.join(options.out, `${id}.zip`),
    bytes: bytes.length,
  }));
}

/** Sorted, with an execute bit only where the built file has one. */
function filesOf(folder: string): Zippable {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .toSorted();
  if (names.length === 0) throw new Error(`${folder} is empty: run "npm run build" first.`);
  const stray = names.find((name) => /\.ya?ml$/.test(name) && name !== `${path.basename(folder)}.yml`);
  if (stray) throw new Error(`${stray}: Stash reads every .yml below its plugins folder as a manifest.`);
  return Object.fromEntries(
    names.map((name) => {
      const executable = (statSync(path.join(folder, name)).mode & 0o100) !== 0;
      return [
        name,
        [
          new Uint8Array(readFileSync(path.join(folder, name))),
          { os: 3, attrs: (executable ? 0o100755 : 0o100644) << 16 },
        ],
      ];
    }),
  );
}
