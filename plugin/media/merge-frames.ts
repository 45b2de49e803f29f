import type { VideoFrame } from '../../core/ports/media.ts';

/**
The frames of several readers, by time. All read at once, each one frame ahead: a reader whose frame is not yet due waits on its
pipe. When one fails, so does the whole, with the others' frames before that given.
*/
export async function* mergeByTime(
  sources: readonly AsyncIterable<VideoFrame>[],
): AsyncGenerator<VideoFrame> {
  const readers = sources.map((source) => source[Symbol.asyncIterator]());
  const ahead = new Map(readers.map((reader) => [reader, next(reader)]));
  try {
    for (;;) {
      let first: { reader: AsyncIterator<VideoFrame>; frame: VideoFrame } | null = null;
      for (const [reader, pending] of ahead) {
        const { done, value: frame } = await pending;
        if (done === true) ahead.delete(reader);
        else if (first === null || timeOf(frame) < timeOf(first.frame)) first = { reader, frame };
      }
      if (first === null) return;
      ahead.set(first.reader, next(first.reader));
      yield first.frame;
    }
  } finally {
    for (const reader of readers) await reader.return?.();
  }
}

/** A failure is seen when its turn comes, not as one that nobody handles. */
function next(reader: AsyncIterator<VideoFrame>): Promise<IteratorResult<VideoFrame>> {
  const pending = reader.next();
  pending.catch(() => undefined);
  return pending;
}

function timeOf({ timeMs }: VideoFrame): number {
  return timeMs;
}
