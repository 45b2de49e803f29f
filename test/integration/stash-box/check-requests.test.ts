/** How many requests a stash-box gets while the stash IDs of many performers are checked, counted where they arrive. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPerformer, memoryStash } from '../../fakes/memory-stash.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import { fakeContext } from '../../fakes/context.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { isWhole } from '../../fixtures/sweep.ts';
import { toUnlinkedAll } from '../../../tasks/stash-box/look-up.ts';
import { readPerformers } from '../../../tasks/stash-box/performers.ts';
import { link, wrongOnes } from './linking.ts';

/** Of one request for each performer. */
const MAX_SHARE = 0.05;
/** One of so many was merged into somebody else at the stash-box. */
const MERGED_EACH = 100;

/** [linked performers, one of so many of the user's performers is linked] */
const LIBRARIES: readonly (readonly [linked: number, each: number])[] = [
  [300, 1],
  [300, 10],
  ...(isWhole ? ([[7000, 1]] as const) : []),
];

for (const [count, each] of LIBRARIES)
  test(`${count} linked performers, one of ${each}, are checked with at most 5 % of one request each`, async (t) => {
    const double = await startedBox(t);
    const stash = memoryStash();
    const context = await fakeContext(t, stash, { vision: fakeVision() });
    const { boxes } = boxesOf(t, { double, store: context.store });
    const unlinked: string[] = [];
    for (let n = 1; n <= count * each; n++) {
      if (n % each !== 0) unlinked.push(String(n));
      const stashIds = n % each === 0 ? [{ endpoint: double.endpoint, stashId: idOf(n) }] : [];
      stash.performers.set(String(n), aPerformer(n, { stashIds }));
      if (n % each === 0) double.data.addPerformer({ id: idOf(n), name: `Performer ${n}` });
    }
    const merged = Array.from({ length: count / MERGED_EACH }, (_, n) => (n + 1) * MERGED_EACH * each);
    for (const n of merged) {
      const { id } = double.data.addPerformer({ name: 'Who they were merged into' });
      double.data.merge([idOf(n)], id);
    }
    const all = { ...context, stashBoxes: boxes };
    // The others were looked up before, so that they are not asked about now.
    const packs = await context.referencePacks.revision();
    const known = await toUnlinkedAll(
      context,
      double.endpoint,
      packs,
      await readPerformers(context, unlinked),
    );
    const lookUps = known.map(({ id, revision }) => ({ performerId: id, revision, at: context.now() }));
    await context.store.boxLookUps.put(double.endpoint, lookUps);

    await link(all);
    assert.deepEqual(
      (await wrongOnes(context)).map(({ entity }) => Number(entity.id)).toSorted((a, b) => a - b),
      merged,
    );
    t.diagnostic(`${double.requests.length} requests for ${count}`);
    assert.ok(double.requests.length <= count * MAX_SHARE, `${double.requests.length} requests`);
    const before = double.requests.length;
    await link(all);
    assert.equal(double.requests.length, before);
  });

function idOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}
