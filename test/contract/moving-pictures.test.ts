/** Pictures that move, and long ones: sharp and its ffmpeg twin give the same frames. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { developmentFfmpeg, createFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createFfmpegCodec } from '../../models/images/codec-ffmpeg.ts';
import { loadSharpCodec } from '../../models/images/codec-sharp.ts';
import { npmFfmpeg, testScratch } from '../fixtures/models.ts';

const ffmpegCodec = createFfmpegCodec(npmFfmpeg, testScratch);
const { codec: sharpCodec } = loadSharpCodec([], 1, ffmpegCodec);
assert.ok(sharpCodec);
const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
const codecs = [
  { name: 'sharp', codec: sharpCodec },
  { name: 'the ffmpeg of npm (2018)', codec: ffmpegCodec },
  ...(system
    ? [{ name: "the system's ffmpeg", codec: createFfmpegCodec(createFfmpeg(system.ffmpeg), testScratch) }]
    : []),
];

const FRAMES = 30;
let folder: string;
const file = (name: string): string => path.join(folder, name);

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-moving-'));
  const { ffmpeg } = developmentFfmpeg(import.meta.url)!;
  // Each frame is one grey, from black to white.
  const source = [
    '-f',
    'lavfi',
    '-i',
    `color=black:s=64x48:r=10:d=${FRAMES / 10},format=gray,geq=lum='255*N/${FRAMES - 1}'`,
  ];
  const make = (...args: string[]): unknown =>
    execFileSync(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...source, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  make(file('a.gif'));
  make('-f', 'apng', file('a.png'));
  // libwebp leaves out what does not change, here nothing: each frame fills the canvas.
  const strip = Buffer.concat(
    Array.from({ length: FRAMES }, (_, n) => Buffer.alloc(64 * 48 * 3, Math.round((255 * n) / (FRAMES - 1)))),
  );
  await sharp(strip, { raw: { width: 64, height: 48 * FRAMES, channels: 3, pageHeight: 48 } })
    .webp({ lossless: true })
    .toFile(file('a.webp'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const { name, codec } of codecs) {
  for (const moving of ['a.gif', 'a.png', 'a.webp'])
    test(`${name}: frames of ${moving}, evenly over it`, async () => {
      const images = await codec.decodeFrames(readFileSync(file(moving)), 320, 6);
      const greys = images.map(({ data }) => data[3 * (24 * 64 + 32)]!);
      assert.equal(greys.length, 6);
      greys.forEach((grey, n) => {
        const expected = (255 * Math.floor(((n + 0.5) * FRAMES) / 6)) / (FRAMES - 1);
        assert.ok(Math.abs(grey - expected) < 12, greys.join(' '));
      });
      for (const { width, height } of images) assert.deepEqual([width, height], [64, 48]);
    });

  test(`${name}: a picture that does not move is one frame, and so is a moving one that breaks off in the first`, async () => {
    const still = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
      .webp()
      .toBuffer();
    assert.equal((await codec.decodeFrames(still, 320, 6)).length, 1);
    const gif = readFileSync(file('a.gif'));
    const broken = await codec
      .decodeFrames(gif.subarray(0, Math.floor(gif.length / 2)), 320, 6)
      .catch(() => []);
    assert.ok(broken.length <= 6);
  });

  test(`${name}: a long picture keeps the area of an ordinary one, not its longer side`, async () => {
    for (const [width, height, expected] of [
      [4000, 400, [632, 63]],
      [400, 4000, [63, 632]],
      [1000, 500, [200, 100]],
    ] as const) {
      const long = await sharp({ create: { width, height, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      const image = await codec.decode(long, 200);
      assert.deepEqual([image.width, image.height], expected);
    }
  });
}
