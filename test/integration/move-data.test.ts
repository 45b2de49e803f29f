import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { openStore } from '../../plugin/store/store.ts';
import { findTask, runTask } from '../../tasks/compose/dispatch.ts';
import { saveFailure } from '../../tasks/runs/last-failure.ts';
import { markTarget, copyFiles, planMove } from '../../tasks/data/move-plan.ts';
import { dataOperations } from '../../tasks/data/operations.ts';
import { handlers } from '../../tasks/compose/registry.ts';
import { contentId, look, PACK, performer, proposal, reference } from '../contract/store-samples.ts';
import { fakeContext, FAST, tempFolder } from '../fakes/context.ts';
import { put, putModel, putPart } from '../fixtures/fetched.ts';
import { packEntries, referencePacksIn, uuid, writeReferencePack } from '../fixtures/reference-packs.ts';
import { openToOthers } from '../fixtures/modes.ts';
import { memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { bundleChild } from './store-bundle.ts';
import { saysWhy } from './store-says-why.ts';
import { numbers, sample } from '../fixtures/sweep.ts';
import { plain } from '../../core/messages/message.ts';
import { inEnglish } from '../../core/messages/english.ts';

const skip = process.platform === 'win32' && 'links need an administrator there';
const task = findTask('move-data')!;

test('all we keep goes to the new folder, the setting follows, and the old folder is gone', async (t) => {
  const { from, to, stash } = await filled(t);
  const first = await fakeContext(t, stash, { folder: from });
  const { runId } = await before(from);
  const turn = await runTask(first, task, { folder: to });
  assert.match(
    inEnglish(turn.message),
    /^The data is in .*; what is left in the old folder goes in the next turn\.$/,
  );
  assert.equal(stash.settings['dataFolder'], to);
  assert.deepEqual(stash.started, [{ name: 'Move data', args: {} }]);
  // Somebody who has it open still: nothing they write is lost unseen.
  await assert.rejects(first.store.people.putPerformer(performer(9)), saysWhy('busy', /being moved/));
  await first.store.close();
  await assert.rejects(openStore({ folder: from }), saysWhy('store-unusable', /has moved from .* to /));

  const second = await fakeContext(t, stash, { folder: to });
  const end = await runTask(second, task, {});
  assert.match(inEnglish(end.message), /; the old folder .* is gone\.$/);
  assert.equal(existsSync(from), false);
  assert.deepEqual(
    readdirSync(to)
      .filter((it) => !it.includes('sqlite'))
      .toSorted(),
    ['models', 'reference-packs', 'runtime', 'stash-sense.files'],
  );
  assert.equal(readFileSync(path.join(to, 'runtime/sharp-1/lib.node'), 'utf8'), 'compiled');
  await holdsAll(to);
  const runs = await second.store.runs.recent(9);
  assert.deepEqual(
    runs.map(({ task: of, state }) => [of, state]),
    [
      ['move-data', 'finished'],
      ['scan', 'finished'],
    ],
  );
  assert.ok(runs.some(({ id }) => id === runId));
  assert.equal((statSync(path.join(to, 'stash-sense.sqlite')).mode & 0o777).toString(8), '600');
  await second.store.people.putPerformer(performer(9));
});

test('what is no data of ours stays where it is: Node, and things of others', async (t) => {
  const { from, to, stash } = await filled(t);
  mkdirSync(path.join(from, 'runtime/node/bin'), { recursive: true });
  writeFileSync(path.join(from, 'runtime/node/bin/node'), 'node');
  writeFileSync(path.join(from, 'holiday.jpg'), 'mine');
  const first = await fakeContext(t, stash, { folder: from });
  await runTask(first, task, { folder: to });
  await first.store.close();
  const second = await fakeContext(t, stash, { folder: to });
  const { message } = await runTask(second, task, {});
  assert.match(
    inEnglish(message),
    /of the old folder .* stays what is not data \(holiday\.jpg, runtime\)\.$/,
  );
  assert.equal(readFileSync(path.join(from, 'holiday.jpg'), 'utf8'), 'mine');
  assert.equal(existsSync(path.join(from, 'runtime/node/bin/node')), true);
  assert.equal(existsSync(path.join(to, 'runtime/node')), false);
  assert.equal(existsSync(path.join(from, 'stash-sense.sqlite')), false);
});

test('what a user put beside what was fetched is copied, and stays where it was', async (t) => {
  const { from, to, stash } = await filled(t);
  put(path.join(from, 'runtime/node_modules/sharp/own.node'), 'mine');
  put(path.join(from, 'models/own.onnx'), 'mine');
  const first = await fakeContext(t, stash, { folder: from });
  await runTask(first, task, { folder: to });
  await first.store.close();
  const second = await fakeContext(t, stash, { folder: to });
  const { message } = await runTask(second, task, {});
  assert.match(inEnglish(message), /stays what is not data \(models, runtime\)\.$/);
  for (const folder of [from, to])
    for (const name of ['runtime/node_modules/sharp/own.node', 'models/own.onnx'])
      assert.equal(readFileSync(path.join(folder, name), 'utf8'), 'mine', path.join(folder, name));
  assert.deepEqual(readdirSync(from), ['models', 'runtime']);
  assert.equal(existsSync(path.join(from, 'runtime/sharp-1')), false);
  // They are the user's in the new folder as well.
  await dataOperations['data.clear'](second, { what: ['fetched'] });
  assert.equal(readFileSync(path.join(to, 'models/own.onnx'), 'utf8'), 'mine');
  assert.equal(existsSync(path.join(to, 'models/fr_detect.onnx')), false);
});

test(
  'links are not followed: what they point at stays, in the old folder and in the new one',
  { skip },
  async (t) => {
    const { root, from, to, stash } = await filled(t);
    const elsewhere = path.join(root, 'elsewhere');
    renameSync(path.join(from, 'runtime'), elsewhere);
    symlinkSync(elsewhere, path.join(from, 'runtime'));
    const target = path.join(root, 'target');
    writeFileSync(target, 'mine');
    mkdirSync(to, { recursive: true, mode: 0o700 });
    const first = await fakeContext(t, stash, { folder: from });
    await runTask(first, task, { folder: to });
    await first.store.close();
    const second = await fakeContext(t, stash, { folder: to });
    const { message } = await runTask(second, task, {});
    assert.match(inEnglish(message), /stays what is not data \(runtime\)\.$/);
    assert.equal(readFileSync(path.join(elsewhere, 'sharp-1/lib.node'), 'utf8'), 'compiled');
    assert.equal(existsSync(path.join(to, 'runtime')), false);
  },
);

for (const name of [
  'moving.json.part',
  'crops.sqlite.part',
  'stash-sense.sqlite.part',
  'stash-sense.sqlite',
  'moving.files',
  'stash-sense.files',
  'models',
  'models/fr_detect.onnx',
])
  test(`a link that is planted as ${name} is not written through`, { skip }, async (t) => {
    const { root, from, to, stash } = await filled(t);
    const target = path.join(root, 'target');
    if (name === 'models') mkdirSync(target);
    else writeFileSync(target, 'mine');
    const context = await fakeContext(t, stash, { folder: from });
    const plan = await planMove(context, to);
    await markTarget(plan);
    mkdirSync(path.dirname(path.join(to, name)), { recursive: true, mode: 0o700 });
    symlinkSync(target, path.join(to, name));
    await runTask(context, task, { folder: to }).catch((error: unknown) => {
      assert.match(String(error), /^[^\n]+\.$/);
    });
    if (name === 'models') assert.deepEqual(readdirSync(target), []);
    else assert.equal(readFileSync(target, 'utf8'), 'mine');
    assert.ok([from, to].includes(String(stash.settings['dataFolder'])));
    await context.store.close();
    await holdsAll(String(stash.settings['dataFolder']));
  });

test("all that moves is for Stash's user only, whatever the umask", async (t) => {
  for (const umask of [0o000, 0o077]) {
    const umaskBefore = process.umask(umask);
    try {
      const { from, to, stash } = await filled(t);
      const first = await fakeContext(t, stash, { folder: from });
      saveFailure(from, { at: 1, task: 'scan', message: plain('No.') });
      await runTask(first, task, { folder: to });
      assert.deepEqual(openToOthers(to), []);
      await first.store.close();
      const second = await fakeContext(t, stash, { folder: to });
      await runTask(second, task, {});
      saveFailure(to, { at: 1, task: 'scan', message: plain('No.') });
      assert.deepEqual(openToOthers(to), []);
      await dataOperations['data.clear'](second, { what: ['faces', 'fetched'] });
      assert.deepEqual(openToOthers(to), []);
    } finally {
      process.umask(umaskBefore);
    }
  }
});

test('a folder that will not do is refused in one sentence, and nothing is touched', async (t) => {
  const { from, root, stash } = await filled(t);
  const context = await fakeContext(t, stash, { folder: from });
  const file = path.join(root, 'a file');
  writeFileSync(file, '');
  const full = path.join(root, 'full');
  mkdirSync(full);
  writeFileSync(path.join(full, 'holiday.jpg'), 'mine');
  const link = path.join(root, 'link');
  symlinkSync(from, link);
  const move = (folder: string) => dataOperations['data.move'](context, { folder });
  for (const [folder, why] of [
    ['relative/place', /is no whole path/],
    [from, /is in .* already/],
    [link, /is in .* already/],
    [path.join(from, 'deeper'), /lies inside the data folder/],
    [path.join(link, 'deeper'), /lies inside the data folder/],
    [full, /holds other things \(holiday\.jpg\)/],
    [root, /holds other things/],
    [file, /cannot be read/],
    [path.join(file, 'deeper'), /cannot be (read|written)/],
    ['/proc/stash-sense', /must not be a folder of the system/],
    ['/etc', /holds other things|must not be a folder of the system/],
  ] as const)
    await assert.rejects(move(folder), saysWhy('bad-input', why), folder);
  await assert
    .rejects(
      planMove(context, path.join(root, 'new'), () => Promise.resolve(60e6)),
      saysWhy('bad-input', /has 60 MB free and the data needs 5\d MB|make room/).bind(null),
    )
    .catch(() => undefined);
  await assert.rejects(
    planMove(context, path.join(root, 'new'), () => Promise.resolve(1e6)),
    saysWhy('bad-input', /has 1 MB free and the data needs \d+ MB: make room/),
  );
  assert.deepEqual(stash.started, []);
  assert.equal(stash.settings['dataFolder'], from);
  await context.store.people.putPerformer(performer(8));
});

test('the data does not move while somebody works on it', async (t) => {
  const { from, to, stash } = await filled(t);
  const context = await fakeContext(t, stash, { folder: from, limits: { ...FAST, leaseMs: 60_000 } });
  const other = await fakeContext(t, stash, { folder: from });
  const { run } = await other.store.runs.begin('scan', other.owner, {}, 60_000);
  await assert.rejects(
    dataOperations['data.move'](context, { folder: to }),
    saysWhy('busy', /"Scan library" is under way: stop it/),
  );
  await assert.rejects(
    runTask(context, task, { folder: to }),
    saysWhy('busy', /"Scan library" is under way/),
  );
  assert.equal(existsSync(to) && readdirSync(to).length > 0, false, 'nothing is left of the attempt');
  await other.store.people.putPerformer(performer(8));
  await other.store.runs.end(run.id, other.owner, 'finished', plain(''));
  assert.deepEqual((await dataOperations['data.move'](context, { folder: to })).joined, false);
  const { message } = await runTask(context, task, {});
  assert.match(inEnglish(message), /^The data is in /, 'started from the menu, it knows where to');
});

test('a setting that Stash refuses leaves everything as it was', async (t) => {
  const { from, to, stash } = await filled(t);
  const context = await fakeContext(t, stash, { folder: from });
  stash.before = (call) => {
    if (call === 'changeSettings') throw new Error('Stash went away');
  };
  await assert.rejects(runTask(context, task, { folder: to }), /Stash went away/);
  assert.deepEqual(readdirSync(to), []);
  await context.store.people.putPerformer(performer(9));
  assert.equal((await context.store.runs.recent(1))[0]?.state, 'failed');
});

test('a move that is stopped, or given up after it was killed, leaves nothing in the new folder', async (t) => {
  const { from, to, stash } = await filled(t);
  const context = await fakeContext(t, stash, { folder: from });
  const { store } = context;
  const { run } = await store.runs.begin('move-data', 'somebody@elsewhere', {}, 0);
  await store.runs.askStop('move-data');
  // Its next turn sees the wish; a new start would not mean this run.
  await store.state.set(`slice-token:${run.id}`, 'next');
  assert.equal((await runTask(context, task, { folder: to, run: run.id, token: 'next' })).end, 'stopped');
  assert.deepEqual(readdirSync(to), []);
  assert.equal(stash.settings['dataFolder'], from);

  const plan = await planMove(context, to);
  await markTarget(plan);
  await copyFiles(plan, () => Promise.resolve());
  await store.state.set('move-to', to);
  await store.relocation.freeze(context.owner);
  assert.equal((await dataOperations['data.info'](context, {})).movingTo, to);
  await handlers.stop(context, { task: 'move-data' });
  assert.deepEqual(readdirSync(to), []);
  assert.equal((await dataOperations['data.info'](context, {})).movingTo, null);
  await store.people.putPerformer(performer(9));
});

test('killed at any moment and started again it ends at the same', async (t) => {
  const root = tempFolder(t);
  const child = await bundleChild('move-child.ts', root);
  let killed = 0;
  const turns = sample(numbers(14), 3);
  for (const turn of turns) {
    const { from, to, stash, root: place } = await filled(t, 40);
    const stashFile = path.join(place, 'stash.json');
    writeFileSync(stashFile, JSON.stringify(stash.settings));
    if ((await runChild(child, [stashFile, to], turn * 12)) === null) killed++;
    // Whatever it was: what is pointed at is whole, and can be written after a while at most.
    const pointed = (JSON.parse(readFileSync(stashFile, 'utf8')) as { dataFolder: string }).dataFolder;
    assert.ok(pointed === from || pointed === to);
    await holdsAll(pointed, 40);
    const between = await openStore({ folder: pointed });
    await between.people.putPerformer(performer(7));
    await between.close();
    for (let more = 0; more < 3; more++) {
      const said = await runChild(child, [stashFile, to], null);
      if (said?.goesOn === false) break;
    }
    assert.equal((JSON.parse(readFileSync(stashFile, 'utf8')) as { dataFolder: string }).dataFolder, to);
    assert.equal(existsSync(from), false, `turn ${turn}`);
    assert.equal(existsSync(path.join(to, 'moving.json')), false);
    await holdsAll(to, 40);
    const store = await openStore({ folder: to });
    assert.equal((await store.people.performer('7'))?.name, 'Performer 7');
    assert.deepEqual(await store.runs.running(), []);
    await store.close();
  }
  assert.ok(killed > 0, `none of ${turns.length} was killed before it had ended`);
});

async function filled(t: Parameters<typeof tempFolder>[0], looks = 4) {
  const root = realpathSync(tempFolder(t));
  const from = path.join(root, 'old');
  const to = path.join(root, 'other disk', 'new');
  const stash: MemoryStash = memoryStash();
  stash.settings = { dataFolder: from };
  const store = await openStore({ folder: from });
  for (let n = 1; n <= looks; n++) await store.observations.put(look(n, { cropBytes: 20_000 }));
  await store.people.putPerformer(performer(1));
  await store.people.putReference(reference(1));
  await store.suggestions.replace({ kind: 'scene', id: '1' }, 'faces', [proposal(1, 1)]);
  await store.dismissals.dismiss(notSeen([contentId(1)], performer(1)), 1);
  const { run } = await store.runs.begin('scan', 'somebody', {}, 60_000);
  await store.runs.end(run.id, 'somebody', 'finished', plain('All seen.'));
  await store.close();
  putPart(from, 'sharp-1', { 'lib.node': 'compiled' });
  putModel(from, 'fr_detect.onnx', 'weights');
  await writeReferencePack(referencePacksIn(from).packs, packEntries(5));
  writeFileSync(path.join(from, 'reference-packs', 'opted-out.txt'), uuid(2));
  return { root, from, to, stash };
}

async function before(folder: string): Promise<{ runId: string | undefined }> {
  const store = await openStore({ folder });
  const [run] = await store.runs.recent(1);
  await store.close();
  return { runId: run?.id };
}

async function holdsAll(folder: string, looks = 4): Promise<void> {
  const store = await openStore({ folder });
  for (let n = 1; n <= looks; n++) {
    const kept = await store.observations.get(contentId(n), PACK);
    assert.deepEqual([kept?.observedAt, kept?.persons.length], [look(n).observation.observedAt, 2]);
    assert.equal((await store.observations.crops(contentId(n), PACK)).length, 2);
  }
  assert.equal((await store.people.references('1', PACK)).length, 1);
  const [pack] = await referencePacksIn(folder).packs.open();
  assert.equal(pack?.vectors.size, 4, 'without who opted out');
  assert.equal((await store.suggestions.list({ state: 'open' }, 'newest', 9, 0)).total, 1);
  assert.equal(await store.dismissals.isDismissed(notSeen([contentId(1)], performer(1))), true);
  await store.close();
}

/** What it said; null when it was killed before. */
async function runChild(
  child: string,
  args: readonly string[],
  killAfterMs: number | null,
): Promise<{ message: string; goesOn: boolean } | null> {
  const started = spawn(process.execPath, ['--no-warnings', child, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  started.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (killAfterMs !== null && said === 'begins\n') setTimeout(() => started.kill('SIGKILL'), killAfterMs);
  });
  await new Promise((resolve) => started.once('close', resolve));
  const [, answer] = said.split('\n');
  return answer === undefined || answer === ''
    ? null
    : (JSON.parse(answer) as { message: string; goesOn: boolean });
}
