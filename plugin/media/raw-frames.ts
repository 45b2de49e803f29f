import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { RgbImage } from '../../core/faces/face.ts';
import { toProcessError, startFfmpeg } from './ffmpeg.ts';

/** One run of ffmpeg that writes raw frames. */
export type RawPass = {
  /** Options before `-i`, and the input. */
  readonly input: readonly string[];
  /** What is written to stdin. */
  readonly stdin?: string | Uint8Array;
  /** Filters; the last one gives frames of this size. */
  readonly filters: readonly string[];
  readonly maxFrames: number | null;
  /** Index of the video track among all streams. */
  readonly track: number;
  readonly width: number;
  readonly height: number;
  readonly stallMs?: number;
};
export type RawFrame = { readonly image: RgbImage; readonly seconds: number };

/** Without output for this long ffmpeg hangs: a file on a network share that is gone. */
const STALL_MS = 90_000;

/**
Frames as they are decoded. ffmpeg blocks on its pipe until the next one is requested, so that memory is bounded. For a
damaged file the frames before the damage.
@throws StashSenseError `unreadable-media` when there was no frame, with ffmpeg's message, and its stderr as cause;
`file-missing` when ffmpeg hung or has no permission; `runtime-missing`, `machine-trouble`
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
    // Each thread buffers frames, and more than two are idle while faces are analysed.
    ['-threads', '2', ...pass.input],
    ['-map', `0:${pass.track}`, '-an', '-sn', '-dn'],
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
    throw toProcessError(ffmpeg, 'media.videoCannotBeRead', running);
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
    if (code !== 0) throw toProcessError(ffmpeg, 'media.videoCannotBeRead', running);
  } finally {
    clearTimeout(stall);
    running.kill();
  }
}

/** Collects the frame times that ffmpeg writes to stderr in order; stderr and stdout are not synchronised. */
function createTimes(): {
  read(line: string): void;
  /** Null when the frame has no time, or ffmpeg ended without writing it. */
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
      // `pts_time` has six digits ("1.2e+06"): far into a list less than whole seconds. A frame without time has NOPTS.
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
