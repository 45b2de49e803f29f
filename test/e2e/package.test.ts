import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { MAX_ZIP_BYTES, writePackages } from '../../tools/packaging/packages.ts';
import { versionOfPackage } from '../../tools/packaging/version.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);

let folder: string;
let first: string;
let second: string;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-package-'));
  first = await buildCopy(path.join(folder, 'one'), 'America/St_Johns');
  second = await buildCopy(path.join(folder, 'another place'), 'Asia/Kolkata');
});
after(() => rm(folder, { recursive: true, force: true }));

test('the same source makes the same bytes, whatever the folder and the time zone', async () => {
  for (const file of ['index.yml', 'stash-sense.zip', 'stash-sense-faces.zip'])
    assert.equal(await sha256(path.join(first, file)), await sha256(path.join(second, file)), file);
});

test('the index names each zip with its hash, and that the plugin needs its weights', async () => {
  const index = parse(await readFile(path.join(first, 'index.yml'), 'utf8')) as Record<string, unknown>[];
  assert.deepEqual(
    index.map(({ id, path: file, requires, version, date }) => ({ id, file, requires, version, date })),
    [
      {
        id: 'stash-sense',
        file: 'stash-sense.zip',
        requires: ['stash-sense-faces'],
        version: '1.2.3-abcdef0',
        date: '2026-05-06 07:08:10',
      },
      {
        id: 'stash-sense-faces',
        file: 'stash-sense-faces.zip',
        requires: undefined,
        version: '1.2.3-abcdef0',
        date: '2026-05-06 07:08:10',
      },
    ],
  );
  for (const { path: file, sha256: hash } of index)
    assert.equal(hash, await sha256(path.join(first, file as string)));
});

test('no zip is too large for the ten seconds that Stash gives an installation', async () => {
  for (const file of ['stash-sense.zip', 'stash-sense-faces.zip'])
    assert.ok((await readFile(path.join(first, file))).length <= MAX_ZIP_BYTES, file);
});

test('the packages hold what is needed and nothing that Stash takes for another plugin', async () => {
  assert.deepEqual(await filesIn('stash-sense.zip'), [
    'LICENSE',
    'THIRD-PARTY-NOTICES.txt',
    'assets/de-DE.js',
    'assets/page.js',
    'install-node.ps1',
    'install-node.sh',
    'launch.sh',
    'main.mjs',
    'program.js',
    'sh.cmd',
    'stash-sense.yml',
    'ui.css',
    'ui.js',
    'wasm/ort-wasm-simd-threaded.mjs',
    'wasm/ort-wasm-simd-threaded.wasm',
    'wasm/ort.node.min.mjs',
  ]);
  assert.deepEqual(await filesIn('stash-sense-faces.zip'), [
    'LICENSE',
    'README.txt',
    'THIRD-PARTY-NOTICES.txt',
    'fr_detect.onnx',
    'fr_feature.onnx',
    'fr_landmark.onnx',
  ]);
});

test('nothing that is shipped names the folder it was built in', async () => {
  for (const [name, bytes] of Object.entries(
    unzipSync(new Uint8Array(await readFile(path.join(first, 'stash-sense.zip')))),
  ))
    for (const place of [root, folder])
      assert.ok(!Buffer.from(bytes).includes(place), `${name} holds ${place}`);
});

test('what is installed says the version that Stash shows of its package: with the commit', async () => {
  const target = path.join(folder, 'committed');
  await copySource(target);
  for (const args of [
    ['init', '-q'],
    ['-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '-q', '--allow-empty', '-m', 'x'],
  ])
    await run('git', args, { cwd: target });
  await run(process.execPath, ['--import', 'tsx', 'esbuild.config.ts', '--packaged'], { cwd: target });
  const version = versionOfPackage(target);
  assert.match(version, /^\d+\.\d+\.\d+-[0-9a-f]{7}$/);
  const built = path.join(target, 'dist/stash-sense');
  const { stdout } = await run(process.execPath, [path.join(built, 'main.mjs'), '--version']);
  assert.equal(stdout.trim(), version);
  assert.ok((await readFile(path.join(built, 'ui.js'), 'utf8')).includes(`"${version}"`));
  const manifest = parse(await readFile(path.join(built, 'stash-sense.yml'), 'utf8')) as { version: string };
  assert.equal(manifest.version, version);
});

async function copySource(target: string): Promise<void> {
  await cp(root, target, {
    recursive: true,
    filter: (source) =>
      !/^(node_modules|dist|\.git|\.scratch|bench-results)$/.test(path.relative(root, source)),
  });
  await symlink(path.join(root, 'node_modules'), path.join(target, 'node_modules'), 'junction');
}

/** The source elsewhere, built and packed there. */
async function buildCopy(target: string, timeZone: string): Promise<string> {
  await copySource(target);
  await run(process.execPath, ['--import', 'tsx', 'esbuild.config.ts'], {
    cwd: target,
    env: { ...process.env, TZ: timeZone },
  });
  const out = path.join(target, 'packages');
  const date = new Date('2026-05-06T07:08:10Z');
  writePackages({ built: path.join(target, 'dist'), out, version: '1.2.3-abcdef0', date });
  return out;
}

async function filesIn(zip: string): Promise<string[]> {
  return Object.keys(unzipSync(new Uint8Array(await readFile(path.join(first, zip)))));
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
