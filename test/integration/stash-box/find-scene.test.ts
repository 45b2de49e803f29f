/** One scene on its page: its ids box by box, looked up while the user waits, by what Stash has and by what is computed then. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { Settings } from '../../../core/settings.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { fakeContext } from '../../fakes/context.ts';
import { aBoxScene, BOX, boxId, memoryBox, severalBoxes } from '../../fakes/memory-box.ts';
import { aFile, anItem, memoryStash } from '../../fakes/memory-stash.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { acceptance } from './linking.ts';

const OTHER_BOX = 'https://other.example/graphql';
const FORMER_BOX = 'https://former.example/graphql';
const PHASH = 'a116edcbfff90200';

test('a scene is looked up box by box, linked, and has nothing more to be found there', async (t) => {
  const { context, box, other, view, find } = await opened(t);
  box.scenes.push(aBoxScene(1, [oshash(1)]));
  const nothing = { hasKey: true, ids: [], isLookedUp: false, suggested: [] };
  assert.deepEqual(await view(), [
    { endpoint: BOX, name: 'Box', ...nothing },
    { endpoint: OTHER_BOX, name: 'Other', ...nothing },
    { endpoint: FORMER_BOX, name: 'former.example', ...nothing, hasKey: false, ids: [boxId(9)] },
  ]);
  assert.deepEqual(await find(BOX), { outcome: 'found', problem: null });
  assert.deepEqual(other.calls, [], 'another stash-box is asked for itself');
  assert.deepEqual(await find(OTHER_BOX), { outcome: 'nothing', problem: null });
  const [first, second] = await view();
  assert.deepEqual([first?.suggested, first?.isLookedUp], [[boxId(1)], true]);
  assert.deepEqual([second?.suggested, second?.isLookedUp], [[], true]);

  const filter = { kind: 'scene-stash-id', state: 'open' } as const;
  const [{ id } = { id: '' }] = (await context.store.suggestions.list(filter, 'newest', 1, 0)).items;
  await suggestionOperations['suggestions.accept'](context, acceptance([id]));
  const [linked] = await view();
  assert.deepEqual([linked?.ids, linked?.suggested], [[boxId(1)], []]);
  const calls = box.calls.length;
  assert.equal((await find(BOX)).outcome, 'right');
  assert.deepEqual(box.calls.slice(calls), ['states 1'], 'of what is linked only the id is asked about');
});

test('what was refused is not found again', async (t) => {
  const { context, box, view, find } = await opened(t);
  box.scenes.push(aBoxScene(1, [oshash(1)]));
  await find(BOX);
  const filter = { kind: 'scene-stash-id', state: 'open' } as const;
  const [{ id } = { id: '' }] = (await context.store.suggestions.list(filter, 'newest', 1, 0)).items;
  await suggestionOperations['suggestions.reject'](context, { ids: [id], choices: {} });
  assert.equal((await find(BOX)).outcome, 'nothing');
  assert.deepEqual((await view())[0]?.suggested, []);
});

test('the perceptual hash that Stash lacks is computed where its own fingerprints find nothing, and only then', async (t) => {
  const { box, hashed, find, view } = await opened(t, { phash: () => PHASH });
  box.scenes.push(aBoxScene(1, [oshash(1)]));
  await find(BOX);
  assert.deepEqual(hashed, [], 'it was found without');
  box.scenes.length = 0;
  box.scenes.push(aBoxScene(2, [{ algorithm: 'PHASH', hash: PHASH }]));
  assert.deepEqual(await find(BOX), { outcome: 'found', problem: null });
  assert.equal(hashed.length, 1);
  assert.deepEqual((await view())[0]?.suggested, [boxId(2)]);
  await find(BOX);
  assert.equal(hashed.length, 1, 'it is kept');
});

test('without ffmpeg what could be asked was asked, and why no more is said; without a fingerprint nothing is asked', async (t) => {
  const { box, stash, find } = await opened(t, { phash: withoutFfmpeg });
  assert.deepEqual(await find(BOX), { outcome: 'nothing', problem: plain('There is no ffmpeg.') });
  stash.items.set('scene:1', anItem(1, { files: [aFile(1, { fingerprints: {} })] }));
  const calls = box.calls.length;
  assert.equal((await find(BOX)).outcome, 'unhashed');
  assert.equal(box.calls.length, calls);
});

test('a scene that was linked while the box was asked keeps nothing of it', async (t) => {
  const { box, stash, find, view } = await opened(t);
  box.scenes.push(aBoxScene(1, [oshash(1)]));
  box.before = () => void stash.sceneStashIds.set('1', [{ endpoint: BOX, stashId: boxId(5) }]);
  assert.equal((await find(BOX)).outcome, 'unanswered');
  const [first] = await view();
  assert.deepEqual([first?.ids, first?.suggested, first?.isLookedUp], [[boxId(5)], [], false]);
});

test('a box in trouble, one without a key, an excluded scene and one that is gone are said, and nothing is sent of them', async (t) => {
  const { context, box, find, view } = await opened(t);
  box.before = () => {
    throw new StashSenseError('stash-box-refused', plain('it does not take the key'));
  };
  await assert.rejects(async () => await find(BOX), /it does not take the key/);
  assert.equal((await view())[0]?.isLookedUp, false);
  await assert.rejects(async () => await find(FORMER_BOX), /There is no https:\/\/former/);
  for (const ask of [
    async () => await sceneBoxOperations['sceneBoxes.findOne'](context, { sceneId: '7', endpoint: BOX }),
    async () => await sceneBoxOperations['sceneBoxes.ofScene'](context, { sceneId: '7' }),
  ])
    await assert.rejects(ask, (error: StashSenseError) => error.code === 'not-found');

  const excluded = await opened(t, { settings: { excludedTags: 'Private' }, isPrivate: true });
  for (const ask of [async () => await excluded.find(BOX), excluded.view])
    await assert.rejects(ask, (error: StashSenseError) => error.code === 'excluded');
  assert.deepEqual(excluded.box.calls, []);
});

test('of a scene that is excluded since it was suggested nothing is asked when it is accepted', async (t) => {
  const { context, stash, box, find } = await opened(t, { settings: { excludedTags: 'Private' } });
  box.scenes.push(aBoxScene(1, [oshash(1)]));
  await find(BOX);
  const filter = { kind: 'scene-stash-id', state: 'open' } as const;
  const [{ id } = { id: '' }] = (await context.store.suggestions.list(filter, 'newest', 1, 0)).items;
  stash.items.set('scene:1', anItem(1, { files: [aFile(1)], tagIds: ['77'] }));
  const calls = box.calls.length;
  const choices = { [id]: { take: { title: '0'.repeat(16) } } };
  const asked = { ...acceptance([id]), choices };
  const { refused } = await suggestionOperations['suggestions.accept'](context, asked);
  assert.match(inEnglish(refused[0]!.reason), /Private/);
  assert.equal(box.calls.length, calls);
});

function withoutFfmpeg(): never {
  throw new StashSenseError('runtime-missing', plain('There is no ffmpeg.'));
}

function oshash(n: number): { algorithm: 'OSHASH'; hash: string } {
  return { algorithm: 'OSHASH', hash: n.toString(16).padStart(16, '0') };
}

type Options = {
  readonly phash?: () => string;
  readonly settings?: Partial<Settings>;
  readonly isPrivate?: boolean;
};

async function opened(
  t: TestContext,
  { phash = () => PHASH, settings = {}, isPrivate = false }: Options = {},
) {
  const stash = memoryStash();
  const [box, other] = [memoryBox(), memoryBox(OTHER_BOX, 'Other')];
  const made = await fakeContext(t, stash, {
    vision: fakeVision(),
    stashBoxes: severalBoxes([box, other]),
    settings,
  });
  const hashed: string[] = [];
  const hashes = {
    ...made.hashes,
    phash: (file: string) => {
      hashed.push(file);
      return Promise.resolve().then(phash);
    },
  };
  const context = { ...made, hashes };
  stash.tags.set('Private', '77');
  stash.items.set('scene:1', anItem(1, { files: [aFile(1)], tagIds: isPrivate ? ['77'] : [] }));
  stash.sceneStashIds.set('1', [{ endpoint: FORMER_BOX, stashId: boxId(9) }]);
  return {
    context,
    stash,
    box,
    other,
    hashed,
    find: async (endpoint: string) =>
      await sceneBoxOperations['sceneBoxes.findOne'](context, { sceneId: '1', endpoint }),
    view: async () => {
      const { boxes } = await sceneBoxOperations['sceneBoxes.ofScene'](context, { sceneId: '1' });
      return boxes.map(({ endpoint, name, hasKey, ids, lookedUpAt, suggestions }) => ({
        endpoint,
        name,
        hasKey,
        ids,
        isLookedUp: lookedUpAt !== null,
        suggested: suggestions.flatMap((one) =>
          one.kind === 'scene-stash-id' ? [one.payload.stashId.stashId] : [],
        ),
      }));
    },
  };
}
