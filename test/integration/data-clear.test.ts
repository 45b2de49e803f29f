import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { openInventory } from '../../plugin/system/files/inventory.ts';
import { isOurNode } from '../../tasks/data/data-folder.ts';
import { dataOperations } from '../../tasks/data/operations.ts';
import { contentId, look, performer, proposal, reference } from '../contract/store-samples.ts';
import { fakeContext, FAST, tempFolder } from '../fakes/context.ts';
import { put, putModel, putPart } from '../fixtures/fetched.ts';
import { packEntries, writeReferencePack } from '../fixtures/reference-packs.ts';
import { memoryStash } from '../fakes/memory-stash.ts';
import { saysWhy } from './store-says-why.ts';
import { inEnglish } from '../../core/messages/english.ts';

test('it says what there is, erases what was asked for and says what it erased', async (t) => {
  const { context, folder } = await filled(t);
  mkdirSync(path.join(folder, 'compile-cache/v24'), { recursive: true });
  const { kept, freeBytes } = await dataOperations['data.info'](context, {});
  assert.deepEqual(
    kept.map(({ what, count }) => [what, count]),
    [
      ['faces', 3],
      ['people', 1],
      ['decisions', 2],
      ['journal', 0],
      ['reference-packs', 0],
      ['fetched', 2],
    ],
  );
  assert.ok(freeBytes !== null && freeBytes > 0);
  const { erased, message: said } = await dataOperations['data.clear'](context, {
    what: ['fetched', 'faces'],
  });
  assert.deepEqual(
    erased.map(({ what, count }) => [what, count]),
    [
      ['faces', 3],
      ['fetched', 2],
    ],
  );
  assert.match(
    inEnglish(said),
    /^Erased: 3 looks at files \([\d.]+ MB\), 2 fetched files \(1 MB\)\. The store is [\d.]+ MB smaller\.$/,
  );
  assert.equal(existsSync(path.join(folder, 'runtime')), false);
  assert.equal(existsSync(path.join(folder, 'compile-cache')), false);
  assert.equal(await context.store.state.get('last-set-up'), null);
  assert.deepEqual(
    (await dataOperations['data.info'](context, {})).kept.map(({ count }) => count),
    [0, 1, 2, 0, 0, 0],
  );
});

test('whoever erases everything is told how to get rid of the rest', async (t) => {
  const { context, folder } = await filled(t);
  const { message: said } = await dataOperations['data.clear'](context, {
    what: ['faces', 'people', 'decisions', 'journal', 'reference-packs', 'fetched'],
  });
  assert.ok(
    inEnglish(said).endsWith(
      `To uninstall, remove the plugin under Settings, Plugins, then delete ${folder}.`,
    ),
    inEnglish(said),
  );
});

test('reference packs are erased by themselves, and who opted out stays listed', async (t) => {
  const { context, folder } = await filled(t);
  await writeReferencePack(context.referencePacks, packEntries(20));
  await writeReferencePack(context.referencePacks, packEntries(3), { id: 'other' });
  const root = path.join(folder, 'reference-packs');
  writeFileSync(path.join(root, 'opted-out.txt'), 'nobody');
  writeFileSync(path.join(root, 'other', 'mine.txt'), 'mine');
  const measured = (await dataOperations['data.info'](context, {})).kept.find(
    ({ what }) => what === 'reference-packs',
  );
  assert.ok(measured?.count === 2 && measured.bytes > 2000);
  const { message: said } = await dataOperations['data.clear'](context, { what: ['reference-packs'] });
  assert.match(inEnglish(said), /^Erased: 2 reference packs/);
  assert.deepEqual(await context.referencePacks.list(), []);
  assert.deepEqual(readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted(), [
    'opted-out.txt',
    'other',
    path.join('other', 'mine.txt'),
  ]);
});

test('a folder of others in ours is left alone', async (t) => {
  const { context, folder } = await filled(t);
  writeFileSync(path.join(folder, 'holiday.jpg'), 'mine');
  await dataOperations['data.clear'](context, { what: ['fetched'] });
  assert.equal(existsSync(path.join(folder, 'holiday.jpg')), true);
  assert.equal(isOurNode(folder), false);
});

test('what a user put beside what was fetched, or changed of it, stays and is said', async (t) => {
  const { context, folder } = await filled(t);
  putPart(folder, 'usearch-1', {
    'node_modules/usearch/index.js': 'ours',
    'node_modules/usearch/own.js': 'ours',
  });
  const mine = {
    'runtime/mine/notes.txt': 'mine',
    'runtime/node_modules/sharp/package.json': '{}',
    'runtime/sharp-1/mine.txt': 'mine',
    'runtime/usearch-1/node_modules/usearch/own.js': 'changed',
    'runtime/mine.txt': 'mine',
    'models/own.onnx': 'mine',
    'models/deeper/own.onnx': 'mine',
  };
  for (const [name, text] of Object.entries(mine)) put(path.join(folder, name), text);
  assert.equal((await dataOperations['data.info'](context, {})).kept.at(-1)?.count, 4);
  const { erased, message: said } = await dataOperations['data.clear'](context, { what: ['fetched'] });
  assert.equal(erased[0]?.count, 3);
  for (const [name, text] of Object.entries(mine))
    assert.equal(readFileSync(path.join(folder, name), 'utf8'), text, name);
  assert.deepEqual(
    readdirSync(path.join(folder, 'runtime'), { recursive: true, withFileTypes: true })
      .filter((it) => it.isFile())
      .map((it) => it.name)
      .toSorted(),
    ['mine.txt', 'mine.txt', 'notes.txt', 'own.js', 'package.json'],
  );
  assert.match(
    inEnglish(said),
    /What Stash Sense has not made, or what was changed since, stays in .+: runtime\/mine, runtime\/mine\.txt, .+ and 2 more\.$/,
  );
  // Asked again it ends at the same.
  const second = await dataOperations['data.clear'](context, { what: ['fetched'] });
  assert.deepEqual(second.erased, [{ what: 'fetched', count: 0, bytes: 0 }]);
  assert.equal(
    readFileSync(path.join(folder, 'runtime/usearch-1/node_modules/usearch/own.js'), 'utf8'),
    'changed',
  );
});

test(
  'nothing behind a link is erased, wherever the link stands',
  { skip: process.platform === 'win32' && 'links need an administrator there' },
  async (t) => {
    for (const place of [
      'runtime',
      'models',
      'runtime/sharp-1',
      'runtime/sharp-1/lib.node',
      'stash-sense-scratch',
    ]) {
      const { context, folder } = await filled(t);
      const elsewhere = path.join(tempFolder(t), 'elsewhere');
      if (place === 'stash-sense-scratch') put(path.join(elsewhere, 'old/preview.mp4'), 'mine');
      else renameSync(path.join(folder, place), elsewhere);
      symlinkSync(elsewhere, path.join(folder, place));
      const listed = (): string => JSON.stringify(listAll(elsewhere));
      const before = listed();
      const { message: said } = await dataOperations['data.clear'](context, { what: ['faces', 'fetched'] });
      assert.equal(listed(), before, place);
      if (place !== 'stash-sense-scratch') assert.match(inEnglish(said), /has not made, .* stays in/, place);
      if (place === 'runtime' || place === 'models')
        assert.ok(inEnglish(said).includes(`${place} (a link)`), inEnglish(said));
    }
  },
);

test('an inventory that names what lies elsewhere erases nothing there', async (t) => {
  const { context, folder } = await filled(t);
  const outside = path.join(folder, '../outside.txt');
  writeFileSync(outside, '');
  t.after(() => rmSync(outside, { force: true }));
  const sha256 = createHash('sha256').update('').digest('hex');
  for (const name of [
    'runtime/../../outside.txt',
    '../outside.txt',
    'stash-sense.sqlite',
    outside,
    'runtime/',
  ])
    for (const hash of [sha256, '-'])
      appendFileSync(path.join(folder, 'stash-sense.files'), `${hash} ${name}\n`);
  put(path.join(folder, 'runtime/bad', '.stash-sense-part'), `${sha256}\n${sha256} ../../../outside.txt`);
  await dataOperations['data.clear'](context, { what: ['fetched'] });
  assert.equal(existsSync(outside), true);
  assert.equal(existsSync(path.join(folder, 'stash-sense.sqlite')), true);
});

test('what a killed process left half-made goes too', async (t) => {
  const { context, folder } = await filled(t);
  const inventory = openInventory(folder);
  put(path.join(folder, 'runtime/sharp-2.1a2b3c4d.tmp/node_modules/x.js'), 'half');
  inventory.making(path.join(folder, 'runtime/sharp-2.1a2b3c4d.tmp') + path.sep);
  put(path.join(folder, 'runtime/downloads/x.tar.gz.12345678.part'), 'half');
  inventory.making(path.join(folder, 'runtime/downloads/x.tar.gz.12345678.part'));
  // Cut in the midst of a line.
  appendFileSync(path.join(folder, 'stash-sense.files'), '\n- runtime/do');
  inventory.making(path.join(folder, 'runtime/next.tmp') + path.sep);
  put(path.join(folder, 'runtime/next.tmp/x'), 'half');
  const { erased } = await dataOperations['data.clear'](context, { what: ['fetched'] });
  assert.equal(erased[0]?.count, 5);
  assert.deepEqual(
    readdirSync(folder).filter((it) => !it.includes('sqlite')),
    [],
  );
});

test('nothing is erased while a run works or waits for its turn', async (t) => {
  const { context, stash } = await filled(t);
  const { run } = await context.store.runs.begin('scan', context.owner, {}, 60_000);
  const clear = () => dataOperations['data.clear'](context, { what: ['faces'] });
  await assert.rejects(clear(), saysWhy('busy', /"Scan library" is under way: stop it or let it end/));
  await context.store.runs.pause(run.id, context.owner);
  stash.jobs.push({
    id: '1',
    status: 'READY',
    description: 'Running plugin task: Scan library',
    addedAt: '2026-01-10T12:00:00Z',
  });
  await assert.rejects(clear(), saysWhy('busy', /"Scan library" is under way/));
  stash.jobs.length = 0;
  // Stash was restarted: nobody will go on with it.
  assert.match(inEnglish((await clear()).message), /^Erased: 3 looks/);
});

test('nothing is erased while a scene is being looked at', async (t) => {
  const { context } = await filled(t);
  await context.store.locks.acquire('inference', `${process.pid}@elsewhere:1:2`, FAST.leaseMs);
  await assert.rejects(
    dataOperations['data.clear'](context, { what: ['faces'] }),
    saysWhy('busy', /A scene is being scanned/),
  );
  assert.equal((await context.store.measure()).faces.count, 3);
});

function listAll(place: string): unknown {
  if (!statSync(place).isDirectory()) return readFileSync(place, 'base64').length;
  return readdirSync(place, { recursive: true, encoding: 'utf8' }).toSorted();
}

async function filled(t: Parameters<typeof tempFolder>[0]) {
  const folder = tempFolder(t);
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { folder, limits: { ...FAST, leaseMs: 60_000 } });
  const { store } = context;
  for (const n of [1, 2, 3]) await store.observations.put(look(n, { cropBytes: 40_000 }));
  await store.people.putPerformer(performer(1));
  await store.people.putReference(reference(1));
  await store.suggestions.replace({ kind: 'scene', id: '1' }, 'faces', [proposal(1, 1)]);
  await store.dismissals.dismiss(notSeen([contentId(1)], performer(1)), 1);
  await store.state.set('last-set-up', { at: 1, checks: [] });
  putPart(folder, 'sharp-1', { 'lib.node': new Uint8Array(500_000) });
  putModel(folder, 'fr_detect.onnx', new Uint8Array(500_000));
  return { folder, stash, context };
}
