import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { inEnglish } from '../../core/messages/english.ts';
import { type Message } from '../../core/messages/message.ts';

const door = new URL('packages.ts', import.meta.url).href;

for (const [name, env, reason] of [
  ['that has the environment of its process', undefined, /^not installed$/],
  ['that was given another environment', {}, /telemetry/],
] as const)
  test(`in a worker thread ${name}, a package is ${env ? 'not loaded' : 'loaded'}`, async () => {
    process.env['ORT_DISABLE_TELEMETRY'] = '1';
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(door)}); })
         .then(({ loadNative }) => parentPort.postMessage(loadNative('no-such-package', []).reason));`,
      { eval: true, env },
    );
    const [answer] = (await new Promise((resolve, reject) => {
      worker.once('error', reject).once('message', (it) => resolve([it]));
    })) as [Message];
    await worker.terminate();
    assert.match(inEnglish(answer), reason);
  });
