/** Frames of real files, good and bad, with the oldest ffmpeg we know of and with the system's where there is one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import type { FramePlan, VideoFrame, VideoInfo } from '../../core/ports/media.ts';
import { developmentFfmpeg, type FfmpegPaths, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';

const npm = developmentFfmpeg(import.meta.url)!;
const binaries: { name: string; paths: FfmpegPaths }[] = [{ name: 'ffmpeg of 2018', paths: npm }];
const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
if (system) binaries.push({ name: 'the ffmpeg on PATH', paths: system });

const SECONDS = 12;
const RATE = 12;
let folder: string;
const file = (name: string): string => path.join(folder, name);

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-frames-'));
  // Brightness says the time: each frame is one grey, 20 levels a second.
  const source = [
    '-f',
    'lavfi',
    '-i',
    `color=black:s=320x180:r=${RATE}:d=${SECONDS},geq=lum='20*T+10':cb=128:cr=128`,
  ];
  make(...source, ...h264(2 * RATE), file('keys.mp4'));
  make('-i', file('keys.mp4'), '-c', 'copy', file('keys.mkv'));
  make(...source, ...h264(1000), file('one-key.mp4'));
  make(...source, '-c:v', 'libx265', '-x265-params', `keyint=${2 * RATE}:log-level=none`, file('hevc.mp4'));
  make(...source, '-c:v', 'libvpx-vp9', '-g', String(2 * RATE), '-deadline', 'realtime', file('vp9.webm'));
  make(...source, '-c:v', 'mjpeg', file('intra.avi'));
  make('-i', file('keys.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', file('turned.mp4'));
  make(...source, ...h264(2 * RATE), '-vf', 'setsar=16/11', file('dvd.mp4'));
  make(...source, ...h264(2 * RATE), '-vf', 'setsar=9/16', file('careless.mp4'));
  make('-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac', file('audio.m4a'));
  make('-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1', file('cover.png'));
  const cover = ['-map', '0:a', '-map', '1:v', '-c', 'copy', '-disposition:v:0', 'attached_pic'];
  make('-i', file('audio.m4a'), '-i', file('cover.png'), ...cover, file('cover.m4a'));
  make('-f', 'lavfi', '-i', 'color=white:s=2x2:r=5:d=2', '-c:v', 'ffv1', file('tiny.mkv'));
  copyFileSync(file('keys.mp4'), file(`-it's "a" 100% [name].mp4`));
  writeFileSync(file('empty.mp4'), '');
  writeFileSync(file('text.mp4'), 'This is no video.\n'.repeat(100));
  copyFileSync(file('keys.mp4'), file('no-index.mp4'));
  truncateSync(file('no-index.mp4'), Math.floor(readFileSync(file('keys.mp4')).length / 2));
  copyFileSync(file('keys.mkv'), file('broken.mkv'));
  truncateSync(file('broken.mkv'), Math.floor(readFileSync(file('keys.mkv')).length / 2));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const { name, paths } of binaries) {
  const frames = createVideoFrames(paths);
  const read = async (video: string, plan: FramePlan): Promise<VideoFrame[]> => {
    const info = await frames.probe(file(video));
    assert.ok(info, `${video} has a video stream`);
    return await all(frames.frames(file(video), info, plan));
  };

  test(`${name}: says what a video is`, async () => {
    const { sizeBytes, ...info } = (await frames.probe(file('keys.mp4'))) as VideoInfo;
    assert.deepEqual(info, {
      durationMs: SECONDS * 1000,
      width: 320,
      height: 180,
      codec: 'h264',
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      decodedShape: 320 / 180,
      keyFrameGapMs: 2000,
      frameCount: SECONDS * RATE,
      startSeconds: 0,
      track: 0,
    });
    assert.equal(sizeBytes, readFileSync(file('keys.mp4')).length);
    assert.equal((await frames.probe(file('one-key.mp4')))?.keyFrameGapMs, undefined);
  });

  test(`${name}: what has no moving picture has no video`, async () => {
    assert.equal(await frames.probe(file('audio.m4a')), null);
    assert.equal(await frames.probe(file('cover.m4a')), null);
  });

  for (const video of ['keys.mp4', 'keys.mkv', 'hevc.mp4', 'vp9.webm'])
    test(`${name}: all key frames of ${video}, each with its time and its picture`, async () => {
      const found = await read(video, keyFrames(8));
      assert.equal(found.length, 6);
      // Of what an mp4 steps over the decoder has not seen the order: it may be two frames off.
      found.forEach(({ timeMs }, i) => assert.ok(Math.abs(timeMs - 2000 * i) < 200, `${timeMs}`));
      for (const frame of found) assertShows(frame, frame.timeMs);
      assert.deepEqual([found[0]?.image.width, found[0]?.image.height], [160, 90]);
    });

  test(`${name}: of many key frames some, evenly over the file`, async () => {
    for (const video of ['intra.avi', 'keys.mkv']) {
      const found = await read(video, keyFrames(4));
      assert.ok(found.length >= 3 && found.length <= 5, `${found.length} frames of ${video}`);
      assert.ok(found.at(-1)!.timeMs >= 8000, `the last of ${video} is at ${found.at(-1)!.timeMs}`);
      for (const frame of found) assertShows(frame, frame.timeMs);
    }
  });

  test(`${name}: a file with one key frame is decoded evenly`, async () => {
    const given = await read('one-key.mp4', keyFrames(10));
    assert.equal(given.length, 10);
    assert.ok(given.at(-1)!.timeMs > 10_000);
    for (const frame of given) assertShows(frame, frame.timeMs);
    const found = await read('one-key.mp4', { kind: 'every', everyMs: 3000, maxFrames: 10, maxSide: 160 });
    assert.equal(found.length, 5);
    found.forEach((frame, i) => {
      assert.ok(Math.abs(frame.timeMs - (i === 0 ? 0 : 3000 * i - 1500)) <= 400, `${frame.timeMs}`);
      assertShows(frame, frame.timeMs);
    });
  });

  test(`${name}: never more frames than were asked for`, async () => {
    const plan = { kind: 'every', everyMs: 100, maxFrames: 5, maxSide: 160 } as const;
    assert.equal((await read('keys.mp4', plan)).length, 5);
  });

  test(`${name}: the frames at given times, in order, none behind the end`, async () => {
    for (const video of ['keys.mp4', 'keys.mkv', 'one-key.mp4']) {
      const timesMs = [7000, 1500, 3200, 99_000];
      const found = await read(video, { kind: 'times', timesMs, maxSide: 160 });
      assert.equal(found.length, 3, video);
      found.forEach((frame, i) => {
        assert.ok(Math.abs(frame.timeMs - [1500, 3200, 7000][i]!) <= 400, `${video}: ${frame.timeMs}`);
        assertShows(frame, frame.timeMs);
      });
    }
  });

  test(`${name}: of a time the frame that a player shows then`, async () => {
    for (const video of ['keys.mp4', 'keys.mkv', 'one-key.mp4', 'hevc.mp4', 'vp9.webm'])
      for (const timeMs of [0, 40, 3208, 8330, 10_990]) {
        const [frame, ...more] = await read(video, { kind: 'shown', timeMs, maxSide: 160 });
        assert.ok(frame && more.length === 0, `${video} at ${timeMs}`);
        const begunMs = (Math.floor((timeMs * RATE) / 1000) * 1000) / RATE;
        assert.ok(Math.abs(frame.timeMs - begunMs) <= 2, `${video} at ${timeMs}: ${frame.timeMs}`);
        assertShows(frame, frame.timeMs);
      }
    const [slow] = await read('tiny.mkv', { kind: 'shown', timeMs: 390, maxSide: 160 });
    assert.equal(slow?.timeMs, 200);
  });

  test(`${name}: at more than a hundred places none is lost, and the last is as exact as the first`, async () => {
    const timesMs = Array.from({ length: 115 }, (_, i) => 100 * i);
    for (const video of ['keys.mp4', 'keys.mkv']) {
      const found = await read(video, { kind: 'times', timesMs, maxSide: 160 });
      assert.equal(found.length, 115, video);
      found.forEach(({ timeMs }, i) =>
        assert.ok(timeMs - timesMs[i]! >= -3 && timeMs - timesMs[i]! < 90, `${video} ${i}: ${timeMs}`),
      );
    }
  });

  test(`${name}: grain is taken off, at times and evenly`, async () => {
    const evenly = { kind: 'every', everyMs: 3000, maxFrames: 4, maxSide: 160, denoise: true } as const;
    const atTimes = { kind: 'times', timesMs: [2500, 7000], maxSide: 160, denoise: true } as const;
    for (const [plan, count] of [
      [evenly, 4],
      [atTimes, 2],
    ] as const) {
      const found = await read('keys.mp4', plan);
      assert.equal(found.length, count);
      for (const frame of found) assertShows(frame, frame.timeMs);
    }
  });

  test(`${name}: pictures are upright, and as wide as a player shows them`, async () => {
    for (const [video, width, height] of [
      ['turned.mp4', 180, 320],
      ['dvd.mp4', 465, 180],
      ['careless.mp4', 320, 180],
    ] as const) {
      const [frame] = await read(video, { kind: 'key-frames', maxFrames: 2, maxSide: 2000 });
      assert.deepEqual([frame?.image.width, frame?.image.height], [width, height], video);
    }
  });

  test(`${name}: two pixels are a video too`, async () => {
    const [frame] = await read('tiny.mkv', keyFrames(2));
    assert.deepEqual([frame?.image.width, frame?.image.height], [2, 2]);
    assertShows(frame!, 11_200);
  });

  test(`${name}: blanks, quotes, percent signs, brackets and a leading dash are only a name`, async () => {
    const video = `-it's "a" 100% [name].mp4`;
    assert.equal((await read(video, keyFrames(8))).length, 6);
    assert.equal((await read(video, keyFrames(2))).length, 2);
  });

  test(`${name}: of a file that breaks off what is there is given`, async () => {
    const found = await read('broken.mkv', keyFrames(8));
    assert.ok(
      found.length >= 2 && found.every(({ timeMs }) => timeMs < (SECONDS * 1000 * 2) / 3),
      `${found.length} frames`,
    );
    for (const frame of found) assertShows(frame, frame.timeMs);
  });

  test(`${name}: what cannot be read says so in one sentence`, async () => {
    for (const [video, expected] of [
      ['empty.mp4', /^The file is empty\.$/],
      ['text.mp4', /invalid data/i],
      ['no-index.mp4', /moov atom not found|invalid data/i],
      ['gone.mp4', /gone\.mp4 is not there: see that the disk is mounted/],
      ['', /^It is not a file\.$/],
    ] as const)
      await assert.rejects(frames.probe(file(video)), (error: unknown) => {
        const code = video === 'gone.mp4' ? 'file-missing' : 'unreadable-media';
        assert.ok(error instanceof StashSenseError && error.code === code, String(error));
        assert.match(error.message, expected);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
  });

  test(`${name}: a file that is gone between probe and reading is an error, not silence`, async () => {
    const gone = file('soon-gone.mp4');
    copyFileSync(file('keys.mp4'), gone);
    const info = (await frames.probe(gone))!;
    rmSync(gone);
    await assert.rejects(
      all(frames.frames(gone, info, keyFrames(5))),
      (error: unknown) => error instanceof StashSenseError && error.code === 'file-missing',
    );
  });

  test(`${name}: who has seen enough stops it, and so does a signal`, async () => {
    const info = (await frames.probe(file('keys.mp4')))!;
    const plan = { kind: 'every', everyMs: 100, maxFrames: 100, maxSide: 160 } as const;
    for await (const frame of frames.frames(file('keys.mp4'), info, plan)) if (frame.timeMs > 1000) break;
    const stop = new AbortController();
    await assert.rejects(
      async () => {
        for await (const _ of frames.frames(file('keys.mp4'), info, plan, stop.signal)) stop.abort();
      },
      { name: 'AbortError' },
    );
    assert.equal(childrenOf(process.pid), 0);
  });
}

function keyFrames(maxFrames: number): FramePlan {
  return { kind: 'key-frames', maxFrames, maxSide: 160 };
}

/** The brightness of the frame is that of its moment, give or take a third of a second. */
function assertShows({ image }: VideoFrame, timeMs: number): void {
  const middle = (Math.floor(image.height / 2) * image.width + Math.floor(image.width / 2)) * 3;
  // Limited range: 16 is black, 235 is white.
  const luma = 16 + (image.data[middle]! * 219) / 255;
  assert.ok(Math.abs(luma - (20 * timeMs) / 1000 - 10) < 9, `luma ${luma.toFixed(0)} at ${timeMs} ms`);
}

function childrenOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return listed === '' ? 0 : listed.split(' ').length;
}

function h264(keyInterval: number): string[] {
  return [
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-g',
    String(keyInterval),
    '-keyint_min',
    '1',
    '-sc_threshold',
    '0',
  ];
}

function make(...args: readonly string[]): void {
  execFileSync(npm.ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
