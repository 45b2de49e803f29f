import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { float32 } from '../../core/tensor.ts';
import { keepLog, wasmFolder, weightFolder } from '../../test/fixtures/models.ts';
import { catalog } from '../catalog/catalog.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { type Backend, openEngine } from './engine.ts';
import { probe } from './probe.ts';
import { createWasmBackend } from './wasm.ts';
import { chooseProviders, parseProviders } from './providers.ts';
import { findWeights } from '../catalog/weights.ts';
import { inEnglish } from '../../core/messages/english.ts';

const wasm = createWasmBackend(wasmFolder, 1);
const weights = findWeights([weightFolder], packInUse);

/** A provider that is broken in one way. */
const broken = (provider: string, create: Backend['create']): Backend => ({
  engine: 'native',
  provider,
  create,
});

test('a provider that throws, one that answers wrongly and one that has no answer are passed over, in order', async () => {
  const log = keepLog();
  const engine = await openEngine({
    backends: [
      broken('cuda', () => Promise.reject(new Error('no such library\nand a long story'))),
      broken('webgpu', async (bytes) => ({
        ...(await wasm.create(bytes)),
        run: () => Promise.resolve({ y: float32(Float32Array.of(4, 7), [1, 2]) }),
      })),
      broken('dml', async (bytes) => ({
        ...(await wasm.create(bytes)),
        run: () => Promise.resolve({}),
      })),
      wasm,
    ],
    models: catalog.models,
    weights,
    probe,
    log,
  });
  assert.equal(`${engine.name} ${engine.provider}`, 'wasm wasm');
  assert.deepEqual(log.lines, [
    'native cuda is not used: no such library',
    'native webgpu is not used: it answered 4,7 where 4,6 is right',
    'native dml is not used: it answered  where 4,6 is right',
    'Faces are recognised with the engine wasm.',
  ]);
});

test('a provider that passes the probe and fails on a real model gives way to the next, for good', async () => {
  const log = keepLog();
  const half = broken('webgpu', (bytes) =>
    bytes.length > 10_000 ? Promise.reject(new Error('no kernel for PRelu')) : wasm.create(bytes),
  );
  const engine = await openEngine({ backends: [half, wasm], models: catalog.models, weights, probe, log });
  assert.equal(engine.provider, 'webgpu');
  const session = await engine.open('fr-landmark');
  assert.equal(engine.provider, 'wasm');
  const { output } = await session.run({ input: float32(new Float32Array(64 * 64), [1, 1, 64, 64]) });
  assert.equal(output?.data.length, 136);
  assert.match(
    log.lines.at(-1)!,
    /^native webgpu cannot run fr-landmark \(no kernel for PRelu\); wasm can\.$/,
  );
});

test('a provider that fails in the middle of the work gives way to the next, with the same answer', async () => {
  const log = keepLog();
  let left = 2;
  const full = broken('cuda', async (bytes) => {
    const session = await wasm.create(bytes);
    return {
      ...session,
      run: (...input) =>
        left-- > 0 ? session.run(...input) : Promise.reject(new Error('CUDA failure 2: out of memory')),
    };
  });
  const engine = await openEngine({ backends: [full, wasm], models: catalog.models, weights, probe, log });
  const session = await engine.open('fr-landmark');
  const input = float32(
    Float32Array.from({ length: 64 * 64 }, (_, n) => Math.sin(n)),
    [1, 1, 64, 64],
  );
  const first = await session.run({ input });
  assert.equal(engine.provider, 'cuda');
  assert.deepEqual(await session.run({ input }), first);
  assert.equal(engine.provider, 'wasm');
  assert.equal(log.lines.at(-1), 'native cuda failed (CUDA failure 2: out of memory); going on with wasm.');
});

test('a file that no provider can open does not cost the engine its provider', async () => {
  const native = broken('cpu', (bytes) => wasm.create(bytes));
  const engine = await openEngine({
    backends: [native, wasm],
    models: catalog.models,
    weights,
    probe,
    log: keepLog(),
  });
  await assert.rejects(
    engine.openModel(new Uint8Array(100), {
      id: 'x',
      inputs: [{ name: 'x', type: 'float32', dims: [1] }],
      outputs: [],
    }),
    { code: 'model-mismatch' },
  );
  assert.equal(engine.provider, 'cpu');
});

test('without any provider that works, the reasons of all are said', async () => {
  await assert.rejects(
    openEngine({
      backends: [broken('cpu', () => Promise.reject(new Error('not built for this system')))],
      models: catalog.models,
      weights,
      probe,
      log: keepLog(),
    }),
    { code: 'runtime-missing', message: /native cpu: not built for this system\); install the plugin again/ },
  );
  await assert.rejects(openEngine({ backends: [], models: catalog.models, weights, probe, log: keepLog() }), {
    code: 'runtime-missing',
    message: /none is installed/,
  });
});

test('the CPU is used unasked, CUDA where there is a device for it, and others only by name', () => {
  const all = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'];
  assert.deepEqual(chooseProviders(all, null, false), ['cpu']);
  assert.deepEqual(chooseProviders(all, null, true), ['cuda', 'cpu']);
  assert.deepEqual(chooseProviders(['cpu'], null, true), ['cpu']);
  assert.deepEqual(chooseProviders(all, ['coreml', 'webgpu', 'cpu'], true), ['coreml', 'webgpu', 'cpu']);
  assert.deepEqual(chooseProviders(['cpu'], ['cuda', 'nonsense'], true), []);
});

test('a list of providers is read with commas or blanks, in any case', () => {
  assert.deepEqual(parseProviders('CUDA, directml cpu'), ['cuda', 'dml', 'cpu']);
  assert.equal(parseProviders(' ,'), null);
  assert.equal(parseProviders(undefined), null);
});

test('weights are taken from the first folder that has the right ones', async (t) => {
  const folder = await temporaryFolder(t);
  const spec = packInUse.landmarks!;
  const [empty, wrong, right] = ['empty', 'wrong', 'right'].map((it) => path.join(folder, it)) as [
    string,
    string,
    string,
  ];
  for (const it of [empty, wrong, right]) await mkdir(it);
  await copyFile(path.join(weightFolder, spec.file), path.join(right, spec.file));
  // Of the same size, so that only the hash tells.
  await writeFile(path.join(wrong, spec.file), new Uint8Array(spec.bytes));
  assert.equal((await findWeights([empty, wrong, right], packInUse).read(spec)).length, spec.bytes);
  assert.deepEqual(await findWeights([empty, right], packInUse).problems([spec]), []);

  await assert.rejects(findWeights([empty, wrong], packInUse).read(spec), {
    code: 'model-missing',
    message:
      /^Install the package “Stash Sense faces” \(stash-sense-faces\) again: .*wrong.*other? content \(SHA-256\)/s,
  });
  await assert.rejects(findWeights([empty], packInUse).read(spec), {
    code: 'model-missing',
    message:
      /^Install the package “Stash Sense faces” \(stash-sense-faces\) beside this plugin: its file fr_landmark\.onnx/,
  });
  await writeFile(path.join(wrong, spec.file), 'short');
  assert.match(
    inEnglish((await findWeights([wrong], packInUse).problems([spec]))[0]!),
    /again: .*another content/,
  );
  assert.match(
    inEnglish((await findWeights([], packInUse).problems([spec]))[0]!),
    /its file fr_landmark\.onnx is missing\. Settings > Plugins/,
  );
});

test('weights that are changed after they were verified are verified again', async (t) => {
  const folder = await temporaryFolder(t);
  const spec = packInUse.landmarks!;
  const file = path.join(folder, spec.file);
  await copyFile(path.join(weightFolder, spec.file), file);
  const found = findWeights([folder], packInUse);
  await found.read(spec);
  await writeFile(file, new Uint8Array(spec.bytes));
  await assert.rejects(found.read(spec), { code: 'model-missing' });
});

async function temporaryFolder(t: { after(fn: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stash-sense-models-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
