import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { FacesView } from '../../core/contract/faces.ts';
import type { Settings } from '../../core/settings.ts';
import { findTask, runOperation, runTask } from '../../tasks/compose/dispatch.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { readProgress } from '../../tasks/identify/observe-and-match.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { until } from '../fixtures/wait.ts';
import { inEnglish } from '../../core/messages/english.ts';

const JOB = 'Running plugin task: Stash Sense: Identify scene';

test('with an idle queue the button starts a task, and the page sees it wait, work and be done', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  const answer = await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal(answer.via, 'task');
  assert.equal(answer.faces.state, 'waiting');
  assert.equal(stash.started[0]?.name, 'Identify scene');
  stash.jobs.push({ id: '1', status: 'RUNNING', description: JOB, addedAt: '2026-01-10T12:00:00Z' });
  await identify(context, stash.started[0]?.args);
  stash.jobs.length = 0;
  const { state } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal(state, 'done');
});

test('behind other jobs the operation looks by itself', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.jobs.push({
    id: '1',
    status: 'RUNNING',
    description: 'Scanning...',
    addedAt: '2026-01-10T12:00:00Z',
  });
  const { via, faces } = await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.deepEqual({ via, state: faces.state }, { via: 'operation', state: 'done' });
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal(vision.looked.length, 1);
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: true });
  assert.equal(vision.looked.length, 2);
  assert.deepEqual(stash.started, []);
});

test('pressed again while the first look waits, nothing more is started', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'shows 1');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  // The process of the task has not begun: only Stash's queue knows of it.
  stash.jobs.push({ id: '1', status: 'READY', description: JOB, addedAt: '2026-01-10T12:00:00Z' });
  assert.equal((await identifyOperations['scene.faces'](context, { sceneId: '1' })).state, 'waiting');
  for (const force of [false, true]) {
    const { via, faces } = await identifyOperations['scene.identify'](context, { sceneId: '1', force });
    assert.deepEqual({ via, state: faces.state }, { via: 'task', state: 'waiting' });
  }
  assert.equal(stash.started.length, 1);
  assert.deepEqual(vision.looked, []);
});

test('another scene that is identified does not make the queue busy', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'shows 1');
  stash.jobs.push({ id: '1', status: 'RUNNING', description: JOB, addedAt: '2026-01-10T12:00:00Z' });
  const { via } = await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal(via, 'task');
  assert.deepEqual(vision.looked, []);
});

test('the page is told how far a look is while it lasts', async (t) => {
  const { context, stash } = await opened(t, {}, fakeVision({ workMs: 1500 }));
  stash.addScene(1, 'shows 1');
  stash.jobs.push({
    id: '1',
    status: 'RUNNING',
    description: 'Scanning...',
    addedAt: '2026-01-10T12:00:00Z',
  });
  const looking = identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  const shown = async (): Promise<FacesView> =>
    await identifyOperations['scene.faces'](context, { sceneId: '1' });
  let faces = await shown();
  await until(async () => (faces = await shown()).state === 'working', 'the look is at work');
  assert.equal(typeof faces.progress?.fraction, 'number');
  await looking;
  assert.equal(await readProgress(context, { kind: 'scene', id: '1' }), null);
});

test('a file that cannot be read fails in one sentence, as a task and as an operation', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'broken');
  stash.jobs.push({
    id: '1',
    status: 'RUNNING',
    description: 'Scanning...',
    addedAt: '2026-01-10T12:00:00Z',
  });
  const { faces } = await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal(faces.state, 'failed');
  assert.match(inEnglish(faces.lastFailure!.message), /damaged/);
  stash.jobs.length = 0;
  await identify(context, { scene_ids: ['1'] });
  assert.equal((await identifyOperations['scene.faces'](context, { sceneId: '1' })).state, 'failed');
});

test('a wish that was queued and lost with Stash is not shown as waiting for ever', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  await context.store.work.enqueue('identify', [
    { kind: 'scene', id: '1', title: 'Scene 1', revision: 'x', priority: 1 },
  ]);
  assert.equal((await identifyOperations['scene.faces'](context, { sceneId: '1' })).state, 'never');
});

for (const [what, ids] of [
  ['a list', ['1', '3']],
  ['a list of numbers', [1, 3]],
  ['JSON text', '["1", "3"]'],
  ['commas', '1, 3'],
] as const)
  test(`scene_ids may be ${what}`, async (t) => {
    const { context, stash, vision } = await opened(t);
    for (const n of [1, 2, 3]) stash.addScene(n, `shows ${n}`);
    await identify(context, { scene_ids: ids });
    assert.deepEqual(
      vision.looked.map((it) => it.replace(/.*\//, '')),
      ['3.mp4', '1.mp4'],
    );
  });

test('from the menu the tagged scenes are looked at, and the tag is taken off through the journal', async (t) => {
  const { context, stash } = await opened(t);
  stash.tags.set('Identify faces', '4');
  for (const n of [1, 2, 3]) stash.addScene(n, `shows ${n}`, { tagIds: n === 2 ? ['9'] : ['9', '4'] });
  await identify(context, {});
  assert.deepEqual(
    [...stash.items.values()].map(({ tagIds }) => tagIds),
    [['9'], ['9'], ['9']],
  );
  const { items } = await context.store.journal.list({ state: 'written' }, 10, 0);
  assert.deepEqual(
    items.map(({ summary, changes }) => ({ summary: inEnglish(summary), changes })),
    [taken(1), taken(3)],
  );
  await runOperation(context, 'journal.undo', { batchId: items[0]?.batchId });
  assert.deepEqual(stash.items.get('scene:1')?.tagIds, ['9', '4']);
});

test('with no scene tagged it says so in one sentence', async (t) => {
  const { context } = await opened(t);
  await identify(context, {});
  const [run] = await context.store.runs.recent(1);
  assert.match(inEnglish(run!.message), /^No scene carries the tag "Identify faces".*\.$/);
});

test('those of a list are looked at by one task, behind what somebody waits for', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.tags.set('Identify faces', '4');
  for (const n of [1, 2]) stash.addScene(n, `shows ${n}`);
  for (const n of [3, 4]) stash.addImage(n, `shows ${n}`, { tagIds: ['4'] });
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: true });
  stash.started.length = 0;
  const ask = async (kind: string, ids: readonly string[]) =>
    await runOperation(context, 'entities.identify', { kind, ids });
  assert.deepEqual(await ask('image', ['3', '4', '3', '99']), { count: 3 });
  stash.jobs.push({ id: '1', status: 'READY', description: JOB, addedAt: '2026-01-10T12:00:00Z' });
  assert.deepEqual(await ask('scene', ['2', '1']), { count: 2 });
  assert.deepEqual(stash.started, [{ name: 'Identify scene', args: { scene_ids: [] } }]);
  const first = await context.store.work.get('identify', 'scene', '1');
  assert.deepEqual([first?.priority, first?.revision.startsWith('again ')], [1, true]);
  await identify(context, stash.started[0]?.args);
  const looked = vision.looked.map((it) => it.replace(/.*\//, ''));
  assert.deepEqual([looked[0], looked.length], ['1.mp4', 4]);
  const [run] = await context.store.runs.recent(1);
  assert.equal(inEnglish(run!.message), '4 items looked at.');
  // What the user put on an image asks for nothing.
  assert.deepEqual(stash.items.get('image:3')?.tagIds, ['4']);
  // Nobody waits for what a list named, and what is known is not looked at again.
  await ask('image', ['3']);
  await identify(context, { scene_ids: [] });
  assert.equal(vision.looked.length, 4);
});

test('what somebody waits for stays so while it is looked at, and a failure has its title', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  await identifyOperations['scene.identify'](context, { sceneId: '1', force: true });
  const claimed = await context.store.work.claim('identify', 'another', 60_000);
  await runOperation(context, 'entities.identify', { kind: 'scene', ids: ['1'] });
  assert.deepEqual(await context.store.work.get('identify', 'scene', '1'), claimed);
  await context.store.work.release('identify', 'another');
  stash.addScene(2, 'nothing', { files: [], title: 'No film' });
  await runOperation(context, 'entities.identify', { kind: 'scene', ids: ['2', '1'] });
  await identify(context, { scene_ids: [] });
  const { items } = await context.store.work.failures('identify', 10, 0);
  assert.deepEqual(
    items.map(({ id, title }) => [id, title]),
    [['2', 'No film']],
  );
});

test('an image or a gallery is looked at once and then answered from what is known', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addImage(3, 'shows 1');
  const faces = await runOperation(context, 'image.identify', { imageId: '3' });
  assert.equal((faces as { state: string }).state, 'done');
  await runOperation(context, 'image.identify', { imageId: '3' });
  assert.equal(vision.looked.length, 1);
});

test('what the contract does not know is refused in one sentence', async (t) => {
  const { context } = await opened(t);
  await assert.rejects(runOperation(context, 'scene.faces', { sceneId: 'x' }), {
    code: 'bad-input',
    message: /^Operation scene\.faces .*sceneId.*\.$/,
  });
  await assert.rejects(identify(context, { scene_ids: 'all' }), { code: 'bad-input' });
});

async function opened(
  t: TestContext,
  settings: Partial<Settings> = {},
  vision: FakeVision = fakeVision(),
): Promise<{ context: FakeContext; stash: SmallLibrary; vision: FakeVision }> {
  const stash = smallLibrary(tempFolder(t));
  return { context: await fakeContext(t, stash, { vision, settings }), stash, vision };
}

async function identify(context: FakeContext, args: Record<string, unknown> = {}): Promise<void> {
  const task = findTask('identify');
  assert.ok(task);
  assert.equal((await runTask(context, task, args)).end, 'finished');
}

function taken(n: number) {
  const entity = { kind: 'scene', id: String(n) };
  return {
    summary: 'took the tag "Identify faces" off',
    changes: [{ op: 'remove', entity, field: 'tags', values: ['4'] }],
  };
}
