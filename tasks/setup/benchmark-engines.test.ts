import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NativeModule } from '../../core/setup/acceleration.ts';
import { type Trials, tryRuntime } from './benchmark-engines.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';

const never = new AbortController().signal;

function machine(
  speeds: Readonly<Record<string, number | string>>,
  modules: Partial<Record<NativeModule, 'missing' | 'fails'>> = {},
): { trials: Trials; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    trials: {
      module: (name) =>
        Promise.resolve({
          state: modules[name] ?? 'works',
          reason: modules[name] === 'fails' ? plain('it is broken.') : null,
          providers: name === 'onnxruntime-node' ? Object.keys(speeds).filter((it) => it !== 'wasm') : [],
        }),
      engine(engine, provider) {
        asked.push(`${engine} ${provider}`);
        const speed = speeds[provider] ?? 'it is not there';
        return Promise.resolve(
          typeof speed === 'number'
            ? { framesPerSecond: speed, reason: null }
            : { framesPerSecond: null, reason: plain(speed) },
        );
      },
    },
  };
}

async function choose(
  ...given: Parameters<typeof machine>
): Promise<{ kept: string | null; asked: string[]; failures: readonly string[]; messages: string[] }> {
  const { trials, asked } = machine(...given);
  const { choice, failures, engines } = await tryRuntime(trials, {
    madeFor: 'here',
    now: () => 5,
    say: () => undefined,
    signal: never,
  });
  return {
    kept: choice && `${choice.engine.engine} ${choice.engine.provider}`,
    asked,
    failures: failures.map(inEnglish),
    messages: engines.map((it) => inEnglish(it.message)),
  };
}

for (const [what, speeds, kept] of [
  ['the processor where nothing is faster', { cpu: 20, wasm: 7 }, 'native cpu'],
  ['a graphics card that is worth it', { cpu: 20, cuda: 80, webgpu: 50, wasm: 7 }, 'native cuda'],
  ['the processor where the card is hardly faster', { cpu: 20, webgpu: 22, wasm: 7 }, 'native cpu'],
  ['WASM where it is faster', { cpu: 5, wasm: 7 }, 'wasm wasm'],
  ['what works where the processor does not', { cpu: 'it is odd', wasm: 7 }, 'wasm wasm'],
  ['nothing where nothing works', { cpu: 'it is odd', wasm: 'so is it' }, null],
] as const)
  test(`kept is ${what}`, async () => {
    assert.equal((await choose(speeds)).kept, kept);
  });

test('providers are tried one at a time, the processor first, WASM last', async () => {
  const { asked, messages } = await choose({ coreml: 1, dml: 'no device.', cpu: 20.04, wasm: 7 });
  assert.deepEqual(asked, ['native cpu', 'native dml', 'native coreml', 'wasm wasm']);
  assert.deepEqual(messages, [
    'native cpu looks at 20.0 pictures with one face a second.',
    'native dml is not used: no device.',
    'native coreml looks at 1.0 pictures with one face a second.',
    'wasm looks at 7.0 pictures with one face a second.',
  ]);
});

test('what is not installed is no trouble; what is there and does not work is one sentence', async () => {
  const { asked, failures } = await choose(
    { cpu: 20, wasm: 7 },
    { 'onnxruntime-node': 'missing', sharp: 'fails', usearch: 'missing' },
  );
  assert.deepEqual(asked, ['wasm wasm']);
  assert.deepEqual(failures, ['sharp is not used because it is broken; ffmpeg does its work, only slower.']);
});
