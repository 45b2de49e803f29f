import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../core/faces/observation.ts';
import { contentId, fresh, look, OTHER_PACK, PACK, type CreateStore } from './store-samples.ts';

export function testObservations(name: string, create: CreateStore): void {
  test(`${name}: an observation comes back as it was put, with its crops`, async () => {
    const { store, reopen } = await fresh(create);
    const put = look(1);
    await store.observations.put(put);
    const { observations } = await reopen();
    assertSame(await observations.get(contentId(1), PACK), put.observation);
    assert.deepEqual(await observations.crops(contentId(1), PACK), put.crops);
    assert.equal(await observations.get(contentId(1), OTHER_PACK), null);
    assert.equal(await observations.get(contentId(2), PACK), null);
    assert.deepEqual(await observations.crops(contentId(2), PACK), []);
  });

  test(`${name}: numbers are kept close enough to decide the same`, async () => {
    const { store } = await fresh(create);
    const put = look(1, { persons: 1 });
    const [first] = put.observation.persons;
    assert(first?.faces[0]);
    const face = {
      timeMs: 1234.4,
      box: { x: 0.123456, y: -0.0123, width: 0.3333, height: 9 },
      quality: {
        overall: 0.4321,
        sizePx: 33.3,
        sharpness: 0.9876,
        yaw: -45.678,
        roll: 179.999,
        detector: 0.8765,
      },
    };
    const observation = { ...put.observation, durationMs: null, persons: [{ ...first, faces: [face] }] };
    await store.observations.put({ observation, crops: [] });
    const kept = (await store.observations.get(contentId(1), PACK))?.persons[0]?.faces[0];
    assert(kept);
    assert.equal(kept.timeMs, 1234);
    assert(Math.abs(kept.box.x - face.box.x) < 1e-4 && Math.abs(kept.box.y - face.box.y) < 1e-4);
    assert.equal(kept.box.height, 32_767 / 8191, 'further outside than anything is drawn');
    for (const part of ['overall', 'sharpness', 'detector'] as const)
      assert(Math.abs(kept.quality[part] - face.quality[part]) < 1e-4, part);
    for (const part of ['yaw', 'roll'] as const)
      assert(Math.abs(kept.quality[part] - face.quality[part]) <= 0.005, part);
    assert(Math.abs(kept.quality.sizePx - face.quality.sizePx) <= 0.25);
  });

  test(`${name}: a file with nobody in it, or no picture at all, is an observation too`, async () => {
    const { store } = await fresh(create);
    const { observation } = look(1, { persons: 0 });
    const empty: Observation = { ...observation, media: 'picture', durationMs: null, frameCount: 0 };
    await store.observations.put({ observation: empty, crops: [] });
    assert.deepEqual(await store.observations.get(contentId(1), PACK), empty);
  });

  test(`${name}: another look at a file replaces the last one and its crops; other packs keep theirs`, async () => {
    const { store } = await fresh(create);
    const { observations } = store;
    await observations.put(look(1, { persons: 3, cropBytes: 1_000 }));
    await observations.put(look(1, { packId: OTHER_PACK, persons: 1, cropBytes: 70 }));
    const second = look(1, { persons: 2, cropBytes: 200 });
    await observations.put(second);
    assertSame(await observations.get(contentId(1), PACK), second.observation);
    assert.deepEqual(await observations.crops(contentId(1), PACK), second.crops);
    assert.equal((await observations.crops(contentId(1), OTHER_PACK)).length, 1);
    assert.deepEqual(await observations.size(), { observations: 2, persons: 3, crops: 3, cropBytes: 471 });
    await observations.put({ ...second, crops: [] });
    assert.deepEqual(await observations.crops(contentId(1), PACK), []);
    assert.deepEqual(await observations.size(), { observations: 2, persons: 3, crops: 1, cropBytes: 70 });
  });

  test(`${name}: a look in a transaction that fails was never there, and the one before it is whole`, async () => {
    const { store } = await fresh(create);
    const first = look(1, { persons: 1 });
    await store.observations.put(first);
    await assert.rejects(
      store.transaction(async () => {
        await store.observations.put(look(1, { persons: 2 }));
        await store.observations.put(look(2));
        throw new Error('no');
      }),
      /^Error: no$/,
    );
    assertSame(await store.observations.get(contentId(1), PACK), first.observation);
    assert.deepEqual(await store.observations.crops(contentId(1), PACK), first.crops);
    assert.deepEqual(await store.observations.size(), {
      observations: 1,
      persons: 1,
      crops: 1,
      cropBytes: 500,
    });
  });

  test(`${name}: many are read at once; what is not there is not in the answer`, async () => {
    const { store } = await fresh(create);
    const { observations } = store;
    for (const number of [1, 2, 3]) await observations.put(look(number, { cropBytes: 10 }));
    await observations.put(look(4, { packId: OTHER_PACK }));
    const many = await observations.getMany([3, 1, 4, 5].map(contentId), PACK);
    assert.deepEqual([...many.keys()].toSorted(), [contentId(1), contentId(3)]);
    assertSame(many.get(contentId(3)) ?? null, look(3).observation);
    assert.equal((await observations.getMany([], PACK)).size, 0);
  });

  test(`${name}: an entity's files are those it had when it was last seen, in their order`, async () => {
    const { store } = await fresh(create);
    const { observations } = store;
    const scene = { kind: 'scene', id: '10' } as const;
    const gallery = { kind: 'gallery', id: '10' } as const;
    await observations.link(scene, 'A scene', [contentId(2), contentId(1), contentId(2)]);
    await observations.link(gallery, 'A gallery', []);
    await observations.link({ kind: 'scene', id: '9' }, 'Same file', [contentId(1)]);
    assert.deepEqual(await observations.contentOf(scene), [contentId(2), contentId(1)]);
    assert.deepEqual(await observations.entitiesOf(contentId(1)), [
      { kind: 'scene', id: '9' },
      { kind: 'scene', id: '10' },
    ]);
    await observations.link(scene, 'Renamed', [contentId(3)]);
    assert.deepEqual(await observations.contentOf(scene), [contentId(3)]);
    assert.deepEqual(await observations.entitiesOf(contentId(2)), []);
    await observations.setMatchedWith({ kind: 'image', id: '1' }, '7');
    assert.deepEqual(
      await observations.contentOfMany([
        scene,
        gallery,
        { kind: 'image', id: '1' },
        { kind: 'image', id: '2' },
      ]),
      new Map([
        ['scene:10', [contentId(3)]],
        ['gallery:10', []],
      ]),
    );
  });

  test(`${name}: entities to match again come by kind and number, only those that were seen with the pack`, async () => {
    const { store } = await fresh(create);
    const { observations } = store;
    for (const number of [1, 2, 3]) await observations.put(look(number));
    await observations.put(look(4, { packId: OTHER_PACK }));
    for (const number of [10, 9, 100])
      await observations.link({ kind: 'scene', id: String(number) }, `Scene ${number}`, [
        contentId(1),
        contentId(2),
      ]);
    await observations.link({ kind: 'image', id: '500' }, 'Image', [contentId(3)]);
    await observations.link({ kind: 'scene', id: '50' }, 'Other pack', [contentId(4)]);
    await observations.link({ kind: 'scene', id: '51' }, 'Never seen', [contentId(5)]);
    const page = await observations.entitiesAfter(PACK, null, 2);
    assert.deepEqual(page, [
      { entity: { kind: 'image', id: '500' }, title: 'Image' },
      { entity: { kind: 'scene', id: '9' }, title: 'Scene 9' },
    ]);
    const rest = await observations.entitiesAfter(PACK, { kind: 'scene', id: '9' }, 10);
    assert.deepEqual(
      rest.map((entry) => entry.entity.id),
      ['10', '100'],
    );
    assert.deepEqual(await observations.entitiesAfter(PACK, { kind: 'scene', id: '100' }, 10), []);
  });

  test(`${name}: what an entity was last matched with outlives new links`, async () => {
    const { store } = await fresh(create);
    const { observations } = store;
    const scene = { kind: 'scene', id: '1' } as const;
    assert.equal(await observations.matchedWith(scene), null);
    await observations.setMatchedWith(scene, '7');
    await observations.link(scene, 'Scene', [contentId(1)]);
    assert.equal(await observations.matchedWith(scene), '7');
    await observations.setMatchedWith(scene, '8');
    assert.equal(await observations.matchedWith(scene), '8');
  });
}

/** Vectors within what 16 bits a component keep, all else exactly. */
function assertSame(actual: Observation | null, expected: Observation): void {
  assert(actual);
  assert.deepEqual(withoutVectors(actual), withoutVectors(expected));
  const [kept, made] = [actual, expected].map((observation) =>
    observation.persons.flatMap((one) => [one.template, ...one.exemplars]),
  );
  assert.equal(kept?.length, made?.length);
  for (const [index, vector] of (kept ?? []).entries()) {
    const difference = vector.map((value, i) => value - (made?.[index]?.[i] ?? NaN));
    assert(Math.hypot(...difference) < 1e-4, `vector ${index}`);
    assert(Math.abs(Math.hypot(...vector) - 1) < 1e-6, `length of vector ${index}`);
  }
}

function withoutVectors(observation: Observation) {
  return {
    ...observation,
    persons: observation.persons.map(({ template, exemplars, ...rest }) => ({
      ...rest,
      dimensions: [template, ...exemplars].map((exemplar) => exemplar.length),
    })),
  };
}
