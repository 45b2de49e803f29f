import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { RgbImage } from '../../core/faces/face.ts';
import { failureOf, startFfmpeg } from './ffmpeg.ts';

/** One run of ffmpeg that writes raw frames. */
export type RawPass = {
  /** Options before `-i`, and the input. */
  readonly input: readonly string[];
  /** What its standard input gives it. */
  readonly stdin?: string;
  /** Ending in frames of this size. */
  readonly filters: readonly string[];
  readonly maxFrames: number | null;
  readonly width: number;
  readonly height: number;
  readonly stallMs?: number;
};
export type RawFrame = { readonly image: RgbImage; readonly seconds: number };

/** Silence that long is a hang: a file on a share that is gone. */
const STALL_MS = 90_000;

/**
Frames as they are decoded; ffmpeg waits in its pipe while nobody asks for the next, so that memory stays bounded.
What can be read before a file breaks is given.
@throws StashSenseError `unreadable-media` when that is not one frame, with ffmpeg's own words, and all of them as its
cause; `file-missing` when nothing came for long or it may not be opened; `runtime-missing`, `machine-trouble`
*/
export async function* readRawFrames(
  ffmpeg: string,
  pass: RawPass,
  syncOption: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<RawFrame> {
  const times = createTimes();
  const args = [
    '-nostdin -hide_banner -nostats -loglevel info'.split(' '),
    // Each thread holds frames of its own, and more than two have nothing to do while faces are being read.
    ['-threads', '2', ...pass.input],
    '-map 0:V:0 -an -sn -dn'.split(' '),
    ['-vf', [...pass.filters, 'setsar=1', 'showinfo=checksum=0'].join(','), ...syncOption],
    pass.maxFrames === null ? [] : ['-frames:v', String(pass.maxFrames)],
    '-f rawvideo -pix_fmt rgb24 pipe:1'.split(' '),
  ];
  const running = startFfmpeg(ffmpeg, args.flat(), {
    input: pass.stdin === undefined ? undefined : Buffer.from(pass.stdin),
    signal,
    onStderrLine: (line) => times.read(line),
  });
  void running.ended.finally(() => times.end());
  const stdout = running.child.stdout;
  if (!stdout) {
    await running.ended;
    throw failureOf(ffmpeg, 'media.videoCannotBeRead', running);
  }

  const stallMs = pass.stallMs ?? STALL_MS;
  const frameBytes = pass.width * pass.height * 3;
  let data = new Uint8Array(frameBytes);
  let filled = 0;
  let index = 0;
  let stalled = false;
  let stall: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(stall);
    stall = setTimeout(() => {
      stalled = true;
      running.kill();
    }, stallMs);
  };
  try {
    watch();
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      clearTimeout(stall);
      let taken = 0;
      while (taken < chunk.length) {
        const part = chunk.subarray(taken, taken + frameBytes - filled);
        data.set(part, filled);
        filled += part.length;
        taken += part.length;
        if (filled < frameBytes) continue;
        watch();
        const seconds = await times.at(index++);
        clearTimeout(stall);
        const image = { width: pass.width, height: pass.height, data };
        data = new Uint8Array(frameBytes);
        filled = 0;
        if (seconds !== null) yield { image, seconds };
      }
      watch();
    }
    const code = await running.ended;
    signal?.throwIfAborted();
    if (index > 0) return;
    if (stalled)
      throw new StashSenseError(
        'file-missing',
        message('media.videoGaveNoFrame', { seconds: stallMs / 1000 }),
      );
    if (code !== 0) throw failureOf(ffmpeg, 'media.videoCannotBeRead', running);
  } finally {
    clearTimeout(stall);
    running.kill();
  }
}

/** ffmpeg says the time of each frame on stderr, in order, but the two pipes do not keep step. */
function createTimes(): {
  read(line: string): void;
  /** Null when the frame has none, or it ended without saying. */
  at(index: number): Promise<number | null>;
  end(): void;
} {
  const seconds: (number | null)[] = [];
  const state: { ended: boolean; ticksToSeconds?: (ticks: number) => number } = { ended: false };
  const waiting: { index: number; resolve(value: number | null): void }[] = [];
  const wake = (): void => {
    while (waiting[0] && (state.ended || seconds.length > waiting[0].index)) {
      const next = waiting.shift()!;
      next.resolve(seconds[next.index] ?? null);
    }
  };
  return {
    read(line) {
      const base = /\bconfig in time_base: *(\d+)\/(\d+)/.exec(line);
      if (base) state.ticksToSeconds = (ticks) => (ticks * Number(base[1])) / Number(base[2]);
      const [, ticks, rounded] = /\bn: *\d+ +pts: *(\S+) +pts_time: *(\S+)/.exec(line) ?? [];
      if (ticks === undefined) return;
      // `pts_time` has six digits ("1.2e+06"): far down in a list not even whole seconds. A frame without a time says NOPTS.
      const time = state.ticksToSeconds?.(Number(ticks)) ?? Number(rounded);
      seconds.push(Number.isFinite(time) ? time : null);
      wake();
    },
    at: async (index) =>
      await new Promise((resolve) => {
        waiting.push({ index, resolve });
        wake();
      }),
    end() {
      state.ended = true;
      wake();
    },
  };
}
