import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { currentMatcherVersion } from '../../tasks/matching/recognizer.ts';
import { performer, reference } from '../contract/store-samples.ts';
import { anObservation, fakeContext, PACK } from '../fakes/context.ts';
import { anItem, memoryStash } from '../fakes/memory-stash.ts';

/** One more than are searched while somebody waits. */
const MANY = 501;

test('of many people a scene keeps its old names, and says so until a task has matched it again', async (t) => {
  const stash = memoryStash({ items: [anItem(1)] });
  const context = await fakeContext(t, stash);
  const { store } = context;
  await store.transaction(async () => {
    for (let n = 1; n <= MANY; n++) {
      await store.people.putPerformer(performer(n));
      await store.people.putReference(reference(n, { packId: PACK, crop: null }));
    }
  });
  const scene = { kind: 'scene', id: '1' } as const;
  await store.observations.put({ observation: anObservation(1), crops: [] });
  await store.observations.link(scene, 'Scene 1', [anObservation(1).contentId]);
  const matcherVersion = await currentMatcherVersion(context);
  await store.identifications.save(scene, { matcherVersion, persons: [] });
  await store.observations.setMatchedWith(scene, matcherVersion);
  const asked = async () => await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal((await asked()).isOutdated, undefined);

  await store.people.putReference(reference(1, { packId: PACK, sourceKey: 'image:1', crop: null }));
  assert.equal((await asked()).isOutdated, true);
  await store.observations.setMatchedWith(scene, await currentMatcherVersion(context));
  assert.equal((await asked()).isOutdated, undefined);
});
