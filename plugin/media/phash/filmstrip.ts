/** Small pictures of a video, of which the perceptual hash of a film is composed that it is a re-cut of. */
import type { RgbImage } from '../../../core/faces/face.ts';
import type { Filmstrip } from '../../../core/fingerprints/virtual-phash.ts';
import type { VideoFrames } from '../../../core/ports/media.ts';

/** Pixels of the longer side: a montage has 16 for each frame. */
const SIDE = 48;
/** Of a longer file the rest is not read. */
const MOST_SECONDS = 4 * 3600;

/**
Decodes the whole file.
@returns null: it has no video
@throws StashSenseError `unreadable-media`, `file-missing`, `machine-trouble`, `runtime-missing`
*/
export async function readFilmstrip(frames: VideoFrames, file: string): Promise<Filmstrip | null> {
  const info = await frames.probe(file);
  if (info === null) return null;
  const pictures: (RgbImage | null)[] = [];
  // The first frame comes too, beside one of the middle of each second.
  const plan = { kind: 'every', everyMs: 1000, maxFrames: MOST_SECONDS + 1, maxSide: SIDE } as const;
  for await (const { image, timeMs } of frames.frames(file, info, plan)) {
    const second = Math.floor(timeMs / 1000);
    if (second >= MOST_SECONDS) break;
    while (pictures.length <= second) pictures.push(null);
    pictures[second] = image;
  }
  return { pictures, seconds: info.durationMs > 0 ? info.durationMs / 1000 : pictures.length };
}
