/** Performers who look like one person are found by "Update people", and told apart for good. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { people } from '../../tasks/people/task.ts';
import { findLookAlikes } from '../../tasks/people/look-alikes.ts';
import { peopleOperations } from '../../tasks/people/operations.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aSlice } from '../fakes/slice.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision } from '../fakes/vision.ts';

test('two performers of one picture are a pair, also one who is added later; a deleted one takes the pairs along', async (t) => {
  const { context, stash } = await updated(t, ['face 1', 'face 2', 'face 1', 'face 3']);
  assert.deepEqual(await pairs(context), ['1 3']);
  stash.addPerformer(5, 'face 2');
  stash.addPerformer(6, 'face 1');
  await runSlice(context, people, {}, {});
  assert.deepEqual(await pairs(context), ['1 3', '1 6', '2 5', '3 6']);
  stash.performers.delete('1');
  await runSlice(context, people, {}, {});
  assert.deepEqual(await pairs(context), ['2 5', '3 6']);
});

test('only those who have changed are compared, and who looks like another one by now is no longer a pair', async (t) => {
  const { context, stash } = await updated(t, ['face 1', 'face 1', 'face 3']);
  let compared = 0;
  const openPerformers: FakeContext['openPerformers'] = async (searches) => {
    const gallery = await context.openPerformers(searches);
    const search: typeof gallery.search = async (probes, count) => {
      compared += probes.length;
      return await gallery.search(probes, count);
    };
    return { ...gallery, search };
  };
  assert.equal(await findLookAlikes({ ...context, openPerformers }, aSlice()), 'done');
  assert.equal(compared, 0);
  const imagePath = '/performer/2/image?t=2';
  stash.media.set(imagePath, Buffer.from('face 3'));
  stash.performers.set('2', { ...stash.performers.get('2')!, imagePath });
  await runSlice({ ...context, openPerformers }, people, {}, {});
  assert.equal(compared, 1);
  assert.deepEqual(await pairs(context), ['2 3']);
});

test('who was told apart is listed as that, until it is asked again or one of them is gone', async (t) => {
  const { context, stash } = await updated(t, ['face 1', 'face 1', 'face 2', 'face 2']);
  await tell(context, ['1', '2'], false);
  await tell(context, ['3', '4'], false);
  assert.deepEqual([await pairs(context), await pairs(context, true)], [[], ['1 2', '3 4']]);
  const { told } = await peopleOperations['people.lookAlikes'](context, { told: false, limit: 1, offset: 0 });
  assert.equal(told, 2);
  await tell(context, ['2', '1'], true);
  assert.deepEqual([await pairs(context), await pairs(context, true)], [['1 2'], ['3 4']]);
  stash.performers.delete('3');
  await runSlice(context, people, {}, {});
  assert.deepEqual([await pairs(context), await pairs(context, true)], [['1 2'], []]);
});

test('who was told apart stays so under another name and after a merge, until that is withdrawn', async (t) => {
  const { context, stash } = await updated(t, ['face 1', 'face 1', 'face 3']);
  await tell(context, ['2', '1'], false);
  assert.deepEqual(await pairs(context), []);
  stash.performers.set('1', { ...stash.performers.get('1')!, name: 'Renamed' });
  await runSlice(context, people, {}, {});
  assert.deepEqual(await pairs(context), []);

  // As a merge in Stash leaves it: another id, and the old name as an alias.
  stash.performers.delete('2');
  stash.addPerformer(7, 'face 1', { name: 'Merged', aliases: ['Performer 2'] });
  await runSlice(context, people, {}, {});
  assert.deepEqual([await pairs(context), await pairs(context, true)], [[], ['1 7']]);
  await tell(context, ['1', '7'], true);
  assert.deepEqual(await pairs(context), ['1 7']);
});

async function updated(
  t: TestContext,
  pictures: readonly string[],
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  pictures.forEach((picture, n) => stash.addPerformer(n + 1, picture));
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  await runSlice(context, people, {}, {});
  return { context, stash };
}

/** @param told those that were told apart; else the others */
async function pairs(context: FakeContext, told = false): Promise<string[]> {
  const page = { told, limit: 20, offset: 0 };
  const { total, items } = await peopleOperations['people.lookAlikes'](context, page);
  assert.equal(total, items.length);
  assert.ok(items.every(({ one, other }) => one.url !== null && other.url !== null));
  return items.map(({ one, other }) => `${one.performerId} ${other.performerId}`).toSorted();
}

async function tell(context: FakeContext, performerIds: [string, string], undo: boolean): Promise<void> {
  await peopleOperations['people.tellApart'](context, { performerIds, undo });
}
