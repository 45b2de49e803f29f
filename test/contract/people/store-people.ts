import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import type { Store } from '../../../core/ports/store.ts';
import { everybody } from '../../fixtures/gallery.ts';
import {
  crop,
  embedding,
  fresh,
  OTHER_PACK,
  PACK,
  performer,
  reference,
  type CreateStore,
} from '../store-samples.ts';

export function testPeople(name: string, create: CreateStore): void {
  test(`${name}: a performer comes back as it was put, until a listing no longer names it`, async () => {
    const { people } = (await fresh(create)).store;
    const jane = performer(7, {
      name: `Jane "O'Neil"`,
      disambiguation: 'the other',
      aliases: ['J', 'ジェーン'],
      stashIds: [{ endpoint: 'https://box.example/graphql', stashId: 'a-b' }],
      imagePath: null,
    });
    await people.putPerformer(jane);
    await people.putPerformer(performer(8));
    assert.deepEqual(await people.performer('7'), jane);
    assert.equal(await people.performer('9'), null);
    assert.equal(await people.dropMissing(new Set(['8', '9'])), 1);
    assert.equal(await people.dropMissing(new Set(), { after: '9', upTo: null }), 0);
    assert.equal(await people.dropMissing(new Set(), { after: '1', upTo: '7' }), 0);
    assert.equal(await people.performer('7'), null);
    assert.deepEqual(await people.performer('8'), performer(8));
  });

  test(`${name}: a reference comes back as it was put; the same origin and pack replaces it under its id`, async () => {
    const { people } = (await fresh(create)).store;
    await people.putPerformer(performer(1));
    const first = reference(1);
    const id = await people.putReference(first);
    assertReference(await people.reference(id), { ...first, id });
    const second = reference(1, {
      revision: 't=2',
      state: 'no-face',
      embedding: null,
      quality: 0,
      crop: null,
    });
    assert.equal(await people.putReference(second), id);
    assertReference(await people.reference(id), { ...second, id });
    const image = reference(1, { sourceKey: 'image:5', source: 'image', crop: crop(90) });
    const otherPack = reference(1, { packId: OTHER_PACK });
    const imageId = await people.putReference(image);
    await people.putReference(otherPack);
    const listed = await people.references('1', PACK);
    assert.deepEqual(
      listed.map((entry) => entry.id),
      [id, imageId],
    );
    assertReference(listed[1] ?? null, { ...image, id: imageId });
    assert.equal(await people.reference('12345'), null);
  });

  test(`${name}: the pictures of a performer are those of all packs, without what is in them`, async () => {
    const { people } = (await fresh(create)).store;
    await people.putPerformer(performer(1));
    const face = { source: 'confirmed', sourceKey: 'oshash:0000000000000007#1', contentHash: '' } as const;
    const other = { ...face, packId: OTHER_PACK, state: 'set-aside' } as const;
    const ids = [await people.putReference(reference(1)), await people.putReference(reference(1, other))];
    const { source, sourceKey, contentHash, packId, state } = reference(1);
    assert.deepEqual(await people.pictures('1'), [
      { id: ids[0], performerId: '1', source, sourceKey, contentHash, packId, state },
      { id: ids[1], performerId: '1', ...other },
    ]);
    assert.deepEqual(await people.pictures('3'), []);
  });

  test(`${name}: people are those with a usable reference of the pack, by performer id`, async () => {
    const { people } = (await fresh(create)).store;
    for (const id of [10, 9, 1, 2, 3]) await people.putPerformer(performer(id));
    const ten = await people.putReference(reference(10));
    const nine = await people.putReference(reference(9));
    const image = await people.putReference(
      reference(9, { sourceKey: 'image:1', source: 'image', embedding: embedding(99), quality: 0.5 }),
    );
    await people.putReference(reference(1, { state: 'drawing' }));
    await people.putReference(reference(2, { packId: OTHER_PACK }));
    const persons = await everybody(people, PACK);
    assert.deepEqual(
      persons.map(({ references, ...it }) => ({ ...it, references: references.map((one) => one.id) })),
      [
        { id: 'stash:9', name: 'Performer 9', performerId: '9', references: [nine, image] },
        { id: 'stash:10', name: 'Performer 10', performerId: '10', references: [ten] },
      ],
    );
    const [, second] = persons[0]?.references ?? [];
    assert.deepEqual([second?.source, second?.quality], ['image', 0.5]);
    assertVector(second?.embedding ?? null, embedding(99));
    assert.deepEqual(await people.counts(PACK), {
      performers: 5,
      withReference: 2,
      references: {
        used: 3,
        'no-face': 0,
        'several-faces': 0,
        drawing: 1,
        outlier: 0,
        unreadable: 0,
        'set-aside': 0,
        spare: 0,
        withdrawn: 0,
      },
    });
  });

  test(`${name}: a reference of a performer nobody knows is refused`, async () => {
    const { people } = (await fresh(create)).store;
    await assert.rejects(
      people.putReference(reference(5)),
      (error) => error instanceof StashSenseError && error.code === 'not-found',
    );
    await assert.rejects(
      people.setReferenceState('5', 'withdrawn'),
      (error) => error instanceof StashSenseError && error.code === 'not-found',
    );
  });

  const changes: {
    what: string;
    moves: boolean;
    change: (people: Store['people'], used: string, unused: string) => Promise<unknown>;
  }[] = [
    { what: 'the same once more', moves: false, change: (people) => people.putReference(reference(1)) },
    {
      what: 'another address of the same picture',
      moves: false,
      change: (people) =>
        people.putReference(reference(1, { revision: 't=9', contentHash: 'x', crop: crop(10) })),
    },
    { what: 'the same performer', moves: false, change: (people) => people.putPerformer(performer(1)) },
    {
      what: 'another picture or alias of the performer',
      moves: false,
      change: (people) => people.putPerformer(performer(1, { imagePath: null, aliases: [] })),
    },
    {
      what: 'the name of somebody who cannot be found',
      moves: false,
      change: (people) => people.putPerformer(performer(2, { name: 'Else' })),
    },
    { what: 'a new performer', moves: false, change: (people) => people.putPerformer(performer(3)) },
    {
      what: 'an unused reference that stays unused',
      moves: false,
      change: (people, _used, unused) => people.setReferenceState(unused, 'withdrawn'),
    },
    {
      what: 'a reference that stays in use',
      moves: false,
      change: (people, used) => people.setReferenceState(used, 'used'),
    },
    { what: 'nobody dropped', moves: false, change: (people) => people.dropMissing(new Set(['1', '2'])) },
    {
      what: 'somebody dropped who cannot be found',
      moves: false,
      change: (people) => people.dropMissing(new Set(['1'])),
    },
    { what: 'somebody dropped', moves: true, change: (people) => people.dropMissing(new Set(['2'])) },
    {
      what: 'a name',
      moves: true,
      change: (people) => people.putPerformer(performer(1, { name: 'Else' })),
    },
    {
      what: 'another vector',
      moves: true,
      change: (people) => people.putReference(reference(1, { embedding: embedding(77) })),
    },
    {
      what: 'another weight',
      moves: true,
      change: (people) => people.putReference(reference(1, { quality: 0.5 })),
    },
    {
      what: 'a new reference',
      moves: true,
      change: (people) => people.putReference(reference(2, { sourceKey: 'image:1', source: 'image' })),
    },
    {
      what: 'a reference taken back',
      moves: true,
      change: (people, used) => people.setReferenceState(used, 'withdrawn'),
    },
    {
      what: 'a reference that is one no more',
      moves: true,
      change: (people) => people.putReference(reference(1, { state: 'no-face', embedding: null })),
    },
    {
      what: 'a reference in use again',
      moves: true,
      change: (people, _used, unused) => people.setReferenceState(unused, 'used'),
    },
  ];
  for (const { what, moves, change } of changes)
    test(`${name}: ${what} ${moves ? 'moves' : 'does not move'} the people version`, async () => {
      const { people } = (await fresh(create)).store;
      await people.putPerformer(performer(1));
      await people.putPerformer(performer(2));
      const used = await people.putReference(reference(1));
      const unused = await people.putReference(reference(2, { state: 'outlier' }));
      const before = await people.version();
      await change(people, used, unused);
      assert.equal((await people.version()) > before, moves);
    });

  test(`${name}: dropping people drops their references and crops`, async () => {
    const { store } = await fresh(create);
    await store.people.putPerformer(performer(1));
    await store.people.putPerformer(performer(2));
    const id = await store.people.putReference(reference(1, { crop: crop(1_000) }));
    await store.people.putReference(reference(2, { crop: crop(70) }));
    await store.people.dropMissing(new Set(['2']));
    assert.equal(await store.people.reference(id), null);
    assert.deepEqual(await store.people.references('1', PACK), []);
    const { crops, cropBytes } = await store.observations.size();
    assert.deepEqual([crops, cropBytes], [1, 70]);
  });
}

type Kept = Awaited<ReturnType<Store['people']['reference']>>;

function assertReference(actual: Kept, expected: NonNullable<Kept>): void {
  assert(actual);
  assert.deepEqual({ ...actual, embedding: null }, { ...expected, embedding: null });
  assertVector(actual.embedding, expected.embedding);
}

function assertVector(actual: Embedding | null, expected: Embedding | null): void {
  assert.equal(actual?.length, expected?.length);
  const difference = Array.from(actual ?? [], (value, i) => value - (expected?.[i] ?? NaN));
  assert(Math.hypot(...difference) < 1e-4);
}
