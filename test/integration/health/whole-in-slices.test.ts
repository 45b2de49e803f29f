/** Analyzers that find all there is: page by page, over pauses, kills and newer versions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { proposal } from '../../contract/store-samples.ts';
import { anItem } from '../../fakes/memory-stash.ts';
import { check, checkInSlices, idsOf, opened, suggested, type Opened } from './checking.ts';

const UNUSED = 'nothing-uses-it';
const TAGS = 70;
const BOX_ID = { endpoint: 'https://box.example/graphql', stashId: 'a' };

const at = (n: number): string => `2026-03-0${n}T00:00:00Z`;

async function withTags(t: Parameters<typeof opened>[0]): Promise<Opened & { readonly ids: string[] }> {
  const world = await opened(t);
  const ids = Array.from({ length: TAGS }, (_, n) => String(n + 1));
  for (const id of ids) world.stash.tags.set(`Tag ${id}`, id);
  return { ...world, ids };
}

/** Counts for which Stash was asked what uses them. */
function listening({ stash }: Opened): { readonly asked: number } {
  const counted = { asked: 0 };
  stash.before = (call) => {
    if (call === 'usage') counted.asked++;
  };
  return counted;
}

test('the queue is given back after each page, and nothing is asked twice', async (t) => {
  const { ids, ...world } = await withTags(t);
  const counted = listening(world);
  const slices = await checkInSlices(world);
  assert.ok(slices > TAGS / 20, `${slices} slices`);
  assert.equal(counted.asked, TAGS);
  assert.deepEqual(await idsOf(world.context, UNUSED), ids);
  assert.equal(await world.context.store.state.get('health-at'), null);
});

test('what was found on the pages before a failure is kept', async (t) => {
  const { context, stash, ids } = await withTags(t);
  let asked = 0;
  stash.before = (call) => {
    if (call === 'usage' && ++asked === 45) throw new Error('killed');
  };
  await assert.rejects(check(context), /killed/);
  assert.deepEqual(await idsOf(context, UNUSED), ids.slice(0, 40));
  stash.before = () => undefined;
  await check(context);
  assert.deepEqual(await idsOf(context, UNUSED), ids);
});

test('what is over is closed, on whichever page and whatever was decided of it', async (t) => {
  const { ids, ...world } = await withTags(t);
  const { context, stash } = world;
  await check(context);
  const of = async (id: string) =>
    (await suggested(context, UNUSED)).find(({ entity }) => entity.id === id)!.id;
  await suggestionOperations['suggestions.accept'](context, { ids: [await of('33')], dryRun: false });
  await suggestionOperations['suggestions.reject'](context, { ids: [await of('34')] });
  const used = ['1', '33', '34', '60', '70'];
  stash.items.set('scene:1', anItem(1, { performerIds: ['1'], tagIds: used }));
  stash.tags.delete('Tag 50');
  await checkInSlices(world);
  const closed = [...used, '50'];
  assert.deepEqual(
    await idsOf(context, UNUSED),
    ids.filter((id) => !closed.includes(id)),
  );
  assert.deepEqual(await idsOf(context, UNUSED, 'stale'), ['1', '33', '50', '60', '70']);
  assert.deepEqual(await idsOf(context, UNUSED, 'rejected'), ['34']);
});

test('of a raised version all is looked at once more by it, and by no other', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 1; n <= 3; n++) {
    stash.items.set(`scene:${n}`, anItem(n, { performerIds: ['1'], updatedAt: at(n) }));
    stash.sceneStashIds.set(String(n), [BOX_ID]);
    stash.sceneFields.set(String(n), { date: '2026-01-01', studio: '1' });
  }
  await check(context);
  // Neither says in Stash that the scene was changed.
  stash.sceneFields.set('1', { date: null, studio: '1' });
  stash.items.set('scene:1', anItem(1, { performerIds: [], updatedAt: at(1) }));
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-incomplete'), []);

  const { state } = context.store;
  const looked = (await state.get('health-looked:scenes-incomplete'))!;
  const [version, ...others] = JSON.parse(looked.settled) as [number];
  const settled = JSON.stringify([version - 1, ...others]);
  await state.set('health-looked:scenes-incomplete', { ...looked, settled });
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-incomplete'), ['1']);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), []);
  assert.equal((await state.get('health-looked:scenes-incomplete'))?.settled, looked.settled);
});

test('of many at once what is not proposed becomes stale, of these alone', async (t) => {
  const { context } = await opened(t);
  const { suggestions } = context.store;
  for (const n of [1, 2, 9, 10, 11]) await suggestions.replace(scene(n), 'faces', [proposal(n, 5)]);
  const stale = async (): Promise<string[]> =>
    (await suggestions.list({ state: 'stale' }, 'newest', 100, 0)).items
      .map(({ entity }) => entity.id)
      .toSorted();
  await suggestions.replaceAmong({ kind: 'scene', after: '1', upTo: '10' }, 'others', []);
  await suggestions.replaceAmong({ kind: 'image', after: '0', upTo: null }, 'faces', []);
  assert.deepEqual(await stale(), []);
  await suggestions.replaceAmong({ kind: 'scene', after: '1', upTo: '10' }, 'faces', [proposal(9, 5)]);
  assert.deepEqual(await stale(), ['10', '2']);
  await suggestions.replaceAmong([scene(1), scene(12)], 'faces', [proposal(12, 5)]);
  assert.deepEqual(await stale(), ['1', '10', '2']);
  await suggestions.replaceAmong({ kind: 'scene', after: '9', upTo: null }, 'faces', [proposal(10, 5)]);
  assert.deepEqual(await stale(), ['1', '11', '12', '2']);
});

function scene(n: number) {
  return { kind: 'scene', id: String(n) } as const;
}
