import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { currentMatcherVersion } from '../../tasks/matching/recognizer.ts';
import { performer, reference } from '../contract/store-samples.ts';
import { anObservation, fakeContext, PACK, type FakeContext } from '../fakes/context.ts';
import { anItem, memoryStash } from '../fakes/memory-stash.ts';

/** One more than are searched while somebody waits. */
const MANY = 501;
const SCENE = { kind: 'scene', id: '1' } as const;

test('of many people, one who was deleted in Stash since the match keeps a name, and nothing to add', async (t) => {
  const { context } = await manyPeople(t, MANY + 1);
  const { store } = context;
  const matcherVersion = await currentMatcherVersion(context);
  const answer = {
    personId: 'stash:1',
    performerId: '1',
    name: 'Person 1',
    confidence: 0.9,
    similarity: 0.7,
    referenceId: '1',
  };
  const person = {
    key: 0,
    members: [{ contentId: anObservation(1).contentId, personKey: 0 }],
    decision: 'match' as const,
    confidence: 0.9,
    margin: 0.3,
    candidates: [answer, { ...answer, personId: 'stash:2', performerId: '2', name: 'Person 2' }],
  };
  await store.identifications.save(SCENE, { matcherVersion, persons: [person] });
  const asked = async (): Promise<unknown> => {
    const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
    return persons.map(({ performerId, name, candidates }) => [
      performerId,
      name,
      ...candidates.map((candidate) => candidate.performerId),
    ]);
  };
  assert.deepEqual(await asked(), [['1', 'Person 1', '1', '2']]);
  await store.people.dropMissing(new Set(), { after: '0', upTo: '1' });
  assert.deepEqual(await asked(), [[null, 'Person 1', null, '2']]);
});

test('of many people a scene keeps its old names, and says so until a task has matched it again', async (t) => {
  const { context } = await manyPeople(t);
  const { store } = context;
  const asked = async () => await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal((await asked()).isOutdated, undefined);

  await store.people.putReference(reference(1, { packId: PACK, sourceKey: 'image:1', crop: null }));
  assert.equal((await asked()).isOutdated, true);
  await store.observations.setMatchedWith(SCENE, await currentMatcherVersion(context));
  assert.equal((await asked()).isOutdated, undefined);
});

/** A scene in which nobody was seen, matched with all of them. */
async function manyPeople(t: TestContext, count = MANY): Promise<{ context: FakeContext }> {
  const performers = Array.from({ length: count }, (_, n) => performer(n + 1));
  const stash = memoryStash({ items: [anItem(1)], performers });
  const context = await fakeContext(t, stash);
  const { store } = context;
  await store.transaction(async () => {
    for (const one of performers) {
      await store.people.putPerformer(one);
      await store.people.putReference(reference(Number(one.id), { packId: PACK, crop: null }));
    }
  });
  await store.observations.put({ observation: anObservation(1), crops: [] });
  await store.observations.link(SCENE, 'Scene 1', [anObservation(1).contentId]);
  const matcherVersion = await currentMatcherVersion(context);
  await store.identifications.save(SCENE, { matcherVersion, persons: [] });
  await store.observations.setMatchedWith(SCENE, matcherVersion);
  return { context };
}
