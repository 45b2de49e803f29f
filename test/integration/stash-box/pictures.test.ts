/** Pictures of stash-boxes beside a suggestion: fetched by us, or the reason why there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { fakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox } from '../../fakes/memory-box.ts';
import { memoryStash } from '../../fakes/memory-stash.ts';

test('of a stash-box without an API key it is said which key would show the picture', async (t) => {
  const box = memoryBox();
  const stashBoxes = {
    ...box,
    list: async () => (await box.list()).map((one) => ({ ...one, hasKey: false })),
  };
  const context = await fakeContext(t, memoryStash(), { stashBoxes });
  const { pictures } = await stashBoxOperations['stashBoxes.pictures'](context, {
    pictures: [{ endpoint: BOX, imageId: boxId(101) }],
    size: 300,
  });
  const [picture] = pictures;
  assert.equal(picture?.url, null);
  assert.equal(
    inEnglish(picture.problem!),
    'No picture: Stash has no API key for box.example, which publishes it. Add the key in Stash, Settings > Metadata Providers.',
  );
  assert.deepEqual(box.calls, []);
});
