import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { StashSenseError } from '../../core/errors.ts';
import { NATIVE_MODULES, Artifact, MachineProfile } from '../../core/setup/acceleration.ts';
import { openToOthers } from '../../test/fixtures/modes.ts';
import { writeTarGz } from '../../tools/packaging/channel-tar.ts';
import { machineOf } from '../system/platform.ts';
import { eraseMade } from '../system/files/erase-made.ts';
import { openInventory } from '../system/files/inventory.ts';
import { createMachineProfileFile } from './machine-profile.ts';
import { createArtifacts, type Artifacts } from './artifacts.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'stash sense runtime-'));
after(() => rmSync(root, { recursive: true }));
const channel = path.join(root, 'channel');
mkdirSync(channel);

function publish(changes: Partial<Artifact> & { id: string; name: string }, bytes: Uint8Array): Artifact {
  writeFileSync(path.join(channel, changes.name), bytes);
  return Artifact.parse({
    kind: 'runtime',
    provides: 'onnxruntime-node',
    version: '1.0.0',
    platform: 'linux-x64',
    size: bytes.length,
    unpackedSize: 1000,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    licence: 'MIT',
    url: changes.name,
    ...changes,
  });
}

const BIN = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';
const onnx = publish(
  { id: 'onnx-1', name: 'onnx-1.tar.gz' },
  await writeTarGz([{ name: `${BIN}/libonnxruntime.so.1`, bytes: Buffer.from('main') }]),
);
const sharp = publish(
  { id: 'sharp-1', name: 'sharp-1.tar.gz', provides: 'sharp' },
  await writeTarGz([{ name: 'node_modules/sharp/index.js', bytes: Buffer.from('sharp') }]),
);
const cuda = publish(
  { id: 'cuda-1', name: 'cuda-1.nupkg', kind: 'cuda' },
  zipSync({
    'runtimes/linux-x64/native/libonnxruntime_providers_cuda.so': strToU8('provider'),
    'runtimes/linux-x64/native/libonnxruntime.so': strToU8('not this one'),
    'LICENSE.txt': strToU8('x'),
  }),
);
const cublas = publish(
  { id: 'cuda-2', name: 'cuda-2.whl', kind: 'cuda' },
  zipSync({ 'nvidia/cublas/lib/libcublas.so.12': strToU8('blas'), 'nvidia/__init__.py': strToU8('') }),
);
const model = publish(
  { id: 'fr-x', name: 'fr_x.onnx', kind: 'model', provides: 'fr-x', platform: 'any' },
  Buffer.from('weights'),
);
const windows = publish({ id: 'onnx-win', name: 'onnx-win.tar.gz', platform: 'win-x64' }, Buffer.from('1'));
const newer = publish(
  { id: 'usearch-1', name: 'usearch-1.tar.gz', provides: 'usearch', minGlibc: '2.99' },
  Buffer.from('2'),
);
const node = publish(
  { id: 'node-24', name: 'node-24.tar.gz', kind: 'node', provides: 'node' },
  Buffer.from('3'),
);

let count = 0;
function open(
  artifacts: readonly Artifact[],
  options: { setting?: string; dataFolder?: string; text?: string } = {},
): { runtime: Artifacts; data: string } {
  const pluginDir = path.join(root, `plugin-${++count}`);
  mkdirSync(pluginDir);
  writeFileSync(
    path.join(pluginDir, 'runtime.json'),
    options.text ?? JSON.stringify({ format: 1, channelUrl: null, artifacts }),
  );
  const data = options.dataFolder ?? path.join(root, `data-${count}`);
  const runtime = createArtifacts({
    pluginDir,
    dataFolder: data,
    channelSetting: options.setting ?? channel,
    machine: machineOf({ platform: 'linux', arch: 'x64', glibc: '2.36', musl: false }),
  });
  return { runtime, data };
}

test('only what fits this machine is offered, and Node is left to the launcher', async () => {
  const { runtime } = open([onnx, sharp, model, windows, newer, node]);
  assert.deepEqual(await runtime.state(), {
    machine: 'Linux x64, glibc 2.36',
    channel: `${channel}/`,
    artifacts: [onnx, sharp, model].map((artifact) => ({ artifact, installed: false })),
    problems: [],
  });
  await assert.rejects(
    runtime.install('onnx-win'),
    (error: unknown) => error instanceof StashSenseError && error.code === 'not-found',
  );
});

test('what was installed is found again, and its archive is gone', async () => {
  const { runtime, data } = open([onnx, sharp, model]);
  for (const { id } of [onnx, sharp, model, sharp]) await runtime.install(id);
  assert.ok((await runtime.state()).artifacts.every((it) => it.installed));
  assert.deepEqual(await runtime.folders(), [
    {
      provides: 'onnxruntime-node',
      folder: path.join(data, 'runtime/onnx-1'),
      installedVersion: onnx.sha256.slice(0, 12),
    },
    {
      provides: 'sharp',
      folder: path.join(data, 'runtime/sharp-1'),
      installedVersion: sharp.sha256.slice(0, 12),
    },
  ]);
  assert.deepEqual(readdirSync(path.join(data, 'runtime/downloads')), []);
  assert.equal(readFileSync(path.join(data, 'models/fr_x.onnx'), 'utf8'), 'weights');
});

test('what an older version of the plugin fetched is not used, and swept away; Node and half a download stay', async () => {
  const dataFolder = path.join(root, 'kept');
  await open([onnx, sharp], { dataFolder }).runtime.install('onnx-1');
  await open([onnx, sharp], { dataFolder }).runtime.install('sharp-1');
  const changed = { ...onnx, sha256: 'cd'.repeat(32) };
  const { runtime } = open([changed, model], { dataFolder });
  assert.deepEqual(await runtime.folders(), []);
  const home = path.join(dataFolder, 'runtime');
  mkdirSync(path.join(home, 'node/bin'), { recursive: true });
  mkdirSync(path.join(home, 'onnx-1.1a2b3c4d.tmp/deeper'), { recursive: true });
  mkdirSync(path.join(home, 'mine'));
  const inventory = openInventory(dataFolder);
  for (const it of ['onnx-1.1a2b3c4d.tmp/', 'downloads/old.tar.gz.12345678.part'])
    inventory.making(path.join(home, it));
  writeFileSync(path.join(home, 'choice.json'), '{}');
  writeFileSync(path.join(home, `downloads/onnx-1.tar.gz.${'cd'.repeat(4)}.part`), 'half');
  writeFileSync(path.join(home, 'downloads/old.tar.gz.12345678.part'), 'half');
  assert.deepEqual(await runtime.sweep(), { bytes: 'half'.length + 'sharp'.length, kept: [] });
  assert.deepEqual(readdirSync(home).toSorted(), ['choice.json', 'downloads', 'mine', 'node', 'onnx-1']);
  assert.deepEqual(readdirSync(path.join(home, 'downloads')), [`onnx-1.tar.gz.${'cd'.repeat(4)}.part`]);
});

test('the libraries of CUDA lie beside onnxruntime, whoever packed them', async () => {
  const { runtime, data } = open([onnx, cuda, cublas]);
  await runtime.install('onnx-1');
  await runtime.install('cuda-1');
  await runtime.install('cuda-2');
  const [found] = await runtime.folders();
  assert.equal(found?.folder, path.join(data, 'runtime/onnx-1-cuda'));
  assert.deepEqual(
    readdirSync(path.join(found.folder, BIN)).map(
      (it) => `${it} ${readFileSync(path.join(found.folder, BIN, it), 'utf8')}`,
    ),
    ['libcublas.so.12 blas', 'libonnxruntime.so.1 main', 'libonnxruntime_providers_cuda.so provider'],
  );
  assert.equal(
    (await runtime.folders())[0]?.installedVersion,
    [onnx, cuda, cublas].map((it) => it.sha256.slice(0, 12)).join('+'),
  );
  assert.equal(existsSync(path.join(data, 'runtime/onnx-1', BIN, 'libcublas.so.12')), false);
});

test("all that is fetched is for Stash's user only, whatever the umask, and is erased whole", async () => {
  for (const umask of [0o000, 0o077]) {
    const umaskBefore = process.umask(umask);
    try {
      const { runtime, data } = open([onnx, sharp, cuda, cublas, model]);
      for (const { id } of [onnx, sharp, cuda, cublas, model]) await runtime.install(id);
      await runtime.folders();
      await createMachineProfileFile(data).write(
        MachineProfile.parse({
          madeFor: 'this machine',
          at: 1,
          engine: { engine: 'wasm', provider: 'wasm' },
          modules: Object.fromEntries(NATIVE_MODULES.map((it) => [it, { ok: true, message: plain('') }])),
          engines: [],
        }),
      );
      assert.deepEqual(openToOthers(data), []);
      assert.ok((await eraseMade(data)).count > 5);
      assert.deepEqual(readdirSync(data), []);
    } finally {
      process.umask(umaskBefore);
    }
  }
});

test(
  'where runtime or models is a link nothing is written, changed or removed behind it',
  { skip: process.platform === 'win32' && 'links need an administrator there' },
  async () => {
    for (const name of ['runtime', 'models']) {
      const { runtime, data } = open([onnx, cuda, model]);
      for (const { id } of [onnx, cuda, model]) await runtime.install(id);
      await runtime.folders();
      const elsewhere = path.join(root, `elsewhere ${name} ${count}`);
      renameSync(path.join(data, name), elsewhere);
      symlinkSync(elsewhere, path.join(data, name));
      mkdirSync(path.join(elsewhere, 'mine'));
      writeFileSync(path.join(elsewhere, 'mine/x'), 'mine');
      // Damaged, and of an older version.
      if (name === 'runtime')
        writeFileSync(path.join(elsewhere, 'cuda-1/lib/libonnxruntime_providers_cuda.so'), 'x');
      else writeFileSync(path.join(elsewhere, model.name), Buffer.alloc(model.size));
      const listed = (): string[] => readdirSync(elsewhere, { recursive: true, encoding: 'utf8' }).toSorted();
      const before = listed();
      const { runtime: updated } = open([{ ...onnx, id: 'onnx-2' }, sharp, { ...model, size: 8 }], {
        dataFolder: data,
      });
      for (const it of [runtime, updated]) {
        await it.sweep();
        await it.folders();
      }
      for (const id of name === 'runtime' ? ['onnx-2', 'sharp-1'] : [model.id])
        await assert.rejects(
          updated.install(id),
          (error: unknown) =>
            error instanceof StashSenseError && /is a link, .+; remove it, or choose/.test(error.message),
        );
      assert.deepEqual(listed(), before, name);
    }
  },
);

test('a folder of the user in the place of a part is kept', async () => {
  const { runtime, data } = open([sharp]);
  mkdirSync(path.join(data, 'runtime/sharp-1/node_modules/sharp'), { recursive: true });
  writeFileSync(path.join(data, 'runtime/sharp-1/node_modules/sharp/index.js'), 'mine');
  await runtime.install('sharp-1');
  const [kept = ''] = readdirSync(path.join(data, 'runtime')).filter((it) => it.startsWith('sharp-1.kept-'));
  assert.equal(readFileSync(path.join(data, 'runtime', kept, 'node_modules/sharp/index.js'), 'utf8'), 'mine');
  assert.equal((await runtime.state()).artifacts[0]?.installed, true);
});

test('a plugin that was copied in by hand says how to get a channel', async () => {
  const { runtime } = open([onnx], { setting: '' });
  assert.equal((await runtime.state()).channel, null);
  await assert.rejects(
    runtime.install('onnx-1'),
    (error: unknown) =>
      error instanceof StashSenseError && /no channel is known .*setting "Channel"/.test(error.message),
  );
});

test('a setting that is no address is a problem to read, not a failure', async () => {
  const { runtime } = open([onnx], { setting: 'somewhere' });
  const { problems, artifacts } = await runtime.state();
  assert.match(problems.map(inEnglish).join(), /^The setting "Channel" is "somewhere"/);
  assert.equal(artifacts.length, 1);
});

for (const text of ['{', '{"format":2}', '{"format":1,"channelUrl":"javascript:1","artifacts":[]}', ''])
  test(`a list of parts that is ${text || 'empty'} offers nothing and says so`, async () => {
    const { runtime } = open([], { text });
    const { problems, artifacts } = await runtime.state();
    assert.match(problems.map(inEnglish).join(), /runtime\.json is damaged, .*install the plugin again\.$/);
    assert.deepEqual(artifacts, []);
  });

test('a package made without a channel offers nothing and is well', async () => {
  const runtime = createArtifacts({
    pluginDir: path.join(root, 'none'),
    dataFolder: root,
    channelSetting: '',
  });
  const { problems, artifacts } = await runtime.state();
  assert.deepEqual([problems, artifacts], [[], []]);
  assert.equal((await runtime.sweep()).bytes, 0);
});

test('a part whose file a power cut has emptied, or that is gone, is dropped and fetched again', async () => {
  const { runtime, data } = open([onnx, sharp, model]);
  for (const { id } of [onnx, sharp, model]) await runtime.install(id);
  const installed = async (): Promise<string[]> =>
    (await runtime.state()).artifacts.filter((it) => it.installed).map((it) => it.artifact.id);
  assert.deepEqual(await runtime.sweep(), { bytes: 0, kept: [] });
  writeFileSync(path.join(data, 'runtime/onnx-1', BIN, 'libonnxruntime.so.1'), Buffer.alloc(4));
  writeFileSync(path.join(data, 'models/fr_x.onnx'), Buffer.alloc(model.size));
  const { kept } = await runtime.sweep();
  assert.deepEqual(
    kept.map((it) => path.relative(data, it).replace(/[0-9a-f]{8}$/, '#')),
    ['runtime/onnx-1.kept-#', 'models/fr_x.onnx.kept-#'],
  );
  assert.deepEqual(await installed(), ['sharp-1']);
  rmSync(path.join(data, 'runtime/sharp-1/node_modules/sharp/index.js'));
  await runtime.sweep();
  assert.deepEqual(await installed(), []);
  for (const { id } of [onnx, sharp, model]) await runtime.install(id);
  assert.equal((await installed()).length, 3);
});

test('with a damaged part goes what was put together of it', async () => {
  const { runtime, data } = open([onnx, cuda]);
  await runtime.install('onnx-1');
  await runtime.install('cuda-1');
  await runtime.folders();
  writeFileSync(path.join(data, 'runtime/cuda-1/lib/libonnxruntime_providers_cuda.so'), 'x');
  await runtime.sweep();
  assert.deepEqual(
    readdirSync(path.join(data, 'runtime'))
      .map((it) => it.replace(/[0-9a-f]{8}$/, '#'))
      .toSorted(),
    ['cuda-1.kept-#', 'downloads', 'onnx-1', 'onnx-1-cuda.kept-#'],
  );
});

for (const [what, text] of [
  ['damaged', '{'],
  ['absent', null],
] as const)
  test(`while the list of parts is ${what} nothing that was fetched is swept away`, async () => {
    const dataFolder = path.join(root, `kept while ${what}`);
    await open([onnx], { dataFolder }).runtime.install('onnx-1');
    const { runtime } = open([], { dataFolder, text: text ?? '' });
    if (text === null) rmSync(path.join(root, `plugin-${count}`, 'runtime.json'));
    assert.equal((await runtime.sweep()).bytes, 0);
    assert.deepEqual(readdirSync(path.join(dataFolder, 'runtime')), ['downloads', 'onnx-1']);
  });
