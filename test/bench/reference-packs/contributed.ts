/**
How many references of files are taken that are right, and how many that are wrong, over real people. Half of the pictures of each
are their own ones, the others come by files: rightly, as the person who is most like them, and as everybody else.

usage: node --import tsx test/bench/reference-packs/contributed.ts LIST FACES
LIST and FACES: as those of `join.ts`
*/
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { similarity } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { acceptForKnown } from '../../../core/reference-packs/contributed/accept.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import type { GoodReference } from '../../../core/reference-packs/good-references.ts';
import { pooledOwn } from '../../../tasks/reference-packs/build/templates/own-references.ts';

const DIMENSIONS = 512;
const Line = z.object({
  person: z.string(),
  picture: z.string(),
  state: z.string(),
  quality: z.number().nullish(),
  row: z.int().nullish(),
});
const [list, folder] = process.argv.slice(2);
if (list === undefined || folder === undefined) throw new Error('usage: contributed.ts LIST FACES');
const { same: pairs } = z
  .object({ same: z.array(z.tuple([z.string(), z.string()])) })
  .parse(JSON.parse(readFileSync(list, 'utf8')));
const { references, clustering } = packInUse.calibration;
const thresholds = { onePerson: references.onePerson, sameView: clustering.sameView };

const people = [...readFaces(folder).values()].map((pictures) => {
  const half = Math.max(1, Math.floor(pictures.length / 2));
  const own = pictures.slice(0, half);
  return { own, template: pooledOwn(own)!.template, offered: pictures.slice(half) };
});
const sums = {
  offered: 0,
  right: 0,
  known: 0,
  wrongNearest: 0,
  wrongNearestAbsent: 0,
  wrongAny: 0,
  claims: 0,
};
for (const [who, { offered }] of people.entries())
  for (const face of offered) {
    const alike = people.map(({ template }) => similarity(template, face.embedding));
    const nearestBut = (...left: number[]): number =>
      alike.reduce((best, value, n) => (left.includes(n) || value <= (alike[best] ?? -2) ? best : n), -1);
    const isTaken = (as: number, another: number): boolean => {
      const { own, template } = people[as]!;
      const faces = own.map(({ embedding }) => embedding);
      return acceptForKnown([{ ...face, another }], { template, faces }, 6, thresholds).accepted.length > 0;
    };
    sums.offered++;
    const nearest = nearestBut(who);
    if (isTaken(who, alike[nearest]!)) sums.right++;
    else if (people[who]!.own.some((it) => similarity(it.embedding, face.embedding) >= thresholds.sameView))
      sums.known++;
    if (isTaken(nearest, alike[nearestBut(nearest)]!)) sums.wrongNearest++;
    if (isTaken(nearest, alike[nearestBut(nearest, who)]!)) sums.wrongNearestAbsent++;
    for (const as of people.keys()) {
      if (as === who) continue;
      sums.claims++;
      if (alike[as]! >= thresholds.onePerson && isTaken(as, alike[nearestBut(as)]!)) sums.wrongAny++;
    }
  }
const percent = (part: number): string => `${((100 * part) / sums.offered).toFixed(2)} %`;
console.log(
  `${people.length} people, ${sums.offered} faces offered: ${percent(sums.right)} taken as the right person, ` +
    `${percent(sums.known)} are the same picture; claimed to be the most similar other person ` +
    `${percent(sums.wrongNearest)} taken, ${percent(sums.wrongNearestAbsent)} where the right one is not in the pack; ` +
    `of ${sums.claims} wrong claims ${sums.wrongAny} taken`,
);

function readFaces(from: string): Map<string, GoodReference[]> {
  const bytes = readFileSync(path.join(from, 'faces.f32'));
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const found = new Map<string, GoodReference[]>();
  for (const text of readFileSync(path.join(from, 'faces.jsonl'), 'utf8').trim().split('\n')) {
    const { person: id, picture, state, quality, row } = Line.parse(JSON.parse(text));
    if (state !== 'used' || row == null) continue;
    const embedding = rows.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS) as Embedding;
    const person = pairs.find(([, other]) => other === id)?.[0] ?? id;
    found.set(person, [...(found.get(person) ?? []), { imageId: picture, quality: quality ?? 0, embedding }]);
  }
  return found;
}
