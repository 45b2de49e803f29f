/** usearch, the exact index in JavaScript, and the same on the engine's matrix product: the same neighbours. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { similarity, toUnit } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { VectorIndex } from '../../core/ports/vision.ts';
import { createExactIndex } from '../../models/index/exact.ts';
import { loadUsearch } from '../../models/index/usearch.ts';
import { createMatrixSearch } from '../../models/index/matrix.ts';
import { openEngine } from '../../models/onnx/engine.ts';
import { loadOnnxNative } from '../../models/onnx/native.ts';
import { probe } from '../../models/onnx/probe.ts';
import { createWasmBackend } from '../../models/onnx/wasm.ts';
import { createVectorIndex } from '../../models/index/vector-index.ts';
import { findWeights } from '../../models/catalog/weights.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { keepLog, wasmFolder } from '../fixtures/models.ts';

const run = promisify(execFile);
const { create: createGraph } = loadUsearch([], 2);
const { onnx } = loadOnnxNative([], 1);
assert.ok(
  createGraph && onnx,
  'usearch and onnxruntime-node are dependencies and must load where the tests run',
);
const searchOn = async (backend: Parameters<typeof openEngine>[0]['backends'][number]) => {
  const engine = await openEngine({
    backends: [backend],
    models: [],
    weights: findWeights([], packInUse),
    probe,
    log: keepLog(),
  });
  return (rows: Float32Array, dimensions: number, count: number) =>
    createMatrixSearch(engine, rows, dimensions, count);
};
const onNative = await searchOn(onnx.backend('cpu'));
const onWasm = await searchOn(createWasmBackend(wasmFolder, 1));

/** How far a similarity may be from the true one. */
const indexes: { name: string; create: (dimensions: number) => VectorIndex; tolerance: number }[] = [
  { name: 'exact, in JavaScript', create: createExactIndex, tolerance: 1e-6 },
  { name: 'exact, on onnxruntime-node', create: (it) => createExactIndex(it, onNative), tolerance: 1e-5 },
  { name: 'exact, on WASM', create: (it) => createExactIndex(it, onWasm), tolerance: 1e-5 },
  { name: 'usearch', create: createGraph, tolerance: 2e-3 },
];

let seed = 5;
/** Evenly from -1 to 1, the same in every run. */
const random = (): number => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return (seed / 2 ** 32) * 2 - 1;
};
/** Faces: `people` directions, each seen `times` times with a similarity of about 0.6 between two of one person. */
function faces(people: number, times: number, dimensions: number): Embedding[][] {
  return Array.from({ length: people }, () => {
    const person = Float32Array.from({ length: dimensions }, random);
    return Array.from({ length: times }, () => toUnit(person.map((it) => it + random() * 0.8))!);
  });
}

const library = faces(800, 5, 128);
const rows = library.flatMap((it) => it.slice(0, 4));
const probes = library.map((it) => it[4]!);
const truth = await createFilled(createExactIndex);
const nearest = await truth.search(probes, 5);

async function createFilled(create: (dimensions: number) => VectorIndex): Promise<VectorIndex> {
  const index = create(128);
  // In three parts, as a growing gallery comes.
  for (const [from, to] of [
    [0, 1],
    [1, 1300],
    [1300, rows.length],
  ] as const)
    await index.add(rows.slice(from, to));
  return index;
}

test('a face finds the person it belongs to in the exact index', () => {
  nearest.forEach((found, person) => assert.equal(Math.floor(found[0]!.row / 4), person));
});

for (const { name, create, tolerance } of indexes) {
  test(`${name}: 3 200 rows answer 800 probes with the neighbours and similarities that are true`, async () => {
    const index = await createFilled(create);
    assert.equal(index.size, rows.length);
    const found = await index.search(probes, 5);
    let first = 0;
    let shared = 0;
    found.forEach((neighbours, i) => {
      const wanted = nearest[i]!;
      assert.equal(neighbours.length, 5);
      if (neighbours[0]!.row === wanted[0]!.row) first++;
      shared += neighbours.filter((it) => wanted.some(({ row }) => row === it.row)).length;
      // A graph may miss a nearest row now and then (how often is held below), yet what it says of a row is true.
      const { row, similarity: said } = neighbours[0]!;
      assert.ok(Math.abs(said - similarity(rows[row]!, probes[i]!)) < tolerance);
      neighbours.forEach((it, k) => assert.ok(k === 0 || it.similarity <= neighbours[k - 1]!.similarity));
    });
    assert.ok(first / found.length >= 0.995, `${first} of ${found.length} nearest rows`);
    assert.ok(shared / found.length / 5 >= 0.98, `${shared} of ${found.length * 5} neighbours`);
  });

  test(`${name}: few rows, one probe, no probe and no row are answered as asked`, async () => {
    const index = create(128);
    assert.equal(index.size, 0);
    assert.deepEqual(await index.search([], 5), []);
    assert.deepEqual(await index.search([probes[0]!], 5), [[]]);
    await index.add([]);
    await index.add([rows[0]!, rows[4]!]);
    const [found] = await index.search([rows[4]!], 5);
    assert.deepEqual(
      found?.map((it) => it.row),
      [1, 0],
    );
    assert.ok(Math.abs(found[0]!.similarity - 1) < 2e-3);
    assert.deepEqual(
      (await index.search([rows[0]!, rows[4]!], 1)).map((it) => it.map(({ row }) => row)),
      [[0], [1]],
    );
    assert.deepEqual(await index.search([rows[0]!], 0), [[]]);
  });

  test(`${name}: a row added after a long search is found by the next`, async () => {
    const index = await createFilled(create);
    await index.search(probes, 3);
    const newcomer = faces(1, 1, 128)[0]![0]!;
    await index.add([newcomer]);
    const answers = await index.search([newcomer, ...probes], 1);
    assert.equal(answers[0]![0]!.row, rows.length);
    assert.equal(Math.floor(answers[1]![0]!.row / 4), 0);
  });
}

/** Turns that the event loop takes until the work has ended. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let ended = false;
  const turn = (): void => {
    if (ended) return;
    turns++;
    setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  ended = true;
  return turns;
}

for (const { name, create } of indexes)
  test(`${name}: the event loop goes on while an index is made and while it is searched`, async () => {
    const many = faces(9000, 1, 64).map((it) => it[0]!);
    const index = create(64);
    // A graph of 9 000 rows takes as long as it is; the exact index counts a row as one comparison.
    const rowsToAdd = name === 'usearch' ? many : Array.from({ length: 6 }, () => many).flat();
    let turns = await turnsDuring(() => index.add(rowsToAdd));
    assert.ok(turns >= 1, 'no turn while rows were added');
    turns = await turnsDuring(() => index.search(many.slice(0, 300), 5));
    assert.ok(turns >= 10, `${turns} turns during a search`);
  });

test('an index that fails in its thread rejects, and an idle one does not keep the process alive', async () => {
  const script = `
    const { loadUsearch } = await import('./models/index/usearch.ts');
    const index = loadUsearch([], 1).create(4);
    await index.add([Float32Array.of(1, 0, 0, 0)]);
    // Of three numbers no row of four can be made.
    await index.search([Float32Array.of(1, 0, 0, 0)], 1).then(([[best]]) => console.log(best.row));
    globalThis.kept = index;
    await index.add([Float32Array.of(NaN, 0, 0, 0, 0)]).catch(() => console.log('rejected'));
  `;
  const { stdout } = await run(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', '--input-type=module', '-e', script],
    { timeout: 60_000 },
  );
  assert.equal(stdout, '0\nrejected\n');
});

test('more neighbours than the engine was asked for before are found too', async () => {
  const index = await createFilled((it) => createExactIndex(it, onNative));
  await index.search(probes, 2);
  const found = await index.search(probes.slice(0, 200), 40);
  const wanted = await truth.search(probes.slice(0, 200), 40);
  assert.deepEqual(
    found.map((it) => it.map(({ row }) => row)),
    wanted.map((it) => it.map(({ row }) => row)),
  );
});

test('rows beyond one block of 4096 keep their numbers', async () => {
  const many = faces(9000, 1, 16).map((it) => it[0]!);
  for (const search of [undefined, onNative]) {
    const index = createExactIndex(16, search);
    await index.add(many);
    const asked = [0, 4095, 4096, 8191, 8192, 8999];
    for (let round = 0; round < 12; round++) {
      const found = await index.search(
        asked.map((it) => many[it]!),
        3,
      );
      assert.deepEqual(
        found.map((it) => it[0]!.row),
        asked,
      );
    }
  }
});

test('a gallery grows over into a graph without losing a row, and stays exact where there is none', async () => {
  const many = faces(400, 1, 8).map((it) => it[0]!);
  const graph = createVectorIndex(8, createGraph, onNative, 300);
  const plain = createVectorIndex(8, null, onNative, 300);
  for (const index of [graph, plain]) {
    await index.add(many.slice(0, 299));
    assert.equal(index.name, 'exact');
    await index.add(many.slice(299));
    assert.equal(index.size, 400);
    assert.equal((await index.search([many[7]!], 1))[0]![0]!.row, 7);
    assert.equal((await index.search([many[350]!], 1))[0]![0]!.row, 350);
  }
  assert.deepEqual([graph.name, plain.name], ['usearch', 'exact']);
});
