import { hasCode, isRunWide, StashSenseError } from '../../core/errors.ts';
import { scaledSide } from '../../core/faces/picture-size.ts';
import { message } from '../../core/messages/message.ts';
import type { FramePlan, VideoFrame, VideoFrames, VideoInfo } from '../../core/ports/media.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import type { FfmpegPaths } from './ffmpeg.ts';
import {
  DENOISER,
  ENTRY_SECONDS,
  everyPass,
  isSkippingCheaper,
  keyFramePass,
  listPass,
  stretchesPass,
  type Size,
  type Stretch,
  type StretchOptions,
} from './passes.ts';
import { onOneClock } from './clock.ts';
import { mergeByTime } from './merge-frames.ts';
import { visitPieces } from './pieces.ts';
import { findKeyFrames, probeVideo } from './probe.ts';
import { SHOWN_WITHIN_SECONDS, visitShown } from './shown.ts';
import { type RawFrame, type RawPass, readRawFrames } from './raw-frames.ts';

/** How often decoding is restarted behind a damaged part of a file. */
const MAX_RESTARTS = 3;
const LIST_OPTIONS = /^option .*\n/gm;
/** Seconds after the beginning of a stretch, so that all mixed frames are in it. */
const DENOISE_SECONDS = 0.3;

/**
One process per pass. With few key frames it reads through the file and skips the other frames. With many, ffprobe finds
their times by the container's index (60 seeks in 0.02–0.2 s), and one process, or two where they are many, seeks to the wanted
ones by a concat list.
*/
export function createVideoFrames(paths: FfmpegPaths): VideoFrames {
  // Options that this ffmpeg version supports; determined by the first runs.
  let syncOption = '-fps_mode';
  let denoiser = DENOISER;
  let listOptions = true;

  return {
    probe: async (file) => await probeVideo(paths, file),

    async *frames(file, info, plan, signal) {
      let failure: unknown = null;
      for (const track of [info, ...(info.otherTracks ?? [])]) {
        const coverage = coverageOf(track, plan);
        let given = 0;
        for (const attempt of attemptsFor(file, track, plan, coverage, signal)) {
          coverage.beginAttempt();
          try {
            for await (const frame of attempt()) {
              if (!coverage.add(frame.timeMs)) continue;
              given++;
              yield frame;
            }
          } catch (error) {
            signal?.throwIfAborted();
            // A timeout can be due to the way of reading: the next attempt uses another one.
            if (!hasCode(error, 'unreadable-media', 'file-missing')) throw error;
            failure ??= error;
          }
          if (coverage.isWhole()) return;
        }
        if (given > 0) return;
      }
      throw failure ?? new StashSenseError('unreadable-media', message('media.videoHoldsNoFrame'));
    },
  };

  /** Attempts in order; the next one is made when those before have not covered the plan. */
  function attemptsFor(
    file: string,
    info: VideoInfo,
    plan: FramePlan,
    coverage: Coverage,
    signal?: AbortSignal,
  ): (() => AsyncIterable<VideoFrame>)[] {
    const size = fit(info, plan.maxSide);
    if (plan.kind === 'times') return [() => visitTimes(file, info, plan, size, signal)];
    if (plan.kind === 'shown')
      return [
        ...SHOWN_WITHIN_SECONDS.map(
          (seconds) => () => visitShown(file, info, plan.timeMs, seconds, size, (pass) => run(pass, signal)),
        ),
        // The frame that follows, where none began before, and where the file cannot be sought in.
        () => visitTimes(file, info, { timesMs: [plan.timeMs] }, size, signal),
      ];
    const { maxFrames } = plan;
    const evenly =
      (everyMs: number, how: Parameters<typeof everyPass>[4]): (() => AsyncIterable<VideoFrame>) =>
      () =>
        onOneClock(run(everyPass(file, info, { everyMs, maxFrames }, size, how), signal));
    if (plan.kind === 'every')
      return (plan.denoise ? (['denoised'] as const) : (['fast', 'whole'] as const)).map((how) =>
        evenly(plan.everyMs, how),
      );
    const whole = (): AsyncIterable<VideoFrame> =>
      onOneClock(run(keyFramePass(file, info, maxFrames, size), signal));
    const keys = once(async () => {
      const found = await findKeyFrames(paths.ffprobe, file, info, maxFrames, signal);
      if (found.length > 0) coverage.expectKeyFrames(found.length);
      return found;
    });
    const seeking = (): AsyncIterable<VideoFrame> => visitKeyFrames(keys, file, info, 'nokey', size, signal);
    // A decoder that is to skip what is no key frame can leave out key frames too: those of open groups.
    const decoding = (): AsyncIterable<VideoFrame> => visitKeyFrames(keys, file, info, null, size, signal);
    const last = [evenly(1000, 'fast'), evenly(1000, 'whole')];
    if (info.isUntimed === true)
      return [() => visitPieces(file, info, maxFrames, size, (pass) => run(pass, signal)), ...last];
    if (info.durationMs === 0) return [whole, ...last];
    if (info.seeksByPicture === true) return [whole, ...last];
    return info.keyFrameGapMs !== undefined && isSkippingCheaper(info, maxFrames)
      ? [whole, decoding, ...last]
      : [seeking, whole, decoding, ...last];
  }

  async function* run(pass: RawPass, signal?: AbortSignal): AsyncGenerator<RawFrame> {
    // Another run at the same time can find out the same meanwhile.
    const tried = { syncOption, denoiser, listOptions };
    const filters = pass.filters.map((filter) => (filter === DENOISER ? denoiser : filter));
    const stdin =
      typeof pass.stdin === 'string'
        ? pass.stdin.replace(LIST_OPTIONS, (line) => (listOptions ? line : ''))
        : pass.stdin;
    try {
      const input = { ...pass, filters, ...(stdin !== undefined && { stdin }) };
      yield* readRawFrames(paths.ffmpeg, input, [syncOption, 'passthrough'], signal);
    } catch (error) {
      // Before 5.1 the option was `-vsync`; builds without GPL parts have no hqdn3d.
      if (tried.syncOption !== '-vsync' && /fps_mode|Option not found/.test(String(error)))
        syncOption = '-vsync';
      // `option` in lists exists since 5.0.
      else if (tried.listOptions && /unknown keyword 'option'/.test(String((error as Error).cause)))
        listOptions = false;
      else if (tried.denoiser === DENOISER && /filter/i.test(String(error))) denoiser = 'null';
      else throw error;
      yield* run(pass, signal);
    }
  }

  async function* visitKeyFrames(
    keys: () => ReturnType<typeof findKeyFrames>,
    file: string,
    info: VideoInfo,
    skip: 'nokey' | null,
    size: Size,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoFrame> {
    const stretches = (await keys()).map((key) => ({
      from: key.containerSeconds,
      to: key.containerSeconds + (skip === null ? DECODED_SECONDS : 0.001),
      shownMs: Math.round(1000 * key.seconds),
    }));
    const how = skip === null ? {} : { skip };
    const readers = stretches.length < MIN_SHARED ? 1 : 2;
    // Every second one each, so that both are at the same place of the file.
    const shares = Array.from({ length: readers }, (_, reader) =>
      stretches.filter((_stretch, n) => n % readers === reader),
    );
    yield* mergeByTime(shares.map((share) => decodeStretches(file, info, share, how, size, signal)));
  }

  async function* visitTimes(
    file: string,
    info: VideoInfo,
    plan: { readonly timesMs: readonly number[]; readonly denoise?: boolean },
    size: Size,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoFrame> {
    const lead = plan.denoise ? DENOISE_SECONDS : 0;
    const stretches = [...new Set(plan.timesMs)]
      .filter((ms) => info.durationMs === 0 || ms < info.durationMs)
      .toSorted((a, b) => a - b)
      .map((ms) => ({
        from: info.startSeconds + ms / 1000 - lead,
        to: info.startSeconds + ms / 1000 + 0.5,
        shownMs: ms - 1000 * lead,
      }));
    const { denoise = false } = plan;
    if (info.seeksByPicture !== true)
      yield* decodeStretches(file, info, stretches, { lead, denoise }, size, signal);
    else if (stretches.length > 0)
      for await (const { image, seconds } of run(
        stretchesPass(file, info, stretches, { lead, denoise }, size),
        signal,
      ))
        yield { image, timeMs: Math.round(1000 * seconds) };
  }

  /** The first frame of each stretch. */
  async function* decodeStretches(
    file: string,
    info: VideoInfo,
    stretches: readonly Stretch[],
    how: StretchOptions,
    size: Size,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoFrame> {
    // A concat list is line-based and cannot contain such a name.
    if (/[\r\n]/.test(file)) return;
    let left = stretches;
    for (let restarts = 0; left.length > 0 && restarts <= MAX_RESTARTS; restarts++) {
      let last = -1;
      const pass = listPass(file, info, left, how, size);
      try {
        for await (const { image, seconds } of run(pass, signal)) {
          const entry = Math.round(seconds / ENTRY_SECONDS);
          const stretch = left[entry];
          if (entry <= last || !stretch) continue;
          last = entry;
          const offsetMs = Math.max(0, Math.round(1000 * (seconds - entry * ENTRY_SECONDS)));
          yield { image, timeMs: stretch.shownMs + offsetMs };
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (restarts === MAX_RESTARTS || left.length === 1 || isRunWide(error)) throw error;
        if (!(error instanceof StashSenseError)) throw error;
      }
      left = left.slice(last + 2);
    }
  }
}

/**
From so many key frames on two processes read: opening the file for each of them is half of the work, and one core's. 60 of 20
minutes at 1080p take 2.3 s in place of 3.0 in mp4 and 2.0 in place of 4.6 in mkv, at the same time of the processor.
*/
const MIN_SHARED = 16;
/** Seconds from a key frame on in which a decoder that skips nothing gives its first frame. */
const DECODED_SECONDS = 1;

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return async () => await (made ??= make());
}

function fit({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, scaledSide({ width, height }, maxSide) / Math.max(width, height));
  return { width: Math.max(2, Math.round(width * scale)), height: Math.max(2, Math.round(height * scale)) };
}
