import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTERS } from '../faces/adapters.ts';
import { catalog, modelsOf, packOf, parseCatalog } from './catalog.ts';

test('every pack of the catalogue names adapters that there are', () => {
  for (const { id } of catalog.packs) {
    const { detector, landmarks, embedder, adds } = packOf(catalog, id);
    assert.ok(ADAPTERS.detectors[detector.adapter], detector.id);
    assert.ok(landmarks === null || ADAPTERS.landmarks[landmarks.adapter], landmarks?.id);
    for (const { id: model, adapter } of [embedder, ...adds.map((added) => added.embedder)])
      assert.ok(ADAPTERS.embedders[adapter], model);
  }
});

test('a pack without a model for landmarks, or that adds an embedder, has the models it names', () => {
  const [pack] = catalog.packs;
  const ids = (change: Partial<typeof pack>): string[] =>
    modelsOf(packOf({ ...catalog, packs: [{ ...pack!, ...change }] }, pack!.id)).map(({ id }) => id);
  assert.deepEqual(ids({}), ['fr-detect', 'fr-landmark', 'fr-feature']);
  assert.deepEqual(ids({ landmarks: null }), ['fr-detect', 'fr-feature']);
  assert.deepEqual(
    modelsOf(packOf(catalog, 'portable-2')).map(({ id }) => id),
    ['fr-detect', 'fr-landmark', 'fr-feature', 'sface'],
  );
  assert.throws(() => packOf(catalog, 'other'), /has no pack other, but portable-1, portable-2\./);
});

test('a fused pack sees as the other one, and has its own numbers for what is compared', () => {
  const [other, fused] = ['portable-1', 'portable-2'].map((id) => packOf(catalog, id));
  assert.equal(fused!.seenBy.id, 'portable-1');
  assert.equal(other!.seenBy.id, 'portable-1');
  assert.deepEqual(fused!.seenBy.calibration, other!.calibration);
  assert.deepEqual(fused!.calibration.detection, other!.calibration.detection);
  assert.notDeepEqual(fused!.calibration.matching, other!.calibration.matching);
  assert.equal(fused!.dimensions, other!.dimensions + 128);
});

for (const [what, place, value, expected] of [
  [
    'a number that is missing',
    'packs.0.calibration.clustering.samePerson',
    undefined,
    /pack portable-1, calibration\.clustering\.samePerson: .*expected number/,
  ],
  [
    'a number out of its range',
    'packs.0.calibration.matching.minSimilarity',
    20,
    /pack portable-1, calibration\.matching\.minSimilarity: .*<=1/,
  ],
  [
    'a misspelt name',
    'packs.0.calibration.face.maxResidul',
    14,
    /pack portable-1, calibration\.face: .*maxResidul/,
  ],
  [
    'numbers in the wrong order',
    'packs.0.calibration.face.minNorm',
    3,
    /pack portable-1, calibration\.face, minNorm to clearNorm: must not fall \(3, 2\.4\)/,
  ],
  [
    'a pack of a model that is not there',
    'packs.0.landmarks',
    'fr-landmarks',
    /pack portable-1: there is no model fr-landmarks/,
  ],
  [
    'an unknown type of tensor',
    'models.1.inputs.0.type',
    'float64',
    /model fr-landmark, inputs\.0\.type: .*"float32"/,
  ],
  [
    'golden values of an output that is not there',
    'models.2.golden.output',
    'embedding',
    /model fr-feature, golden\.output: the model has no float32 output “embedding”/,
  ],
  [
    'a fused pack of a pack that is not there',
    'fusedPacks.0.seenBy',
    'portable-0',
    /pack portable-2: there is no pack portable-0/,
  ],
  [
    'a fused pack of a model that is not there',
    'fusedPacks.0.adds.0.embedder',
    'sface-2',
    /pack portable-2: there is no model sface-2/,
  ],
  ['a share that leaves nothing', 'fusedPacks.0.adds.0.share', 1, /pack portable-2, adds\.0\.share: /],
  [
    'an address that is not https',
    'models.3.download',
    'http://publisher.example/x.onnx',
    /model sface, download: /,
  ],
  ['a model without an id', 'models.0.id', undefined, /model 1, id: /],
  ['no packs', 'packs', undefined, /packs: /],
] as const)
  test(`a catalogue with ${what} is refused, and the entry and field are named`, () => {
    const file = structuredClone(catalog);
    const names = place.split('.');
    const parent = names.slice(0, -1).reduce<object>((node, name) => Reflect.get(node, name), file);
    Reflect.set(parent, names.at(-1)!, value);
    assert.throws(() => parseCatalog(file), { name: 'RangeError', message: expected });
  });

test('every problem of a catalogue is told, not only the first', () => {
  assert.throws(
    () => parseCatalog({ models: [], packs: [{ ...catalog.packs[0], dimensions: 0 }], other: 1 }),
    /dimensions.*;.*other/,
  );
});
