/** A stash-box that does not answer of scenes by their ids is not checked again in the slices that follow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { FAST, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox } from '../../fakes/memory-box.ts';
import { anItem, memoryStash } from '../../fakes/memory-stash.ts';

test('no slice asks Stash for scenes behind an id that no scene has', async (t) => {
  const stash = memoryStash({ items: [1, 2, 3].map((n) => anItem(n)) });
  stash.sceneStashIds.set('1', [{ endpoint: BOX, stashId: boxId(4) }]);
  const box = memoryBox();
  box.before = (call) => {
    if (call.startsWith('states')) throw new StashSenseError('stash-box-failed', plain('no such field'));
  };
  const base = await fakeContext(t, stash, { stashBoxes: box });
  const behind: number[] = [];
  const entitiesAfter: FakeContext['library']['entitiesAfter'] = async (kind, after, ...rest) => {
    behind.push(Number(after));
    return await base.library.entitiesAfter(kind, after, ...rest);
  };
  const hashes = { ...base.hashes, phash: () => Promise.resolve(null) };
  const library = { ...base.library, entitiesAfter };
  const context = { ...base, hashes, library, limits: { ...FAST, sliceMs: 0 } };
  let next = {};
  for (let slices = 0; slices < 30; slices++) {
    const { end } = await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse({}), next);
    if (end !== 'requeued') break;
    const { run, token } = stash.started.at(-1)?.args ?? {};
    next = { run: String(run), token: String(token) };
  }
  assert.ok(Math.max(...behind) <= 3, behind.join(' '));
});
