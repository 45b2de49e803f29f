/** The search among the people of a gallery: by usearch and in JavaScript, the same rows, similarities and order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embedding } from '../../core/faces/face.ts';
import { plain } from '../../core/messages/message.ts';
import type { QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { createNativeSearch, isEngineFaster } from '../../models/index/native-search.ts';
import { createQuantizedSearch } from '../../models/index/quantized.ts';
import { type CompareAll, loadUsearch } from '../../models/index/usearch.ts';
import { readContents } from '../../plugin/gallery/contents.ts';
import { memorySource, probesOf, randomPeople, rounded } from '../fixtures/gallery.ts';
import { keepLog, openTestModels } from '../fixtures/models.ts';
import { near, randomUnit, seeded } from '../fixtures/random.ts';

const WANTED = 24;
const { compareAll } = loadUsearch([], 2);
assert.ok(compareAll, 'usearch is a dependency and must load where the tests run');

const people = randomPeople(5000, 512);
const { vectors } = await readContents(memorySource(people), 'test-1', 1);
const probes = probesOf(people, 120).map(({ template }) => template);
const inJavaScript = createQuantizedSearch(vectors);
const expected = await inJavaScript.search(probes, WANTED);

type Native = { search: RowSearch; said: readonly string[]; calls: number[]; left: number };

/** `calls`: probes of each call of usearch; `left`: how many probes it could not answer for certain. */
function native(of: QuantizedVectors, compare: CompareAll = compareAll!, leftFrom = Infinity): Native {
  const exact = createQuantizedSearch(of);
  const log = keepLog();
  const calls: number[] = [];
  const result: Native = {
    said: log.lines,
    calls,
    left: 0,
    search: createNativeSearch(of, {
      compareAll(rows, matrix, dimensions, wanted) {
        calls.push(matrix.length / dimensions);
        return compare(rows, matrix, dimensions, wanted);
      },
      exact: {
        search(some, count) {
          result.left += some.length;
          return exact.search(some, count);
        },
      },
      isExactFaster: (count) => Promise.resolve(count >= leftFrom),
      log,
    }),
  };
  return result;
}

test('usearch finds what JavaScript finds among 5 000 people, at once and one by one', async () => {
  const used = native(vectors);
  assert.deepEqual(await used.search.search(probes, WANTED), expected);
  for (const [n, probe] of probes.slice(0, 30).entries())
    assert.deepEqual(await used.search.search([probe], WANTED), [expected[n]]);
  assert.deepEqual({ left: used.left, said: used.said }, { left: 0, said: [] });
  assert.deepEqual(await used.search.search([], WANTED), []);
  assert.deepEqual(await used.search.search(probes.slice(0, 2), 0), [[], []]);
  for (const count of [1, 2, 100, 700, 6000])
    assert.deepEqual(
      await used.search.search(probes.slice(0, 3), count),
      await inJavaScript.search(probes.slice(0, 3), count),
    );
});

test('a search of as many probes as another way is faster for is left to it', async () => {
  const used = native(vectors, compareAll, 50);
  assert.deepEqual(await used.search.search(probes.slice(0, 50), WANTED), expected.slice(0, 50));
  assert.deepEqual({ calls: used.calls, left: used.left }, { calls: [], left: 50 });
  assert.deepEqual(await used.search.search(probes.slice(0, 49), WANTED), expected.slice(0, 49));
  assert.equal(used.left, 50);
});

test('the engine is used for batches, and for one entity never', () => {
  assert.deepEqual(
    [1, 8, 15, 16, 63, 64].map((count) => [isEngineFaster(20_000, count), isEngineFaster(108_000, count)]),
    [
      [false, false],
      [false, false],
      [false, false],
      [true, false],
      [true, false],
      [true, true],
    ],
  );
});

test('probes of random vectors, of nothing and of a row itself have the same neighbours', async () => {
  for (const dimensions of [8, 128]) {
    const random = seeded(dimensions);
    const rows = Array.from({ length: 3000 }, () => randomUnit(dimensions, random));
    const of = rounded(rows);
    const some = [
      ...rows.slice(0, 20),
      ...rows.slice(0, 20).map((row) => near(row, 0.65, random)),
      ...Array.from({ length: 20 }, () => randomUnit(dimensions, random)),
      new Float32Array(dimensions) as Embedding,
      Float32Array.from({ length: dimensions }, (_, n) => (n === 3 ? 1 : 0)) as Embedding,
    ];
    assert.deepEqual(
      await native(of).search.search(some, WANTED),
      await createQuantizedSearch(of).search(some, WANTED),
    );
  }
});

test('of equal rows the earlier one comes first, however many there are', async () => {
  const random = seeded(3);
  const different = Array.from({ length: 1500 }, () => randomUnit(128, random));
  for (const times of [2, 3, 300]) {
    const rows = Array.from({ length: 3000 }, (_, n) => different[n % Math.ceil(3000 / times)]!);
    const of = rounded(rows);
    const some = [...rows.slice(0, 12), ...rows.slice(0, 12).map((row) => near(row, 0.65, random))];
    const used = native(of);
    const found = await used.search.search(some, WANTED);
    assert.deepEqual(found, await createQuantizedSearch(of).search(some, WANTED));
    assert.equal(found[5]![0]!.row, 5);
    // Usearch names any of 300 equal rows.
    assert.equal(used.left === 0, times < 300, `${used.left} left with ${times}`);
  }
});

const faults: Readonly<Record<string, CompareAll>> = {
  'throws an error': () => {
    throw new Error('Out of memory');
  },
  'names rows that are none': (rows, matrix, dimensions, wanted) =>
    compareAll(rows, matrix, dimensions, wanted).map((found) => ({
      ...found,
      rows: found.rows.map((row) => row + vectors.size),
    })),
  'names one row many times': (rows, matrix, dimensions, wanted) =>
    compareAll(rows, matrix, dimensions, wanted).map((found) => ({ ...found, rows: found.rows.fill(7) })),
  'names too few rows': (rows, matrix, dimensions) => compareAll(rows, matrix, dimensions, 3),
};
for (const [what, compare] of Object.entries(faults))
  test(`a usearch that ${what} is not asked again, and the answers are the same`, async () => {
    const broken = native(vectors, compare);
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await broken.search.search(probes.slice(0, 20), WANTED), expected.slice(0, 20));
    assert.equal(broken.calls.length, 1);
    assert.match(broken.said.join('\n'), /^usearch is not used: [^\n]+$/);
  });

test('a usearch that fails in the middle of a search leaves the rest of it to JavaScript', async () => {
  let calls = 0;
  const broken = native(vectors, (...args) => {
    if (++calls === 3) throw new Error('Out of memory');
    return compareAll(...args);
  });
  assert.deepEqual(await broken.search.search(probes, WANTED), expected);
});

test('vectors that do not begin where their buffer does are compared in JavaScript', async () => {
  const values = new Int8Array(new ArrayBuffer(vectors.values.length + 8), 8);
  values.set(vectors.values);
  const moved = native({ ...vectors, values });
  assert.deepEqual(await moved.search.search(probes.slice(0, 9), WANTED), expected.slice(0, 9));
  assert.deepEqual(moved.calls, []);
});

test('a turn of the event loop comes after each million pairs', async () => {
  let turns = 0;
  let isSearching = true;
  const turn = (): void => {
    turns++;
    if (isSearching) setImmediate(turn);
  };
  setImmediate(turn);
  const used = native(vectors);
  await used.search.search(probes, WANTED);
  isSearching = false;
  assert.ok(used.calls.every((count) => count * vectors.size <= 1_000_000));
  assert.ok(turns >= used.calls.length, `${turns} turns in ${used.calls.length} calls`);
  // Of a very large gallery one probe is compared at a time.
  const random = seeded(9);
  const [first, second] = [randomUnit(4, random), randomUnit(4, random)];
  const large = native(rounded(Array.from({ length: 1_100_000 }, (_, n) => (n % 2 === 0 ? first : second))));
  await large.search.search([first, second], 1);
  assert.deepEqual(large.calls, [1, 1]);
});

test('models search a gallery by usearch where it works, and without it alike; few probes open no engine', async () => {
  const fine = { ok: true, message: plain('') };
  const modules = { 'onnxruntime-node': fine, sharp: fine, usearch: { ok: false, message: plain('') } };
  for (const change of [
    {},
    { env: { STASH_SENSE_PORTABLE: '1' } },
    { choice: { engine: { engine: 'native', provider: 'cpu' }, modules } },
  ] as const) {
    const models = openTestModels(change);
    const few = models.createRowSearch(vectors, 'few probes');
    assert.deepEqual(await few.search(probes, WANTED), expected);
    assert.equal((await models.describe()).engine, null);
    const many = await models.createRowSearch(vectors, 'many probes').search(probes, WANTED);
    assert.deepEqual(
      many.map((found) => found[0]!.row),
      expected.map((found) => found[0]!.row),
    );
    await models.close();
  }
});
