/**
Makes what a user installs: `dist/index.yml` in the format of Stash's package sources, and the zips it names.

The same commit gives the same bytes: files sorted, times those of the commit, one compressor at one level.
Stash's installer has ten seconds for a zip and never tries again, so none may be larger than 8 MB.
*/
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync, type Zippable } from 'fflate';
import { stringify } from 'yaml';

const MAX_ZIP_BYTES = 8_000_000;
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const dist = path.join(root, 'dist');

/** A zip's times have no zone; fflate takes the local one. */
process.env['TZ'] = 'UTC';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const commit = git('rev-parse', '--short=7', 'HEAD');
const date = new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? git('log', '-1', '--format=%ct')) * 1000);

const packages = [
  {
    id: 'stash-sense',
    name: 'Stash Sense',
    description:
      'Sees who is in your scenes, images and galleries by face. Local, every change can be undone.',
    requires: ['stash-sense-faces'],
  },
  {
    id: 'stash-sense-faces',
    name: 'Stash Sense faces',
    description: 'The weights Stash Sense recognises faces with. Data only; needed by Stash Sense.',
    requires: [],
  },
];

const index = packages.map(({ id, name, description, requires }) => {
  const zip = zipSync(filesOf(path.join(dist, id)), { level: 9, mtime: date });
  if (zip.length > MAX_ZIP_BYTES)
    throw new Error(`${id}.zip has ${zip.length} bytes; Stash's installer needs at most ${MAX_ZIP_BYTES}.`);
  writeFileSync(path.join(dist, `${id}.zip`), zip);
  console.log(`${id}.zip  ${(zip.length / 1e6).toFixed(2)} MB`);
  return {
    id,
    name,
    version: `${version}-${commit}`,
    date: date.toISOString().slice(0, 19).replace('T', ' '),
    path: `${id}.zip`,
    sha256: createHash('sha256').update(zip).digest('hex'),
    ...(requires.length > 0 && { requires }),
    metadata: { description },
  };
});
writeFileSync(path.join(dist, 'index.yml'), stringify(index));
console.log(`index.yml  ${version}-${commit}`);

/** Sorted, with an execute bit only where the built file has one. */
function filesOf(folder: string): Zippable {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .toSorted();
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

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
