/** Compiled packages that crash, hang or answer wrongly are tried where they can do no harm, and are not used. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawFace } from '../../models/faces/drawn-face.ts';
import { keepLog, openTestModels, weightFolder } from '../fixtures/models.ts';
import { createChosenRuntime, type ChosenRuntime } from '../../tasks/compose/acceleration.ts';
import type { Tried } from '../../core/setup/acceleration.ts';
import type { TrialRequest } from '../../tasks/compose/trial-process.ts';
import { bundle } from './plugin-process.ts';
import { until } from '../fixtures/wait.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';

let folder: string;
/** A copy: beside the checkout's own bundle all the compiled packages lie. */
let bundleFile: string;
let count = 0;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash sense native-'));
  bundleFile = path.join(folder, 'stash-sense/main.mjs');
  cpSync(path.dirname(bundle), path.dirname(bundleFile), { recursive: true });
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** Stand-ins by name: what their `index.js` does. */
function putPackages(packages: Readonly<Record<string, string>>): string {
  const dataFolder = path.join(folder, `data ${++count}`);
  for (const [name, code] of Object.entries(packages)) {
    const home = path.join(dataFolder, 'runtime/node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'index.js'), code);
    writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
  }
  return dataFolder;
}

function open(dataFolder: string, itsBundle = bundleFile): ChosenRuntime {
  return createChosenRuntime({
    now: Date.now,
    bundleFile: itsBundle,
    dataFolder,
    channelSetting: '',
    weightFolders: [weightFolder],
    wasmFolder: path.join(path.dirname(bundleFile), 'wasm'),
    threads: 1,
    moduleLimitMs: 8000,
  });
}

async function tryOut(acceleration: ChosenRuntime): Promise<Tried> {
  return await acceleration.tryOut({ say: () => undefined, signal: new AbortController().signal });
}

const real = (name: string): string => JSON.stringify(createRequire(import.meta.url).resolve(name));

/** The real one, with `change` made to it. */
const changedOnnx = (change: string): string => `
  const real = require(${real('onnxruntime-node')});
  const create = real.InferenceSession.create.bind(real.InferenceSession);
  const changed = { ...real, env: real.env, Tensor: real.Tensor, listSupportedBackends: real.listSupportedBackends };
  ${change}
  module.exports = changed;`;

test('one that ends the process, one that hangs and one that answers wrongly: the twins are used, with a sentence each', async () => {
  // Each load of one of them is written down.
  const loads = path.join(folder, 'loads');
  const load = `require('fs').appendFileSync(${JSON.stringify(loads)}, '.');`;
  const dataFolder = putPackages({
    'onnxruntime-node': `${load} process.abort();`,
    sharp: `${load} for (;;);`,
    usearch: `${load} exports.MetricKind = exports.ScalarKind = {};
      exports.Index = class { size() { return this.n ?? 0; } add(keys) { this.n = keys.length; }
        search(m, k) { const n = this.n; return { counts: [], get: () => ({ keys: [7n], distances: [0] }) }; } };`,
  });
  const acceleration = open(dataFolder);
  const { choice, failures } = await tryOut(acceleration);
  assert.deepEqual(failures.map(inEnglish), [
    'onnxruntime-node is not used because it ended the process it was tried in (SIGABRT); WASM does its work, only slower.',
    'sharp is not used because it did not answer within 8 s; ffmpeg does its work, only slower.',
    'usearch is not used because it loads, and answers wrongly; the exact search does its work, only slower.',
  ]);
  assert.deepEqual(choice?.engine, { engine: 'wasm', provider: 'wasm' });
  assert.deepEqual(
    choice.engines.map((it) => [it.engine, it.provider, it.ok]),
    [['wasm', 'wasm', true]],
  );
  assert.ok(choice.engines[0]!.framesPerSecond! > 0.1);

  // A later start reads it, and tries nothing again.
  rmSync(loads);
  assert.deepEqual(await open(dataFolder).choice(), choice);
  assert.equal(existsSync(loads), false);
  const { choice: used } = await open(dataFolder).chosen();
  assert.deepEqual(
    Object.values(used!.modules).map((it) => it.ok),
    [false, false, false],
  );

  // Repaired: what was found out no longer holds, and that is said.
  rmSync(path.join(dataFolder, 'runtime/node_modules/sharp'), { recursive: true });
  assert.equal(await open(dataFolder).choice(), null);
  assert.match(
    (await open(dataFolder).state()).problems.map(inEnglish).join(),
    /^What "Set up" found out .* start "Set up" again/,
  );
});

test('an engine that passes the probe and computes other numbers than it should is not used', async () => {
  const acceleration = open(
    putPackages({
      'onnxruntime-node': changedOnnx(`
        changed.listSupportedBackends = () => [{ name: 'cpu' }];
        changed.InferenceSession = { create: async (bytes, options) => {
          const session = await create(bytes, options);
          const run = session.run.bind(session);
          session.run = async (feeds) => {
            const outputs = await run(feeds);
            if (bytes.length > 10000) for (const tensor of Object.values(outputs)) tensor.data.forEach((it, n, all) => { all[n] = it * 1.1; });
            return outputs;
          };
          return session;
        } };`),
    }),
  );
  const { choice, failures, engines } = await tryOut(acceleration);
  assert.deepEqual(
    engines.map((it) => [it.provider, it.ok]),
    [
      ['cpu', false],
      ['wasm', true],
    ],
  );
  assert.match(failures.map(inEnglish).join(), /^native cpu is not used: Self-test failed: fr-detect/);
  assert.equal(choice?.engine.engine, 'wasm');
  assert.equal(choice.modules['onnxruntime-node'].ok, true);
});

test('a driver that takes the process with it is passed over; the processor goes on, and the fastest is kept', async () => {
  const acceleration = open(
    putPackages({
      'onnxruntime-node': changedOnnx(`
        changed.listSupportedBackends = () => [{ name: 'cpu' }, { name: 'cuda' }, { name: 'webgpu' }];
        changed.InferenceSession = { create: async (bytes, options) => {
          const [provider] = options.executionProviders;
          if (provider === 'cuda') process.kill(process.pid, 'SIGSEGV');
          if (provider === 'webgpu') throw new Error('out of memory');
          return await create(bytes, options);
        } };`),
    }),
  );
  const { choice, engines } = await tryOut(acceleration);
  // Which of the two is faster depends on what else the machine does meanwhile.
  const [cpu, , , wasm] = engines;
  const fastest = cpu!.framesPerSecond! >= wasm!.framesPerSecond! ? cpu : wasm;
  assert.deepEqual(choice?.engine, { engine: fastest!.engine, provider: fastest!.provider });
  assert.deepEqual(
    engines.map((it) => [it.provider, it.ok]),
    [
      ['cpu', true],
      ['cuda', false],
      ['webgpu', false],
      ['wasm', true],
    ],
  );
  assert.equal(
    inEnglish(engines[1]!.message),
    'native cuda is not used: it ended the process it was tried in (SIGSEGV).',
  );
  assert.equal(inEnglish(engines[2]!.message), 'native webgpu is not used: out of memory.');
});

test('a card that runs out of memory in the middle of a scan: the processor goes on and sees the same face', async () => {
  const dataFolder = putPackages({
    'onnxruntime-node': changedOnnx(`
      let runs = 0;
      changed.listSupportedBackends = () => [{ name: 'cpu' }, { name: 'cuda' }];
      changed.InferenceSession = { create: async (bytes, options) => {
        const onCard = options.executionProviders[0] === 'cuda';
        const session = await create(bytes, { ...options, executionProviders: ['cpu'] });
        const run = session.run.bind(session);
        session.run = async (feeds) => {
          if (onCard && ++runs > 5) throw new Error('CUDA failure 2: out of memory ; GPU=0');
          return await run(feeds);
        };
        return session;
      } };`),
  });
  const log = keepLog();
  const card = openTestModels({
    runtimeFolders: [path.join(dataFolder, 'runtime')],
    choice: {
      engine: { engine: 'native', provider: 'cuda' },
      modules: {
        'onnxruntime-node': { ok: true, message: plain('') },
        sharp: { ok: true, message: plain('') },
        usearch: { ok: true, message: plain('') },
      },
    },
    log,
    env: {},
  });
  const processor = openTestModels({ env: { STASH_SENSE_PROVIDERS: 'cpu' } });
  const analyzer = await card.analyzer();
  assert.equal(analyzer.engine, 'native cuda');
  const picture = drawFace();
  const [expected] = await (await processor.analyzer()).analyze(picture);
  for (let n = 0; n < 3; n++) assert.deepEqual(await analyzer.analyze(picture), [expected]);
  assert.match(
    log.lines.join('\n'),
    /native cuda failed \(CUDA failure 2: out of memory.*going on with native cpu/,
  );
  await card.close();
  await processor.close();
});

const NONSENSE = 'its answer cannot be read as one of this version of Stash Sense';
for (const [what, code, reason] of [
  ['no JSON', 'fs.writeSync(3, "works")', NONSENSE],
  ['something else', 'fs.writeSync(3, JSON.stringify([1]))', NONSENSE],
  ['half of it', `fs.writeSync(3, '{"state":"works","reason":"","providers":[')`, NONSENSE],
  [
    'with wrong types',
    `fs.writeSync(3, '{"state":"works","reason":7,"providers":["cpu"],"framesPerSecond":"many"}')`,
    NONSENSE,
  ],
  [
    'that it is infinitely fast',
    `fs.writeSync(3, '{"state":"works","reason":"","providers":"all","framesPerSecond":1e999}')`,
    NONSENSE,
  ],
  ['without end', `for (;;) fs.writeSync(3, 'x'.repeat(1000))`, 'it answered more than 64 KB'],
  ['nothing', '', 'it ended the process it was tried in (exit code 0)'],
] as const)
  test(`a trial that answers ${what} has failed, and says so`, async () => {
    const file = path.join(folder, `nonsense ${++count}.mjs`);
    writeFileSync(file, `import fs from 'node:fs'; ${code};`);
    const { choice, failures, engines } = await tryOut(open(putPackages({}), file));
    assert.equal(choice, null);
    assert.deepEqual(
      failures.map((it) =>
        inEnglish(it).replace(/^\S+ is not used because (.*); .* does its work, only slower\.$/, '$1'),
      ),
      [reason, reason, reason],
    );
    assert.deepEqual(
      engines.map((it) => inEnglish(it.message)),
      [`wasm is not used: ${reason}.`],
    );
  });

test('stopped in the middle, nothing is kept and nothing survives', async () => {
  const dataFolder = putPackages({ 'onnxruntime-node': 'for (;;);' });
  const acceleration = open(dataFolder);
  await assert.rejects(acceleration.tryOut({ say: () => undefined, signal: AbortSignal.timeout(1500) }), {
    name: 'TimeoutError',
  });
  assert.equal(await acceleration.choice(), null);
  assert.deepEqual(trialsOf(dataFolder), []);
});

test('killed in the middle, what was being tried ends too, however much it hangs', async () => {
  const dataFolder = putPackages({ sharp: 'for (;;);' });
  const request: Omit<TrialRequest, 'parent'> = {
    limitMs: 60_000,
    runtimeFolders: [path.join(dataFolder, 'runtime')],
    what: { kind: 'module', name: 'sharp' },
  };
  const parent = spawn(process.execPath, [
    '-e',
    `require('child_process').spawn(process.execPath, [${JSON.stringify(bundleFile)}, '--try-native',
      JSON.stringify({ ...${JSON.stringify(request)}, parent: process.pid })], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });`,
  ]);
  await until(() => trialsOf(dataFolder).length > 0, 'a trial runs');
  // Until it watches, on a busy machine too.
  await sleep(3000);
  assert.equal(trialsOf(dataFolder).length, 1, 'it hangs');
  parent.kill('SIGKILL');
  // Its own limit is twice as long.
  await until(() => trialsOf(dataFolder).length === 0, 'the trial has ended', 30);
});

for (const [name, start] of [
  [
    'a launcher that stays, as on Windows',
    ['-c', 'STASH_SENSE_LAUNCHER=0 "$STASH_SENSE_NODE" "$0" --stash; :'],
  ],
  ['a Node that starts another one, as the shims of Volta do', []],
] as const)
  test(`started by ${name}, the plugin ends with it`, async () => {
    const shim = path.join(folder, 'shim');
    writeFileSync(shim, `#!/bin/sh\n'${process.execPath}' "$@"\nexit $?\n`, { mode: 0o755 });
    const launcher = spawn(
      'sh',
      start.length > 0
        ? [...start, bundleFile]
        : [path.join(path.dirname(bundleFile), 'launch.sh'), '--stash'],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
        env: { ...process.env, STASH_SENSE_NODE: start.length > 0 ? process.execPath : shim },
      },
    );
    const plugins = (): string[] =>
      processesWith(`${bundleFile} --stash`).filter((it) => it.startsWith(process.execPath));
    await until(() => plugins().length > 0, 'the plugin runs');
    await sleep(3000);
    launcher.kill('SIGKILL');
    // Its stdin stays open: nothing else would end it.
    await until(() => plugins().length === 0, 'the plugin has ended', 30);
  });

function trialsOf(dataFolder: string): string[] {
  return processesWith('--try-native').filter((it) => it.includes(dataFolder) && !it.includes(' -e '));
}

/** Command lines of living processes. */
function processesWith(words: string): string[] {
  return readdirSync('/proc')
    .filter((it) => /^\d+$/.test(it))
    .flatMap((id) => {
      try {
        // A zombie has no command line.
        return [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((it) => it.includes(words));
}
