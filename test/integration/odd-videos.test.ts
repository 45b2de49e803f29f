/**
What a container says of its video is a hint: files without a duration, with a wrong one, with clocks that start anew, few key
frames, several tracks or a size that changes are looked at from end to end, by the oldest ffmpeg we know of and the system's.
*/
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { VideoFrame } from '../../core/ports/media.ts';
import { DEFAULT_SAMPLING, firstPlan } from '../../core/sampling/sampling.ts';
import { developmentFfmpeg, type FfmpegPaths, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';

const npm = developmentFfmpeg(import.meta.url)!;
const binaries: { name: string; paths: FfmpegPaths }[] = [{ name: 'ffmpeg of 2018', paths: npm }];
const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
if (system) binaries.push({ name: 'the ffmpeg on PATH', paths: system });

const RATE = 10;
let folder: string;
const file = (name: string): string => path.join(folder, name);

/** Brightness says the time: from black to white in `seconds`. */
function ramp(seconds: number, size = '160x90', fromSecond = 0, of = seconds): string[] {
  const grey = `geq=lum='16+219*(T+${fromSecond})/${of}':cb=128:cr=128`;
  return ['-f', 'lavfi', '-i', `color=black:s=${size}:r=${RATE}:d=${seconds},${grey}`];
}
const h264 = (gop: number, parameters = 'scenecut=0'): string[] =>
  `-c:v libx264 -preset ultrafast -bf 2 -refs 2 -pix_fmt yuv420p -g ${gop} -x264-params ${parameters}`.split(
    ' ',
  );

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-odd-'));
  make(...ramp(60), ...h264(20), file('plain.mp4'));
  make(...ramp(60), ...h264(100_000), file('one-key.mp4'));
  make(...ramp(240), ...h264(100_000), file('long-one-key.mp4'));
  make(...ramp(60), ...h264(20, 'scenecut=0:open-gop=1'), file('open-groups.mp4'));
  make('-i', file('open-groups.mp4'), '-c', 'copy', file('open-groups.ts'));
  make('-i', file('plain.mp4'), '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', file('bare.h264'));
  make(
    '-i',
    file('open-groups.mp4'),
    '-c',
    'copy',
    '-bsf:v',
    'h264_mp4toannexb',
    file('bare-open-groups.h264'),
  );
  make(...ramp(240), ...h264(20), '-f', 'h264', file('long-bare.h264'));
  make('-i', file('plain.mp4'), '-c', 'copy', file('plain.mkv'));
  // Written to a pipe the length is never filled in.
  writeFileSync(file('no-duration.mkv'), piped('-i', file('plain.mp4'), '-c', 'copy', '-f', 'matroska'));
  writeFileSync(file('no-duration.flv'), piped('-i', file('plain.mp4'), '-c', 'copy', '-f', 'flv'));
  writeFileSync(file('ten-hours.mkv'), withDuration(readFileSync(file('plain.mkv')), 36_000));
  writeFileSync(file('five-seconds.mkv'), withDuration(readFileSync(file('plain.mkv')), 5));
  make(
    '-i',
    file('plain.mp4'),
    '-f',
    'lavfi',
    '-i',
    'sine=d=600',
    '-c:v',
    'copy',
    '-c:a',
    'aac',
    '-b:a',
    '16k',
    file('long-sound.mkv'),
  );
  // The second half has the same clock as the first.
  make(...ramp(30, '160x90', 0, 60), ...h264(20), file('first.ts'));
  make(...ramp(30, '160x90', 30, 60), ...h264(20), file('second.ts'));
  writeFileSync(
    file('joined.ts'),
    Buffer.concat([readFileSync(file('first.ts')), readFileSync(file('second.ts'))]),
  );
  // A thumbnail that is not flagged as one, and an empty-handed small track, before the film.
  make('-f', 'lavfi', '-i', 'color=gray:s=320x180', '-frames:v', '1', file('thumb.jpg'));
  make(
    '-i',
    file('thumb.jpg'),
    '-i',
    file('plain.mp4'),
    '-map',
    '0:v',
    '-map',
    '1:v',
    '-c',
    'copy',
    file('thumbnail-first.mkv'),
  );
  // ffmpeg seeks by the first track, here by a picture far larger than the film.
  make('-f', 'lavfi', '-i', 'color=gray:s=1280x720', '-frames:v', '1', file('poster.jpg'));
  const poster = ['-i', file('poster.jpg'), '-i', file('plain.mp4')];
  const pictureFirst = ['-map', '0:v', '-map', '1:v', '-c', 'copy'];
  make(...poster, ...pictureFirst, file('picture-first.mp4'));
  make(
    ...poster,
    '-f',
    'lavfi',
    '-i',
    'sine=d=60:r=48000',
    ...pictureFirst,
    '-map',
    '2:a',
    '-ac',
    '6',
    '-c:a',
    'pcm_s16le',
    file('picture-first-large.mkv'),
  );
  make(
    ...ramp(60, '32x18'),
    '-i',
    file('plain.mp4'),
    '-map',
    '0:v',
    '-map',
    '1:v',
    '-c:v:0',
    'libx264',
    '-c:v:1',
    'copy',
    '-disposition:v:0',
    '0',
    '-disposition:v:1',
    'default',
    file('second-default.mkv'),
  );
  // A white square on black, first in landscape, then in portrait, in one stream.
  for (const [part, size] of [
    ['landscape', '320x180'],
    ['portrait', '180x320'],
  ] as const)
    make(
      '-f',
      'lavfi',
      '-i',
      `color=black:s=${size}:r=${RATE}:d=10,drawbox=x=60:y=60:w=60:h=60:c=white:t=30`,
      ...h264(20),
      '-f',
      'h264',
      file(`${part}.h264`),
    );
  writeFileSync(
    file('turns.h264'),
    Buffer.concat(['landscape', 'portrait'].map((part) => readFileSync(file(`${part}.h264`)))),
  );
  make('-f', 'lavfi', '-i', 'color=white:s=160x90', '-frames:v', '1', ...h264(20), file('one-frame.mp4'));
  make(
    '-i',
    file('one-frame.mp4'),
    '-f',
    'lavfi',
    '-i',
    'sine=d=60',
    '-c:v',
    'copy',
    '-c:a',
    'aac',
    file('still-with-sound.mkv'),
  );
  // Four slides of five seconds each.
  make(
    '-f',
    'lavfi',
    '-i',
    `color=black:s=160x90:r=1/5:d=20,geq=lum='16+219*T/20':cb=128:cr=128`,
    '-c:v',
    'ffv1',
    file('slides.mkv'),
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const { name, paths } of binaries) {
  const frames = createVideoFrames(paths);
  const look = async (video: string): Promise<{ durationMs: number; found: VideoFrame[] }> => {
    const info = await frames.probe(file(video));
    assert.ok(info, `${video} has a video track`);
    const found: VideoFrame[] = [];
    for await (const frame of frames.frames(file(video), info, firstPlan(info, DEFAULT_SAMPLING)))
      found.push(frame);
    return { durationMs: info.durationMs, found };
  };

  for (const video of [
    'plain.mp4',
    'one-key.mp4',
    'open-groups.mp4',
    'open-groups.ts',
    'bare.h264',
    'bare-open-groups.h264',
    'no-duration.mkv',
    'no-duration.flv',
    'ten-hours.mkv',
    'five-seconds.mkv',
    'long-sound.mkv',
    'joined.ts',
    'thumbnail-first.mkv',
    'picture-first.mp4',
    'picture-first-large.mkv',
    'second-default.mkv',
  ])
    // That of npm crashes on transport streams, whatever it is asked: ffmpeg describes them.
    test(`${name}: ${video} is looked at evenly from end to end`, async () => {
      const { durationMs, found } = await look(video);
      // How fast a bare stream is to be played is a guess.
      assert.ok(video.startsWith('bare') || Math.abs(durationMs - 60_000) < 1500, `${durationMs} ms`);
      assertEven(found, 60);
      assert.ok(found.length <= 40, `${found.length} frames, bounded`);
    });

  test(`${name}: four minutes with one key frame are looked at evenly too`, async () => {
    assertEven((await look('long-one-key.mp4')).found, 240);
  });

  test(`${name}: of a long bare stream only pieces are read, and the frames are evenly spread`, async () => {
    const { found, durationMs } = await look('long-bare.h264');
    // How fast it is to be played is a guess.
    const inTime = ({ image, timeMs }: VideoFrame): VideoFrame => ({
      image,
      timeMs: (timeMs * 240_000) / durationMs,
    });
    assertEven(found.map(inTime), 240);
    assert.ok(found.length <= 16, `${found.length} frames`);
    const steps = found.slice(1).map(({ timeMs }, n) => timeMs - found[n]!.timeMs);
    assert.ok(Math.max(...steps) - Math.min(...steps) < 20, steps.join(' '));
  });

  for (const denoise of [false, true])
    test(`${name}: where a picture is the first track, the wanted times of the film are found${denoise ? ', denoised' : ''}`, async () => {
      const info = (await frames.probe(file('picture-first.mp4')))!;
      const timesMs = [5000, 15_000, 25_000, 35_000, 45_000, 55_000];
      const found: VideoFrame[] = [];
      const plan = { kind: 'times', timesMs, denoise, maxSide: 160 } as const;
      for await (const frame of frames.frames(file('picture-first.mp4'), info, plan)) found.push(frame);
      assert.deepEqual(
        found.map(({ timeMs }) => Math.round(timeMs / 100) * 100),
        timesMs,
      );
      assertEven(found, 60);
    });

  test(`${name}: a video of one frame, with or without sound, gives that frame`, async () => {
    for (const video of ['one-frame.mp4', 'still-with-sound.mkv']) {
      const { found } = await look(video);
      // Sound that begins with a priming packet shifts the picture by 23 ms.
      assert.ok(found.length === 1 && found[0]!.timeMs < 50, video);
    }
  });

  test(`${name}: of slides each one is seen`, async () => {
    const { found } = await look('slides.mkv');
    assert.deepEqual(
      found.map(({ timeMs }) => timeMs),
      [0, 5000, 10_000, 15_000],
    );
  });

  test(`${name}: where the picture turns while it runs, each frame keeps its proportions`, async () => {
    const { found } = await look('turns.h264');
    const squares = found.map(({ image }) => {
      const lit = Array.from({ length: image.width * image.height }, (_, at) => at).filter(
        (at) => image.data[3 * at]! > 128,
      );
      return {
        width: span(lit.map((at) => at % image.width)),
        height: span(lit.map((at) => Math.floor(at / image.width))),
      };
    });
    assert.ok(
      squares.some(({ width }) => Math.abs(width - 60) <= 3),
      'in landscape as large as it is',
    );
    assert.ok(
      squares.some(({ width }) => width < 40),
      'in portrait fitted into the same frame',
    );
    for (const { width, height } of squares) assert.ok(Math.abs(width - height) <= 2, `${width} x ${height}`);
  });
}

function span(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values) + 1;
}

/** Each sixth of the video has a frame, and each frame shows the moment that it says. */
function assertEven(found: readonly VideoFrame[], seconds: number): void {
  const sixths = new Set(found.map(({ timeMs }) => Math.floor((timeMs * 6) / 1000 / seconds)));
  assert.equal(sixths.size, 6, found.map(({ timeMs }) => timeMs).join(' '));
  for (const { image, timeMs } of found) {
    const middle = (Math.floor(image.height / 2) * image.width + Math.floor(image.width / 2)) * 3;
    const shownMs = (image.data[middle]! / 255) * seconds * 1000;
    assert.ok(
      Math.abs(shownMs - timeMs) < 0.04 * seconds * 1000,
      `${timeMs} ms shows ${Math.round(shownMs)}`,
    );
  }
}

/** The file with another length in its header: Matroska's element Duration (0x4489), a float of 8 bytes, in milliseconds. */
function withDuration(mkv: Buffer, seconds: number): Buffer {
  const at = mkv.indexOf(Buffer.from([0x44, 0x89, 0x88]));
  assert.ok(at > 0);
  const changed = Buffer.from(mkv);
  changed.writeDoubleBE(1000 * seconds, at + 3);
  return changed;
}

function make(...args: readonly string[]): void {
  execFileSync(npm.ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function piped(...args: readonly string[]): Buffer {
  return execFileSync(npm.ffmpeg, ['-v', 'error', '-nostdin', ...args, 'pipe:1'], {
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
