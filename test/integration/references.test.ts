/** References that the user sets aside on the People tab, and uses again. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { peopleOperations } from '../../tasks/people/operations.ts';
import { chooseUse } from '../../tasks/people/references.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aPerformer } from '../fakes/memory-stash.ts';
import { fakeVision } from '../fakes/vision.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';

const QUERY = { performerId: '1', limit: 30, offset: 0 };

test('a picture that is set aside stays so after "Update people", at a new address and in another pack', async (t) => {
  const { context, stash } = await opened(t);
  stash.addImage(11, 'of 1', { performerIds: ['1'] });
  await learn(context);
  assert.deepEqual(await states(context), ['image:11 used', 'profile used']);
  const { items } = await setAside(context, 'profile');
  assert.deepEqual(
    items.map(({ source, state, offers }) => `${source} ${state} ${offers}`),
    ['image used set-aside', 'profile set-aside use'],
  );
  await learn(context);
  assert.deepEqual(await states(context), ['image:11 used', 'profile set-aside']);

  stash.media.set('/performer/1/image?t=2', stash.media.get('/performer/1/image?t=1')!);
  stash.performers.set('1', { ...stash.performers.get('1')!, imagePath: '/performer/1/image?t=2' });
  // The same picture as an image of the library, too.
  stash.addImage(12, 'face 1', { performerIds: ['1'] });
  await learn(context);
  assert.deepEqual(await states(context), ['image:11 used', 'image:12 set-aside', 'profile set-aside']);

  const vision = fakeVision();
  const seenBy = { ...vision.seenBy, packId: 'other-1' };
  const otherPack: FakeContext = { ...context, vision: { ...vision, packId: 'other-1', seenBy } };
  await learn(otherPack);
  assert.deepEqual(await states(otherPack), ['image:11 used', 'image:12 set-aside', 'profile set-aside']);

  await use(context, 'profile');
  assert.deepEqual(await states(context), ['image:11 used', 'image:12 used', 'profile used']);
  assert.deepEqual(await states(otherPack), ['image:11 used', 'image:12 used', 'profile used']);
  await learn(context);
  assert.deepEqual(await states(context), ['image:11 used', 'image:12 used', 'profile used']);

  stash.media.set('/performer/1/image?t=3', Buffer.from('another picture of 1'));
  await setAside(context, 'profile');
  stash.performers.set('1', { ...stash.performers.get('1')!, imagePath: '/performer/1/image?t=3' });
  await learn(context);
  assert.deepEqual(
    await states(context),
    ['image:11 used', 'image:12 set-aside', 'profile used'],
    'another picture at the same place',
  );
});

test('it stays so for a performer whom a merge gave another id', async (t) => {
  const stashIds = [{ endpoint: 'https://box.example/graphql', stashId: 'one' }];
  const { context, stash } = await opened(t, { stashIds });
  await setAside(context, 'profile');
  stash.performers.delete('1');
  stash.addPerformer(8, 'face 1', { name: 'Another name', stashIds });
  await learn(context);
  assert.deepEqual(await states(context, '8'), ['profile set-aside']);
});

test('what a picture that is set aside had found is matched again at once, and so it is when it is used again', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.addScene(2, 'shows 1');
  for (const id of ['scene:1', 'scene:2'])
    await createObserveAndMatch(context)(stash.items.get(id)!, {
      force: false,
      waiting: 'in the background',
    });
  const [{ items: both }] = [await listed(context)];
  assert.equal(both.length, 2);
  await suggestionOperations['suggestions.accept'](context, {
    ids: both.filter(({ entity }) => entity.id === '2').map(({ id }) => id),
    dryRun: false,
  });
  await setAside(context, 'profile');
  const confirmed = (await view(context)).items.find(({ source }) => source === 'confirmed')!;
  assert.deepEqual(confirmed.entity, { kind: 'scene', id: '2' });
  assert.equal((await listed(context)).total, 1, 'the confirmed face still shows who it is');

  await choose(context, confirmed.id, false);
  assert.equal((await listed(context)).total, 0);
  assert.deepEqual(stash.items.get('scene:2')?.performerIds, ['1']);
  await choose(context, confirmed.id, true);
  assert.equal((await listed(context)).total, 1);
});

test('the list matches what a page that was left did not wait for', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  await createObserveAndMatch(context)(stash.items.get('scene:1')!, {
    force: false,
    waiting: 'in the background',
  });
  await setAside(context, 'profile');
  assert.equal((await listed(context)).total, 0);
  const { id: referenceId } = (await view(context)).items.find(({ source }) => source === 'profile')!;
  // The operation is killed before it matches.
  await chooseUse(context, { ...QUERY, referenceId, use: true });
  assert.equal((await listed(context)).total, 1);
});

test('a confirmed face that was set aside stays so when the performer is added once more', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  await createObserveAndMatch(context)(stash.items.get('scene:1')!, {
    force: false,
    waiting: 'in the background',
  });
  const add = { entity: { kind: 'scene', id: '1' }, performerId: '1', personKey: 0 } as const;
  await suggestionOperations['entity.add'](context, add);
  const confirmed = (await view(context)).items.find(({ source }) => source === 'confirmed')!;
  await choose(context, confirmed.id, false);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: [] });
  await suggestionOperations['entity.add'](context, add);
  assert.equal((await view(context)).items.find(({ id }) => id === confirmed.id)?.state, 'set-aside');
});

test('a performer who is left without a picture is told on the list of those who cannot be recognised', async (t) => {
  const { context } = await opened(t);
  const without = async (): Promise<string[]> => {
    const { withReference, without: list } = await peopleOperations['people.info'](context, {
      limit: 50,
      offset: 0,
    });
    return [String(withReference), ...list.items.map(({ name, reason }) => `${name}: ${inEnglish(reason)}`)];
  };
  assert.deepEqual(await without(), ['1']);
  const { problem } = await setAside(context, 'profile');
  const said =
    'Every picture that shows the face is set aside: use one of them again, or set another one in Stash.';
  assert.equal(problem && inEnglish(problem), said);
  assert.deepEqual(await without(), ['0', `Performer 1: ${said}`]);
  await learn(context);
  assert.deepEqual(await without(), ['0', `Performer 1: ${said}`]);
  assert.equal((await use(context, 'profile')).problem, null);
  assert.deepEqual(await without(), ['1']);
});

test('the People tab calls a performer as Stash does, with the disambiguation', async (t) => {
  const { context } = await opened(t, { disambiguation: 'II' });
  await setAside(context, 'profile');
  const { without } = await peopleOperations['people.info'](context, { limit: 50, offset: 0 });
  assert.deepEqual(
    without.items.map(({ name }) => name),
    ['Performer 1 (II)'],
  );
  await assert.rejects(choose(context, '999', false), { message: /no longer one of Performer 1 \(II\):/ });
});

test('without a profile picture of somebody else the images of the performer are no outliers any more', async (t) => {
  const { context, stash } = await opened(t);
  for (const n of [11, 12]) stash.addImage(n, `${' '.repeat(n)}of 2`, { performerIds: ['1'] });
  await learn(context);
  assert.deepEqual(await states(context), ['image:11 outlier', 'image:12 outlier', 'profile used']);
  await setAside(context, 'profile');
  assert.deepEqual(await states(context), ['image:11 used', 'image:12 used', 'profile set-aside']);
});

test('an image that is set aside makes room for another one', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 11; n < 30; n++) stash.addImage(n, `face 1${' '.repeat(n)}`, { performerIds: ['1'] });
  await learn(context);
  const used = async (): Promise<number> =>
    (await states(context)).filter((state) => /^image.* used$/.test(state)).length;
  assert.equal(await used(), 12);
  await setAside(context, 'image:29');
  assert.equal(await used(), 11);
  await learn(context);
  assert.equal(await used(), 12);
  await learn(context);
  assert.equal(await used(), 12);
});

test('an image of which the user said that it does not show the performer is not learnt', async (t) => {
  const { context, stash } = await opened(t);
  stash.addImage(11, 'of 1', { performerIds: ['1'] });
  const contentId = `md5:${createHash('md5').update('of 1').digest('hex')}` as const;
  await context.store.dismissals.dismiss(notSeen([contentId], aPerformer(1)), 1);
  await learn(context);
  await learn(context);
  assert.deepEqual(await states(context), ['image:11 withdrawn', 'profile used']);
});

test('with the decisions erased nothing is set aside any more', async (t) => {
  const { context } = await opened(t);
  await setAside(context, 'profile');
  await context.store.erase(['decisions']);
  assert.deepEqual(await states(context), ['profile used']);
  await learn(context);
  assert.deepEqual(await states(context), ['profile used']);
});

test('of many pictures one page is answered, the used ones first; one that is gone is refused', async (t) => {
  const { context, stash } = await opened(t);
  stash.addImage(11, 'nobody', { performerIds: ['1'] });
  stash.addImage(12, 'of 1', { performerIds: ['1'] });
  await learn(context);
  const page = await peopleOperations['people.references'](context, {
    performerId: '1',
    limit: 2,
    offset: 1,
  });
  assert.equal(page.total, 3);
  assert.deepEqual(
    page.items.map(({ state, entity, offers }) => ({ state, entity, offers })),
    [
      { state: 'used', entity: { kind: 'image', id: '12' }, offers: 'set-aside' },
      { state: 'no-face', entity: { kind: 'image', id: '11' }, offers: null },
    ].toSorted((a, b) => b.state.localeCompare(a.state)),
  );
  for (const performerId of ['1', '2'])
    await assert.rejects(
      peopleOperations['people.use'](context, { ...QUERY, performerId, referenceId: '999', use: false }),
      { code: 'not-found' },
    );
});

/** Performer 1 with a picture, learnt. */
async function opened(
  t: TestContext,
  overrides: Parameters<SmallLibrary['addPerformer']>[2] = {},
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  stash.addPerformer(1, 'face 1', overrides);
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  await learn(context);
  return { context, stash };
}

async function learn(context: FakeContext): Promise<void> {
  assert.equal((await runSlice(context, people, {}, {})).end, 'finished');
}

type View = Output<'people.references'>;

async function view(context: FakeContext): Promise<View> {
  return await peopleOperations['people.references'](context, QUERY);
}

async function choose(context: FakeContext, referenceId: string, isUsed: boolean): Promise<View> {
  return await peopleOperations['people.use'](context, { ...QUERY, referenceId, use: isUsed });
}

async function idOf({ store }: FakeContext, sourceKey: string): Promise<string> {
  return (await store.people.pictures('1')).find(
    (picture) => picture.packId === PACK && picture.sourceKey === sourceKey,
  )!.id;
}

async function setAside(context: FakeContext, sourceKey: string): Promise<View> {
  return await choose(context, await idOf(context, sourceKey), false);
}

async function use(context: FakeContext, sourceKey: string): Promise<View> {
  return await choose(context, await idOf(context, sourceKey), true);
}

async function states({ store, vision }: FakeContext, performerId = '1'): Promise<string[]> {
  return (await store.people.vectors(performerId, vision.packId))
    .map(({ sourceKey, state }) => `${sourceKey} ${state}`)
    .toSorted();
}

async function listed(context: FakeContext): Promise<Output<'suggestions.list'>> {
  return await suggestionOperations['suggestions.list'](context, {
    state: 'open',
    order: 'newest',
    limit: 50,
    offset: 0,
  });
}
