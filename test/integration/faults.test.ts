/** A fault of ours, wherever it is caught: the user is told that there is one, and its stack goes to the log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTask, runTask } from '../../tasks/compose/dispatch.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { statusOperation } from '../../tasks/status/operations.ts';
import { fakeContext, type FakeContext, tempFolder } from '../fakes/context.ts';
import { fakeVision } from '../fakes/vision.ts';
import { smallLibrary } from '../fakes/small-library.ts';
import { inEnglish } from '../../core/messages/english.ts';

const OTHER_JOB = {
  id: '9',
  status: 'RUNNING',
  description: 'Scanning...',
  addedAt: '2026-01-10T12:00:00Z',
} as const;

const fault = (): Promise<never> => Promise.reject(new TypeError('undefined is not a face'));

function stacksIn({ said }: FakeContext): string[] {
  return said.filter((it) => /^error .*TypeError: undefined is not a face\n +at /.test(it));
}

test('in a look that somebody at the page asked for', async (t) => {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const vision = fakeVision();
  const context = await fakeContext(t, stash, { folder, vision });
  stash.addScene(1, 'shows 1');
  stash.jobs.push(OTHER_JOB);
  const open = await vision.open();
  vision.open = () => Promise.resolve({ ...open, observeVideo: fault });
  const { faces } = await identifyOperations['scene.identify'](context, { sceneId: '1', force: false });
  assert.equal(faces.state, 'failed');
  assert.equal(inEnglish(faces.lastFailure!.message), 'undefined is not a face');
  assert.ok(stacksIn(context).length > 0);
});

test('in fetching what is welcome and not needed, as a cover is', async (t) => {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const context = await fakeContext(t, stash, { folder, vision: fakeVision() });
  const id = '1';
  stash.addScene(Number(id), 'shows 1');
  const covered = {
    ...context,
    library: {
      ...stash.library,
      fetchMedia: fault,
      item: async (entity: Parameters<typeof stash.library.item>[0]) => {
        const found = await stash.library.item(entity);
        return found && { ...found, coverPath: '/scene/1/screenshot' };
      },
    },
  };
  stash.jobs.push(OTHER_JOB);
  const { faces } = await identifyOperations['scene.identify'](covered, { sceneId: id, force: false });
  assert.equal(faces.state, 'done');
  assert.equal(stacksIn(context).length, 1);
});

test('in an item of a long run, which goes on', async (t) => {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const vision = fakeVision();
  const context = await fakeContext(t, stash, { folder, vision });
  stash.addScene(1, 'shows 1');
  const open = await vision.open();
  vision.open = () => Promise.resolve({ ...open, observeVideo: fault });
  const scan = findTask('scan');
  assert.ok(scan);
  await runTask(context, scan, {});
  assert.ok(stacksIn(context).length >= 1);
});

test('in what the status asks of Stash', async (t) => {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const context = await fakeContext(t, stash, { folder, vision: fakeVision() });
  const { checks } = await statusOperation.status(
    { ...context, library: { ...stash.library, environment: fault } },
    {},
  );
  assert.equal(checks.find(({ id }) => id === 'stash')?.ok, false);
  assert.equal(stacksIn(context).length, 1);
});
