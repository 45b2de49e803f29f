import assert from 'node:assert/strict';
import { test } from 'node:test';
import { near, randomUnit, seeded } from '../../test/fixtures/random.ts';
import { dotAt, similarity } from './embedding.ts';
import { type Gain, groupEmbeddings, type Member } from './group-embeddings.ts';
import { groupByLinkage } from './linkage.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

/** `count` faces of `people`, `perPicture` different people in each picture. */
function faces(options: {
  count: number;
  people: number;
  perPicture: number;
  distance: number;
  seed: number;
  dimensions?: number;
}): { members: Member[]; people: number[] } {
  const { count, people, perPicture, distance, seed, dimensions = 128 } = options;
  const random = seeded(seed);
  const centres = Array.from({ length: people }, () => randomUnit(dimensions, random));
  const members: Member[] = [];
  const shown: number[] = [];
  for (let picture = 0; members.length < count; picture++) {
    const first = Math.floor(random() * people);
    for (let n = 0; n < perPicture && members.length < count; n++) {
      const person = (first + n) % people;
      members.push({
        embedding: near(centres[person]!, distance, random),
        weight: 0.1 + 0.9 * random(),
        picture,
      });
      shown.push(person);
    }
  }
  return { members, people: shown };
}

/** Average linkage over all pairs. */
function allPairs(members: readonly Member[], gains: readonly Gain[] = []): number[][] {
  const gain = new Map(
    gains.map((it) => [`${Math.max(it.first, it.second)} ${Math.min(it.first, it.second)}`, it.gain]),
  );
  return groupByLinkage({
    weights: members.map((it) => it.weight),
    apart: (one, other) => members[one]!.picture === members[other]!.picture,
    similarity: (one, other) =>
      similarity(members[one]!.embedding, members[other]!.embedding) +
      (gain.get(`${Math.max(one, other)} ${Math.min(one, other)}`) ?? 0),
    threshold: CALIBRATION.clustering.samePerson,
  });
}

/** Counts comparisons, and the turns that the event loop takes meanwhile. */
async function counted(
  members: readonly Member[],
): Promise<{ groups: number[][]; count: number; turns: number }> {
  let count = 0;
  let turns = 0;
  let ended = false;
  const turn = (): void => {
    turns++;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  const groups = await groupEmbeddings(members, CALIBRATION.clustering, [], {
    dot: (one, other) => {
      count++;
      return dotAt(one, 0, other, 0, one.length);
    },
  });
  ended = true;
  return { groups, count, turns };
}

test('few members are grouped as by linkage over all pairs, whoever they are', async () => {
  for (let seed = 0; seed < 25; seed++) {
    const { members } = faces({
      count: 20 + seed * 5,
      people: 1 + (seed % 9),
      perPicture: 1 + (seed % 3),
      distance: [0.65, 1.2, 1.6][seed % 3]!,
      seed,
    });
    const gains = members.slice(3).map((_, one): Gain => ({ first: one, second: one + 3, gain: 0.12 }));
    assert.deepEqual(await groupEmbeddings(members, CALIBRATION.clustering, gains), allPairs(members, gains));
  }
});

test('many members are grouped as by linkage over all pairs, with gains too', async () => {
  for (const [seed, distance] of [0.65, 0.9, 1.1].entries()) {
    const { members } = faces({ count: 300, people: 12, perPicture: 4, distance, seed, dimensions: 512 });
    const gains = members.slice(4).map((_, one): Gain => ({ first: one, second: one + 4, gain: 0.02 }));
    const limits = { exact: 60, units: 40, rounds: 3 };
    assert.deepEqual(
      await groupEmbeddings(members, CALIBRATION.clustering, gains, { limits }),
      allPairs(members, gains),
    );
  }
});

test('a gain joins a member of many to the group that it would be too far from', async () => {
  const { members, people } = faces({
    count: 120,
    people: 3,
    perPicture: 1,
    distance: 0.65,
    seed: 4,
    dimensions: 512,
  });
  const stranger: Member = {
    embedding: randomUnit(512, seeded(99)),
    weight: 0.5,
    picture: 'another',
  };
  const limits = { exact: 20, units: 10, rounds: 2 };
  const all = [...members, stranger];
  const gains = members.map((_, one): Gain => ({
    first: one,
    second: members.length,
    gain: people[one] === 0 ? 0.5 : 0,
  }));
  assert.equal((await groupEmbeddings(all, CALIBRATION.clustering, [], { limits })).length, 4);
  assert.deepEqual(
    await groupEmbeddings(all, CALIBRATION.clustering, gains, { limits }),
    allPairs(all, gains),
  );
});

test('two members of one picture are never in one group, also of many and however alike', async () => {
  const { members } = faces({ count: 900, people: 1, perPicture: 1, distance: 0.2, seed: 1 });
  const doubled = members.map((it, n) => ({ ...it, picture: n >> 1 }));
  const groups = await groupEmbeddings(doubled, CALIBRATION.clustering);
  assert.ok(groups.length >= 2);
  assert.deepEqual(
    groups.flat().toSorted((a, b) => a - b),
    doubled.map((_, n) => n),
  );
  for (const group of groups)
    assert.equal(new Set(group.map((it) => doubled[it]!.picture)).size, group.length);
});

test('4 000 faces of 40 people take a twentieth of the comparisons of all pairs, and are the 40 people', async () => {
  const { members, people } = faces({
    count: 4000,
    people: 40,
    perPicture: 33,
    distance: 0.9,
    seed: 3,
    dimensions: 256,
  });
  const { groups, count, turns } = await counted(members);
  assert.equal(groups.length, 40);
  for (const group of groups) assert.equal(new Set(group.map((it) => people[it])).size, 1);
  assert.ok(count <= (4000 * 3999) / 2 / 20, `${count} comparisons`);
  assert.ok(turns >= Math.floor(count / 50_000), `${turns} turns for ${count} comparisons`);
});

test('the comparisons grow with the number of members, not with its square, also when all are strangers', async () => {
  const [half, whole] = [await counted(strangers(4000)), await counted(strangers(8000))];
  assert.ok(half.count <= 4000 * 256 * 4, `${half.count} comparisons`);
  assert.ok(whole.count <= half.count * 2.4, `${half.count}, then ${whole.count} comparisons`);
  assert.ok(half.turns >= 20, `${half.turns} turns`);
});

function strangers(count: number): Member[] {
  return faces({ count, people: count, perPicture: 20, distance: 0.65, seed: 5, dimensions: 64 }).members;
}
