import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { npmFfmpeg } from '../../test/fixtures/footage.ts';
import { describeByFfmpeg, readDescription } from './describe-by-ffmpeg.ts';

test('what ffmpeg of 2018 and of today say of a file is read, and of its output nothing', () => {
  const { format, streams } = readDescription([
    "Input #0, mpegts, from 'file:/films/a, b.ts':",
    '  Duration: 01:02:03.50, start: 1.400000, bitrate: 113 kb/s',
    '  Program 1 ',
    '    Metadata:',
    '      service_name    : Service01',
    '    Stream #0:0[0x100](eng): Audio: aac (LC) ([15][0][0][0] / 0x000F), 48000 Hz, stereo, fltp, 128 kb/s',
    '    Stream #0:1[0x101]: Video: h264 (High) ([27][0][0][0] / 0x001B), yuv420p(tv, bt709, progressive), 720x576 [SAR 16:15 DAR 4:3], 25 fps, 50 tbr, 90k tbn (default)',
    '      Side data:',
    '        displaymatrix: rotation of -90.00 degrees',
    '    Stream #0:2: Video: mjpeg (Baseline), yuvj420p(pc), 320x240, 90k tbr, 90k tbn (attached pic)',
    '  Stream #0:3: Video: hevc (Main), yuv420p, 3840x1920, SAR 1:1 DAR 2:1, 29.97 fps, 29.97 tbr, 16k tbn',
    '      Side data:',
    '        stereo3d: side by side',
    "Output #0, framecrc, to 'pipe:1':",
    '    Stream #0:0: Video: h264 (High), yuv420p, 1x1, 25 fps',
  ]);
  assert.deepEqual(format, { format_name: 'mpegts', duration: 3723.5, start_time: 1.4 });
  assert.deepEqual(streams, [
    {
      index: 1,
      codec_name: 'h264',
      width: 720,
      height: 576,
      sample_aspect_ratio: '16:15',
      avg_frame_rate: '25/1',
      r_frame_rate: '50/1',
      disposition: { default: 1 },
      side_data_list: [{ rotation: -90 }],
    },
    {
      index: 3,
      codec_name: 'hevc',
      width: 3840,
      height: 1920,
      sample_aspect_ratio: '1:1',
      avg_frame_rate: '29.97/1',
      r_frame_rate: '29.97/1',
      disposition: { default: 0 },
      side_data_list: [{ type: 'side by side' }],
    },
  ]);
});

test('of a large file the packets of its beginning are read, which tell how far key frames are apart', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-describe-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'long.ts');
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=10:d=60'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-x264-params', 'scenecut=0'];
  execFileSync(npmFfmpeg, ['-v', 'error', '-nostdin', ...source, ...coding, file]);
  const of = async (isListed: boolean) =>
    (await describeByFfmpeg({ ffmpeg: npmFfmpeg }, file, isListed, undefined)).packets;
  const [all, beginning] = [await of(true), await of(false)];
  assert.equal(all.length, 600);
  assert.deepEqual(beginning, all.slice(0, beginning.length));
  assert.ok(beginning.length >= 110 && beginning.length <= 130, String(beginning.length));
  const keys = beginning.flatMap(({ flags }, n) => (flags === 'K' ? [n] : []));
  assert.deepEqual(keys.slice(0, 3), [0, 20, 40]);
});
