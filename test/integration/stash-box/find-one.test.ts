/** One performer on their page: their ids box by box, looked up while the user waits, linked and undone. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import type { Settings } from '../../../core/settings.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { fakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, severalBoxes } from '../../fakes/memory-box.ts';
import { memoryStash } from '../../fakes/memory-stash.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { addPerformer } from './linking.ts';

const OTHER_BOX = 'https://other.example/graphql';
const FORMER_BOX = 'https://former.example/graphql';

test('who is linked nowhere is looked up box by box, linked, and has nothing more to be linked there', async (t) => {
  const { context, box, other, view, find } = await opened(t, {
    stashIds: [{ endpoint: FORMER_BOX, stashId: boxId(9) }],
  });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  box.add(2, ['face 2'], { name: 'Ada Lovelace' });
  other.add(3, ['face 3'], { name: 'Grace Hopper' });
  assert.deepEqual(await view(), [
    { endpoint: BOX, name: 'Box', hasKey: true, ids: [], isLookedUp: false, suggested: [] },
    { endpoint: OTHER_BOX, name: 'Other', hasKey: true, ids: [], isLookedUp: false, suggested: [] },
    {
      endpoint: FORMER_BOX,
      name: 'former.example',
      hasKey: false,
      ids: [boxId(9)],
      isLookedUp: false,
      suggested: [],
    },
  ]);
  assert.deepEqual(await find(BOX), { isWhole: true });
  assert.deepEqual(other.calls, [], 'another stash-box is asked for itself');
  assert.deepEqual(await find(OTHER_BOX), { isWhole: true });
  const [first, second] = await view();
  assert.deepEqual([first?.suggested, first?.isLookedUp], [[boxId(1)], true]);
  assert.deepEqual([second?.suggested, second?.isLookedUp], [[], true]);

  const filter = { kind: 'performer-stash-id', state: 'open' } as const;
  const [{ id } = { id: '' }] = (await context.store.suggestions.list(filter, 'newest', 1, 0)).items;
  await suggestionOperations['suggestions.accept'](context, { ids: [id], dryRun: false });
  const [linked] = await view();
  assert.deepEqual([linked?.ids, linked?.suggested], [[boxId(1)], []]);
});

test('of who is linked it is said whether the id is right', async (t) => {
  const { box, view, find } = await opened(t, { stashIds: [{ endpoint: BOX, stashId: boxId(1) }] });
  box.add(1, [], { name: 'Ada Lovelace', deleted: true, mergedIntoId: boxId(2) });
  box.add(2, ['face 1'], { name: 'Ada Lovelace' });
  await find(BOX);
  const [first] = await view();
  assert.deepEqual([first?.ids, first?.suggested], [[boxId(1)], [boxId(2)]]);
});

test('of who is linked it is said where the stash-box could not answer of an id', async (t) => {
  const { box, context, find, view } = await opened(t, { stashIds: [{ endpoint: BOX, stashId: boxId(1) }] });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  const { stashBoxes } = context;
  const open: typeof stashBoxes.open = async (endpoint) => ({
    ...(await stashBoxes.open(endpoint)),
    performers: () => Promise.resolve(new Map()),
  });
  const silent = { ...context, stashBoxes: { ...stashBoxes, open } };
  const asked = { performerId: '1', endpoint: BOX };
  assert.deepEqual(await stashBoxOperations['stashIds.findOne'](silent, asked), { isWhole: false });
  assert.equal((await view())[0]?.isLookedUp, false);
  assert.deepEqual(await find(BOX), { isWhole: true });
});

test('of who is excluded no stash-box is asked', async (t) => {
  const { context, box, find, view } = await opened(t, {}, { excludedPerformers: 'Ada Lovelace' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  const at = { performerId: '1', stashId: { endpoint: BOX, stashId: boxId(1) }, imageId: null };
  for (const ask of [
    view,
    async () => await find(BOX),
    async () => await stashBoxOperations['stashBoxes.profile'](context, at),
    async () => await stashBoxOperations['stashBoxes.take'](context, { ...at, taken: { country: 'x' } }),
  ])
    await assert.rejects(ask, (error: StashSenseError) => error.code === 'excluded');
  assert.deepEqual(box.calls, []);
});

test('a stash-box in trouble, one without a key, and a performer who is not there are said', async (t) => {
  const { context, box, find, view } = await opened(t, {});
  box.before = () => {
    throw new StashSenseError('stash-box-unreachable', plain('it is down'));
  };
  await assert.rejects(async () => await find(BOX), /it is down/);
  assert.equal((await view())[0]?.isLookedUp, false);
  await assert.rejects(async () => await find(FORMER_BOX), /There is no https:\/\/former/);
  for (const ask of [
    async () => await stashBoxOperations['stashIds.findOne'](context, { performerId: '7', endpoint: BOX }),
    async () => await stashBoxOperations['stashIds.ofPerformer'](context, { performerId: '7' }),
  ])
    await assert.rejects(ask, (error: StashSenseError) => error.code === 'not-found');
});

async function opened(t: TestContext, overrides: Partial<StashPerformer>, settings: Partial<Settings> = {}) {
  const stash = memoryStash();
  const [box, other] = [memoryBox(), memoryBox(OTHER_BOX, 'Other')];
  const context = await fakeContext(t, stash, {
    vision: fakeVision(),
    stashBoxes: severalBoxes([box, other]),
    settings,
  });
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace', ...overrides });
  return {
    context,
    box,
    other,
    find: async (endpoint: string) =>
      await stashBoxOperations['stashIds.findOne'](context, { performerId: '1', endpoint }),
    view: async () => {
      const { boxes } = await stashBoxOperations['stashIds.ofPerformer'](context, { performerId: '1' });
      return boxes.map(({ suggestions, lookedUpAt, endpoint, name, hasKey, ids }) => ({
        endpoint,
        name,
        hasKey,
        ids,
        isLookedUp: lookedUpAt !== null,
        suggested: suggestions.map(({ payload }) =>
          'stashId' in payload ? payload.stashId.stashId : 'right' in payload ? payload.right?.stashId : null,
        ),
      }));
    },
  };
}
