import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { catalog, packagedModels } from '../models/catalog/catalog.ts';
import { openDataPackage, openWeights, WEIGHTS } from './data-packages.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'stash sense data packages-'));
after(() => rm(root, { recursive: true, force: true }));

async function assertWeights(folder: string): Promise<void> {
  for (const { file, sha256 } of packagedModels(catalog)) {
    const bytes = await readFile(path.join(folder, file));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
  }
}

/** npm that reaches no registry and has fetched nothing before. */
function setOffline(t: TestContext): void {
  const env = { npm_config_offline: 'true', npm_config_cache: path.join(root, 'empty npm cache') };
  for (const [name, value] of Object.entries(env)) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

test('the weights are those of the catalogue, also where two processes fetch them at once', async () => {
  const cache = path.join(root, 'two at once');
  for (const folder of await Promise.all([openWeights(cache), openWeights(cache)]))
    await assertWeights(folder);
  assert.equal((await readdir(cache)).length, 1);
});

test('what was fetched once is used without a registry', async (t) => {
  const cache = path.join(root, 'once');
  const folder = await openWeights(cache);
  setOffline(t);
  assert.equal(await openWeights(cache), folder);
});

test('a damaged file in the cache is fetched again', async () => {
  const cache = path.join(root, 'damaged');
  const folder = await openWeights(cache);
  await writeFile(path.join(folder, catalog.models[0]!.file), 'x');
  await assertWeights(await openWeights(cache));
});

test('with no registry and nothing in the cache one sentence says what to do', async (t) => {
  setOffline(t);
  const cache = path.join(root, 'offline');
  await assert.rejects(openWeights(cache), (error: Error) => {
    assert.match(
      error.message,
      /^faceplugin-face-recognition-js 0\.0\.1 \(the weights\) is not in node_modules\/\.cache yet, and npm could not fetch [^\n]+ \([^\n]+\): run this once where npm reaches its registry\.$/,
    );
    return true;
  });
});

test('a package with another hash than the pinned one is refused', async () => {
  const other = { ...WEIGHTS, integrity: `sha512-${Buffer.alloc(64).toString('base64')}` };
  await assert.rejects(openDataPackage(other, path.join(root, 'other')), /is not the package that is pinned/);
});
