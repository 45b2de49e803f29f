import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Artifact } from '../../core/setup/acceleration.ts';
import { bareAcceleration, closedVision, fakeContext } from '../../test/fakes/context.ts';
import { memoryStash } from '../../test/fakes/memory-stash.ts';
import type { Acceleration } from '../runs/task.ts';
import { statusOperation } from './operations.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message, plain } from '../../core/messages/message.ts';

const { status } = statusOperation;

test('a Stash that was never tried is told on the status page', async (t) => {
  const stash = memoryStash();
  const note = message('stash.versionTooNew', { version: 'v9.0.0', newest: '0.30.1' });
  const context = await fakeContext(t, {
    ...stash,
    library: {
      ...stash.library,
      environment: async () => ({ ...(await stash.library.environment()), versionNote: note }),
    },
  });
  const check = (await status(context, {})).checks.find(({ id }) => id === 'stash');
  assert.deepEqual(check, { id: 'stash', ok: false, message: note });
});

test('a Stash that was tried answers, and no more is said', async (t) => {
  const check = (await status(await fakeContext(t, memoryStash()), {})).checks.find(
    ({ id }) => id === 'stash',
  );
  assert.equal(check?.ok, true);
  assert.match(inEnglish(check.message), /^Stash \S+ answers\.$/);
});

const artifact = (id: string, change: Partial<Artifact>): Artifact =>
  Artifact.parse({
    id,
    kind: 'runtime',
    provides: id,
    version: '1.0.0',
    platform: 'any',
    name: `${id}.tar.gz`,
    size: 5,
    sha256: 'ab'.repeat(32),
    licence: 'MIT',
    url: `${id}.tar.gz`,
    ...change,
  });

const offering: Acceleration = {
  ...bareAcceleration,
  state: () =>
    Promise.resolve({
      machine: 'a machine',
      channel: 'https://example.org/x/',
      artifacts: [
        { artifact: artifact('sharp', {}), installed: true },
        { artifact: artifact('fr-detect', { kind: 'model' }), installed: false },
        { artifact: artifact('cuda-1', { kind: 'cuda', provides: 'onnxruntime-node' }), installed: false },
      ],
      problems: [],
    }),
};

test('weights are offered one by one only to who has not their package', async (t) => {
  const offered = async (weightsAreThere: boolean): Promise<string[]> => {
    const context = await fakeContext(t, memoryStash(), {
      acceleration: offering,
      vision: {
        ...closedVision,
        describe: async () => ({
          ...(await closedVision.describe()),
          weights: { ok: weightsAreThere, message: plain('') },
        }),
      },
    });
    return (await status(context, {})).acceleration.artifacts.map(({ id }) => id);
  };
  assert.deepEqual(await offered(true), ['sharp', 'cuda-1']);
  assert.deepEqual(await offered(false), ['sharp', 'fr-detect', 'cuda-1']);
});

test('each part says what is gained, with the machine it was measured on, or that it was not measured', async (t) => {
  const context = await fakeContext(t, memoryStash(), { acceleration: offering });
  const { artifacts } = (await status(context, {})).acceleration;
  assert.match(
    inEnglish(artifacts.find(({ id }) => id === 'sharp')?.gain ?? plain('')),
    /times as fast .*measured on Linux x64/,
  );
  assert.match(inEnglish(artifacts.find(({ id }) => id === 'cuda-1')?.gain ?? plain('')), /was not measured/);
});
