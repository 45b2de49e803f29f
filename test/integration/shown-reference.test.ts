import assert from 'node:assert/strict';
import { test } from 'node:test';
import { referenceToShow } from '../../tasks/identify/shown-reference.ts';
import { anObservation, aPerson, aVector, fakeContext, PACK } from '../fakes/context.ts';
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
        crop: null,
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
    const found = await referenceToShow(context, seen, candidate, [{ contentId, personKey: 0 }]);
    assert.equal(found?.source, shown);
  });
