/** sharp and its ffmpeg twin: the same picture, upright, on black, or the same refusal. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { machineError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { RgbImage } from '../../core/faces/face.ts';
import type { Scratch } from '../../core/ports/media.ts';
import { createFfmpegCodec } from '../../models/images/codec-ffmpeg.ts';
import { loadSharpCodec } from '../../models/images/codec-sharp.ts';
import { createFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { npmFfmpeg, photograph, testScratch } from '../fixtures/models.ts';

const { codec: sharpCodec } = loadSharpCodec([], 1, null);
assert.ok(sharpCodec, 'sharp is a dependency and must load where the tests run');
const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
const twins = [
  { name: 'the ffmpeg of npm (2018)', codec: createFfmpegCodec(npmFfmpeg, testScratch) },
  ...(system
    ? [{ name: "the system's ffmpeg", codec: createFfmpegCodec(createFfmpeg(system.ffmpeg), testScratch) }]
    : []),
];
const photo = photograph('franck_02221.jpg');

test('a photograph of 720 x 576 keeps its shape when it is made smaller, and is never made larger', async () => {
  for (const codec of [sharpCodec, ...twins.map((it) => it.codec)]) {
    assert.deepEqual(sizeOf(await codec.decode(photo, 300)), [300, 240]);
    assert.deepEqual(sizeOf(await codec.decode(photo, 5000)), [720, 576]);
    assert.equal((await codec.decode(photo, 301)).data.length, 301 * 241 * 3);
  }
});

/** Name, the picture, and the mean difference per channel (of 255) that the two may show. */
const pictures: [string, Promise<Uint8Array>, number][] = [
  ['a JPEG', Promise.resolve(photo), 1],
  [
    'a progressive JPEG without subsampling',
    sharp(photo).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    1,
  ],
  ['a grey JPEG', sharp(photo).greyscale().jpeg().toBuffer(), 1],
  ['a PNG with a palette', sharp(photo).png({ palette: true }).toBuffer(), 1],
  ['a PNG of 16 bits', sharp(photo).toColourspace('rgb16').png().toBuffer(), 1.5],
  ['a GIF', sharp(photo).gif().toBuffer(), 1],
  ['a WebP', sharp(photo).webp().toBuffer(), 1.5],
  ['a TIFF', sharp(photo).tiff({ compression: 'lzw' }).toBuffer(), 1],
  ['a PNG half transparent', halfTransparent().png().toBuffer(), 1],
  ['a WebP half transparent', halfTransparent().webp({ lossless: true }).toBuffer(), 1],
  [
    'a picture of one pixel',
    sharp({ create: { width: 1, height: 1, channels: 3, background: '#123456' } })
      .png()
      .toBuffer(),
    0,
  ],
  ['a picture 1 pixel high', sharp(photo).resize(500, 1, { fit: 'fill' }).png().toBuffer(), 2],
  // Its lower half is missing: what is there must be there in both.
  ['a JPEG that is cut off', Promise.resolve(photo.subarray(0, 15_000)), 6],
];
for (const { name, codec } of twins)
  for (const [what, bytes, tolerance] of pictures)
    test(`${name} and sharp read ${what} alike`, async () => {
      const one = await sharpCodec.decode(await bytes, 300);
      const other = await codec.decode(await bytes, 300);
      assert.deepEqual(sizeOf(other), sizeOf(one));
      const difference = meanDifference(one, other);
      assert.ok(difference <= tolerance, `they differ by ${difference.toFixed(2)}`);
    });

test('transparency is black, not the colour that lies under it', async () => {
  const bytes = await halfTransparent().png().toBuffer();
  for (const codec of [sharpCodec, ...twins.map((it) => it.codec)]) {
    const { width, data } = await codec.decode(bytes, 300);
    const [left, right] = [data.subarray(0, 3), data.subarray((width - 1) * 3, width * 3)];
    assert.ok(Math.abs(left[0]! - 100) <= 2 && left[1]! <= 1, `left is ${left.join()}`);
    assert.deepEqual([...right], [0, 0, 0]);
  }
});

for (const format of ['jpeg', 'png', 'webp'] as const)
  test(`a ${format} that lies on its side is set upright by both, in each of EXIF's eight ways`, async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const bytes = await sharp(photo).resize(200).withMetadata({ orientation }).toFormat(format).toBuffer();
      const one: RgbImage = await sharpCodec.decode(bytes, 200);
      assert.deepEqual(sizeOf(one), orientation < 5 ? [200, 160] : [160, 200]);
      for (const { name, codec } of twins) {
        const other = await codec.decode(bytes, 200);
        assert.deepEqual(sizeOf(other), sizeOf(one), `${name}, orientation ${orientation}`);
        assert.ok(meanDifference(one, other) < 2, `${name}, orientation ${orientation}`);
      }
    }
  });

const refused: [string, Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['garbage', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)],
  [
    'the head of a JPEG with garbage behind it',
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, ...Array<number>(500).fill(9)),
  ],
  [
    'a drawing (SVG)',
    new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  ],
  ['a page of HTML', new TextEncoder().encode('<!doctype html><title>Login</title>')],
  ['a PNG that says it has 20 000 x 20 000 pixels', declaredPng(20_000, 20_000)],
  ['a PNG of 4 000 000 000 pixels a row', declaredPng(4_000_000_000, 1)],
];
for (const [name, codec] of [['sharp', sharpCodec], ...twins.map((it) => [it.name, it.codec])] as [
  string,
  typeof sharpCodec,
][])
  test(`${name} refuses what is no picture, or is too large, in one sentence and without taking memory for it`, async () => {
    for (const [what, bytes] of refused) {
      const before = process.memoryUsage().rss;
      await assert.rejects(codec.decode(bytes, 640), { code: 'unreadable-media', message: /\.$/ }, what);
      assert.ok(process.memoryUsage().rss - before < 200e6, `${what} took memory`);
    }
  });

for (const { name, codec: ffmpegCodec } of twins)
  test(`${name} says of a damaged picture of each kind that it is damaged`, async () => {
    for (const format of ['gif', 'webp', 'tiff', 'avif'] as const) {
      const good = await sharp(photo).resize(64).toFormat(format).toBuffer();
      const damaged = Buffer.concat([good.subarray(0, 40), Buffer.alloc(200, 7)]);
      await assert.rejects(ffmpegCodec.decode(damaged, 64), { code: 'unreadable-media' }, format);
    }
  });

test('a picture is not damaged where the machine is: no place for a file, no ffmpeg, no permission, a fault of ours', async () => {
  const gif = await sharp(photo).resize(64).gif().toBuffer();
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  const noRoom: Scratch = {
    withFile: () => Promise.reject(machineError(message('machine.writingTo', { folder: '/data' }), full)),
  };
  await assert.rejects(createFfmpegCodec(npmFfmpeg, noRoom).decode(gif, 64), {
    code: 'machine-trouble',
    message: /^Writing to \/data failed because the disk is full: make room, then start again\.$/,
  });
  const gone = createFfmpegCodec(createFfmpeg('/no/such/ffmpeg'), testScratch);
  for (const bytes of [gif, photo])
    await assert.rejects(gone.decode(bytes, 64), {
      code: 'runtime-missing',
      message: /^\/no\/such\/ffmpeg cannot be started \(ENOENT\): let Stash download ffmpeg again/,
    });
  await assert.rejects(gone.encodeJpeg({ width: 2, height: 2, data: new Uint8Array(12) }, 90), {
    code: 'runtime-missing',
  });
  const fault = new TypeError('ours');
  const broken = createFfmpegCodec({ path: 'ffmpeg', run: () => Promise.reject(fault) }, testScratch);
  await assert.rejects(broken.decode(photo, 64), (error) => error === fault);
});

/** As ffmpeg says it, of the picture and of the machine. */
const sayings: [said: string, code: string][] = [
  ['pipe:0: Invalid data found when processing input', 'unreadable-media'],
  ['[out#0] Error writing: No space left on device', 'machine-trouble'],
  ['pipe:1: Read-only file system', 'machine-trouble'],
  ['file:/x: Too many open files', 'machine-trouble'],
  ['file:/data/scratch/picture: Permission denied', 'machine-trouble'],
  // Damaged pictures ask for impossible amounts.
  ['Error while opening decoder: Cannot allocate memory', 'unreadable-media'],
  // A file may be called anything.
  ['file:/Permission denied: Invalid data found when processing input', 'unreadable-media'],
  ['  title : No space left on device\npipe:0: Invalid data found when processing input', 'unreadable-media'],
];
for (const [said, code] of sayings)
  test(
    `ffmpeg that says "${said.replace('\n', ' / ')}" means ${code}`,
    { skip: process.platform === 'win32' },
    async (t) => {
      const file = path.join(mkdtempSync(path.join(tmpdir(), 'stash-sense-ffmpeg-')), 'ffmpeg');
      t.after(() => rmSync(path.dirname(file), { recursive: true }));
      writeFileSync(file, `#!/bin/sh\ncat > /dev/null\nprintf '%s\\n' '${said}' >&2\nexit 1\n`, {
        mode: 0o755,
      });
      const codec = createFfmpegCodec(createFfmpeg(file), testScratch);
      const gif = await sharp(photo).resize(64).gif().toBuffer();
      await assert.rejects(codec.decode(gif, 64), { code, message: /^[^\n]+\.$/ });
    },
  );

test(
  'ffmpeg that the system ends, as it does where memory runs out, says nothing of the picture',
  { skip: process.platform === 'win32' },
  async (t) => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'stash-sense-ffmpeg-')), 'ffmpeg');
    t.after(() => rmSync(path.dirname(file), { recursive: true }));
    writeFileSync(file, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
    await assert.rejects(createFfmpegCodec(createFfmpeg(file), testScratch).decode(photo, 64), {
      code: 'file-missing',
      message: /ended by SIGKILL from outside/,
    });
  },
);

test('a JPEG that each writes is read back by the other as the same picture, and quality makes it larger', async () => {
  const image = await sharpCodec.decode(photo, 224);
  for (const writer of [sharpCodec, ...twins.map((it) => it.codec)]) {
    const sizes: number[] = [];
    for (const quality of [30, 85, 95]) {
      const jpeg = await writer.encodeJpeg(image, quality);
      sizes.push(jpeg.length);
      assert.equal(jpeg[0], 0xff);
      for (const reader of [sharpCodec, ...twins.map((it) => it.codec)]) {
        const back = await reader.decode(jpeg, 224);
        assert.deepEqual(sizeOf(back), sizeOf(image));
        assert.ok(meanDifference(back, image) < (quality < 50 ? 6 : 4));
      }
    }
    assert.deepEqual(
      sizes,
      sizes.toSorted((one, other) => one - other),
    );
  }
});

test('a JPEG of odd sides, and of one pixel, can be written', async () => {
  for (const [width, height] of [
    [1, 1],
    [33, 17],
  ] as const) {
    const image = { width, height, data: new Uint8Array(width * height * 3).fill(120) };
    for (const codec of [sharpCodec, ...twins.map((it) => it.codec)])
      assert.deepEqual(sizeOf(await codec.decode(await codec.encodeJpeg(image, 85), 100)), [width, height]);
  }
});

test('what sharp cannot read its fallback is asked for', async () => {
  const bmp = declaredBmp();
  await assert.rejects(sharpCodec.decode(bmp, 100), { code: 'unreadable-media' });
  const { codec } = loadSharpCodec([], 1, twins[0]!.codec);
  assert.deepEqual(await codec?.decode(bmp, 100), { width: 1, height: 1, data: Uint8Array.of(30, 20, 10) });
});

function sizeOf({ width, height }: RgbImage): [number, number] {
  return [width, height];
}

function meanDifference(one: RgbImage, other: RgbImage): number {
  return one.data.reduce((sum, it, i) => sum + Math.abs(it - other.data[i]!), 0) / one.data.length;
}

/** Left half: red 250 at alpha 0.4; right half: white, quite transparent. */
function halfTransparent(): Sharp {
  const data = Uint8Array.from({ length: 100 * 40 * 4 }, (_, i) =>
    Math.floor(i / 4) % 100 < 50 ? [250, 0, 0, 102][i % 4]! : [255, 255, 255, 0][i % 4]!,
  );
  return sharp(data, { raw: { width: 100, height: 40, channels: 4 } });
}

/** A PNG whose header promises more than its few bytes hold. */
function declaredPng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** One pixel, blue 10, green 20, red 30. */
function declaredBmp(): Uint8Array {
  const bmp = Buffer.alloc(58);
  bmp.write('BM', 0, 'latin1');
  bmp.writeUInt32LE(58, 2);
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(1, 18);
  bmp.writeInt32LE(1, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  bmp.set([10, 20, 30], 54);
  return bmp;
}
