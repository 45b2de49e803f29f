import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embedding, Face, FoundFace, RgbImage } from '../../core/faces/face.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';
import { findReferenceFace } from './reference-face.ts';

/** A frame whose first byte is its number. */
const frame = (n: number): RgbImage => ({ width: 8, height: 8, data: new Uint8Array(8 * 8 * 3).fill(n) });

/** `embedded`: takes the size once the embedding is asked for. */
const face = (sizePx: number, embedded: number[]): FoundFace => ({
  box: { x: 1, y: 1, width: sizePx, height: sizePx },
  score: 1,
  landmarks: Array.from({ length: 5 }, () => ({ x: 0, y: 0 })) as unknown as Face['landmarks'],
  embed: () => {
    embedded.push(sizePx);
    return Promise.resolve(Float32Array.of(1) as Embedding);
  },
  quality: { overall: 0.8, sizePx, sharpness: 1, yaw: 0, roll: 0, detector: 1 },
});

/** What is found in each frame: sizes of faces, by the plain and by the exhaustive search. */
async function look(
  frames: readonly (readonly [plain: readonly number[], exhaustive: readonly number[]])[],
): Promise<{ state: string; faces: number; searches: string[]; embedded: number[] }> {
  const searches: string[] = [];
  const embedded: number[] = [];
  const { check, faces } = await findReferenceFace(
    {
      codec: { decodeFrames: () => Promise.resolve(frames.map((_, n) => frame(n))) },
      analyzer: {
        find(image, { exhaustive = false } = {}) {
          const n = image.data[0]!;
          searches.push(`${exhaustive ? 'exhaustive' : 'plain'} ${n}`);
          return Promise.resolve(frames[n]![exhaustive ? 1 : 0].map((sizePx) => face(sizePx, embedded)));
        },
      },
    },
    new Uint8Array(0),
    CALIBRATION.references,
  );
  return { state: check.state, faces: faces.length, searches, embedded };
}

test('a face that is found at once is not searched for any further', async () => {
  assert.deepEqual(await look([[[100], [100, 40]]]), {
    state: 'used',
    faces: 1,
    searches: ['plain 0'],
    embedded: [100],
  });
});

test('among several faces an exhaustive search would find them too, and is not made', async () => {
  assert.deepEqual(
    await look([
      [
        [100, 90],
        [100, 90, 30],
      ],
    ]),
    {
      state: 'several-faces',
      faces: 2,
      searches: ['plain 0'],
      embedded: [],
    },
  );
});

test('of a large face among small ones the small ones are not embedded', async () => {
  assert.deepEqual(await look([[[100, 40, 30], []]]), {
    state: 'used',
    faces: 3,
    searches: ['plain 0'],
    embedded: [100],
  });
});

test('a picture without a face is searched exhaustively', async () => {
  assert.deepEqual(await look([[[], [60]]]), {
    state: 'used',
    faces: 1,
    searches: ['plain 0', 'exhaustive 0'],
    embedded: [60],
  });
});

test('of a moving picture only the frames without a face are, and none once one shows a usable face', async () => {
  assert.deepEqual(
    await look([
      [[], []],
      [[100, 90], [100]],
      [[], [60]],
    ]),
    {
      state: 'used',
      faces: 1,
      searches: ['plain 0', 'plain 1', 'plain 2', 'exhaustive 0', 'exhaustive 2'],
      embedded: [60],
    },
  );
  assert.deepEqual(
    (
      await look([
        [[], [60]],
        [[70], []],
      ])
    ).searches,
    ['plain 0', 'plain 1'],
  );
});
