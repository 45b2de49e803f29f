/** Films composed of shots of natural footage, as rows of small pictures. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RgbImage } from '../../../core/faces/face.ts';

const run = promisify(execFile);

/** Pictures a second, and pixels of a side. */
export const PER_SECOND = 4;
const SIDE = 32;

/** The pictures of each video of the folder of which there are at least 3 seconds. */
export async function readClips(folder: string, ffmpeg: string): Promise<RgbImage[][]> {
  const clips: RgbImage[][] = [];
  for (const name of (await readdir(folder)).filter((file) => /\.(mp4|mkv|webm)$/.test(file)).toSorted()) {
    const pictures = await readPictures(path.join(folder, name), ffmpeg);
    if (pictures.length >= 3 * PER_SECOND) clips.push(pictures);
  }
  return clips;
}

async function readPictures(file: string, ffmpeg: string): Promise<RgbImage[]> {
  const filters = `fps=${PER_SECOND},scale=${SIDE}:${SIDE}:flags=area`;
  const args = ['-v', 'error', '-i', file, '-vf', filters, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const bytes = SIDE * SIDE * 3;
  try {
    const { stdout } = await run(ffmpeg, args, { encoding: 'buffer', maxBuffer: 1 << 29 });
    return Array.from({ length: Math.floor(stdout.length / bytes) }, (_, n) => ({
      width: SIDE,
      height: SIDE,
      data: Uint8Array.from(stdout.subarray(n * bytes, (n + 1) * bytes)),
    }));
  } catch {
    // A file that is listed and not there.
    return [];
  }
}

export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** Shots of 2 to 30 seconds, some mirrored, lighter, darker, or a part of the picture. */
export function composeFilm(clips: readonly RgbImage[][], seconds: number, random: Random): RgbImage[] {
  const film: RgbImage[] = [];
  while (film.length < seconds * PER_SECOND) {
    const clip = clips[Math.floor(random() * clips.length)]!;
    const length = Math.round((2 + 28 * random() ** 2) * PER_SECOND);
    const from = Math.floor(random() * Math.max(1, clip.length - length));
    const look = {
      isMirrored: random() < 0.5,
      gain: 0.6 + 0.7 * random(),
      zoom: 0.5 + 0.5 * random(),
      x: random(),
      y: random(),
    };
    for (const picture of clip.slice(from, from + length)) film.push(seen(picture, look));
  }
  return film.slice(0, seconds * PER_SECOND);
}

export type Look = { isMirrored: boolean; gain: number; zoom: number; x: number; y: number };

export function seen({ width, height, data }: RgbImage, { isMirrored, gain, zoom, x, y }: Look): RgbImage {
  const result = new Uint8Array(data.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const across = isMirrored ? width - 1 - column : column;
      const left = Math.floor((across + x * (1 / zoom - 1) * width) * zoom);
      const top = Math.floor((row + y * (1 / zoom - 1) * height) * zoom);
      for (let channel = 0; channel < 3; channel++)
        result[(row * width + column) * 3 + channel] = Math.min(
          255,
          data[(Math.min(top, height - 1) * width + Math.min(left, width - 1)) * 3 + channel]! * gain,
        );
    }
  return { width, height, data: result };
}
