import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isOurNode } from '../../tasks/data-folder.ts';
import { dataOperations } from '../../tasks/operations/data.ts';
import { LAST_SET_UP } from '../../core/state-values.ts';
import { contentId, look, performer, proposal, reference } from '../contract/store-samples.ts';
import { fakeContext, FAST, tempFolder } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';
import { saysWhy } from './store-says-why.ts';

test('it says what there is, erases what was asked for and says what it erased', async (t) => {
  const { context, folder } = await filled(t);
  const { kept, freeBytes } = await dataOperations['data.info'](context, {});
  assert.deepEqual(
    kept.map(({ what, count }) => [what, count]),
    [
      ['faces', 3],
      ['people', 1],
      ['decisions', 2],
      ['journal', 0],
      ['fetched', 2],
    ],
  );
  assert.ok(freeBytes !== null && freeBytes > 0);
  const { erased, message } = await dataOperations['data.clear'](context, { what: ['fetched', 'faces'] });
  assert.deepEqual(
    erased.map(({ what, count }) => [what, count]),
    [
      ['faces', 3],
      ['fetched', 2],
    ],
  );
  assert.match(
    message,
    /^Erased: 3 looks at files \(\d\.\d MB\), 2 fetched files \(1\.0 MB\)\. The store is \d+\.\d MB smaller\.$/,
  );
  assert.equal(existsSync(path.join(folder, 'runtime')), false);
  assert.equal(await context.store.state.get(LAST_SET_UP), undefined);
  assert.deepEqual(
    (await dataOperations['data.info'](context, {})).kept.map(({ count }) => count),
    [0, 1, 2, 0, 0],
  );
});

test('whoever erases everything is told how to get rid of the rest', async (t) => {
  const { context, folder } = await filled(t);
  const { message } = await dataOperations['data.clear'](context, {
    what: ['faces', 'people', 'decisions', 'journal', 'fetched'],
  });
  assert.ok(
    message.endsWith(`To uninstall, remove the plugin under Settings, Plugins, then delete ${folder}.`),
    message,
  );
});

test('a folder of others in ours is left alone', async (t) => {
  const { context, folder } = await filled(t);
  writeFileSync(path.join(folder, 'holiday.jpg'), 'mine');
  await dataOperations['data.clear'](context, { what: ['fetched'] });
  assert.equal(existsSync(path.join(folder, 'holiday.jpg')), true);
  assert.equal(isOurNode(folder), false);
});

test('nothing is erased while a run works or waits for its turn', async (t) => {
  const { context, stash } = await filled(t);
  const { run } = await context.store.runs.begin('scan', context.owner, {}, 60_000);
  const clear = () => dataOperations['data.clear'](context, { what: ['faces'] });
  await assert.rejects(clear(), saysWhy('busy', /"Scan library" is under way: stop it or let it end/));
  await context.store.runs.pause(run.id, context.owner);
  stash.jobs.push({ id: '1', status: 'READY', description: 'Running plugin task: Scan library' });
  await assert.rejects(clear(), saysWhy('busy', /"Scan library" is under way/));
  stash.jobs.length = 0;
  // Stash was restarted: nobody will go on with it.
  assert.match((await clear()).message, /^Erased: 3 looks/);
});

test('nothing is erased while a scene is being looked at', async (t) => {
  const { context } = await filled(t);
  await context.store.claims.acquire('inference', `${process.pid}@elsewhere:1:2`, FAST.leaseMs);
  await assert.rejects(
    dataOperations['data.clear'](context, { what: ['faces'] }),
    saysWhy('busy', /A scene is being looked at/),
  );
  assert.equal((await context.store.measure()).faces.count, 3);
});

async function filled(t: Parameters<typeof tempFolder>[0]) {
  const folder = tempFolder(t);
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { folder, limits: { ...FAST, leaseMs: 60_000 } });
  const { store } = context;
  for (const n of [1, 2, 3]) await store.observations.put(look(n, { cropBytes: 40_000 }));
  await store.people.putPerformer(performer(1));
  await store.people.putReference(reference(1));
  await store.suggestions.replace({ kind: 'scene', id: '1' }, 'faces', [proposal(1, 1)]);
  await store.decisions.reject([contentId(1)], performer(1), 1);
  await store.state.set(LAST_SET_UP, { at: 1, checks: [] });
  mkdirSync(path.join(folder, 'runtime/sharp-1'), { recursive: true });
  writeFileSync(path.join(folder, 'runtime/sharp-1/lib.node'), new Uint8Array(500_000));
  mkdirSync(path.join(folder, 'models'));
  writeFileSync(path.join(folder, 'models/fr_detect.onnx'), new Uint8Array(500_000));
  return { folder, stash, context };
}
