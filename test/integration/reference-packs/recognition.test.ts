/** Performers and the people of reference packs, recognised together. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { StashIdValue } from '../../../core/changes/change.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { peopleOperations } from '../../../tasks/people/operations.ts';
import { rematchAll } from '../../../tasks/matching/rematch.ts';
import { currentMatcherVersion, openRecognizer } from '../../../tasks/matching/recognizer.ts';
import { anObservation, aPerson, aVector, fakeContext, PACK, type FakeContext } from '../../fakes/context.ts';
import { anItem, aPerformer, memoryStash } from '../../fakes/memory-stash.ts';
import { aSlice } from '../../fakes/slice.ts';
import { fakeVision } from '../../fakes/vision.ts';
import {
  BOX,
  packEntries,
  packPerson,
  referencePacksIn,
  uuid,
  writeReferencePack,
} from '../../fixtures/reference-packs.ts';

const OTHER_BOX = 'https://other.example/graphql';

/** The person along axis `n`. */
function entry(n: number, stashIds?: readonly StashIdValue[], references = 3): PackEntry {
  const person = packPerson(n, stashIds === undefined ? {} : { stashIds: [...stashIds] });
  return { person, template: aVector(n), quality: 0.9, references };
}

const idAt = (n: number, endpoint = BOX): StashIdValue => ({ endpoint, stashId: uuid(n) });

/** Performers who are learnt by a picture along their axis, where `learnt` says so; scene `n` shows axis `n`. */
async function world(
  t: TestContext,
  performers: readonly (Partial<StashPerformer> & { readonly id: string; readonly learnt?: boolean })[],
  scenes: readonly number[] = [1, 2, 3],
) {
  const stash = memoryStash({ items: scenes.map((n) => anItem(n)) });
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  const { store } = context;
  for (const { learnt = true, ...given } of performers) {
    const performer = aPerformer(Number(given.id), given);
    stash.performers.set(performer.id, performer);
    await store.people.putPerformer(performer);
    if (learnt) await learn(context, performer.id);
  }
  for (const n of scenes) {
    const observation = anObservation(n, { packId: PACK, persons: [aPerson(0, { template: aVector(n) })] });
    await store.observations.put({ observation, crops: [] });
    await store.observations.link({ kind: 'scene', id: String(n) }, `Scene ${n}`, [observation.contentId]);
  }
  return { context, stash };
}

async function learn({ store }: FakeContext, performerId: string, axis = Number(performerId)): Promise<void> {
  await store.people.putReference({
    performerId,
    source: 'profile',
    sourceKey: 'profile',
    revision: '',
    contentHash: performerId,
    packId: PACK,
    state: 'used',
    embedding: aVector(axis),
    quality: 0.8,
    crop: null,
  });
}

/** Of each scene the best candidate of its one person, after everything that is due was matched. */
async function recognised(context: FakeContext): Promise<Record<string, string>> {
  assert.equal(await rematchAll(context, aSlice()), 'done');
  const found: Record<string, string> = {};
  for (const { entity } of await context.store.observations.entitiesAfter(PACK, null, 100)) {
    const [person] = (await context.store.identifications.get(entity))?.persons ?? [];
    const [best] = person?.candidates ?? [];
    found[entity.id] =
      person === undefined || best === undefined
        ? 'nobody is known'
        : `${person.decision} ${best.personId} ${best.performerId} ${best.name} by ${best.referenceId}`;
  }
  return found;
}

const ofPack = (n: number, packId = 'test-people'): string => `pack:${packId}/${uuid(n)}`;

test('performers and people of a pack are one gallery, and one person of both is the performer', async (t) => {
  const { context } = await world(t, [
    { id: '1', name: 'Ann', stashIds: [idAt(1)] },
    { id: '2', name: 'Bea', stashIds: [idAt(2)], learnt: false },
  ]);
  await writeReferencePack(context.referencePacks, [entry(1), entry(2), entry(3)]);
  const gallery = await context.openGallery('few probes');
  assert.equal(gallery.size, 3);
  const found = await recognised(context);
  assert.match(found['1']!, /^match stash:1 1 Ann by /);
  assert.equal(found['2'], `match stash:2 2 Bea by ${ofPack(2)}`, 'without a picture of their own');
  assert.equal(found['3'], `match ${ofPack(3)} null Person 3 by ${ofPack(3)}`);
  const { persons, changed } = await gallery.references(['stash:1', 'stash:2', ofPack(3), ofPack(9)]);
  assert.deepEqual(
    [...persons.values()].map(({ id, references }) => [
      id,
      references.map(({ source, pooled, quality }) => [source, pooled ?? 1, Math.round(quality * 10) / 10]),
    ]),
    [
      [
        'stash:1',
        [
          ['profile', 1, 0.8],
          ['reference-pack', 3, 0.9],
        ],
      ],
      ['stash:2', [['reference-pack', 3, 0.9]]],
      [ofPack(3), [['reference-pack', 3, 0.9]]],
    ],
  );
  assert.deepEqual([...changed], []);
  assert.equal((await context.openPerformers('few probes')).size, 1);
});

test('two packs that hold one person have one candidate, with the templates of both', async (t) => {
  const { context } = await world(t, []);
  await writeReferencePack(context.referencePacks, [entry(1), entry(3)], { id: 'a-pack' });
  const second = [entry(1), { ...entry(4, [idAt(3), idAt(4, OTHER_BOX)]), template: aVector(3) }];
  await writeReferencePack(context.referencePacks, second, { id: 'b-pack' });
  const gallery = await context.openGallery('few probes');
  assert.equal(gallery.size, 2);
  const [found] = await gallery.search([aVector(1)], 8);
  assert.deepEqual(found?.map(({ personId }) => personId).toSorted(), [
    ofPack(1, 'a-pack'),
    ofPack(3, 'a-pack'),
  ]);
  const { persons } = await gallery.references([ofPack(3, 'a-pack')]);
  assert.deepEqual(
    persons.get(ofPack(3, 'a-pack'))?.references.map(({ id }) => id),
    [ofPack(3, 'a-pack'), ofPack(4, 'b-pack')],
  );
});

test('who is one person by a third pack alone has one candidate, in whichever order the packs lie', async (t) => {
  const [a, b] = [idAt(3), idAt(4, OTHER_BOX)];
  const packs = {
    a: [entry(3, [a])],
    b: [{ ...entry(4, [b]), template: aVector(2) }],
    both: [entry(5, [b, a])],
  };
  const orders = [
    ['a', 'b', 'both'],
    ['both', 'a', 'b'],
    ['a', 'both', 'b'],
  ] as const;
  for (const order of orders) {
    const { context } = await world(t, []);
    for (const [at, name] of order.entries())
      await writeReferencePack(context.referencePacks, packs[name], { id: `pack-${at}` });
    const gallery = await context.openGallery('few probes');
    assert.equal(gallery.size, 1, order.join());
    for (const probe of [2, 3, 5]) {
      const [found] = await gallery.search([aVector(probe)], 8);
      const first = packs[order[0]][0]!.person.id;
      assert.deepEqual(
        found?.map(({ personId }) => personId),
        [`pack:pack-0/${first}`],
      );
    }
  }
});

test('two people of one pack whom another pack joins are one, and counted once', async (t) => {
  const { context } = await world(t, []);
  const two = [entry(1), entry(4, [idAt(4, OTHER_BOX)])];
  await writeReferencePack(context.referencePacks, two, { id: 'a-pack' });
  await writeReferencePack(context.referencePacks, [entry(6, [idAt(1), idAt(4, OTHER_BOX)])], {
    id: 'b-pack',
  });
  const gallery = await context.openGallery('few probes');
  assert.equal(gallery.size, 1);
  assert.equal(
    (await gallery.references([ofPack(1, 'a-pack')])).persons.get(ofPack(1, 'a-pack'))?.references.length,
    3,
  );
});

test('a performer with one id of a joined person is that person in every pack, and other performers stay who they are', async (t) => {
  const { context } = await world(t, [
    { id: '1', name: 'Ann', stashIds: [idAt(4, OTHER_BOX)], learnt: false },
    { id: '2', name: 'Bea', stashIds: [idAt(7)], learnt: false },
  ]);
  // The performer's own id is in the second pack alone, which says that the first one's is the same person.
  await writeReferencePack(context.referencePacks, [entry(3), entry(7)], { id: 'a-pack' });
  const second = [
    { ...entry(4, [idAt(4, OTHER_BOX), idAt(3)]), template: aVector(2) },
    // Wrong, and no reason to take the id from the performer who has it.
    { ...entry(8, [idAt(4, OTHER_BOX), idAt(7)]), template: aVector(1) },
  ];
  await writeReferencePack(context.referencePacks, second, { id: 'b-pack' });
  const { persons } = await (await context.openGallery('few probes')).references(['stash:1', 'stash:2']);
  const ids = (personId: string): string[] =>
    (persons.get(personId)?.references ?? []).map(({ id }) => id).toSorted();
  assert.deepEqual(ids('stash:1'), [ofPack(3, 'a-pack'), ofPack(4, 'b-pack'), ofPack(8, 'b-pack')]);
  assert.deepEqual(ids('stash:2'), [ofPack(7, 'a-pack')]);
});

test('people of two packs with the same number are not one person', async (t) => {
  const { context } = await world(t, []);
  await writeReferencePack(context.referencePacks, [entry(1, [idAt(1)])], { id: 'a-pack' });
  await writeReferencePack(context.referencePacks, [entry(1, [idAt(1, OTHER_BOX)])], { id: 'b-pack' });
  assert.equal((await context.openGallery('few probes')).size, 2);
});

test('a pack that comes, changes or goes matches everything again', async (t) => {
  const { context } = await world(t, [{ id: '1', name: 'Ann', stashIds: [] }]);
  const without = await currentMatcherVersion(context);
  assert.equal((await recognised(context))['3']?.startsWith('match'), false);
  await writeReferencePack(context.referencePacks, [entry(3)]);
  assert.notEqual(await currentMatcherVersion(context), without);
  assert.match((await recognised(context))['3']!, /^match pack:/);
  const changed = { ...entry(4), template: aVector(2) };
  await writeReferencePack(context.referencePacks, [changed], { version: '2' });
  const again = await recognised(context);
  assert.equal(again['3']?.startsWith('match'), false);
  assert.match(again['2']!, new RegExp(`^match ${ofPack(4)}`));
  await context.referencePacks.remove('test-people');
  assert.equal(await currentMatcherVersion(context), without);
  assert.equal((await recognised(context))['2']?.startsWith('match'), false);
});

test('a performer who gets or loses a stash ID is who they are from then on, and nobody else is matched again', async (t) => {
  const { context } = await world(t, [
    { id: '1', name: 'Ann', stashIds: [idAt(1)] },
    { id: '7', name: 'Gil', stashIds: [], learnt: false },
    ...[10, 11, 12, 13, 14, 15, 16].map((n) => ({ id: String(n), name: `N${n}`, learnt: false })),
  ]);
  await writeReferencePack(
    context.referencePacks,
    [1, 2, 3, 4, 5].map((n) => entry(n)),
  );
  assert.match((await recognised(context))['3']!, /^match pack:/);
  const gil = aPerformer(7, { name: 'Gil', stashIds: [idAt(3)] });
  await context.store.people.putPerformer(gil);
  const before = await context.store.identifications.get({ kind: 'scene', id: '2' });
  const now = await recognised(context);
  assert.equal(now['3'], `match stash:7 7 Gil by ${ofPack(3)}`);
  assert.equal(
    (await context.store.identifications.get({ kind: 'scene', id: '2' }))?.matcherVersion,
    before?.matcherVersion,
  );
  assert.match(now['1']!, /^match stash:1 /);
  await context.store.people.putPerformer({ ...gil, name: 'Gill' });
  assert.match((await recognised(context))['3']!, /^match stash:7 7 Gill /);
  await context.store.people.putPerformer({ ...gil, stashIds: [] });
  assert.equal((await recognised(context))['3'], `match ${ofPack(3)} null Person 3 by ${ofPack(3)}`);
});

test('who opted out and whom the settings exclude is no candidate', async (t) => {
  const { context, stash } = await world(t, [{ id: '2', name: 'Bea', stashIds: [idAt(2)], learnt: false }]);
  await writeReferencePack(context.referencePacks, [entry(1), entry(2), entry(3)]);
  stash.settings = { excludedPerformers: 'Bea' };
  writeFileSync(path.join(context.dataFolder, 'reference-packs', 'opted-out.txt'), uuid(3));
  await context.exclusions.apply();
  const found = await recognised(context);
  assert.match(found['1']!, /^match pack:/);
  for (const n of ['2', '3']) assert.equal(found[n]?.startsWith('match'), false, found[n]);
  const gallery = await context.openGallery('few probes');
  assert.equal(gallery.size, 1);
  assert.deepEqual([...(await gallery.references([ofPack(2), ofPack(3), 'stash:2'])).persons.keys()], []);
});

test('a pack that is damaged or of another face pack leaves the performers and the other packs', async (t) => {
  const { context } = await world(t, [{ id: '1', name: 'Ann' }]);
  await writeReferencePack(context.referencePacks, [entry(2)], { id: 'elsewhere', facePack: 'other-1' });
  assert.equal(await context.referencePacks.revision(), '');
  await writeReferencePack(context.referencePacks, [entry(3)], { id: 'whole' });
  const found = await recognised(context);
  assert.match(found['1']!, /^match stash:1 /);
  assert.equal(found['2']?.startsWith('match'), false);
  assert.match(found['3']!, /^match pack:whole/);
  assert.match(
    context.said.join('\n'),
    /warn The reference pack .*elsewhere is not used, since it was made with the face pack other-1/,
  );
});

test('vectors of another embedder are refused with what to do, and those of another length are damage', async (t) => {
  const { context } = await world(t, []);
  const embedding = { embedders: [PACK], dimensions: aVector(1).length };
  const { packs, said } = referencePacksIn(context.dataFolder, { embedding });
  await writeReferencePack(packs, [entry(1)], { id: 'good' });
  await writeReferencePack(packs, [entry(2)], { id: 'other', embedders: [PACK, 'another'] });
  await writeReferencePack(packs, packEntries(3, { dimensions: 3 }), { id: 'short' });
  assert.deepEqual(
    (await packs.open()).map(({ id }) => id),
    ['good'],
  );
  assert.ok(
    said.includes(
      `The reference pack The pack other is not used, since its vectors were made by ${PACK}, another, and those of ${PACK} are compared here: build it again, or install one that was made by ${PACK}.`,
    ),
  );
  assert.match(
    said.join('\n'),
    /short is not used, since it is damaged \(vectors-\w+\.bin does not hold what it should\)/,
  );
});

test('people.info says which packs are loaded, from when and by which embedders, and why another one is not', async (t) => {
  const { context } = await world(t, [{ id: '1', name: 'Ann' }]);
  await writeReferencePack(context.referencePacks, [entry(2)], { id: 'elsewhere', facePack: 'other-1' });
  await writeReferencePack(context.referencePacks, [entry(3), entry(4)], { id: 'whole' });
  const { packs } = await peopleOperations['people.info'](context, { limit: 1, offset: 0 });
  assert.deepEqual(
    packs.map(({ id, people, builtAt, facePack, embedders, problem }) => ({
      id,
      people,
      builtAt,
      facePack,
      embedders,
      problem: problem && inEnglish(problem),
    })),
    [
      {
        id: 'elsewhere',
        people: 1,
        builtAt: '2026-01-02T03:04:05.000Z',
        facePack: 'other-1',
        embedders: ['other-1'],
        problem: `The reference pack The pack elsewhere is not used, since it was made with the face pack other-1, and ${PACK} is in use: build it again, or install one that was made with ${PACK}.`,
      },
      {
        id: 'whole',
        people: 2,
        builtAt: '2026-01-02T03:04:05.000Z',
        facePack: PACK,
        embedders: [PACK],
        problem: null,
      },
    ],
  );
});

test('the confidence counts the references of a template', async (t) => {
  const { context } = await world(t, [], [3]);
  await writeReferencePack(context.referencePacks, [entry(3, undefined, 1)]);
  const confidence = async (): Promise<number> => {
    const recognizer = await openRecognizer(context, 'few probes');
    const template = aVector(3, { lean: 1.15 });
    const person = aPerson(0, { template });
    const [found] = await recognizer.identify([[{ key: 0, contentId: anObservation(3).contentId, person }]]);
    return found!.persons[0]!.confidence;
  };
  const ofOne = await confidence();
  await writeReferencePack(context.referencePacks, [entry(3, undefined, 8)], { version: '2' });
  const ofMany = await confidence();
  assert.ok(ofOne > 0 && ofMany > 0 && ofOne !== ofMany, `${ofOne} ${ofMany}`);
});
