/** What changes while published packs are looked for: the address, what is there, and what the user wants of it. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import { PACK_INDEX } from '../../../core/reference-packs/pack-index.ts';
import { runOperation, runTask } from '../../../tasks/compose/dispatch.ts';
import { wantPack } from '../../../tasks/pack-channel/known.ts';
import { fetchReferencePacks } from '../../../tasks/pack-channel/task.ts';
import { packNews } from '../../../tasks/pack-channel/view.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { smallLibrary } from '../../fakes/small-library.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { openPublisher } from './published.ts';

test('a pack that is asked for after the task looked for the last time is fetched by the same run', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  const { id } = (await check(context)).packs[0]!;
  const ended = await runTask(clickedAfterLastLook(context, id), fetchReferencePacks, {});
  assert.match(inEnglish(ended.message), /version 1, is installed/);
  assert.equal((await context.referencePacks.list()).length, 1);
});

test('a pack that is asked for while the run fails for another one is fetched by a start of its own', async (t) => {
  const { context, publisher, stash } = await opened(t);
  await publisher.publish(1);
  publisher.changeIndex(({ packs }) => {
    const [pack] = packs;
    packs.unshift({ ...pack!, manifest: { ...pack!.manifest, id: 'other-people', facePack: 'another-1' } });
  });
  const [other, pack] = (await check(context)).packs;
  await wantPack(context, other!.id);
  await assert.rejects(
    runTask(clickedAfterLastLook(context, pack!.id), fetchReferencePacks, {}),
    /another-1/,
  );
  assert.deepEqual(
    stash.started.map(({ name }) => name),
    ['Fetch reference packs'],
  );
  assert.match(inEnglish((await runTask(context, fetchReferencePacks, {})).message), /is installed/);
});

test('a click while the process of the last run is about to be gone starts another one; while one begins or works it does not', async (t) => {
  const { context, publisher, stash } = await opened(t);
  await publisher.publish(1);
  const { id } = (await check(context)).packs[0]!;
  const addedAt = '2026-01-10T12:00:00Z';
  const job = {
    id: '7',
    status: 'RUNNING' as const,
    description: 'Running plugin task: Fetch reference packs',
    addedAt,
  };
  stash.jobs.push(job);
  const click = async (): Promise<boolean> =>
    ((await runOperation(context, 'packChannel.fetch', { id })) as Output<'packChannel.fetch'>).joined;
  assert.equal(await click(), true);
  const { runs } = context.store;
  const { run } = await runs.begin('fetch-reference-packs', context.owner, {}, 600_000);
  await runs.setJob(run.id, context.owner, { id: '7', addedAt });
  assert.equal(await click(), true);
  await runs.end(run.id, context.owner, 'finished', plain('Done.'));
  assert.equal(await click(), false);
  assert.equal(stash.started.length, 1);
  stash.jobs.push({ ...job, id: '8', status: 'READY' });
  assert.equal(await click(), true);
});

test('packs of a former address are neither shown nor fetched nor news under a new one', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  const { id } = (await check(context)).packs[0]!;
  await runOperation(context, 'packChannel.fetch', { id });
  await runTask(context, fetchReferencePacks, {});
  await publisher.publish(2);
  await check(context);
  assert.notEqual(await packNews(context), null);

  const moved = await opened(t, { folder: context.dataFolder });
  await moved.publisher.publish(3);
  const before = await view(moved.context);
  assert.deepEqual([before.address, before.checkedAt, before.packs], [`${moved.publisher.out}/`, null, []]);
  assert.equal(await packNews(moved.context), null);
  await assert.rejects(runOperation(moved.context, 'packChannel.fetch', { id }), /press "Look for packs"/);
  assert.deepEqual(
    (await check(moved.context)).packs.map(({ version }) => version),
    ['3'],
  );
});

test('a folder that is not there is said, and what was known stays where the list is gone', async (t) => {
  const { context, publisher } = await opened(t);
  const problem = async (): Promise<string | null> => {
    const said = (await check(context)).problem;
    return said && inEnglish(said);
  };
  assert.match(
    (await problem())!,
    /^The folder .*\/site\/ is not there: look at the setting "Reference packs - channel"/,
  );
  mkdirSync(publisher.out);
  assert.equal(await problem(), null);
  await publisher.publish(1);
  await check(context);
  rmSync(path.join(publisher.out, PACK_INDEX));
  assert.match(
    (await problem())!,
    /^reference-packs\.json is not there any more at .*: what follows is as of/,
  );
  assert.equal((await view(context)).packs.length, 1);
  renameSync(publisher.out, `${publisher.out}-elsewhere`);
  assert.match((await problem())!, /^The folder .* is not there/);
  assert.equal((await view(context)).packs.length, 1);
});

test('the status compares published and installed packs only where one of them is another one than before', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  const { id } = (await check(context)).packs[0]!;
  await runOperation(context, 'packChannel.fetch', { id });
  await runTask(context, fetchReferencePacks, {});
  let described = 0;
  const counting: FakeContext = {
    ...context,
    referencePacks: {
      ...context.referencePacks,
      describe: () => (described++, context.referencePacks.describe()),
    },
  };
  const news = async (): Promise<string | null> => {
    const said = await packNews(counting);
    return said && inEnglish(said);
  };
  for (const _ of [1, 2, 3]) assert.equal(await news(), null);
  assert.equal(described, 1);
  await publisher.publish(2);
  await check(context);
  for (const _ of [1, 2, 3]) assert.match((await news())!, /^Version 2 of/);
  assert.equal(described, 2);
  await runOperation(context, 'packChannel.fetch', { id });
  await runTask(context, fetchReferencePacks, {});
  assert.equal(await news(), null);
  await context.referencePacks.goBack(id);
  assert.match((await news())!, /^Version 2 of/);
});

/** The pack is asked for when the task has seen that nothing more is. */
function clickedAfterLastLook(context: FakeContext, id: string): FakeContext {
  const { state } = context.store;
  let wasClicked = false;
  const get: typeof state.get = async (key) => {
    const value = await state.get(key);
    if (
      key === 'reference-packs-to-fetch' &&
      ((value as readonly unknown[] | null) ?? []).length === 0 &&
      !wasClicked
    ) {
      wasClicked = true;
      await wantPack(context, id);
    }
    return value;
  };
  return { ...context, store: { ...context.store, state: { ...state, get } } };
}

async function opened(t: TestContext, { folder = tempFolder(t) } = {}) {
  const publisher = openPublisher(t);
  const stash = smallLibrary(folder);
  const context = await fakeContext(t, stash, {
    folder,
    settings: { packChannel: publisher.out },
    vision: fakeVision(),
    limits: { ...FAST, sliceMs: Infinity },
  });
  return { context, publisher, stash };
}

async function view(context: FakeContext): Promise<Output<'packChannel.view'>> {
  return (await runOperation(context, 'packChannel.view', {})) as Output<'packChannel.view'>;
}

async function check(context: FakeContext): Promise<Output<'packChannel.check'>> {
  return (await runOperation(context, 'packChannel.check', {})) as Output<'packChannel.check'>;
}
