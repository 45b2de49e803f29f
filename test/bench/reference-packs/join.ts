/**
How many performers of several stash-boxes are joined rightly, and how many wrongly, over boxes made of real faces whose truth is
known: one person under several ids, spellings and partial dates, with other pictures in each box; namesakes; look-alikes, of
whom several thousand real people have their share; merged upstream.

usage: node --import tsx test/bench/reference-packs/join.ts LIST FACES [BOXES…]   (default: 2 5)
LIST: ../shared/dev-gallery/dev.json, whose `same` are pairs of ids of one person
FACES: a folder with `faces.f32` (float32 rows of 512, unit length) and `faces.jsonl`, a line a picture: {person, state, quality, row}
*/
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Embedding } from '../../../core/faces/face.ts';
import { pooled } from '../../../core/reference-packs/good-references.ts';
import { joinPeople, type BoxMember } from '../../../core/reference-packs/join-people.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { seeded } from '../../fixtures/random.ts';

const DIMENSIONS = 512;
const SEEDS = 5;
/** Part of the people whom a box has. */
const KNOWN = 0.7;

const Line = z.object({
  person: z.string(),
  picture: z.string(),
  state: z.string(),
  quality: z.number().nullish(),
  row: z.int().nullish(),
});
type Picture = { readonly imageId: string; readonly quality: number; readonly embedding: Embedding };

const [list, folder, ...counts] = process.argv.slice(2);
if (list === undefined || folder === undefined) throw new Error('usage: join.ts LIST FACES [BOXES…]');
const { same: pairs } = z
  .object({ same: z.array(z.tuple([z.string(), z.string()])) })
  .parse(JSON.parse(readFileSync(list, 'utf8')));
const people = readFaces(folder);
const several = [...people.values()].filter((pictures) => pictures.length > 1).length;
console.log(`${people.size} people, ${several} of them with several pictures`);
for (const boxes of counts.length === 0 ? [2, 5] : counts.map(Number)) {
  const sums = { pairs: 0, right: 0, wrong: 0, byFace: 0, doubtful: 0 };
  let same = true;
  let members = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { performers, personOf } = fill(boxes, seed);
    const { references } = packInUse.calibration;
    const joined = joinPeople(performers, references);
    const shuffled = joinPeople(shuffle(performers, seeded(99 + seed)), references);
    same &&= JSON.stringify(joined) === JSON.stringify(shuffled);
    members += performers.length;
    sums.pairs += truePairs(performers, personOf);
    sums.doubtful += joined.doubtful.length;
    for (const { members: one, joins } of joined.people) {
      const who = one.map((id) => personOf.get(keyOf(id)));
      for (const [n, a] of who.entries())
        for (const b of who.slice(n + 1)) sums[a === b ? 'right' : 'wrong']++;
      sums.byFace += joins.filter(({ link }) => link === null).length;
    }
  }
  console.log(
    `${boxes} boxes, ${members} performers: precision ${percent(sums.right, sums.right + sums.wrong)} (${sums.wrong} wrong), ` +
      `recall ${percent(sums.right, sums.pairs)} of ${sums.pairs}, ${sums.byFace} joins by face, ${sums.doubtful} doubtful, ` +
      `${same ? 'the same' : 'ANOTHER RESULT'} in another order`,
  );
}

function readFaces(from: string): Map<string, Picture[]> {
  const bytes = readFileSync(path.join(from, 'faces.f32'));
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const found = new Map<string, Picture[]>();
  for (const text of readFileSync(path.join(from, 'faces.jsonl'), 'utf8').trim().split('\n')) {
    const { person: id, picture, state, quality, row } = Line.parse(JSON.parse(text));
    if (state !== 'used' || row == null) continue;
    const embedding = rows.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS) as Embedding;
    const person = pairs.find(([, other]) => other === id)?.[0] ?? id;
    found.set(person, [...(found.get(person) ?? []), { imageId: picture, quality: quality ?? 0, embedding }]);
  }
  return found;
}

/** Who has one picture is known to one box alone; the pictures of the others are shared out among the boxes. */
function fill(count: number, seed: number) {
  const random = seeded(seed);
  const endpoints = Array.from({ length: count }, (_, n) => `https://box-${n}.example/graphql`);
  const performers: BoxMember[] = [];
  const personOf = new Map<string, string>();
  const names = [...people.keys()].map(nameOf);
  const pick = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)]!;
  let number = 0;
  for (const [person, pictures] of people) {
    // Every twentieth has the name of somebody else.
    const name = random() < 0.05 ? pick(names) : nameOf(person);
    const day = `${1940 + Math.floor(random() * 60)}-${two(1 + Math.floor(random() * 12))}-${two(2 + Math.floor(random() * 27))}`;
    const alias = `${name.split(' ')[0]} ${pick(names).split(' ').at(-1)}`;
    const known = endpoints.filter(() => random() < KNOWN).slice(0, pictures.length);
    let before: BoxMember | null = null;
    for (const [n, endpoint] of known.entries()) {
      const own = pictures.filter((_, at) => at % known.length === n);
      const isByAlias = random() < 0.15;
      const stashId = `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}`;
      const merged = random() < 0.03 ? [`00000000-0000-4000-9000-${String(number).padStart(12, '0')}`] : [];
      const member: BoxMember = {
        endpoint,
        stashId,
        name: isByAlias ? alias : spelt(name, random()),
        aliases: isByAlias ? [name] : random() < 0.5 ? [alias] : [],
        birthDate: pick([day, day, day.slice(0, 7), day.slice(0, 4), null]),
        gender: null,
        urls: before !== null && random() < 0.25 ? [pageOf(before, random())] : [],
        mergedIds: merged,
        mergedIntoId: null,
        template: pooled(own, 6)?.template ?? null,
      };
      performers.push(member);
      personOf.set(keyOf(member), person);
      before = member;
    }
  }
  return { performers, personOf };
}

function nameOf(id: string): string {
  return id.split(':')[1]!.replaceAll(/[_-]+/g, ' ');
}

/** As boxes spell a name. */
function spelt(name: string, by: number): string {
  if (by < 0.6) return name;
  if (by < 0.7) return name.toUpperCase();
  if (by < 0.8) return name.split(' ').toReversed().join(' ');
  if (by < 0.9) return name.replaceAll('e', 'é');
  return name.length > 8 ? name.slice(0, -2) + name.at(-1)! : name;
}

/** Now and then the page of somebody who was merged into them since. */
function pageOf({ endpoint, stashId, mergedIds }: BoxMember, by: number): string {
  const id = by < 0.5 ? (mergedIds[0] ?? stashId) : stashId;
  return `${new URL(endpoint).origin}/performers/${id}`;
}

function truePairs(performers: readonly BoxMember[], personOf: ReadonlyMap<string, string>): number {
  const sizes = new Map<string, number>();
  for (const performer of performers) {
    const person = personOf.get(keyOf(performer))!;
    sizes.set(person, (sizes.get(person) ?? 0) + 1);
  }
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}

function shuffle<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function keyOf({ endpoint, stashId }: { readonly endpoint: string; readonly stashId: string }): string {
  return `${endpoint} ${stashId}`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
