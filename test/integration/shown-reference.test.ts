import assert from 'node:assert/strict';
import { test } from 'node:test';
import { referencesOf } from '../../tasks/suggestions/views/seen.ts';
import { referenceToShow } from '../../tasks/suggestions/views/shown-reference.ts';
import { anObservation, aPerson, aVector, fakeContext, PACK } from '../fakes/context.ts';
import { crop } from '../contract/store-samples.ts';
import { aPerformer, memoryStash } from '../fakes/memory-stash.ts';

for (const [what, profile, shown] of [
  ['agrees with the face', aVector(0, { lean: 0.3 }), 'profile'],
  ['shows something else', aVector(3), 'image'],
] as const)
  test(`a profile picture that ${what}: the ${shown} is shown beside it, however much alike another picture is`, async (t) => {
    const context = await fakeContext(t, memoryStash({ performers: [aPerformer(5)] }), {});
    const { people } = context.store;
    await people.putPerformer(aPerformer(5));
    const put = async (source: 'profile' | 'image', embedding: typeof profile): Promise<string> =>
      await people.putReference({
        performerId: '5',
        source,
        sourceKey: source === 'image' ? 'image:9' : source,
        revision: '1',
        contentHash: source,
        packId: PACK,
        state: 'used',
        embedding,
        quality: 0.8,
        crop: crop(40),
      });
    await put('profile', profile);
    const referenceId = await put('image', aVector(0));
    const { contentId } = anObservation(1, {});
    const seen = [{ key: 0, contentId, person: aPerson(0, { template: aVector(0) }) }];
    const candidate = {
      personId: 'stash:5',
      performerId: '5',
      name: 'Performer 5',
      confidence: 0.9,
      similarity: 1,
      referenceId,
    };
    const members = [{ contentId, personKey: 0 }];
    const found = await referenceToShow(context, seen, candidate, members);
    assert.equal(found?.source, shown);
    // The card of a suggestion shows the same.
    await context.store.observations.put({
      observation: anObservation(1, { persons: [aPerson(0, { template: aVector(0) })] }),
      crops: [],
    });
    const [onCard] = await referencesOf({ ...context, isBare: false }, [candidate], members);
    assert.equal(onCard?.source, shown);
  });
