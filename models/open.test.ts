import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { toUnit } from '../core/faces/embedding.ts';
import { keepLog, npmFfmpeg, openTestModels, photograph, weightFolder } from '../test/fixtures/models.ts';
import type { NativeModule } from '../core/setup/acceleration.ts';
import { catalog, packagedModels } from './catalog/catalog.ts';
import { createExactIndex } from './index/exact.ts';
import { loadNative } from './native/packages.ts';
import type { ModelsParts } from './open.ts';
import { message, plain, type Message } from '../core/messages/message.ts';
import { inEnglish } from '../core/messages/english.ts';

test('what is in use is told before anything is opened, and after', async () => {
  const models = openTestModels({ env: {} });
  const before = await models.describe();
  assert.deepEqual(before, {
    engine: null,
    imageCodec: 'sharp',
    vectorIndex: message('setup.search.withUsearch'),
    pack: { id: 'portable-1', license: 'MIT' },
    problems: [],
  });
  await models.engine();
  assert.deepEqual(await models.describe(), { ...before, engine: 'native cpu' });
  await models.close();
});

test('STASH_SENSE_PORTABLE takes all twins, STASH_SENSE_ENGINE one engine', async () => {
  const portable = openTestModels({ env: { STASH_SENSE_PORTABLE: '1' } });
  await portable.engine();
  const { engine, imageCodec, vectorIndex } = await portable.describe();
  assert.deepEqual([engine, imageCodec, inEnglish(vectorIndex)], ['wasm', 'ffmpeg', 'exact']);
  const wasm = openTestModels({ env: { STASH_SENSE_ENGINE: 'wasm' } });
  assert.equal((await wasm.engine()).name, 'wasm');
  assert.equal(wasm.codec.name, 'sharp');
  const native = openTestModels({ env: { STASH_SENSE_ENGINE: 'native', STASH_SENSE_PROVIDERS: 'coreml' } });
  await assert.rejects(native.engine(), { code: 'runtime-missing' });
});

test('providers that were measured best are tried first, and what the environment names before them', async () => {
  const log = keepLog();
  const measured = openTestModels({ choice: chosen('native', 'cuda'), env: {}, log });
  assert.equal((await measured.engine()).provider, 'cpu');
  assert.match(log.lines[0]!, /^native cuda is not used: /);
  const named = openTestModels({
    choice: chosen('native', 'cuda'),
    env: { STASH_SENSE_PROVIDERS: 'cpu' },
    log: keepLog(),
  });
  assert.equal((await named.engine()).provider, 'cpu');
});

test('what failed when it was tried is not loaded, and the fastest engine is the only one', async () => {
  const broken = openTestModels({
    choice: chosen('wasm', 'wasm', ['onnxruntime-node', 'sharp', 'usearch']),
    log: keepLog(),
  });
  assert.equal((await broken.engine()).name, 'wasm');
  const { imageCodec, vectorIndex } = await broken.describe();
  assert.deepEqual([imageCodec, inEnglish(vectorIndex)], ['ffmpeg', 'exact']);
  const slower = openTestModels({ choice: chosen('wasm', 'wasm'), env: {} });
  assert.equal((await slower.engine()).name, 'wasm');
  assert.equal(slower.codec.name, 'sharp');
  const named = openTestModels({ choice: chosen('wasm', 'wasm'), env: { STASH_SENSE_ENGINE: 'native' } });
  assert.equal((await named.engine()).name, 'native');
});

function chosen(
  engine: 'native' | 'wasm',
  provider: string,
  broken: readonly NativeModule[] = [],
): NonNullable<ModelsParts['choice']> {
  const state = (name: NativeModule): { ok: boolean; message: Message } => ({
    ok: !broken.includes(name),
    message: plain(''),
  });
  return {
    engine: { engine, provider },
    modules: {
      'onnxruntime-node': state('onnxruntime-node'),
      sharp: state('sharp'),
      usearch: state('usearch'),
    },
  };
}

test('the analyzer is opened once, and again after it was closed', async () => {
  const models = openTestModels();
  const [one, other] = await Promise.all([models.analyzer(), models.analyzer()]);
  assert.equal(one, other);
  await models.close();
  const again = await models.analyzer();
  assert.notEqual(again, one);
  const image = await models.codec.decode(photograph('audrey.jpg'), 480);
  assert.equal((await again.analyze(image)).length, 1);
  await models.close();
});

test('one thread finds the same faces in small pictures as several, to the last bit', async () => {
  const models = openTestModels({ threads: 2 });
  const [several, one] = [await models.analyzer(), await models.analyzer('many small pictures')];
  const { provider } = await models.engine();
  assert.equal(one !== several, provider === 'cpu', 'WASM has its threads in common');
  assert.equal(await models.analyzer('many small pictures'), one, 'it is opened once');
  for (const name of ['audrey.jpg', 'franck_02221.jpg']) {
    const image = await models.codec.decode(photograph(name), 250);
    assert.deepEqual(await one.analyze(image), await several.analyze(image));
  }
  await models.close();
});

test('without the weights the analyzer says what to install, and works once they are there', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'stash-sense-weights-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const models = openTestModels({ weightFolders: [folder] });
  const { problems } = await models.describe();
  assert.equal(problems.length, 3);
  await assert.rejects(models.analyzer(), {
    code: 'model-missing',
    message: /^Install the package “Stash Sense faces” \(stash-sense-faces\)/,
  });
  for (const { file } of packagedModels(catalog))
    await copyFile(path.join(weightFolder, file), path.join(folder, file));
  assert.equal((await models.analyzer()).packId, 'portable-1');
  assert.deepEqual((await models.describe()).problems, []);
  await models.close();
});

test('with neither sharp nor ffmpeg, reading a picture says what is missing', async () => {
  const models = openTestModels({ ffmpeg: null, env: { STASH_SENSE_PORTABLE: '1' } });
  await assert.rejects(models.codec.decode(photograph('audrey.jpg'), 100), {
    code: 'runtime-missing',
    message: /there is no ffmpeg/,
  });
});

test('an index needs no engine until it has much to do, and then answers as before', async () => {
  const models = openTestModels({ env: { STASH_SENSE_ENGINE: 'wasm' }, ffmpeg: npmFfmpeg });
  const index = await models.createIndex(4);
  const rows = Array.from({ length: 600 }, (_, i) =>
    toUnit(Float32Array.of(Math.cos(i), Math.sin(i), 0, 0))!,
  );
  await index.add(rows);
  const few = await index.search(rows.slice(0, 5), 2);
  assert.equal((await models.describe()).engine, null);
  const many = await index.search(rows, 2);
  assert.equal((await models.describe()).engine, 'wasm');
  assert.deepEqual(
    many.slice(0, 5).map((it) => it[0]!.row),
    few.map((it) => it[0]!.row),
  );
  const exact = createExactIndex(4);
  await exact.add(rows);
  assert.deepEqual(
    many.map((it) => it[0]!.row),
    (await exact.search(rows, 2)).map((it) => it[0]!.row),
  );
});

test('a package that is nowhere, or does not load, is a reason and no error', () => {
  assert.deepEqual(loadNative('no-such-package-of-ours', ['/nowhere']), {
    module: null,
    file: null,
    reason: message('setup.trial.reason.notInstalled'),
  });
  const { module: sharp } = loadNative('sharp', ['/nowhere']);
  assert.equal(typeof sharp, 'function');
});
