import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VideoFrame } from '../../core/ports/media.ts';
import { mergeByTime } from './merge-frames.ts';

const closed: string[] = [];
async function* frames(name: string, times: readonly number[], failure?: Error): AsyncGenerator<VideoFrame> {
  try {
    for (const timeMs of times)
      yield {
        image: { width: 1, height: 1, data: new Uint8Array(3) },
        timeMs: await Promise.resolve(timeMs),
      };
    if (failure) throw failure;
  } finally {
    closed.push(name);
  }
}

test('frames of all readers come by time, also where one has more of them', async () => {
  const seen: number[] = [];
  for await (const { timeMs } of mergeByTime([
    frames('a', [0, 40, 80, 81, 90]),
    frames('b', [20, 60]),
    frames('c', []),
  ]))
    seen.push(timeMs);
  assert.deepEqual(seen, [0, 20, 40, 60, 80, 81, 90]);
});

test('who stops reading ends all readers, and the failure of one ends the others', async () => {
  closed.length = 0;
  for await (const { timeMs } of mergeByTime([frames('a', [0, 40]), frames('b', [20, 60])]))
    if (timeMs === 20) break;
  assert.deepEqual(closed.toSorted(), ['a', 'b']);
  closed.length = 0;
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const { timeMs } of mergeByTime([
      frames('a', [0], new Error('cut off')),
      frames('b', [20, 60]),
    ]))
      seen.push(timeMs);
  }, /cut off/);
  assert.deepEqual([seen, closed.toSorted()], [[0], ['a', 'b']]);
});
