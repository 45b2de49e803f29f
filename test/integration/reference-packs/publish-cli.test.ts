/** `publish-pack` in a terminal: packs in folders, without a Stash. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readIndex } from '../../../plugin/reference-packs/channel/read-index.ts';
import { tempFolder } from '../../fakes/context.ts';
import { packEntries, referencePacksIn, writeReferencePack } from '../../fixtures/reference-packs.ts';
import { bundle } from '../plugin-process.ts';

function publish(...options: string[]) {
  return spawnSync(process.execPath, [bundle, 'publish-pack', ...options], { encoding: 'utf8' });
}

test('packs of any face pack are published from their folders, then what has changed, readable by everybody', async (t) => {
  const folder = tempFolder(t);
  const out = path.join(folder, 'site');
  const { packs } = referencePacksIn(folder);
  const place = path.join(folder, 'reference-packs', 'test-people');
  await writeReferencePack(packs, packEntries(300), { version: '1' });
  const first = publish('--out', out, place);
  assert.equal(first.status, 0, first.stderr);
  assert.match(
    first.stdout,
    /^The pack test-people, version 1: 300 people, .* MB, updates from 0 earlier versions$/m,
  );
  await writeReferencePack(packs, packEntries(310), { version: '2' });
  const second = publish('--out', out, '--keep-deltas', '1', place);
  assert.match(second.stdout, /version 2: 310 people, .* updates from 1 earlier version$/m);
  const index = await readIndex(pathToFileURL(`${out}/`));
  assert.deepEqual(
    index!.packs.map(({ manifest, deltas }) => [manifest.version, deltas.length]),
    [['2', 1]],
  );
  const twice = publish('--out', out, place, place);
  assert.equal(twice.status, 2);
  assert.match(twice.stderr, /Two of the packs have the id "test-people"/);
  assert.deepEqual(await readIndex(pathToFileURL(`${out}/`)), index);
  if (process.platform === 'win32') return;
  assert.equal(statSync(out).mode & 0o777, 0o755);
  for (const name of readdirSync(out)) assert.equal(statSync(path.join(out, name)).mode & 0o777, 0o644, name);
});

test('what is asked wrongly is told in a sentence, and nothing is written', (t) => {
  const folder = tempFolder(t);
  const out = path.join(folder, 'site');
  const broken = path.join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(path.join(broken, 'manifest.json'), '{}');
  for (const [options, sentence] of [
    [[], /"publish-pack" needs --out DIR/],
    [
      ['--out', out],
      /"publish-pack" needs --stash-url URL, whose packs are published, or the folders of packs\./,
    ],
    [['--out', out, '--keep-deltas', 'many', broken], /--keep-deltas is a number from 0 to 36, not "many"\./],
    [
      ['--out', out, broken],
      /was not installed as a reference pack \(its manifest\.json is not that of a reference pack\)/,
    ],
    [['--out', out, path.join(folder, 'nothing')], /no manifest\.json of a reference pack is in it/],
    [['--json', '--out', out, broken], /"publish-pack" does not know --json\./],
  ] as const) {
    const { status, stderr } = publish(...options);
    assert.equal(status, 2, stderr);
    assert.match(stderr, sentence);
  }
  assert.deepEqual(readdirSync(folder), ['broken']);
});
