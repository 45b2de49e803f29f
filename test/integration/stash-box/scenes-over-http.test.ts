/** "Link scenes" over a stash-box that answers over HTTP. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { openedBox } from '../../contract/opened-box.ts';
import { fakeContext } from '../../fakes/context.ts';
import { aFile, anItem, memoryStash } from '../../fakes/memory-stash.ts';

test('a box takes what it is asked, once for forty scenes', async (t) => {
  const { double, boxes } = await openedBox(t);
  const stash = memoryStash();
  for (let n = 1; n <= 45; n++) {
    const oshash = n.toString(16).padStart(16, '0');
    // Stash writes no zeros before a perceptual hash, and an MD5 that this box does not take.
    const fingerprints = { oshash, phash: 'a116edcbfff90', md5: oshash.repeat(2) };
    stash.items.set(`scene:${n}`, anItem(n, { files: [aFile(n, { fingerprints })] }));
  }
  double.data.addScene({
    title: 'Theirs',
    fingerprints: [
      { algorithm: 'OSHASH', hash: '000000000000002a', duration: 60, submissions: 1, reports: 0 },
    ],
  });
  const context = await fakeContext(t, stash, { stashBoxes: boxes });
  const { message } = await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse({}), {});
  assert.equal(inEnglish(message), '45 scenes were looked up: 1 is suggested, 1 of them surely.');
  const asked = double.calls.filter(({ query }) => query.includes('findScenesBySceneFingerprints'));
  assert.equal(asked.length, 2);
  const { items } = await context.store.suggestions.list({ kind: 'scene-stash-id' }, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ entity, evidence }) => [entity.id, evidence.title]),
    [['42', 'Theirs']],
  );
});
