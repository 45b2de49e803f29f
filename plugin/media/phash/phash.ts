/** Stash's perceptual hash of a video, for files of which Stash has none. */
import { hasCode } from '../../../core/errors.ts';
import type { RgbImage } from '../../../core/faces/face.ts';
import { frameTimes, phashOf } from '../../../core/fingerprints/phash.ts';
import type { Ffmpeg } from '../../../core/ports/media.ts';
import { readBmp } from './bmp.ts';
import { fileArgument, isCrash } from '../ffmpeg.ts';

/** Of a frame, which is 160 pixels wide: 8000 rows. All 25 and a montage of them are in memory at once. */
const MAX_BYTES = 4 << 20;
/** A seek in a damaged file may read all of it. */
const TIMEOUT_MS = 90_000;

/**
The 25 frames are asked for as Stash asks for them (pkg/hash/videophash), one process after the other, so that the same ffmpeg
gives the same pixels.
@param durationMs length of the file as Stash has it, in hundredths of a second
@returns 16 hexadecimal digits. Null: a frame cannot be read, and Stash makes no hash of such a file either
@throws StashSenseError `unreadable-media` where ffmpeg crashed, which another one may not do, `file-missing`, `machine-trouble`, `runtime-missing`
*/
export async function computePhash(ffmpeg: Ffmpeg, file: string, durationMs: number): Promise<string | null> {
  const frames: RgbImage[] = [];
  for (const seconds of frameTimes(durationMs / 1000)) {
    const frame = await frameAt(ffmpeg, file, seconds);
    if (frame === null) return null;
    frames.push(frame);
  }
  return phashOf(frames);
}

async function frameAt(ffmpeg: Ffmpeg, file: string, seconds: number): Promise<RgbImage | null> {
  const asked = ['-v', 'error', '-y', '-ss', String(seconds), '-i', fileArgument(file)];
  const wanted = ['-frames:v', '1', '-vf', 'scale=160:-2', '-c:v', 'bmp', '-f', 'rawvideo', '-'];
  try {
    return readBmp(await ffmpeg.run([...asked, ...wanted], { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    if (hasCode(error, 'unreadable-media') && !isCrash(error)) return null;
    throw error;
  }
}
