import type { VideoFrame } from '../../core/ports/media.ts';
import type { RawFrame } from './raw-frames.ts';

/** A frame that is this much earlier than the one before, seconds, has another clock, or comes too late. */
const BACK_SECONDS = 1;

/**
Frames with the time at which a player shows them. In a file that was joined from several the clock starts anew, and the time
goes on. A single frame that comes behind a later one, as decoders give the first key frames of open groups, keeps its time:
the frame after it tells the two apart.
*/
export async function* onOneClock(frames: AsyncIterable<RawFrame>): AsyncGenerator<VideoFrame> {
  let shift = 0;
  let last = 0;
  let back: RawFrame | null = null;
  const shown = ({ image, seconds }: RawFrame): VideoFrame => {
    last = Math.max(last, seconds + shift);
    return { image, timeMs: Math.max(0, Math.round(1000 * (seconds + shift))) };
  };
  for await (const frame of frames) {
    if (back !== null) {
      if (frame.seconds + shift <= last) shift = last - back.seconds;
      yield shown(back);
      back = null;
    }
    if (frame.seconds + shift < last - BACK_SECONDS) back = frame;
    else yield shown(frame);
  }
  if (back !== null) yield shown(back);
}
