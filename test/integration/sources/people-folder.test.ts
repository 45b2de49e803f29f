/** *Build reference pack* from a folder with a table of people, in place of a stash-box. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { headLine, personLine } from '../../../core/reference-packs/contributed/reference-file.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { people } from '../../../tasks/people/task.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { aVector, fakeContext, PACK, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { boxId, memoryBox } from '../../fakes/memory-box.ts';
import { memoryStash } from '../../fakes/memory-stash.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { seeded } from '../../fixtures/random.ts';

const PACK_ID = 'box-my-people-invalid';
const STASHDB = 'https://stashdb.org/graphql';
const JANE = {
  id: 'jane',
  name: 'Jane',
  aliases: ['J.', 'Janet'],
  birth_date: '1990-02-03',
  country: 'FR',
  ids: [
    `https://stashdb.org/performers/${boxId(1).toUpperCase()}`,
    { endpoint: 'https://fansdb.cc/graphql', id: 'f-1' },
  ],
  pictures: ['jane/1.jpg', 'jane/2.jpg'],
};

test('people of a table are in a pack with their names and ids at stash-boxes, and nothing of the folder', async (t) => {
  const { context, folder, put } = await opened(t);
  put('jane/1.jpg', 'a 1');
  put('jane/2.jpg', 'b 1');
  put('bob.jpg', 'a 2');
  put('people.jsonl', lines(JANE, { name: 'Bob', pictures: ['bob.jpg'] }));
  const said = await build(context, folder);
  assert.equal(said, '"My people: all performers" knows 2 people of 2 by face.');
  assert.deepEqual(await context.referencePacks.person(PACK_ID, 'jane'), {
    id: 'jane',
    name: 'Jane',
    disambiguation: '',
    aliases: ['J.', 'Janet'],
    stashIds: [
      { endpoint: 'https://fansdb.cc/graphql', stashId: 'f-1' },
      { endpoint: STASHDB, stashId: boxId(1) },
    ],
    birthYear: 1990,
    gender: null,
    country: 'FR',
    picture: null,
  });
  const place = path.join(context.dataFolder, 'reference-packs', PACK_ID);
  for (const name of ['manifest.json', ...Object.keys(filesOf(context) as object)])
    assert.ok(!readFileSync(path.join(place, name), 'latin1').includes(path.dirname(folder)), name);
});

test('a second folder of the same name has a pack of its own, and each replaces its own', async (t) => {
  const { context, folder, put } = await opened(t);
  put('a.jpg', 'a 1');
  put('people.jsonl', lines({ name: 'Ann', pictures: ['a.jpg'] }));
  const other = path.join(tempFolder(t), path.basename(folder));
  mkdirSync(other);
  writeFileSync(path.join(other, 'b.jpg'), 'a 2');
  writeFileSync(path.join(other, 'people.jsonl'), lines({ name: 'Bob', pictures: ['b.jpg'] }));
  for (const place of [folder, other, other, `${folder}/`]) await build(context, place);
  const packs = await context.referencePacks.list();
  const ids = packs.map(({ id }) => id);
  assert.ok(ids.includes(PACK_ID));
  assert.equal(ids.length, 2);
  assert.match(
    ids.find((id) => id !== PACK_ID)!,
    /^box-my-people-[0-9a-f]{8}-invalid$/,
  );
  assert.deepEqual(
    packs.map(({ manifest }) => manifest?.people),
    [1, 1],
  );
});

test('JSON lines and CSV in any order of rows and columns give the same bytes', async (t) => {
  const jane = `"Jane","J.; Janet",1990-02-03,FR,"https://stashdb.org/performers/${boxId(1)};https://fansdb.cc/graphql f-1",jane/1.jpg;jane/2.jpg,jane`;
  const packs: unknown[] = [];
  for (const [name, text] of [
    ['people.jsonl', lines(JANE, { id: 'bob', name: 'Bob', pictures: ['bob.jpg'] })],
    ['people.jsonl', lines({ pictures: ['bob.jpg'], name: 'Bob', id: 'bob' }, JANE)],
    [
      'people.csv',
      ['Name,Aliases,Birth date,Country,IDs,Pictures,ID', 'Bob,,,,,bob.jpg,bob', jane].join('\r\n'),
    ],
  ] as const) {
    const { context, folder, put } = await opened(t);
    put('jane/1.jpg', 'a 1');
    put('jane/2.jpg', 'b 1');
    put('bob.jpg', 'a 2');
    put(name, text);
    await build(context, folder);
    packs.push(filesOf(context));
  }
  assert.deepEqual(packs[1], packs[0]);
  assert.deepEqual(packs[2], packs[0]);
});

test('bad rows and pictures are left out with a sentence each, and the others are learnt', async (t) => {
  const { context, folder, put } = await opened(t);
  const outside = path.join(folder, '..', 'outside.jpg');
  writeFileSync(outside, 'a 3');
  put('a.jpg', 'a 1');
  mkdirSync(path.join(folder, 'folder.jpg'));
  symlinkSync(outside, path.join(folder, 'link.jpg'));
  symlinkSync(path.dirname(folder), path.join(folder, 'up'));
  put(
    'people.jsonl',
    `${lines(
      {
        name: 'Good',
        pictures: [
          'a.jpg',
          '../outside.jpg',
          outside,
          'link.jpg',
          'up/outside.jpg',
          'folder.jpg',
          'a\\b.jpg',
          'none.jpg',
        ],
      },
      { name: 'Twice', id: 'x' },
      { name: 'Again', id: 'x' },
      { name: '', pictures: ['a.jpg'] },
      { name: 'Date', birth_date: 'yesterday' },
      { name: 'Id', ids: ['javascript:alert(1) 5'] },
      { name: 'Path', id: '../../etc' },
      ['no object'],
    )}{"name": "cut`,
  );
  assert.match(await build(context, folder), /knows 1 person of 1/);
  const warned = context.said.filter((line) => line.startsWith('warn'));
  assert.deepEqual(
    warned.map((line) => line.replace(/^warn /, '').replace(outside, 'OUTSIDE')),
    [
      'Row 4 of people.jsonl is left out: its "name" is missing or not as it should be.',
      'Row 5 of people.jsonl is left out: its "birth_date" is missing or not as it should be.',
      'Row 6 of people.jsonl is left out: its "ids" is missing or not as it should be.',
      'Row 7 of people.jsonl is left out: its "id" is missing or not as it should be.',
      'Row 8 of people.jsonl is left out: its "name" is missing or not as it should be.',
      'Row 9 of people.jsonl is left out: its "name" is missing or not as it should be.',
      '2 rows of people.jsonl have the id x, so all of them are left out: give each an id of its own, or join them.',
      ...['../outside.jpg', 'OUTSIDE'].map(
        (it) => `A picture of Good is left out: ${it} is no file below the folder.`,
      ),
      ...['link.jpg', 'up/outside.jpg', 'folder.jpg'].map(
        (it) => `A picture of Good is left out: ${it} is missing, a link, no file, or larger than 50 MB.`,
      ),
      'A picture of Good is left out: a\\b.jpg is no file below the folder.',
      'A picture of Good is left out: none.jpg is missing, a link, no file, or larger than 50 MB.',
    ],
  );
});

test('a folder without a table, a zip and a table that cannot be read are told in a sentence', async (t) => {
  const { context, folder, put } = await opened(t);
  await assert.rejects(
    build(context, folder),
    /is not used: there is no people\.jsonl, people\.csv or performers\.json in it/,
  );
  put('people.zip', 'PK\u0003\u0004');
  await assert.rejects(build(context, path.join(folder, 'people.zip')), /a zip has to be unpacked first/);
  mkdirSync(path.join(folder, 'people.jsonl'));
  await assert.rejects(build(context, folder), /its people\.jsonl cannot be read/);
  await assert.rejects(build(context, 'people'), /--people needs a whole path/);
  assert.deepEqual(await context.referencePacks.list(), []);
});

test('what was changed, added and removed in the folder is in the pack after "Update people", and nothing else is looked at', async (t) => {
  const { context, folder, put, looked, clock } = await opened(t);
  put('a.jpg', 'a 1');
  put('b.jpg', 'a 2');
  put('people.jsonl', lines({ name: 'A', pictures: ['a.jpg'] }, { name: 'B', pictures: ['b.jpg'] }));
  await build(context, folder);
  put('c.jpg', 'a 3');
  put('people.jsonl', lines({ name: 'A', pictures: ['a.jpg'] }, { name: 'C', pictures: ['c.jpg'] }));
  await clock.sleep(2 * 3_600_000);
  looked.length = 0;
  await runTask(context, people, {});
  assert.deepEqual(looked, ['picture a 3']);
  assert.deepEqual(await namesIn(context), ['A', 'C']);
  // The folder is gone: the pack stays, and the log says why.
  rmSync(folder, { recursive: true });
  await clock.sleep(2 * 3_600_000);
  await runTask(context, people, {});
  assert.deepEqual(await namesIn(context), ['A', 'C']);
  assert.ok(
    context.said.some(
      (line) => line.startsWith('warn') && line.includes('is not used: there is no people.jsonl'),
    ),
  );
});

test('who is opted out by an id at a stash-box is not learnt', async (t) => {
  const { context, folder, put, looked } = await opened(t);
  mkdirSync(path.join(context.dataFolder, 'reference-packs'));
  writeFileSync(
    path.join(context.dataFolder, 'reference-packs', 'opted-out.txt'),
    `https://stashdb.org/performers/${boxId(1)}`,
  );
  put('jane/1.jpg', 'a 1');
  put('people.jsonl', lines({ ...JANE, pictures: ['jane/1.jpg'] }));
  await build(context, folder);
  assert.deepEqual(looked, []);
});

test("the Python project's list gives names and ids, faces come from files of references, and its vectors are refused in a sentence", async (t) => {
  const { context, folder, put } = await opened(t);
  put(
    'performers.json',
    JSON.stringify({
      [`stashdb.org:${boxId(1)}`]: {
        name: 'Jane',
        country: 'US',
        image_url: 'https://x.example/1.jpg',
        face_count: 3,
      },
      [`theporndb.net:${boxId(2)}`]: { name: 'Joan', country: null, image_url: null, face_count: 1 },
      nonsense: { name: 'No id' },
      [`stashdb.org:${boxId(3)}`]: { country: 'FR' },
    }),
  );
  put('faces.json', JSON.stringify([`stashdb.org:${boxId(1)}`, null]));
  put('face_arcface.voy', 'VOYA');
  const theirs = path.join(folder, '..', 'theirs.jsonl');
  writeFileSync(
    theirs,
    `${headLine({ [PACK]: 8 })}\n${personLine({
      stashIds: [{ endpoint: STASHDB, stashId: boxId(1) }],
      references: [aVector(1), aVector(1, { lean: 0.6 })].map((face) => ({
        quality: 0.8,
        embeddings: { [PACK]: face },
      })),
    })}\n`,
  );
  await build(context, folder, [theirs]);
  assert.deepEqual(await namesIn(context), ['Jane']);
  const warned = context.said.filter((line) => line.startsWith('warn'));
  assert.match(warned[0]!, /The vectors in face_arcface\.voy are not used: they were made by other models/);
  assert.match(
    warned[0]!,
    /faces come from pictures that people\.jsonl or people\.csv names, or from files of --references\.$/,
  );
  assert.equal(warned.length, 3);
});

for (const [name, text] of [
  ['people.jsonl', lines(JANE, { name: 'Bob', aliases: 'B; Bobby', pictures: 'bob.jpg' })],
  [
    'people.csv',
    'name,aliases,birth_date,ids,pictures\nJane,"J., ""x""",1990,https://stashdb.org/graphql a-1,bob.jpg\nBob,,,,\n',
  ],
  [
    'performers.json',
    JSON.stringify({ 'stashdb.org:a-1': { name: 'Jane', country: 'US' }, 'fansdb.cc:b-2': { name: 'Bob' } }),
  ],
] as const)
  test(`a ${name} with bytes changed anywhere is read or refused, and never more than that`, async (t) => {
    const { context, folder, put } = await opened(t);
    put('bob.jpg', 'a 2');
    const good = Buffer.from(text);
    const random = seeded(5);
    let [read, left] = [0, 0];
    for (let n = 0; n < 60; n++) {
      const bytes = Buffer.from(good);
      for (let changes = 0; changes <= n % 4; changes++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      put(name, n % 9 === 0 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes);
      const client = await context.referencePacks.openPeopleFolder(
        folder,
        'https://x.invalid/graphql',
        () => void left++,
      );
      const { performers } = await client.performersPage(1, 'created');
      for (const { images, stashIds } of performers) {
        read++;
        for (const { endpoint } of stashIds ?? []) assert.match(endpoint, /^https?:/);
        for (const image of images) assert.ok((await client.picture(image, 'full')) !== null);
      }
    }
    assert.ok(read > 5 && left > 3, `${read} read, ${left} left out`);
  });

function lines(...rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function build(
  context: FakeContext,
  folder: string,
  references: readonly string[] = [],
): Promise<string> {
  const { message } = await runTask(context, buildReferencePack, { people: folder, references });
  return inEnglish(message);
}

async function namesIn({ referencePacks }: FakeContext): Promise<string[]> {
  const pack = (await referencePacks.open()).find(({ id }) => id === PACK_ID)!;
  return Array.from({ length: pack.vectors.size }, (_, row) => String(pack.person(row)?.name)).toSorted();
}

function filesOf({ dataFolder }: FakeContext): unknown {
  const text = readFileSync(path.join(dataFolder, 'reference-packs', PACK_ID, 'manifest.json'), 'utf8');
  return (JSON.parse(text) as { files: unknown }).files;
}

async function opened(t: TestContext) {
  const folder = path.join(tempFolder(t), 'My people');
  mkdirSync(folder);
  const clock = turningClock();
  const vision = fakeVision({ now: clock.now });
  const context = await fakeContext(t, memoryStash(), {
    vision,
    stashBoxes: memoryBox(),
    now: clock.now,
    sleep: clock.sleep,
  });
  return {
    context,
    folder,
    clock,
    looked: vision.looked,
    put: (name: string, content: string | Uint8Array): void => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    },
  };
}
