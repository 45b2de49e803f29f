/** What ends, or is switched off, without a change of the scene in Stash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthOperations } from '../../../tasks/health/operations.ts';
import { aFile, anItem } from '../../fakes/memory-stash.ts';
import { check, checkInSlices, idsOf, opened, type Opened } from './checking.ts';

function addScene({ stash }: Opened, n: number, over: Partial<ReturnType<typeof anItem>> = {}): void {
  stash.items.set(`scene:${n}`, anItem(n, { performerIds: ['1'], ...over }));
}

test('a scene with several files is told of until all but one are deleted, which Stash notes as no change of it', async (t) => {
  const world = await opened(t);
  const { context } = world;
  for (const n of [1, 2, 10]) addScene(world, n, { files: [aFile(n), aFile(100 + n)] });
  addScene(world, 20, { updatedAt: '2026-03-20T00:00:00Z' });
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-with-several-files'), ['1', '2', '10']);
  addScene(world, 2);
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-with-several-files'), ['1', '10']);
  assert.deepEqual(await idsOf(context, 'scenes-with-several-files', 'stale'), ['2']);
});

test('one that is switched off while it is looking tells of nothing more, and looks at everything once it is on again', async (t) => {
  const world = await opened(t);
  const { context } = world;
  const id = 'scenes-without-performers';
  for (let n = 1; n <= 700; n++) addScene(world, n, { performerIds: [] });
  const { library } = context;
  let pages = 0;
  const switching: typeof library = {
    ...library,
    async entitiesAfter(...asked) {
      if (++pages === 4) await healthOperations['health.set'](context, { id, isOn: false });
      return await library.entitiesAfter(...asked);
    },
  };
  await check({ ...context, library: switching });
  assert.ok(pages >= 4);
  assert.deepEqual(await idsOf(context, id), []);
  await healthOperations['health.set'](context, { id, isOn: true });
  await check(context);
  assert.equal((await idsOf(context, id)).length, 700);
});

test('how far it was looked for files is stored with what was found, or not at all', async (t) => {
  const world = await opened(t);
  const { context } = world;
  addScene(world, 1);
  const { suggestions } = context.store;
  const killed: typeof suggestions = {
    ...suggestions,
    replaceAmong: () => Promise.reject(new Error('killed')),
  };
  await assert.rejects(check({ ...context, store: { ...context.store, suggestions: killed } }), /killed/);
  assert.equal(await context.store.state.get('health-files-at'), null);
  await check(context);
  assert.deepEqual(await context.store.state.get('health-files-at'), { after: '0' });
});

test('looking for files gives the queue back after each page, and goes on there within the run', async (t) => {
  const world = await opened(t);
  const { context, stash } = world;
  for (let n = 1; n <= 1100; n++) addScene(world, n);
  /** Behind which scene, and in which slice. */
  const asked: (readonly [string, number])[] = [];
  const { library } = context;
  const listening: typeof library = {
    ...library,
    async entitiesAfter(...args) {
      asked.push([args[1], stash.started.length]);
      return await library.entitiesAfter(...args);
    },
  };
  // The first slice looks again at what was told of, which is nothing.
  await checkInSlices({ context: { ...context, library: listening }, stash });
  assert.deepEqual(asked.slice(0, 3), [
    ['0', 1],
    ['500', 2],
    ['1000', 3],
  ]);
  assert.deepEqual(await context.store.state.get('health-files-at'), { after: '0' });
});
