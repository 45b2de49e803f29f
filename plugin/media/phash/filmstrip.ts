/** Small pictures of a video, of which the perceptual hash of a film is composed that it is a re-cut of. */
import type { RgbImage } from '../../../core/faces/face.ts';
import type { Filmstrip } from '../../../core/fingerprints/virtual-phash.ts';
import type { VideoFrames } from '../../../core/ports/media.ts';

/** Pixels of the longer side: a montage has 16 for each frame. */
const SIDE = 48;
/** Frames of a film and those of a file of it lie within half a step then. */
const STEP_SECONDS = 0.5;
/** Of a longer file the rest is not read. What is computed of it takes 140 megabytes of memory then. */
const MOST_SECONDS = 3 * 3600;
const MOST_STEPS = MOST_SECONDS / STEP_SECONDS;

/**
Decodes the whole file.
@returns null: it has no video
@throws StashSenseError `unreadable-media`, `file-missing`, `machine-trouble`, `runtime-missing`
*/
export async function readFilmstrip(
  frames: VideoFrames,
  file: string,
  signal?: AbortSignal,
): Promise<Filmstrip | null> {
  const info = await frames.probe(file);
  if (info === null) return null;
  const pictures: (RgbImage | null)[] = [];
  // The first frame comes too, beside one of the middle of each step.
  const plan = {
    kind: 'every',
    everyMs: 1000 * STEP_SECONDS,
    maxFrames: MOST_STEPS + 1,
    maxSide: SIDE,
  } as const;
  for await (const { image, timeMs } of frames.frames(file, info, plan, signal)) {
    const step = Math.floor(timeMs / 1000 / STEP_SECONDS);
    if (step >= MOST_STEPS) break;
    while (pictures.length <= step) pictures.push(null);
    pictures[step] = image;
  }
  const seconds = info.durationMs > 0 ? info.durationMs / 1000 : pictures.length * STEP_SECONDS;
  return { pictures, stepSeconds: STEP_SECONDS, seconds };
}
