/** JPEG XL, bare and in its container: read where ffmpeg has a decoder for it, else said to need one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFfmpegCodec } from '../../models/images/codec-ffmpeg.ts';
import { loadSharpCodec } from '../../models/images/codec-sharp.ts';
import { createFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { npmFfmpeg, testScratch } from '../fixtures/models.ts';
import { box } from '../fixtures/pictures/boxes.ts';

/** 24 x 16 pixels: the left half red (200, 30, 20), the right half blue (20, 40, 210). */
const bare = Buffer.from('/woDQSQIAAEAhABLGIsVANSIGWNmjLxACACSNAcAhUSQZwQDRaiRpvhwxgE=', 'base64');
const inContainer = Buffer.concat([
  box('JXL ', Buffer.from('\r\n\x87\n', 'latin1')),
  box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1')),
  box('jxlc', bare),
]);
const forms = [
  ['bare', bare],
  ['in its container', inContainer],
] as const;

const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
const programs = [
  { name: 'the ffmpeg of npm (2018)', ffmpeg: npmFfmpeg },
  ...(system ? [{ name: "the system's ffmpeg", ffmpeg: createFfmpeg(system.ffmpeg) }] : []),
];
for (const { name, ffmpeg } of programs) {
  const ownCodec = createFfmpegCodec(ffmpeg, testScratch);
  const { codec: sharpCodec } = loadSharpCodec([], 1, ownCodec);
  assert.ok(sharpCodec, 'sharp is a dependency and must load where the tests run');
  const decoders = await ffmpeg.run(['-hide_banner', '-decoders'], { maxBytes: 1e6, timeoutMs: 20_000 });
  const canDecode = /\bjpegxl\b/.test(Buffer.from(decoders).toString('latin1'));
  for (const [form, bytes] of forms)
    test(`${name} ${canDecode ? 'reads' : 'has no decoder for'} a JPEG XL ${form}`, async () => {
      for (const codec of [ownCodec, sharpCodec]) {
        if (!canDecode) {
          await assert.rejects(codec.decode(bytes, 100), {
            code: 'unreadable-media',
            message: `This JPEG XL picture cannot be read because ${ffmpeg.path} has no decoder for it: install an ffmpeg that has one, or convert the picture.`,
          });
          continue;
        }
        const { width, height, data } = await codec.decode(bytes, 100);
        assert.deepEqual([width, height], [24, 16]);
        assert.deepEqual([...data.subarray(0, 3)], [200, 30, 20]);
        assert.deepEqual([...data.subarray(23 * 3, 24 * 3)], [20, 40, 210]);
      }
    });
  if (canDecode)
    test(`${name} says of a JPEG XL that is cut off that it cannot be read, and does not wait for the rest`, async () => {
      for (const [form, bytes] of forms)
        await assert.rejects(
          ownCodec.decode(bytes.subarray(0, bytes.length - 12), 100),
          { code: 'unreadable-media', message: /^This JPEG XL picture cannot be read, or[^\n]*\.$/ },
          form,
        );
    });
}
