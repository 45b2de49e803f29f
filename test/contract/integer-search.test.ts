/** The search by the engine's product of integers: the same rows, similarities and order as in JavaScript. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUnit } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { createIntegerProducts, type IntegerProducts } from '../../models/index/integer-products.ts';
import { createIntegerSearch } from '../../models/index/integer-search.ts';
import { longestRowOf } from '../../models/index/rounded-probe.ts';
import { createQuantizedSearch } from '../../models/index/quantized.ts';
import { type Backend, openEngine, type OnnxEngine } from '../../models/onnx/engine.ts';
import { loadOnnxNative } from '../../models/onnx/native.ts';
import { probe } from '../../models/onnx/probe.ts';
import { createWasmBackend } from '../../models/onnx/wasm.ts';
import { findWeights } from '../../models/catalog/weights.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { readContents } from '../../plugin/gallery/contents.ts';
import { memorySource, probesOf, randomPeople, rounded } from '../fixtures/gallery.ts';
import { keepLog, wasmFolder } from '../fixtures/models.ts';
import { near, randomUnit, seeded } from '../fixtures/random.ts';

const WANTED = 24;
const { onnx } = loadOnnxNative([], 1);
assert.ok(onnx, 'onnxruntime-node is a dependency and must load where the tests run');
const open = async (backend: Backend): Promise<OnnxEngine> =>
  await openEngine({
    backends: [backend],
    models: [],
    weights: findWeights([], packInUse),
    probe,
    log: keepLog(),
  });
const engines = [await open(onnx.backend('cpu')), await open(createWasmBackend(wasmFolder, 1))];

const { vectors } = await readContents(memorySource(randomPeople(5000, 512)), 'test-1', 1);
const probes = probesOf(randomPeople(5000, 512), 120).map(({ template }) => template);

type Searched = { search: RowSearch; left: number; opened: number; closed: number; said: readonly string[] };

/** `left`: probes that were left to JavaScript; `opened`, `closed`: parts of the rows in the engine. */
function searched(
  engine: Pick<OnnxEngine, 'openModel'>,
  of: QuantizedVectors,
  isExactFaster = false,
): Searched {
  const exact = createQuantizedSearch(of);
  const log = keepLog();
  const result: Searched = {
    left: 0,
    opened: 0,
    closed: 0,
    said: log.lines,
    search: createIntegerSearch(of, {
      async createProducts(rows, count) {
        result.opened++;
        const made: IntegerProducts = await createIntegerProducts(engine, rows, count);
        return { ...made, close: async () => (result.closed++, await made.close()) };
      },
      isExactFaster: () => Promise.resolve(isExactFaster),
      exact: {
        search(some, count) {
          result.left += some.length;
          return exact.search(some, count);
        },
      },
      log,
    }),
  };
  return result;
}

for (const engine of engines)
  test(`${engine.name}: what JavaScript finds among 5 000 people`, async () => {
    const expected = await createQuantizedSearch(vectors).search(probes, WANTED);
    const used = searched(engine, vectors);
    assert.deepEqual(await used.search.search(probes, WANTED), expected);
    assert.deepEqual([used.left, used.opened], [0, 1]);
    // One by one, once the rows are loaded.
    for (const [n, one] of probes.slice(0, 30).entries())
      assert.deepEqual(await used.search.search([one], WANTED), [expected[n]]);
    assert.deepEqual([used.left, used.opened, used.closed], [0, 1, 0]);
    // More rows than were asked for before.
    const more = await createQuantizedSearch(vectors).search(probes.slice(0, 80), 60);
    assert.deepEqual(await used.search.search(probes.slice(0, 80), 60), more);
    assert.deepEqual([used.left, used.opened, used.closed], [0, 2, 1]);
    assert.deepEqual(await used.search.search(probes.slice(0, 2), 0), [[], []]);
    assert.deepEqual(await used.search.search([], WANTED), []);
  });

for (const engine of engines)
  test(`${engine.name}: of rows in several parts, of equal ones and of the largest components`, async () => {
    const random = seeded(16);
    const different = Array.from({ length: 300 }, () => randomUnit(16, random));
    const corners = Array.from({ length: 256 }, (_, n) =>
      toUnit(Float32Array.from({ length: 16 }, (__, i) => ((n >> (i % 8)) & 1 ? 1 : -1)))!,
    );
    const rows = Array.from({ length: 70_000 }, (_, n) =>
      n % 100 === 7 ? corners[(n / 100) & 255]! : n % 5 === 0 ? different[n % 300]! : randomUnit(16, random),
    );
    const of = rounded(rows);
    const some = [
      ...different.slice(0, 20),
      ...corners.slice(0, 20),
      ...corners.slice(0, 20).map((corner) => near(corner, 0.65, random)),
      ...Array.from({ length: 40 }, () => randomUnit(16, random)),
      new Float32Array(16) as Embedding,
      Float32Array.from({ length: 16 }, (_, n) => (n === 3 ? 1 : 0)) as Embedding,
    ];
    const used = searched(engine, of);
    assert.deepEqual(
      await used.search.search(some, WANTED),
      await createQuantizedSearch(of).search(some, WANTED),
    );
    assert.equal(used.opened, 3);
    assert.ok(used.left < some.length, `${used.left} of ${some.length} left`);
  });

test('searches at once, of which one wants more rows, all find what JavaScript finds', async () => {
  const used = searched(engines[0]!, vectors);
  const some = probes.slice(0, 80);
  const counts = [WANTED, 60, WANTED, 60];
  const found = await Promise.all(counts.map((count) => used.search.search(some, count)));
  for (const [n, count] of counts.entries())
    assert.deepEqual(found[n], await createQuantizedSearch(vectors).search(some, count));
  assert.deepEqual([used.said, used.left], [[], 0]);
});

test('the longest row has the length that it has, also where it is longer than 1', async () => {
  const scales = vectors.scales.map((scale, row) => (row === 4321 ? scale * 1.09 : scale));
  const row = vectors.values.subarray(4321 * vectors.dimensions, 4322 * vectors.dimensions);
  const expected = Math.hypot(...row) * scales[4321]!;
  assert.ok(expected > 1.08);
  assert.ok(Math.abs((await longestRowOf({ ...vectors, scales })) - expected) < 1e-6);
});

test('few probes are compared in JavaScript, until loading the rows is worth it', async () => {
  const used = searched(engines[0]!, vectors);
  for (const one of probes.slice(0, 70)) await used.search.search([one], WANTED);
  assert.deepEqual([used.left, used.opened], [70, 0]);
  for (const one of probes.slice(70, 80)) await used.search.search([one], WANTED);
  assert.equal(used.opened, 1);
  assert.ok(used.left < 80);
});

test('nothing is loaded where the other search is faster, or nearly all rows are wanted', async () => {
  const other = searched(engines[0]!, vectors, true);
  await other.search.search(probes, WANTED);
  assert.deepEqual([other.left, other.opened], [120, 0]);
  const all = searched(engines[0]!, vectors);
  const expected = await createQuantizedSearch(vectors).search(probes.slice(0, 90), 600);
  assert.deepEqual(await all.search.search(probes.slice(0, 90), 600), expected);
  assert.deepEqual([all.left, all.opened], [90, 0]);
});

test('an engine that knows no product of integers is not asked again, and the answers are the same', async () => {
  const expected = await createQuantizedSearch(vectors).search(probes, WANTED);
  const broken = searched({ openModel: () => Promise.reject(new Error('Unknown operator')) }, vectors);
  for (let time = 0; time < 2; time++) assert.deepEqual(await broken.search.search(probes, WANTED), expected);
  assert.deepEqual([broken.left, broken.opened], [240, 1]);
  assert.deepEqual(broken.said, ["The engine's product of integers is not used: Unknown operator"]);
});

test('of a large gallery what does not stay in the engine is closed after each search', async () => {
  const random = seeded(4);
  const some = Array.from({ length: 80 }, () => randomUnit(4, random));
  const of = rounded(Array.from({ length: 230_000 }, (_, n) => (n % 3 === 0 ? some[n % 80]! : some[1]!)));
  const used = searched(engines[0]!, of);
  for (const opened of [8, 10]) {
    await used.search.search(some, 1);
    assert.equal(used.opened, opened);
    assert.equal(used.opened - used.closed, 6);
  }
});

test('the event loop goes on while rows are loaded and multiplied', async () => {
  let turns = 0;
  let isSearching = true;
  const turn = (): void => {
    turns++;
    if (isSearching) setImmediate(turn);
  };
  setImmediate(turn);
  const many = Array.from({ length: 10 }, () => probes).flat();
  await searched(engines[0]!, vectors).search.search(many, WANTED);
  isSearching = false;
  assert.ok(turns >= 10, `${turns} turns`);
});
