/**
`npm run bench:unknown`: of a library in which nobody is known, in how many of the other scenes of a person they are found, beginning
with each scene that shows one person alone, and how many of the scenes found are right.
STASH_SENSE_DEV_LIBRARY names a folder made by ../shared/dev-library/make.mjs, whose files are named after who is in them.
*/
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FaceCluster } from '../../../core/faces/observation.ts';
import { logSamePerson, samePersonConfidence } from '../../../core/matching/same-person.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { lookAtLibrary } from '../gallery/scenes.ts';
import { wilson } from '../statistics.ts';

type Truth = Record<string, { readonly names: readonly string[]; readonly unknown: number }>;
type Seen = { readonly file: string; readonly person: FaceCluster };

const folder = process.env['STASH_SENSE_DEV_LIBRARY'];
if (folder === undefined) throw new Error('STASH_SENSE_DEV_LIBRARY names no folder');
const truth = JSON.parse(readFileSync(path.join(folder, 'truth.json'), 'utf8')) as Truth;
const files = Object.keys(truth);
const { scenes } = await lookAtLibrary(folder, packInUse);
const clusters = scenes.flatMap(({ persons }, n): Seen[] =>
  persons.map((person) => ({ file: files[n]!, person })),
);
const { matching } = packInUse.calibration;
const strangers = namesBehind('stranger');
const filmed = namesBehind('realstranger');

let [right, wrong, due, starts] = [0, 0, 0, 0];
for (const start of clusters) {
  const [name, ...others] = peopleIn(start.file);
  const isAlone = clusters.filter(({ file }) => file === start.file).length === 1;
  if (name === undefined || others.length > 0 || !isAlone) continue;
  starts++;
  const found = new Set(
    clusters.filter((seen) => seen.file !== start.file && isSame(start, seen)).map(({ file }) => file),
  );
  for (const file of found)
    if (peopleIn(file).includes(name)) right++;
    else wrong++;
  due += files.filter((file) => file !== start.file && peopleIn(file).includes(name)).length;
}
console.log(
  [
    `${files.length} scenes, ${clusters.length} faces, ${starts} of them to begin with`,
    shareOf('right', right, right + wrong),
    shareOf('found', right, due),
  ].join('\n'),
);

function isSame(one: Seen, other: Seen): boolean {
  const logRatio = logSamePerson(one.person, other.person, matching);
  return samePersonConfidence(logRatio, clusters.length) >= matching.matchConfidence;
}

/** Who is in a scene, strangers too: as `compose.mjs` puts them together. */
function peopleIn(file: string): string[] {
  const { names = [], unknown = 0 } = truth[file] ?? {};
  if (unknown === 0) return [...names];
  const [kind = '', rest = ''] = file.replace('.mp4', '').split(/-(.*)/s);
  const list = kind === 'mixed' ? strangers : filmed;
  const stranger = kind === 'mixed' || kind === 'realtwo' ? list[Number(rest) % list.length]! : rest;
  return [...names, stranger];
}

function namesBehind(kind: string): string[] {
  return files.flatMap((file) => (file.startsWith(`${kind}-`) ? file.slice(kind.length + 1, -4) : []));
}

function shareOf(what: string, count: number, of: number): string {
  const { low, high } = wilson(count, of);
  return `${what} ${count} of ${of}: ${percent(count / of)} % [${percent(low)}, ${percent(high)}]`;
}

function percent(part: number): string {
  return (100 * part).toFixed(1);
}
