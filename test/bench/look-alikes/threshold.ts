/**
Which similarity of their centres says that two performers look like one person (`references.onePerson` of the pack's
calibration): `tsx test/bench/look-alikes/threshold.ts GALLERY CACHE`, both as of gallery-faces.ts.

Pairs to be found are the double entries that the gallery names, and people of two or more pictures cut into two entries of
which one has the first picture and the other the rest; all other pairs of entries are strangers.
*/
import { similarity } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { centreOf } from '../../../core/people/centre.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { readFaces, readGallery, readVectors } from './gallery-faces.ts';
import { wilson } from '../statistics.ts';

const THRESHOLDS = [0.4, 0.45, 0.5, 0.52, 0.54, 0.56, 0.58, 0.6, 0.62, 0.65, 0.7];

const [folder, cache] = process.argv.slice(2);
if (folder === undefined || cache === undefined)
  throw new Error('Name the gallery and the folder of its faces.');
const vectorOf = readVectors(cache, packInUse.dimensions);

type Picture = { readonly embedding: Embedding; readonly quality: number };
const pictures = new Map<string, Picture[]>();
for (const { person, row, quality } of readFaces(cache)) {
  if (row === null) continue;
  const known = pictures.get(person);
  const picture = { embedding: vectorOf(row), quality };
  if (known === undefined) pictures.set(person, [picture]);
  else known.push(picture);
}

const { same } = readGallery(folder);
const doubles = same.filter((pair) => pair.every((id) => pictures.has(id)));
report('one picture each', (all) => all.slice(0, 1));
report('all pictures', (all) => all);

/** @param some the pictures of an entry that count */
function report(name: string, some: (all: readonly Picture[]) => readonly Picture[]): void {
  const entries = [...pictures].map(([id, all]) => ({ id, centre: centre(some(all)) }));
  const strangers = counts(entries);
  const found = doubles.map(([a, b]) =>
    similarity(centre(some(pictures.get(a)!)), centre(some(pictures.get(b)!))),
  );
  const cut = [...pictures.values()]
    .filter((all) => all.length > 1)
    .map((all) => similarity(centre(all.slice(0, 1)), centre(some(all.slice(1)))));
  console.log(
    `${name}: ${entries.length} entries, ${doubles.length} double entries, ${cut.length} people cut in two, ${(entries.length * (entries.length - 1)) / 2 - doubles.length} pairs of strangers`,
  );
  console.log(
    '| from | double entries found | people cut in two found | pairs of strangers | precision here |',
  );
  console.log('|---|---|---|---|---|');
  for (const [n, threshold] of THRESHOLDS.entries()) {
    const [right, also] = [found, cut].map((values) => values.filter((value) => value >= threshold).length);
    const wrong = strangers[n]!;
    console.log(
      `| ${threshold} | ${share(right!, found.length)} | ${share(also!, cut.length)} | ${wrong} | ${share(right!, right! + wrong)} |`,
    );
  }
}

/** Pairs of strangers at each threshold. */
function counts(entries: readonly { readonly id: string; readonly centre: Embedding }[]): number[] {
  const isSame = new Set(same.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  const found = THRESHOLDS.map(() => 0);
  const nearest: { readonly value: number; readonly pair: string }[] = [];
  for (const [n, one] of entries.entries())
    for (const other of entries.slice(n + 1)) {
      const value = similarity(one.centre, other.centre);
      if (value < THRESHOLDS[0]!) continue;
      const pair = `${one.id} ${other.id}`;
      if (isSame.has(pair)) continue;
      for (const [place, threshold] of THRESHOLDS.entries()) if (value >= threshold) found[place]!++;
      nearest.push({ value, pair });
    }
  const most = nearest.toSorted((a, b) => b.value - a.value).slice(0, 12);
  console.log(
    `nearest of those taken for strangers: ${most.map(({ value, pair }) => `${pair} ${value.toFixed(3)}`).join('; ')}`,
  );
  return found;
}

function centre(all: readonly Picture[]): Embedding {
  const references = all.map((picture, n) => ({ ...picture, id: String(n), source: 'file' as const }));
  return centreOf({ references })!;
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}

function share(part: number, of: number): string {
  const { low, high } = wilson(part, of);
  return `${percent(of === 0 ? 0 : part / of)} % [${percent(low)}, ${percent(high)}] of ${of}`;
}
