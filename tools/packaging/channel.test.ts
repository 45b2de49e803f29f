import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { parse } from 'yaml';
import { NO_TELEMETRY } from '../../core/no-telemetry.ts';
import { catalog, packagedModels } from '../../models/catalog/catalog.ts';
import { thisMachine } from '../../plugin/system/platform.ts';
import type { Manifest } from '../../plugin/artifacts/manifest.ts';
import { createArtifacts } from '../../plugin/artifacts/artifacts.ts';
import { openWeights } from '../data-packages.ts';
import { bakeInto, bundleFiles, writeChannel, type ChannelOptions } from './channel.ts';
import { bundles } from './channel-bundles.ts';
import { createInstalledSource } from './channel-packages.ts';
import { writeTarGz } from './channel-tar.ts';

const root = path.join(import.meta.dirname, '../..');
const packages = createInstalledSource(path.join(root, 'package-lock.json'));
const weights = await openWeights();
const mine = bundles.filter((it) => it.platform === thisMachine().platform);
const small = mine.filter((it) => it.provides === 'usearch');

const folder = await mkdtemp(path.join(os.tmpdir(), 'stash sense channel-'));
after(() => rm(folder, { recursive: true, force: true }));

async function write(
  name: string,
  options: Partial<ChannelOptions> = {},
): Promise<{ out: string; baked: Manifest; said: string[] }> {
  const out = path.join(folder, name);
  const said: string[] = [];
  const baked = await writeChannel({
    out,
    version: '1.2.3-abcdef0',
    packages,
    only: small,
    weights,
    models: packagedModels(catalog),
    say: (line) => said.push(line),
    ...options,
  });
  return { out, baked, said };
}

test('every compiled package has a bundle for every platform it exists for', () => {
  assert.deepEqual(
    bundles.map((it) => `${it.provides} ${it.platform} ${it.minGlibc ?? '-'}`),
    [
      'onnxruntime-node linux-x64 2.28',
      'onnxruntime-node linux-arm64 2.28',
      'onnxruntime-node win-x64 -',
      'onnxruntime-node darwin-arm64 -',
      'sharp linux-x64 2.28',
      'sharp linux-arm64 2.28',
      'sharp linuxmusl-x64 -',
      'sharp linuxmusl-arm64 -',
      'sharp win-x64 -',
      'sharp darwin-arm64 -',
      'usearch linux-x64 2.34',
      'usearch linux-arm64 2.34',
      'usearch win-x64 -',
      'usearch darwin-arm64 -',
    ],
  );
});

for (const bundle of mine)
  test(`${bundle.provides}: what its bundle holds is all it needs to run`, async () => {
    const { files, version } = await bundleFiles(bundle, packages);
    const into = path.join(folder, 'bundles', bundle.provides);
    for (const { name, bytes } of files) {
      mkdirSync(path.dirname(path.join(into, name)), { recursive: true });
      writeFileSync(path.join(into, name), bytes);
    }
    writeFileSync(path.join(into, 'try.cjs'), TRY[bundle.provides]);
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(into, 'try.cjs')], {
      encoding: 'utf8',
      env: { ...process.env, ...NO_TELEMETRY },
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), 'works');
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(
      files
        .filter(
          (it) => !/\.(c?js|json|node|dll|md|txt)$|\.(so|dylib)(\.|$)|\/LICEN[CS]E(\.md)?$/.test(it.name),
        )
        .map((it) => it.name),
      [],
    );
  });

const TRY = {
  'onnxruntime-node': `const ort = require('onnxruntime-node');
    console.log(ort.listSupportedBackends().some((it) => it.name === 'cpu') && ort.Tensor ? 'works' : 'odd');`,
  sharp: `require('sharp')({ create: { width: 8, height: 8, channels: 3, background: '#fff' } }).jpeg().toBuffer()
    .then((it) => console.log(it.length > 100 ? 'works' : 'odd'));`,
  usearch: `const { Index } = require('usearch'); const index = new Index(2, 'ip');
    index.add(7n, Float32Array.of(1, 0)); console.log(index.search(Float32Array.of(1, 0), 1).keys[0] === 7n ? 'works' : 'odd');`,
};

function hashes(out: string): string[] {
  return readdirSync(out).map(
    (it) =>
      `${it} ${createHash('sha256')
        .update(readFileSync(path.join(out, it)))
        .digest('hex')}`,
  );
}

test('a tag that is not the version in package.json packs nothing', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'tools/packaging/package.ts'), '--tag', 'v99.0.0'],
    { encoding: 'utf8', cwd: root },
  );
  assert.equal(status, 1);
  assert.match(stderr, /Error: The tag is v99\.0\.0 and package\.json says \d+\.\d+\.\d+: tag v/);
});

test('the same packages make the same bytes', async () => {
  const [one, other] = [await write('one'), await write('other')];
  assert.deepEqual(hashes(one.out), hashes(other.out));
  assert.deepEqual(one.baked, other.baked);
});

test('what was written is a channel: read, fetched, unpacked and loaded from a local folder', async () => {
  const { out, baked } = await write('published');
  assert.deepEqual(JSON.parse(readFileSync(path.join(out, 'channel.json'), 'utf8')), {
    format: 1,
    version: '1.2.3-abcdef0',
    artifacts: baked.artifacts,
  });

  const pluginDir = path.join(folder, 'plugin');
  mkdirSync(pluginDir);
  writeFileSync(path.join(pluginDir, 'stash-sense.yml'), 'tasks:\n  - name: Install Node\n');
  bakeInto(pluginDir, baked);
  const dataFolder = path.join(folder, 'data');
  const runtime = createArtifacts({ pluginDir, dataFolder, channelSetting: out });
  const offered = (await runtime.state()).artifacts;
  assert.deepEqual(
    offered.map((it) => [it.artifact.provides, it.installed]),
    [
      ['usearch', false],
      ['fr-detect', false],
      ['fr-landmark', false],
      ['fr-feature', false],
    ],
  );
  for (const { artifact } of offered) await runtime.install(artifact.id);
  assert.ok((await runtime.state()).artifacts.every((it) => it.installed));
  const [unpacked] = await runtime.folders();
  assert.equal(unpacked?.provides, 'usearch');
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', TRY.usearch], {
    cwd: unpacked.folder,
    encoding: 'utf8',
  });
  assert.equal(stdout.trim(), 'works', stderr);
  assert.deepEqual(
    readdirSync(path.join(dataFolder, 'models')).toSorted(),
    packagedModels(catalog)
      .map((it) => it.file)
      .toSorted(),
  );
});

test('a model that its publisher offers is listed with their address, and carried where its file is there', async () => {
  const published = catalog.models.filter(({ download }) => download !== undefined);
  assert.ok(published.length > 0);
  const { baked, out } = await write('published', { models: published });
  assert.deepEqual(
    baked.artifacts
      .filter(({ kind }) => kind === 'model')
      .map(({ url, sha256, size }) => ({ url, sha256, size })),
    published.map(({ download, sha256, bytes }) => ({ url: download, sha256, size: bytes })),
  );
  for (const { file } of published) assert.ok(!readdirSync(out).includes(file));
});

test("a publisher's Node is hashed, listed for the launcher, and its size stands in the menu", async () => {
  const withNode = path.join(folder, 'nodes');
  mkdirSync(withNode);
  const archive = await writeTarGz([
    { name: 'node-v24.1.0-linux-x64-musl/bin/node', bytes: Buffer.from('#!/bin/sh'), executable: true },
  ]);
  for (const name of [
    'node-v24.1.0-linux-x64-musl.tar.gz',
    'node-v24.1.0-win-x64.zip',
    'node-v24.1.0-linux-x64.tar.xz',
    'node-v20.1.0-linux-arm64.tar.gz',
    'SHASUMS256.txt',
  ])
    writeFileSync(path.join(withNode, name), archive);
  const { out, baked, said } = await write('with node', {
    only: [],
    models: [],
    withNode,
    channelUrl: 'https://example.org/x',
  });
  assert.deepEqual(
    baked.artifacts.map((it) => [it.id, it.kind, it.platform]),
    [
      ['node-24.1.0-linuxmusl-x64', 'node', 'linuxmusl-x64'],
      ['node-24.1.0-win-x64', 'node', 'win-x64'],
    ],
  );
  for (const left of ['node-v24.1.0-linux-x64.tar.xz', 'node-v20.1.0-linux-arm64.tar.gz', 'SHASUMS256.txt'])
    assert.ok(
      said.some((it) => it.startsWith(`left out: ${left} (`)),
      left,
    );
  assert.ok(
    said.some((it) => it.startsWith('no Node for linux-x64, linux-arm64, linuxmusl-arm64, darwin-arm64: ')),
  );
  assert.ok(readdirSync(out).includes('node-v24.1.0-linux-x64-musl.tar.gz'));

  const built = path.join(folder, 'built');
  mkdirSync(built);
  writeFileSync(
    path.join(built, 'stash-sense.yml'),
    'name: x\ntasks:\n  - name: Set up\n  - name: Install Node\n    description: y\n',
  );
  bakeInto(built, baked);
  const { sha256, size } = baked.artifacts[0]!;
  assert.equal(
    readFileSync(path.join(built, 'node.list'), 'utf8'),
    `channel https://example.org/x\nlinuxmusl-x64 ${size} ${sha256} node-v24.1.0-linux-x64-musl.tar.gz\nwin-x64 ${size} ${sha256} node-v24.1.0-win-x64.zip\n`,
  );
  assert.deepEqual(
    (
      parse(readFileSync(path.join(built, 'stash-sense.yml'), 'utf8')) as { tasks: { name: string }[] }
    ).tasks.map((it) => it.name),
    ['Set up', 'Install Node (1 MB)'],
  );
});

test("a publisher's CUDA archives are taken for their libraries, under names that every shell can bear", async () => {
  const withCuda = path.join(folder, 'cuda');
  mkdirSync(path.join(withCuda, 'linux-x64'), { recursive: true });
  writeFileSync(
    path.join(withCuda, 'linux-x64', 'Provider.Gpu+1.30.nupkg'),
    zipSync({
      'runtimes/linux-x64/native/libonnxruntime_providers_cuda.so': strToU8('12345'),
      'runtimes/linux-x64/native/libonnxruntime.so': strToU8('already there'),
      'LICENSE.txt': strToU8('x'),
    }),
  );
  writeFileSync(path.join(withCuda, 'linux-x64', 'notes.txt'), 'x');
  const { baked, said } = await write('with cuda', { only: [], models: [], withCuda });
  assert.deepEqual(
    baked.artifacts.map((it) => [it.id, it.kind, it.name, it.unpackedSize]),
    [['cuda-linux-x64-provider.gpu-1.30', 'cuda', 'Provider.Gpu-1.30.nupkg', 5]],
  );
  assert.ok(said.some((it) => it.startsWith('left out: linux-x64/notes.txt')));
});
