/** What was learnt of people in plain pictures is kept: the next run finds the same, whatever became of the file or the folder. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import type { Embedding } from '../../core/faces/face.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { LearntPicture, PictureCache } from '../../core/people/learnt-picture.ts';
import { erasePictureCache, openPictureCache } from '../../plugin/store/picture-cache.ts';
import { PICTURE_CACHE } from '../../plugin/system/files/own-names.ts';
import { readPeopleFolder } from '../../tasks/cli/people/folder.ts';
import { rememberLooks } from '../../tasks/cli/people/look.ts';
import { tempFolder } from '../fakes/context.ts';
import { CALIBRATION } from '../fixtures/calibration.ts';

const onPosix = {
  skip: process.platform === 'win32' && 'Windows has no modes, links and pipes of that kind',
};
const onDay = (days: number) => ({ now: () => days * 86_400_000 });

/** What a picture shows is made of its bytes; of one that begins with "two" two faces, of one with "no" none. */
function look(bytes: Uint8Array): LearntPicture {
  const text = Buffer.from(bytes.subarray(JPEG.length)).toString('latin1');
  const face = (salt: string) => {
    const digest = createHash('sha256').update(salt).update(bytes).digest();
    const vector = Float32Array.from({ length: 16 }, (_, i) => digest[i]! - 127.5);
    const norm = Math.hypot(...vector);
    return {
      box: { x: digest[16]! / 7, y: -digest[17]! / 3, width: 90.125, height: 110 },
      embedding: vector.map((value) => value / norm) as Embedding,
      quality: digest[18]! / 255,
      sizePx: 90.125,
    };
  };
  const size = { width: 250, height: 300 };
  if (text.startsWith('no')) return { state: 'no-face', ...size, faces: [] };
  if (text.startsWith('two')) return { state: 'several-faces', ...size, faces: [face('a'), face('b')] };
  return { state: 'used', ...size, faces: [face('a')] };
}

const JPEG = Buffer.from('\u00ff\u00d8\u00ff\u00e0', 'latin1');

function picture(text: string): Buffer {
  return Buffer.concat([JPEG, Buffer.from(text)]);
}

type Places = { readonly people: string; readonly cache: string; readonly file: string };

function places(t: TestContext): Places {
  const root = tempFolder(t);
  const people = path.join(root, 'people');
  for (const [name, text] of Object.entries({
    'Ann/1.jpg': 'Ann',
    'Ann/2.jpg': 'two, Ann and Bob',
    'Bob/1.jpg': 'Bob',
    'Cat/1.jpg': 'no cat',
  })) {
    mkdirSync(path.join(people, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(people, name), picture(text));
  }
  const cache = path.join(root, 'cache/stash-sense');
  return { people, cache, file: path.join(cache, PICTURE_CACHE) };
}

type Learnt = {
  readonly persons: GalleryPerson[];
  readonly said: string[];
  /** How many pictures were looked at. */
  readonly looks: number;
};

/** One run of the command line; without a cache when `cache` is null. */
async function learn(
  people: string,
  cache: string | null,
  { looking = 'v1', now = Date.now }: { looking?: string; now?: () => number } = {},
): Promise<Learnt> {
  const said: string[] = [];
  let looks = 0;
  const open = cache === null ? null : await openPictureCache({ folder: cache, looking, now });
  const counted = (bytes: Uint8Array): Promise<LearntPicture> => {
    looks++;
    return Promise.resolve(look(bytes));
  };
  try {
    const persons = await readPeopleFolder(
      people,
      {
        look: rememberLooks(counted, open, (error) => assert.fail(String(error))),
        calibration: CALIBRATION.references,
      },
      (sentence) => said.push(sentence),
    );
    return { persons, said, looks };
  } finally {
    await open?.close();
  }
}

/** What a run with the cache answers is what one without it answers. */
async function assertLearns({ people, cache }: Places, looks: number, why?: string): Promise<void> {
  const { persons, said } = await learn(people, null);
  assert.deepEqual(await learn(people, cache), { persons, said, looks }, why);
}

test('the second run looks at nothing and answers the same, also of several faces and of none', async (t) => {
  const at = places(t);
  await assertLearns(at, 4);
  await assertLearns(at, 0);
});

test('a changed, an added, a removed picture and a renamed person are each as they are now', async (t) => {
  const at = places(t);
  await assertLearns(at, 4);
  const changes: [string, number, () => void][] = [
    ['changed', 1, () => writeFileSync(path.join(at.people, 'Bob/1.jpg'), picture('Bob, older'))],
    ['added', 1, () => writeFileSync(path.join(at.people, 'Bob/2.jpg'), picture('Bob, younger'))],
    ['removed', 0, () => rmSync(path.join(at.people, 'Ann/1.jpg'))],
    ['put back', 0, () => writeFileSync(path.join(at.people, 'Ann/1.jpg'), picture('Ann'))],
    ['renamed', 0, () => renameSync(path.join(at.people, 'Bob'), path.join(at.people, 'Bobby'))],
    [
      'another name of a picture',
      0,
      () => renameSync(path.join(at.people, 'Ann/1.jpg'), path.join(at.people, 'Ann/a.jpg')),
    ],
    [
      'two people change places',
      0,
      () => {
        renameSync(path.join(at.people, 'Ann'), path.join(at.people, 'x'));
        renameSync(path.join(at.people, 'Bobby'), path.join(at.people, 'Ann'));
        renameSync(path.join(at.people, 'x'), path.join(at.people, 'Bobby'));
      },
    ],
    ['a person is removed', 0, () => rmSync(path.join(at.people, 'Ann'), { recursive: true })],
  ];
  for (const [why, looks, change] of changes) {
    change();
    await assertLearns(at, looks, why);
  }
});

test('other code or another pack looks anew, and each keeps its own', async (t) => {
  const { people, cache } = places(t);
  for (const [looking, looks] of [
    ['v1 a', 4],
    ['v2 a', 4],
    ['v1 b', 4],
    ['v1 a', 0],
    ['v2 a', 0],
  ] as const)
    assert.equal((await learn(people, cache, { looking })).looks, looks, looking);
});

test('what was not used for half a year is forgotten, what is used stays', async (t) => {
  const { people, cache } = places(t);
  await learn(people, cache, onDay(1000));
  rmSync(path.join(people, 'Bob/1.jpg'));
  assert.equal((await learn(people, cache, onDay(1100))).looks, 0);
  writeFileSync(path.join(people, 'Bob/1.jpg'), picture('Bob'));
  assert.equal((await learn(people, cache, onDay(1170))).looks, 0);
  rmSync(path.join(people, 'Bob/1.jpg'));
  await learn(people, cache, onDay(1340));
  await learn(people, cache, onDay(1351));
  writeFileSync(path.join(people, 'Bob/1.jpg'), picture('Bob'));
  assert.equal((await learn(people, cache, onDay(1352))).looks, 1);
});

test('folder and file are for this user alone, whatever they were', onPosix, async (t) => {
  const at = places(t);
  const modes = () => [at.cache, at.file].map((place) => (statSync(place).mode & 0o777).toString(8));
  const mask = process.umask(0);
  t.after(() => process.umask(mask));
  await assertLearns(at, 4);
  assert.deepEqual(modes(), ['700', '600']);
  chmodSync(at.cache, 0o755);
  chmodSync(at.file, 0o644);
  await assertLearns(at, 0);
  assert.deepEqual(modes(), ['700', '600']);
  assert.deepEqual(readdirSync(at.cache), [PICTURE_CACHE]);
});

test('a cache that is cut off or altered anywhere is never believed: what it lacks is learnt again', async (t) => {
  const at = places(t);
  await assertLearns(at, 4);
  const whole = readFileSync(at.file);
  const damages: [string, () => void][] = [0.05, 0.3, 0.6, 0.99].map((share) => [
    `cut off at ${share}`,
    () => truncateSync(at.file, Math.floor(whole.length * share)),
  ]);
  for (let from = 100; from < whole.length; from += 997)
    damages.push([
      `64 bytes altered at ${from}`,
      () => writeFileSync(at.file, Buffer.from(whole).fill(0x5a, from, from + 64)),
    ]);
  const { persons, said } = await learn(at.people, null);
  for (const [why, damage] of damages) {
    writeFileSync(at.file, whole);
    damage();
    for (const run of ['first', 'second']) {
      const learnt = await learn(at.people, at.cache);
      assert.deepEqual(
        { persons: learnt.persons, said: learnt.said },
        { persons, said },
        `${why}, ${run} run`,
      );
      assert.ok(run === 'first' || learnt.looks === 0, `${why}: the second run looked at ${learnt.looks}`);
    }
  }
});

test('an empty file, as a killed process leaves it, is made use of', async (t) => {
  const at = places(t);
  mkdirSync(at.cache, { recursive: true });
  writeFileSync(at.file, '');
  await assertLearns(at, 4);
  await assertLearns(at, 0);
});

/** What else may stand in the place of the folder or the file, with what must be as before. */
const FOREIGN: Record<string, (at: Places, elsewhere: string) => void> = {
  'a text': ({ file }) => writeFileSync(file, 'my own notes\n'.repeat(50)),
  'a database of another program': ({ file }) => {
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE mine (a); INSERT INTO mine VALUES (1)');
    database.close();
  },
  'a link to a file': ({ file }, elsewhere) => {
    writeFileSync(path.join(elsewhere, 'precious'), 'precious');
    symlinkSync(path.join(elsewhere, 'precious'), file);
  },
  'a link to nowhere': ({ file }, elsewhere) => symlinkSync(path.join(elsewhere, 'nowhere'), file),
  'a folder': ({ file }) => mkdirSync(path.join(file, 'mine'), { recursive: true }),
  'a named pipe': ({ file }) => assert.equal(spawnSync('mkfifo', [file]).status, 0),
  'a link in place of the folder': ({ cache, file }, elsewhere) => {
    writeFileSync(path.join(elsewhere, path.basename(file)), 'precious');
    rmSync(cache, { recursive: true });
    symlinkSync(elsewhere, cache);
  },
  'a file in place of the folder': ({ cache }) => {
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'precious');
  },
};

for (const [what, make] of Object.entries(FOREIGN))
  test(`${what} is neither used, changed nor erased`, onPosix, async (t) => {
    const at = places(t);
    const elsewhere = tempFolder(t);
    mkdirSync(at.cache, { recursive: true, mode: 0o700 });
    make(at, elsewhere);
    const before = [snapshot(path.dirname(at.cache)), snapshot(elsewhere)];
    await assert.rejects(openPictureCache({ folder: at.cache, looking: 'v1', now: Date.now }));
    assert.throws(() => erasePictureCache(at.cache));
    assert.deepEqual([snapshot(path.dirname(at.cache)), snapshot(elsewhere)], before);
  });

/** Names, kinds, modes and contents of all that lies in a folder. */
function snapshot(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const found = lstatSync(path.join(folder, name));
      return [name, found.mode, found.isFile() ? readFileSync(path.join(folder, name), 'latin1') : ''];
    });
}

test('erasing takes the cache and what SQLite has left beside it, and nothing else', async (t) => {
  const at = places(t);
  assert.equal(erasePictureCache(at.cache), false);
  await assertLearns(at, 4);
  writeFileSync(`${at.file}-journal`, '');
  writeFileSync(path.join(at.cache, 'mine.txt'), 'mine');
  assert.equal(erasePictureCache(at.cache), true);
  assert.deepEqual(readdirSync(at.cache), ['mine.txt']);
  assert.equal(erasePictureCache(at.cache), false);
  await assertLearns(at, 4);
  // Damaged ones too.
  truncateSync(at.file, 5000);
  assert.equal(erasePictureCache(at.cache), true);
  assert.equal(existsSync(at.file), false);
});

test('several runs at once share the cache, and what one keeps the others find', async (t) => {
  const { cache } = places(t);
  const open = async (): Promise<PictureCache> =>
    await openPictureCache({ folder: cache, looking: 'v1', now: Date.now });
  const runs = await Promise.all([open(), open(), open()]);
  const pictures = Array.from({ length: 300 }, (_, n) => picture(`picture ${n}`));
  await Promise.all(
    runs.map(async (run, n) => {
      for (const [k, bytes] of pictures.entries())
        if (k % 3 === n || k % 7 === n) await run.keep(bytes, look(bytes));
      await run.flush();
    }),
  );
  for (const run of runs) for (const bytes of pictures) assert.deepEqual(await run.find(bytes), look(bytes));
  // Erased meanwhile: they end as they began.
  erasePictureCache(cache);
  await runs[0].keep(picture('late'), look(picture('late')));
  for (const run of runs)
    await run.close().catch((error: unknown) => assert.match(String(error), /cannot be used/));
  const later = await open();
  assert.equal(await later.find(pictures[0]!), null);
  await later.close();
});
