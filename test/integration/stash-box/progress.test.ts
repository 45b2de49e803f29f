/** How far a look-up is, and what it is called, while it works. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { linkBox } from '../../../tasks/stash-box/link-box.ts';
import { linkRequests, requestLinks } from '../../../tasks/stash-box/requests.ts';
import { BOX } from '../../fakes/memory-box.ts';
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
