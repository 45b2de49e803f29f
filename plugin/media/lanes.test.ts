import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VideoFrame } from '../../core/ports/media.ts';
import { dealOut, mergeByTime } from './lanes.ts';

const IMAGE = { width: 1, height: 1, data: new Uint8Array(3) };

test('neighbouring stretches go to different processes, and few of them to one', () => {
  const stretches = Array.from({ length: 9 }, (_, n) => n);
  assert.deepEqual(dealOut(stretches, 4), [
    [0, 2, 4, 6, 8],
    [1, 3, 5, 7],
  ]);
  assert.deepEqual(dealOut(stretches, 1), [stretches]);
  assert.deepEqual(dealOut([1, 2, 3], 4), [[1, 2, 3]]);
});

test('frames come in the order of their times, however uneven the lanes are', async () => {
  const { lane, taken } = lanes();
  const merged = mergeByTime([lane([1, 5, 6, 7, 8]), lane([2, 3, 4]), lane([])], () => undefined);
  assert.deepEqual(await timesOf(merged), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(taken(), 8);
});

test('a lane is one frame ahead of what was taken, and ends with whoever takes frames', async () => {
  const { lane, taken, ended } = lanes();
  let stops = 0;
  const times = Array.from({ length: 50 }, (_, n) => n);
  for await (const { timeMs } of mergeByTime([lane(times), lane(times)], () => stops++))
    if (timeMs === 3) break;
  assert.equal(stops, 1);
  assert.equal(ended(), 2);
  assert.ok(taken() <= 10, `${taken()} frames`);
});

test('what fails in one lane ends all of them', async () => {
  const { lane, ended } = lanes();
  let stops = 0;
  const broken = lane([1, 3], new Error('gone'));
  const merged = mergeByTime([broken, lane([2, 4, 5, 6])], () => stops++);
  await assert.rejects(timesOf(merged), /^Error: gone$/);
  assert.equal(stops, 1);
  assert.equal(ended(), 2);
});

async function timesOf(frames: AsyncIterable<VideoFrame>): Promise<number[]> {
  const times: number[] = [];
  for await (const { timeMs } of frames) times.push(timeMs);
  return times;
}

function lanes() {
  let frames = 0;
  let ends = 0;
  async function* lane(timesMs: readonly number[], failure?: Error): AsyncGenerator<VideoFrame> {
    try {
      for (const timeMs of timesMs) {
        await Promise.resolve();
        frames++;
        yield { image: IMAGE, timeMs };
      }
      if (failure) throw failure;
    } finally {
      ends++;
    }
  }
  return { lane, taken: () => frames, ended: () => ends };
}
