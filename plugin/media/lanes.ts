import os from 'node:os';
import type { VideoFrame } from '../../core/ports/media.ts';

/** Fewer stretches are decoded before a second process has begun. */
const FEW_STRETCHES = 8;

/**
Deals the stretches out to as many processes as there is work for: opening the file once for each stretch costs as much as
decoding, and is done by one thread. Neighbours go to different processes, which stay close to each other in the file.
*/
export function dealOut<Stretch>(
  stretches: readonly Stretch[],
  processors = os.availableParallelism(),
): readonly (readonly Stretch[])[] {
  if (processors < 2 || stretches.length < FEW_STRETCHES) return [stretches];
  return [0, 1].map((lane) => stretches.filter((_, n) => n % 2 === lane));
}

/**
The frames of all lanes in the order of their times; each lane is one frame ahead of what was taken.
@param lanes each in ascending order
@param stop ends what still decodes, once nobody takes frames any more
*/
export async function* mergeByTime(
  lanes: readonly AsyncGenerator<VideoFrame>[],
  stop: () => void,
): AsyncGenerator<VideoFrame> {
  const heads = lanes.map(ahead);
  try {
    for (;;) {
      const ready = await Promise.all(heads);
      const [next] = ready
        .flatMap(({ done, value }, lane) => (done === true ? [] : [{ lane, frame: value }]))
        .toSorted((a, b) => a.frame.timeMs - b.frame.timeMs);
      if (next === undefined) return;
      heads[next.lane] = ahead(lanes[next.lane]!);
      yield next.frame;
    }
  } finally {
    stop();
    await Promise.all(lanes.map((lane) => lane.return(undefined)));
  }
}

function ahead(lane: AsyncGenerator<VideoFrame>): Promise<IteratorResult<VideoFrame, undefined>> {
  const next = lane.next();
  // It is awaited with the others; until then its failure must not count as an unhandled rejection.
  next.catch(() => undefined);
  return next;
}
