import assert from 'node:assert/strict';
import { test } from 'node:test';
import { near, randomUnit, seeded } from '../../test/fixtures/random.ts';
import { toUnit } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import { compareBirthDates } from './join/agreeing-facts.ts';
import { nameKey } from '../people/name-key.ts';
import { joinPeople, type BoxMember, type Doubt, type Joined } from './join-people.ts';

const THRESHOLDS = { onePerson: 0.56, sameAsGroup: 0.3 };
const [A, B, C] = ['https://a.example/graphql', 'https://b.example/graphql', 'https://c.example/graphql'];
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A face in the plane: those of the same angle are one person, 90 degrees apart they are strangers. */
function face(degrees: number): Embedding {
  const angle = (degrees / 180) * Math.PI;
  return toUnit(Float32Array.of(Math.cos(angle), Math.sin(angle)))!;
}

let given = 0;
function member(endpoint: string, over: Partial<BoxMember>): BoxMember {
  return {
    endpoint,
    stashId: id(++given),
    name: `Nobody ${given}`,
    aliases: [],
    birthDate: null,
    gender: 'FEMALE',
    urls: [],
    mergedIds: [],
    mergedIntoId: null,
    template: face(0),
    ...over,
  };
}
const page = (endpoint: string, stashId: string): string =>
  `${new URL(endpoint).origin}/performers/${stashId}`;

function join(...members: BoxMember[]): { joined: string[]; doubts: Doubt[] } {
  const { people, doubtful } = joinPeople(members, THRESHOLDS);
  const numbers = new Map(members.map(({ endpoint, stashId }, n) => [`${endpoint} ${stashId}`, n]));
  return {
    joined: people
      .filter((person) => person.members.length > 1)
      .map((person) =>
        person.members.map(({ endpoint, stashId }) => numbers.get(`${endpoint} ${stashId}`)).join('+'),
      ),
    doubts: doubtful.map(({ why }) => why),
  };
}

test('a page that one box names is the performer of the other box, whatever both are called', () => {
  for (const url of [page(B, id(900)), `${page(B, id(900))}/`, page(B, id(900).toUpperCase())])
    assert.deepEqual(
      join(
        member(A, { urls: ['https://elsewhere.example/x', url], template: null }),
        member(B, { stashId: id(900) }),
      ),
      { joined: ['0+1'], doubts: [] },
    );
});

test('a page of somebody who was merged since leads to whom they were merged into', () => {
  const one = member(A, { urls: [page(B, id(901))] });
  assert.deepEqual(join(one, member(B, { stashId: id(902), mergedIds: [id(901)] })).joined, ['0+1']);
  assert.deepEqual(
    join(
      one,
      member(B, { stashId: id(901), mergedIntoId: id(903) }),
      member(B, { stashId: id(903), mergedIntoId: id(902) }),
      member(B, { stashId: id(902) }),
    ).joined,
    ['0+3'],
  );
  // Merged in a circle: nobody.
  assert.deepEqual(
    join(
      one,
      member(B, { stashId: id(901), mergedIntoId: id(903) }),
      member(B, { stashId: id(903), mergedIntoId: id(901) }),
    ).joined,
    [],
  );
});

test('an id that both boxes have is one person', () => {
  assert.deepEqual(join(member(A, { stashId: id(910) }), member(B, { stashId: id(910) })).joined, ['0+1']);
  assert.deepEqual(join(member(A, { mergedIds: [id(911)] }), member(B, { stashId: id(911) })).joined, [
    '0+1',
  ]);
});

test('a link to faces that do not look alike holds only where something else agrees', () => {
  const other = { stashId: id(920), template: face(90) };
  const linked = { urls: [page(B, id(920))] };
  assert.deepEqual(join(member(A, linked), member(B, other)), { joined: [], doubts: ['faces-differ'] });
  assert.deepEqual(
    join(member(A, { ...linked, name: 'Ada L' }), member(B, { ...other, aliases: ['ada l'] })).joined,
    ['0+1'],
  );
});

for (const [why, one, other] of [
  ['name', { name: 'Ada  Lovelace' }, { name: 'ada lovelace' }],
  ['name in another order', { name: 'Hanako Yamada' }, { name: 'Yamada, Hanako' }],
  ['name with accents', { name: 'Charlotte Brontë' }, { name: "Charlotte Bronte'" }],
  ['alias', { name: 'Ada', aliases: ['Countess L'] }, { name: 'Augusta', aliases: ['COUNTESS L.'] }],
  ['alias that is the name', { name: 'Ada Byron' }, { name: 'Ada Lovelace', aliases: ['Ada Byron'] }],
  ['birth date', { birthDate: '1815-12-10' }, { birthDate: '1815-12-10' }],
  [
    'spelling and the year',
    { name: 'Ann Smithers', birthDate: '1990' },
    { name: 'Anne Smithers', birthDate: '1990-07' },
  ],
] as const)
  test(`face and ${why} are one person, and neither alone`, () => {
    assert.deepEqual(join(member(A, one), member(B, other)).joined, ['0+1']);
    assert.deepEqual(join(member(A, one), member(B, { ...other, template: face(80) })).joined, []);
    assert.deepEqual(join(member(A, one), member(B, { ...other, template: null })).joined, []);
    assert.deepEqual(join(member(A, one), member(B, {})).joined, []);
  });

for (const [why, one, other] of [
  ['few-facts', { name: 'Ann X', birthDate: '1990' }, { name: 'Ann Y', birthDate: '1990-02-03' }],
  ['other-birth-date', { name: 'Ann X', birthDate: '1990-05' }, { name: 'Ann X', birthDate: '1990-06-01' }],
  ['other-gender', { name: 'Ann X', gender: 'MALE' }, { name: 'Ann X' }],
  ['no-face', { name: 'Ann X', template: null }, { name: 'Ann X' }],
  [
    'unsure-face',
    { name: 'Ann X', birthDate: '1990', template: face(70) },
    { name: 'Ann X', birthDate: '1990-02' },
  ],
  // Almost the same name, and no more alike than pictures of one person are.
  ['few-facts', { name: 'Annabel Xanthou', template: face(50) }, { name: 'Annabel Xanthu' }],
] as const)
  test(`doubtful for ${why}: they stay apart and are listed`, () => {
    assert.deepEqual(join(member(A, one), member(B, other)), { joined: [], doubts: [why] });
  });

test('a name and a date that agree hold for pictures that are less alike, each alone does not', () => {
  const [one, other] = [{ template: face(60) }, {}];
  const known = { name: 'Ann X', birthDate: '1990' };
  assert.deepEqual(join(member(A, { ...one, ...known }), member(B, { ...other, ...known })).joined, ['0+1']);
  for (const fact of [{ name: 'Ann X' }, { birthDate: '1990-02-03' }])
    assert.deepEqual(join(member(A, { ...one, ...fact }), member(B, { ...other, ...fact })).joined, []);
});

test('almost the same name holds where the faces are surely alike, also without a date', () => {
  for (const [name, spelt] of [
    ['Annabel Xanthou', 'Annabel Xanthu'],
    ['Annabel Xanthou', 'Annabel Xanthoú'],
    ['Annabel Xanthou', 'Annabel Zanthou'],
  ] as const)
    assert.deepEqual(join(member(A, { name }), member(B, { name: spelt })).joined, ['0+1'], spelt);
});

test('faces that are alike and nothing else: listed where they were found, never joined', () => {
  const [one, other] = [member(A, {}), member(B, {})];
  const { people, doubtful } = joinPeople([one, other], THRESHOLDS, [[other, one]]);
  assert.equal(people.length, 2);
  assert.deepEqual(
    doubtful.map(({ why, similarity, facts }) => [why, similarity, facts]),
    [['face-alone', 1, []]],
  );
});

test('namesakes who do not look alike are two people, and not even doubtful', () => {
  assert.deepEqual(join(member(A, { name: 'Ann X' }), member(B, { name: 'Ann X', template: face(85) })), {
    joined: [],
    doubts: [],
  });
});

test('a name that many have says nothing without a date', () => {
  const many = [1, 2, 3, 4].map((n) => member(A, { name: 'Alexa', template: face(60 + n * 40) }));
  const one = member(A, { name: 'Alexa', birthDate: '1990' });
  assert.deepEqual(join(one, member(B, { name: 'Alexa' }), ...many), { joined: [], doubts: ['few-facts'] });
  assert.deepEqual(join(one, member(B, { name: 'Alexa', birthDate: '1990-01' }), ...many).joined, ['0+1']);
});

test('two of one box are never one person: which is meant nobody can say', () => {
  const twins = [member(A, { name: 'Ann X' }), member(A, { name: 'Ann X' })];
  assert.deepEqual(join(...twins, member(B, { name: 'Ann X' })), {
    joined: [],
    doubts: ['several', 'several'],
  });
  // A link says which, and the face alone confirms one of two links.
  const linked = member(B, { name: 'Ann X', urls: [page(A, twins[1]!.stashId)] });
  assert.deepEqual(join(...twins, linked).joined, ['1+2']);
  const [alike, unlike] = [member(A, {}), member(A, { template: face(65) })];
  const toBoth = member(B, { urls: [page(A, alike.stashId), page(A, unlike.stashId)] });
  assert.deepEqual(join(alike, unlike, toBoth), { joined: ['0+2'], doubts: ['several'] });
});

test('a chain that ends at somebody else of the first box is no person', () => {
  const first = member(A, { name: 'Ann X' });
  const second = member(B, { name: 'Ann X', aliases: ['Bea Y'] });
  const third = member(C, { name: 'Bea Y', aliases: ['Cleo Z'] });
  assert.deepEqual(join(first, second, third).joined, ['0+1+2']);
  const { joined, doubts } = join(first, second, third, member(A, { name: 'Cleo Z' }));
  assert.deepEqual([joined, doubts], [[], ['several', 'several', 'several']]);
});

test('a person through a third box whose ends do not look alike is doubtful', () => {
  const { joined, doubts } = join(
    member(A, { name: 'Ann X', template: face(0) }),
    member(B, { name: 'Ann X', aliases: ['Bea Y'], template: face(50) }),
    member(C, { name: 'Bea Y', template: face(100) }),
  );
  assert.deepEqual([joined, doubts], [[], ['faces-differ', 'faces-differ']]);
});

test('the evidence of a join is kept', () => {
  const one = member(A, { name: 'Ann X', birthDate: '1990-02-03' });
  const other = member(B, { name: 'Ann X', birthDate: '1990-02-03', urls: [page(A, one.stashId)] });
  const [person] = joinPeople([other, one], THRESHOLDS).people;
  assert.deepEqual(person, {
    members: [one, other].map(({ endpoint, stashId }) => ({ endpoint, stashId })),
    joins: [
      {
        one: { endpoint: A, stashId: one.stashId },
        other: { endpoint: B, stashId: other.stashId },
        link: 'page',
        similarity: 1,
        facts: ['name', 'birth-date'],
      },
    ],
  });
});

for (const [a, b, expected] of [
  ['1990', '1990-05', 'birth-part'],
  ['1990-05', '1990-05-07', 'birth-part'],
  ['1990-05-07', '1990-05-07', 'birth-date'],
  ['1990-05-07', '1990-05-08', 'other'],
  ['1990-05', '1990-06-01', 'other'],
  ['1990-01-01', '1990-05-07', 'birth-part'],
  ['1990-01-01', '1990-01-01', 'birth-part'],
  ['1990', null, null],
] as const)
  test(`born ${a} and ${b}: ${expected}`, () => {
    assert.equal(compareBirthDates(a, b), expected);
    assert.equal(compareBirthDates(b, a), expected);
  });

test('a name without a letter is none', () => {
  assert.equal(nameKey(' .-! '), '');
  assert.deepEqual(join(member(A, { name: '???' }), member(B, { name: '!!!' })).joined, []);
});

/** Everybody of a world in some of five boxes, each described as boxes do: aliases, spellings, partial dates, links, merges. */
function world(random: () => number): { members: BoxMember[]; personOf: Map<string, number> } {
  const boxes = [A, B, C, 'https://d.example/graphql', 'https://e.example/graphql/'];
  const pick = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)]!;
  const number = (most: number): string => String(1 + Math.floor(random() * most)).padStart(2, '0');
  const syllables = ['ka', 'lo', 'mi', 'ran', 'tes', 'vel', 'dor', 'sun', 'pi', 'hal', 'ber', 'no'];
  const word = (): string => Array.from({ length: 3 }, () => pick(syllables)).join('');
  const members: BoxMember[] = [];
  const personOf = new Map<string, number>();
  const faces: Embedding[] = [];
  for (let person = 0; person < 300; person++) {
    // Every tenth looks like the one before, every seventh of the others has the name of the one before.
    const template = person % 10 === 9 ? near(faces[person - 1]!, 0.6, random) : randomUnit(128, random);
    faces.push(template);
    const namesake = person % 7 === 6 && person % 10 !== 9 ? members.at(-1)!.name : null;
    const name = namesake ?? `${word()} ${word()}`;
    const aliases = [`${word()} ${word()}`, word()];
    const birthDate = `${1960 + Math.floor(random() * 40)}-${number(12)}-${number(28)}`;
    let before: BoxMember | null = null;
    for (const endpoint of boxes) {
      if (random() < 0.4) continue;
      const isByAlias = random() < 0.2;
      const own: BoxMember = member(endpoint, {
        name: isByAlias
          ? aliases[0]!
          : pick([name, name.toUpperCase(), name.split(' ').toReversed().join(' ')]),
        aliases: isByAlias ? [name] : aliases.filter(() => random() < 0.7),
        birthDate: pick([birthDate, birthDate.slice(0, 7), birthDate.slice(0, 4), null]),
        urls: before !== null && random() < 0.3 ? [page(before.endpoint, before.stashId)] : [],
        template: near(template, 0.5, random),
      });
      members.push(own);
      personOf.set(`${endpoint} ${own.stashId}`, person);
      before = own;
    }
  }
  return { members, personOf };
}

function pairsOf({ people }: Joined): [string, string][] {
  return people.flatMap(({ members }) => {
    const keys = members.map(({ endpoint, stashId }) => `${endpoint} ${stashId}`);
    return keys.flatMap((a, n) => keys.slice(n + 1).map((b): [string, string] => [a, b]));
  });
}

test('of five boxes no two strangers are joined, and nineteen of twenty that are one person', (t) => {
  const { members, personOf } = world(seeded(3));
  const pairs = pairsOf(joinPeople(members, THRESHOLDS));
  const wrong = pairs.filter(([a, b]) => personOf.get(a) !== personOf.get(b));
  const sizes = new Map<number, number>();
  for (const person of personOf.values()) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  const wanted = [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  t.diagnostic(`${pairs.length} of ${wanted} pairs of ${members.length} performers`);
  assert.deepEqual(wrong, []);
  assert.ok(pairs.length >= 0.95 * wanted, `${pairs.length} of ${wanted}`);
});

test('in whatever order performers and boxes come, the result is the same', () => {
  const { members } = world(seeded(11));
  const expected = joinPeople(members, THRESHOLDS);
  assert.ok(expected.doubtful.length > 0);
  const random = seeded(12);
  for (let n = 0; n < 8; n++) {
    const shuffled = members
      .map((it) => ({ it, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ it }) => it);
    assert.deepEqual(joinPeople(shuffled, THRESHOLDS), expected);
  }
});
