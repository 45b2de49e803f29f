/** How far a look-up is, and what it is called, while it works. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { linkBox } from '../../../tasks/stash-box/link-box.ts';
import { nameOfBox } from '../../../tasks/stash-box/of-box.ts';
import { linkRequests, requestLinks } from '../../../tasks/stash-box/requests.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import { linkRecuts } from '../../../tasks/stash-box/scenes/recuts/link-recuts.ts';
import { linkScenes, PASSES } from '../../../tasks/stash-box/scenes/link-scenes.ts';
import { requestSceneLinks, sceneLinkRequests } from '../../../tasks/stash-box/scenes/requests.ts';
import { fakeContext } from '../../fakes/context.ts';
import { BOX, memoryBox } from '../../fakes/memory-box.ts';
import { aFile, anItem, memoryStash } from '../../fakes/memory-stash.ts';
import { aSlice } from '../../fakes/slice.ts';
import { addPerformer, opened } from './linking.ts';

test('the fraction rises with everybody who was looked up, also from one slice to the next, and the step names the box as Stash does', async (t) => {
  const { context, stash, box } = await opened(t);
  for (let n = 1; n <= 20; n++) await addPerformer(context, stash, n, { name: `Somebody ${n}` });
  await requestLinks(context, { force: false });
  const [request] = await linkRequests.read(context);
  const first = aSlice({ isOver: (advances) => advances > 1 });
  const seen: number[] = [];
  box.before = () => void seen.push(first.progress.snapshot().fraction);
  assert.equal(await linkBox(context, first, request!, BOX), 'yielded');
  const { fraction, step } = first.progress.snapshot();
  assert.ok(fraction > 0 && fraction < 1, String(fraction));
  assert.equal(inEnglish(step), `Look for performers on ${(await box.list())[0]!.name}`);

  const second = aSlice();
  const later: number[] = [];
  box.before = () => void later.push(second.progress.snapshot().fraction);
  assert.equal(await linkBox(context, second, request!, BOX), 'done');
  assert.ok(later[0]! >= fraction, 'it goes on where it was');
  for (const all of [seen, later])
    assert.deepEqual(
      all,
      all.toSorted((a, b) => a - b),
    );
  assert.ok(new Set([...seen, ...later]).size >= 4, [...seen, ...later].join());
  assert.equal(second.progress.snapshot().fraction, 0.99);
});

test('a stash-box without a name is called by its host', async () => {
  assert.equal(await nameOfBox({ stashBoxes: memoryBox(BOX, '') }, BOX), new URL(BOX).host);
});

test('of scenes it rises over all passes and all stash-boxes, also from one slice to the next', async (t) => {
  const stash = memoryStash();
  const box = memoryBox();
  const made = await fakeContext(t, stash, { stashBoxes: box });
  const context = { ...made, hashes: { ...made.hashes, phash: () => Promise.resolve(null) } };
  for (let n = 1; n <= 90; n++) stash.items.set(`scene:${n}`, anItem(n, { files: [aFile(n)] }));
  await requestSceneLinks(context, taskArgsSchema('link-scenes').parse({}));
  const [request] = await sceneLinkRequests.read(context);
  const seen: number[] = [];
  const first = aSlice({ isOver: (advances) => advances > 1 });
  const [known, computed] = PASSES as [(typeof PASSES)[number], (typeof PASSES)[number]];
  box.before = () => void seen.push(first.progress.snapshot().fraction);
  assert.equal(await linkScenes(context, first, request!, { endpoint: BOX, pass: known }), 'yielded');
  const { fraction } = first.progress.snapshot();
  assert.ok(fraction > 0 && fraction < 0.5, String(fraction));
  const second = aSlice();
  box.before = () => void seen.push(second.progress.snapshot().fraction);
  assert.equal(await linkScenes(context, second, request!, { endpoint: BOX, pass: known }), 'goes-on');
  assert.ok(Math.abs(second.progress.snapshot().fraction - 1 / 3) < 0.01);
  assert.equal(await linkScenes(context, second, request!, { endpoint: BOX, pass: computed }), 'goes-on');
  assert.ok(Math.abs(second.progress.snapshot().fraction - 2 / 3) < 0.01);
  assert.equal(await linkRecuts(context, second, request!, BOX), 'done');
  assert.equal(second.progress.snapshot().fraction, 0.99);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
});
