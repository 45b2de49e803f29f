import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawFrame } from './raw-frames.ts';
import { onOneClock } from './clock.ts';

for (const [what, seconds, expected] of [
  ['times that ascend stay', [0, 2, 4], [0, 2, 4]],
  ['a clock that starts anew goes on', [0, 10, 20, 0, 10, 20], [0, 10, 20, 20, 30, 40]],
  ['and each time', [5, 9, 5, 7, 5, 7], [5, 9, 9, 11, 11, 13]],
  ['a frame that comes too late keeps its time', [3.8, 0, 8, 12], [3.8, 0, 8, 12]],
  ['also as the last one', [3.8, 0], [3.8, 0]],
  ['a little back is no other clock', [1, 0.5, 2], [1, 0.5, 2]],
] as const)
  test(`${what}: ${seconds.join(' ')}`, async () => {
    const times: number[] = [];
    for await (const { timeMs } of onOneClock(frames(seconds))) times.push(timeMs / 1000);
    assert.deepEqual(times, [...expected]);
  });

async function* frames(seconds: readonly number[]): AsyncGenerator<RawFrame> {
  await Promise.resolve();
  for (const at of seconds) yield { image: { width: 1, height: 1, data: new Uint8Array(3) }, seconds: at };
}
