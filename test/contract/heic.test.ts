/** Pictures as iPhones write them: tiles of HEVC in a HEIF file, which no prebuilt sharp decodes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../../core/faces/face.ts';
import { createFfmpegCodec } from '../../models/images/codec-ffmpeg.ts';
import { loadSharpCodec } from '../../models/images/codec-sharp.ts';
import { turnUpright } from '../../models/images/resample.ts';
import { createFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { npmFfmpeg, photograph, testScratch } from '../fixtures/models.ts';
import { cropped, heicOf, type HeicOptions, mirrored, rotatedLeft } from '../fixtures/pictures/heic.ts';

const oldest = createFfmpegCodec(npmFfmpeg, testScratch);
const { codec: sharpCodec } = loadSharpCodec([], 1, oldest);
assert.ok(sharpCodec, 'sharp is a dependency and must load where the tests run');
const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
const codecs = [
  { name: 'the ffmpeg of npm (2018)', codec: oldest },
  { name: 'sharp, which asks it', codec: sharpCodec },
  ...(system
    ? [{ name: "the system's ffmpeg", codec: createFfmpegCodec(createFfmpeg(system.ffmpeg), testScratch) }]
    : []),
];
/** 300 x 240 */
const photo = await sharpCodec.decode(photograph('franck_02221.jpg'), 300);
const upright = (orientation: number) => (image: RgbImage) => turnUpright(image, orientation);

/** What is shown is the photograph, or what a function makes of it. */
const readable: [string, HeicOptions, ((image: RgbImage) => RgbImage)?][] = [
  ['one coded picture', {}],
  ['a grid whose last column and row are cut', { tileSide: 128 }],
  ['a grid whose tiles fit', { tileSide: 60 }],
  ['a grid of one tile', { tileSide: 320 }],
  ['a grid of one row', { tileSide: 240 }],
  ['one that is rotated to the left', { transforms: [rotatedLeft(1)] }, upright(8)],
  ['a grid that is rotated to the left', { tileSide: 128, transforms: [rotatedLeft(1)] }, upright(8)],
  ['a grid upside down', { tileSide: 128, transforms: [rotatedLeft(2)] }, upright(3)],
  ['a grid that is rotated to the right', { tileSide: 128, transforms: [rotatedLeft(3)] }, upright(6)],
  ['a grid whose left and right are swapped', { tileSide: 128, transforms: [mirrored(1)] }, upright(2)],
  ['a grid whose top and bottom are swapped', { tileSide: 128, transforms: [mirrored(0)] }, upright(4)],
  [
    'a grid that is rotated, then mirrored',
    { tileSide: 128, transforms: [rotatedLeft(1), mirrored(1)] },
    (image) => turnUpright(turnUpright(image, 8), 2),
  ],
  [
    'a grid that is mirrored, then rotated',
    { tileSide: 128, transforms: [mirrored(1), rotatedLeft(1)] },
    (image) => turnUpright(turnUpright(image, 2), 8),
  ],
  [
    'one that is cropped',
    { transforms: [cropped([200, 1], [150, 1], [10, 1], [-15, 1])] },
    (image) => part(image, 60, 30, 200, 150),
  ],
  [
    'a grid that is rotated, then cropped in fractions',
    { tileSide: 128, transforms: [rotatedLeft(3), cropped([400, 2], [303, 3], [0, 7], [-39, 2])] },
    (image) => part(turnUpright(image, 6), 20, 80, 200, 101),
  ],
  ['one with a thumbnail and a map of transparency', { hasOthers: true }],
  ['a grid with a thumbnail and a map of transparency', { tileSide: 128, hasOthers: true }],
  ['one with its parameter sets in band', { inBand: true }],
  ['a grid with its parameter sets in band', { tileSide: 128, inBand: true }],
  ['a grid of two encodings', { tileSide: 60, mixed: true }],
  ['a grid of two encodings with their parameter sets in band', { tileSide: 60, mixed: true, inBand: true }],
  ['a grid in pieces', { tileSide: 128, inPieces: true, hasOthers: true }],
  ['a grid that is described beside its tiles', { tileSide: 128, usesIdat: false }],
  ['a grid with numbers of 32 bits', { tileSide: 128, wideIds: true }],
  [
    'a picture derived from a grid',
    { tileSide: 128, derived: true, transforms: [rotatedLeft(1)] },
    upright(8),
  ],
  ['a grid without loss of colours', { tileSide: 128, pixelFormat: 'yuv444p' }],
  ['a grid of 10 bits', { tileSide: 128, pixelFormat: 'yuv420p10le' }],
];
for (const [what, options, shown = (image: RgbImage) => image] of readable)
  test(`${what} is read upright and whole by all codecs`, async () => {
    const expected = shown(photo);
    const heic = await heicOf(npmFfmpeg, photo, options);
    for (const { name, codec } of codecs) {
      const image = await codec.decode(heic, 1000);
      assert.deepEqual(sizeOf(image), sizeOf(expected), name);
      const difference = meanDifference(image, expected);
      assert.ok(difference < 2.5, `${name}: they differ by ${difference.toFixed(2)}`);
      const small = await codec.decode(heic, 150);
      assert.equal(Math.max(...sizeOf(small)), 150, name);
    }
  });

test('a picture of odd sides keeps them', async () => {
  for (const [width, height] of [
    [299, 239],
    [131, 67],
  ] as const)
    for (const tileSide of [undefined, 64]) {
      const expected = part(photo, 0, 0, width, height);
      const heic = await heicOf(npmFfmpeg, expected, {
        ...(tileSide && { tileSide }),
        // Colours of a single picture need even sides, unless they have the full resolution.
        pixelFormat: tileSide ? 'yuv420p' : 'yuv444p',
      });
      for (const { name, codec } of codecs) {
        const image = await codec.decode(heic, 1000);
        assert.deepEqual(sizeOf(image), [width, height], name);
        assert.ok(meanDifference(image, expected) < 4, name);
      }
    }
});

test('a grey picture is grey', async () => {
  const heic = await heicOf(npmFfmpeg, photo, { tileSide: 128, pixelFormat: 'gray' });
  for (const { name, codec } of codecs) {
    const { data } = await codec.decode(heic, 1000);
    for (let at = 0; at < data.length; at += 3 * 97)
      assert.ok(
        Math.max(Math.abs(data[at]! - data[at + 1]!), Math.abs(data[at]! - data[at + 2]!)) <= 1,
        name,
      );
  }
});

test('a grid that is cut off, or one of whose tiles is damaged, is refused in one sentence, never put together wrongly', async () => {
  const heic = await heicOf(npmFfmpeg, photo, { tileSide: 128 });
  const start = Buffer.from(heic).lastIndexOf('mdat') + 4;
  const bytes = Buffer.from(heic);
  // The first bytes of the second tile behind the length and the header of its unit: a slice that cannot be.
  const second = start + 4 + bytes.readUInt32BE(start);
  const broken = Buffer.from(heic).fill(0xff, second + 6, second + 12);
  for (const [what, damagedFile] of [
    ['cut off in its last tile', heic.subarray(0, heic.length - 100)],
    ['cut off in its first tile', heic.subarray(0, start + 100)],
    ['cut off in its boxes', heic.subarray(0, 300)],
    ['cut off behind its brands', heic.subarray(0, 24)],
    ['with a broken tile', broken],
  ] as const)
    for (const { name, codec } of codecs)
      await assert.rejects(
        codec.decode(damagedFile, 640),
        { code: 'unreadable-media', message: /^This HEIF picture cannot be read[^\n]*\.$/ },
        `${name}: ${what}`,
      );
});

function sizeOf({ width, height }: RgbImage): [number, number] {
  return [width, height];
}

function part(
  { width, data }: RgbImage,
  left: number,
  top: number,
  toWidth: number,
  toHeight: number,
): RgbImage {
  const cut = new Uint8Array(toWidth * toHeight * 3);
  for (let y = 0; y < toHeight; y++) {
    const from = ((top + y) * width + left) * 3;
    cut.set(data.subarray(from, from + toWidth * 3), y * toWidth * 3);
  }
  return { width: toWidth, height: toHeight, data: cut };
}

function meanDifference(one: RgbImage, other: RgbImage): number {
  return one.data.reduce((sum, it, i) => sum + Math.abs(it - other.data[i]!), 0) / one.data.length;
}
