import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { npmFfmpeg, testScratch } from '../../../test/fixtures/models.ts';
import { heicOf, type HeicOptions } from '../../../test/fixtures/pictures/heic.ts';
import { seeded } from '../../../test/fixtures/random.ts';
import { numbers, sample } from '../../../test/fixtures/sweep.ts';
import { createFfmpegCodec } from '../codec-ffmpeg.ts';
import { readHevcPicture } from './picture.ts';

const gradient = {
  width: 100,
  height: 90,
  data: Uint8Array.from({ length: 100 * 90 * 3 }, (_, i) => (i * 7) % 256),
};
const make = async (options: HeicOptions): Promise<Buffer> =>
  Buffer.from(await heicOf(npmFfmpeg, gradient, options));
const grid = await make({ tileSide: 64, hasOthers: true, inPieces: true });
const files = [
  grid,
  await make({}),
  await make({ tileSide: 64, derived: true, wideIds: true, inBand: true }),
];

test('a grid is its tiles row by row, each between its parameter sets and the end of a sequence', async () => {
  const picture = readHevcPicture(grid);
  assert.ok(picture);
  const { columns, rows, coded, size, stream } = picture;
  assert.deepEqual(
    [columns, rows, coded, size],
    [2, 2, { width: 100, height: 90 }, { width: 100, height: 90 }],
  );
  const types: number[] = [];
  for (let at = stream.indexOf(1); at !== -1; at = stream.indexOf(1, at + 1))
    if (Buffer.from(stream.buffer, stream.byteOffset + at - 3, 3).equals(Buffer.alloc(3)))
      types.push(stream[at + 1]! >> 1);
  const oneTile = [32, 33, 34, types[3], 36];
  assert.deepEqual(types, [...oneTile, ...oneTile, ...oneTile, ...oneTile]);
});

/** What stands at a place of the file is made something else. */
const changed = (file: Buffer, name: string, offset: number, ...bytes: number[]): Buffer => {
  const copy = Buffer.from(file);
  const at = copy.indexOf(name, 0, 'latin1');
  assert.notEqual(at, -1, name);
  copy.set(bytes, at + offset);
  return copy;
};
const single = files[1]!;

test('a picture of tiles that are coded otherwise is left to others, as is a file without items', () => {
  let other = grid;
  while (other.includes('hvc1')) other = changed(other, 'hvc1', 0, 0x61, 0x76, 0x30, 0x31);
  assert.equal(readHevcPicture(other), null);
  assert.equal(readHevcPicture(changed(single, 'hvc1', 0, 0x61, 0x76, 0x30, 0x31)), null);
  assert.equal(readHevcPicture(grid.subarray(0, 24)), null);
});

const refused: [string, Buffer, RegExp][] = [
  [
    'more pixels than are decoded',
    changed(single, 'ispe', 8, 0, 0, 0x60, 0, 0, 0, 0x60, 0),
    /24576 x 24576 pixels/,
  ],
  ['no pixels', changed(single, 'ispe', 8, 0, 0, 0, 0), /damaged/],
  ['a primary item that is not there', changed(single, 'pitm', 8, 0, 99), /damaged/],
  ['no property that configures the decoder', changed(single, 'hvcC', 0, 0x66), /damaged/],
  ['overlapping pictures', changed(grid, 'grid', 0, 0x69, 0x6f, 0x76, 0x6c), /overlap/],
  ['more tiles than it refers to', changed(grid, 'idat', 6, 5), /damaged/],
  ['tiles that do not fill it', changed(grid, 'idat', 15, 9), /damaged/],
  ['a box that is longer than the file', changed(grid, 'iinf', -4, 0x7f), /damaged/],
  ['a reference from a tile to the grid', changed(grid, 'dimg', 8, 0, 6), /damaged/],
];
for (const [what, file, reason] of refused)
  test(`a picture with ${what} is refused`, () => {
    assert.throws(() => readHevcPicture(file), { code: 'unreadable-media', message: reason });
  });

test('an item that is derived from itself is refused', async () => {
  const file = Buffer.from(await make({ derived: true }));
  // From item 2 to item 1 becomes from item 2 to item 2.
  assert.throws(() => readHevcPicture(changed(file, 'dimg', 8, 0, 2)), { code: 'unreadable-media' });
});

/** A few bytes are changed, this share of them in the boxes before the pictures; some files are cut off too. */
function mutated(file: Buffer, seed: number, shareInBoxes: number): Buffer {
  const random = seeded(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const copy = Buffer.from(file);
  const headEnd = copy.indexOf('mdat', 0, 'latin1');
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(random() < shareInBoxes ? headEnd : copy.length);
    copy.fill([0, 1, 0x7f, 0x80, 0xff, below(256)][below(6)]!, at, at + 1 + below(random() < 0.2 ? 8 : 1));
  }
  return random() < 0.1 ? copy.subarray(0, below(copy.length)) : copy;
}

test('a hostile file ends in a picture of bounded size, or in one sentence, at once', () => {
  let refusals = 0;
  for (const seed of sample(numbers(20_000), 3000)) {
    const file = mutated(files[seed % files.length]!, seed, 0.9);
    const start = performance.now();
    try {
      const picture = readHevcPicture(file);
      assert.ok((picture?.stream.length ?? 0) < 1e6, `seed ${seed}`);
    } catch (error) {
      assert.ok(
        error instanceof StashSenseError && error.code === 'unreadable-media',
        `seed ${seed}: ${String(error)}`,
      );
      refusals++;
    }
    assert.ok(performance.now() - start < 1000, `seed ${seed}`);
  }
  assert.ok(refusals > 100);
});

test('what ffmpeg makes of a hostile file is a picture or one sentence', async () => {
  const codec = createFfmpegCodec(npmFfmpeg, testScratch);
  for (const seed of sample(numbers(400), 20)) {
    const file = mutated(files[seed % files.length]!, seed, 0.1);
    await codec.decode(file, 64).then(
      ({ width, height, data }) => assert.equal(data.length, width * height * 3, `seed ${seed}`),
      (error: unknown) =>
        assert.ok(
          error instanceof StashSenseError && error.code === 'unreadable-media',
          `seed ${seed}: ${String(error)}`,
        ),
    );
  }
});
