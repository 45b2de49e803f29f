import type { VideoFrame, VideoInfo } from '../../core/ports/media.ts';
import { listPass, type Size } from './passes.ts';
import type { RawFrame, RawPass } from './raw-frames.ts';

/** How long before the time the shown frame can have begun: in most films, then in one with few frames a second. */
export const SHOWN_WITHIN_SECONDS = [0.1, 2];
/** A run of ffmpeg without output for this long is ended: a person waits for this one frame. */
const STALL_MS = 30_000;
/** Players and containers round times. */
const TOLERANCE_SECONDS = 0.002;

/**
The frame that a player shows at this time: the last one that began by then. None where it began more than `withinSeconds`
before, or where the file cannot be sought in.
*/
export async function* visitShown(
  file: string,
  info: VideoInfo,
  timeMs: number,
  withinSeconds: number,
  size: Size,
  run: (pass: RawPass) => AsyncIterable<RawFrame>,
): AsyncGenerator<VideoFrame> {
  // A list of stretches is line-based and cannot contain such a name.
  if (/[\r\n]/.test(file) || info.seeksByPicture === true || info.isUntimed === true) return;
  const { startSeconds } = info;
  const at = startSeconds + timeMs / 1000;
  const from = Math.max(startSeconds, at - withinSeconds);
  const stretch = { from, to: at + TOLERANCE_SECONDS, shownMs: 1000 * (from - startSeconds) };
  let last: VideoFrame | null = null;
  const pass = listPass(file, info, [stretch], { all: true }, size);
  for await (const { image, seconds } of run({ ...pass, stallMs: STALL_MS }))
    // `to` bounds what is read, and files hold frames in another order than they are shown in.
    if (from + seconds <= at + TOLERANCE_SECONDS)
      last = { image, timeMs: Math.max(0, Math.round(stretch.shownMs + 1000 * seconds)) };
  if (last !== null) yield last;
}
