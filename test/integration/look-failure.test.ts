/** A look that failed is told on the page of what was looked at, whoever started it and whether they waited or not. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { FacesView } from '../../core/contract/faces.ts';
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import { findTask, runTask } from '../../tasks/compose/dispatch.ts';
import { PARTIAL_OBSERVATION } from '../../core/faces/observation.ts';
import { knownContentIds } from '../../tasks/observe/observe-entity.ts';
import { noteBeginning } from '../../tasks/identify/last-attempt.ts';
import { runOperations } from '../../tasks/runs/operations.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { anObservation, fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { anItem } from '../fakes/memory-stash.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { inEnglish } from '../../core/messages/english.ts';

const OTHER_JOB = {
  id: '9',
  status: 'RUNNING',
  description: 'Scanning...',
  addedAt: '2026-01-10T12:00:00Z',
} as const;

test('a second look that fails is told beside who was seen before, and forgotten when one works', async (t) => {
  const { context, stash, folder } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.jobs.push(OTHER_JOB);
  const look = async (force: boolean): Promise<FacesView> =>
    (await identifyOperations['scene.identify'](context, { sceneId: '1', force })).faces;
  assert.equal((await look(false)).lastFailure, null);

  writeFileSync(path.join(folder, '1.mp4'), 'broken');
  await look(true);
  const failed = await shown(context);
  assert.deepEqual([failed.state, failed.persons.length], ['done', 1]);
  assert.match(inEnglish(failed.lastFailure!.message), /1\.mp4.*is damaged/);

  writeFileSync(path.join(folder, '1.mp4'), 'shows 1 2');
  await look(true);
  const seen = await shown(context);
  assert.deepEqual([seen.lastFailure, seen.persons.length], [null, 2]);
});

test('what stops a whole run of Identify is told of the scene it was started for', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'shows 1');
  const { open } = vision;
  vision.open = () => Promise.reject(new StashSenseError('model-missing', plain('The weights are missing.')));
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  await assert.rejects(identify(context, stash.started[0]?.args ?? {}), { code: 'model-missing' });
  const failed = await shown(context);
  assert.deepEqual(
    [failed.state, inEnglish(failed.lastFailure!.message)],
    ['failed', 'The weights are missing.'],
  );

  vision.open = open;
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  await identify(context, stash.started[1]?.args ?? {});
  const seen = await shown(context);
  assert.deepEqual([seen.state, seen.lastFailure], ['done', null]);
});

test('a scene whose search failed is searched once more when failures are tried again', async (t) => {
  const { context, stash, folder } = await opened(t);
  stash.addScene(1, 'shows 1');
  writeFileSync(path.join(folder, '1.mp4'), 'broken');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  await identify(context, stash.started[0]?.args ?? {});
  assert.equal((await context.store.work.counts('identify')).failed, 1);

  writeFileSync(path.join(folder, '1.mp4'), 'shows 1');
  assert.deepEqual(await runOperations['runs.retry'](context, {}), { count: 1 });
  assert.deepEqual(stash.started[1], { name: 'Identify scene', args: {} });
  await identify(context, stash.started[1]?.args ?? {});
  const seen = await shown(context);
  assert.deepEqual([seen.state, seen.persons.length, seen.lastFailure], ['done', 1, null]);
});

test('a run of Identify that was lost is told of the scene that it has not looked at', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  const { run } = await context.store.runs.begin('identify', 'dead', {}, context.limits.leaseMs);
  await context.store.runs.pause(run.id, 'dead');
  const { state, lastFailure } = await shown(context);
  assert.equal(state, 'failed');
  assert.match(inEnglish(lastFailure!.message), /^it was ended before it was done/);
});

test('an operation that fails or is killed after the user left is told when they come back', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.jobs.push(OTHER_JOB);
  const { open } = vision;
  vision.open = () => Promise.reject(new StashSenseError('model-missing', plain('The weights are missing.')));
  await assert.rejects(identifyOperations['scene.identify'](context, { sceneId: '1', force: false }));
  assert.equal(inEnglish((await shown(context)).lastFailure!.message), 'The weights are missing.');
  vision.open = open;
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal((await shown(context)).lastFailure, null);

  await noteBeginning(context, { kind: 'scene', id: '1' });
  assert.match(inEnglish((await shown(context)).lastFailure!.message), /^it was ended before it was done/);
});

test('with what was seen in files goes why a look failed, for it may name one', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'broken');
  stash.jobs.push(OTHER_JOB);
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal((await shown(context)).state, 'failed');
  await context.store.erase(['faces']);
  const { state, lastFailure } = await shown(context);
  assert.deepEqual([state, lastFailure], ['never', null]);
});

for (const force of [false, true])
  test(`a gallery whose ${force ? 'second' : 'first'} look is killed half-way goes on with the pictures not seen yet`, async (t) => {
    let now = 1_800_000_000_000;
    const clock = (): number => now++;
    const { context, stash, vision } = await opened(t, clock);
    for (const n of [1, 2, 3, 4]) stash.addImage(n, `shows ${n}`);
    stash.items.set('gallery:5', anItem(5, { kind: 'gallery', title: 'Holidays', files: [] }));
    const identifyGallery = async (): Promise<FacesView> =>
      await identifyOperations['gallery.identify'](context, { galleryId: '5', force });
    if (force) await identifyOperations['gallery.identify'](context, { galleryId: '5', force: false });

    vision.looked.length = 0;
    const { open } = vision;
    let left = 2;
    vision.open = () =>
      left-- > 0 ? open() : Promise.reject(new StashSenseError('stopped', plain('The process was ended.')));
    await assert.rejects(identifyGallery());
    vision.open = open;
    assert.equal((await identifyGallery()).persons.length, 4);
    assert.deepEqual(
      vision.looked,
      [1, 2, 3, 4].map((n) => `picture shows ${n}`),
    );

    // Long after that, looking again means all of them.
    now += 10 * 3_600_000;
    vision.looked.length = 0;
    await identifyOperations['gallery.identify'](context, { galleryId: '5', force: true });
    assert.equal(vision.looked.length, 4);
  });

test('while it waits for the machine a look is still told to be at work', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.jobs.push(OTHER_JOB);
  const lock = await context.store.locks.acquire('inference', 'another', 60_000);
  // All that is kept is renewed with what is renewed most often.
  const kept = context.store.leases.keep(lock!, 50);
  const looking = identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await context.store.state.set('progress:scene:1', { fraction: 0, message: plain('Looking') }, 500);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal((await shown(context)).state, 'working');
  kept.end();
  await context.store.locks.release('inference', 'another');
  await looking;
  assert.equal((await shown(context)).state, 'done');
});

async function opened(
  t: TestContext,
  now: () => number = Date.now,
): Promise<{
  context: FakeContext;
  stash: SmallLibrary;
  vision: { -readonly [Name in keyof FakeVision]: FakeVision[Name] };
  folder: string;
}> {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const vision = fakeVision({ now });
  return { context: await fakeContext(t, stash, { vision, now }), stash, vision, folder };
}

async function shown(context: FakeContext): Promise<FacesView> {
  return await identifyOperations['entity.faces'](context, { entity: { kind: 'scene', id: '1' } });
}

async function identify(context: FakeContext, args: Record<string, unknown>): Promise<void> {
  const task = findTask('identify');
  assert.ok(task);
  await runTask(context, task, args);
}

test('what was seen before the page was left is shown, is not taken for a whole look, and is looked at when asked', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'shows 1 2');
  stash.jobs.push(OTHER_JOB);
  const scene = { kind: 'scene', id: '1' } as const;
  const contentId = knownContentIds('scene', stash.items.get('scene:1')!.files)[0]!;
  await context.store.observations.link(scene, 'Scene 1', [contentId]);
  await noteBeginning(context, scene);
  const part = anObservation(1, {
    contentId,
    samplingVersion: PARTIAL_OBSERVATION,
    observedAt: Date.now() + 1000,
  });
  await context.store.observations.put({ observation: part, crops: [] });

  const partial = await shown(context);
  assert.deepEqual([partial.state, partial.persons.length], ['failed', 1]);
  assert.match(inEnglish(partial.lastFailure!.message), /ended before it was done/);

  writeFileSync(stash.items.get('scene:1')!.files[0]!.path, 'broken');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.match(inEnglish((await shown(context)).lastFailure!.message), /damaged/);
  writeFileSync(stash.items.get('scene:1')!.files[0]!.path, 'shows 1 2');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  const whole = await shown(context);
  assert.deepEqual([whole.state, whole.lastFailure, whole.persons.length], ['done', null, 2]);
  assert.equal(vision.looked.length, 2);
});

test('a scene whose file was replaced by a film that is known shows who is in that one', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.addScene(2, 'shows 2 3');
  stash.jobs.push(OTHER_JOB);
  for (const sceneId of ['1', '2'])
    await identifyOperations['scene.identify'](context, { sceneId, force: false });
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, files: stash.items.get('scene:2')!.files });
  assert.equal((await shown(context)).persons.length, 2);
});

test('a scene whose file was replaced was never looked at', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.jobs.push(OTHER_JOB);
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  const scene = stash.items.get('scene:1')!;
  const files = [{ ...scene.files[0]!, fingerprints: { oshash: 'ffffffffffffffff' } }];
  stash.items.set('scene:1', { ...scene, files });
  assert.equal((await shown(context)).state, 'never');
  writeFileSync(files[0]!.path, 'shows 2 3');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal((await shown(context)).persons.length, 2);
});
