import { hasCode, isRunWide, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { FramePlan, VideoFrame, VideoFrames, VideoInfo } from '../../core/ports/media.ts';
import { fileArgument, type FfmpegPaths } from './ffmpeg.ts';
import { type RawFrame, type RawPass, readRawFrames } from './raw-frames.ts';
import { findKeyFrames, probeVideo, startSeconds } from './probe.ts';

/** Codecs whose decoders skip frames that are no key frames; those of VP8, VP9 and AV1 decode everything. */
const SKIPPING_CODECS =
  /^(h264|hevc|mpeg[124].*|msmpeg4.*|wmv\d|vc1|flv1|h26[13].*|vp6.*|mjpeg|prores|dnxhd|theora)$/;
/** Above this size seeking is cheaper than reading the file once to skip through it. */
const WHOLE_PASS_MAX_BYTES = 64e6;
/** Nominal duration of each entry of the concat list, so that a frame's time tells its entry. */
const ENTRY_SECONDS = 10_000;
/** How often decoding is restarted behind a damaged part of a file. */
const MAX_RESTARTS = 3;
/**
For dark, grainy video: mixes three frames, then denoises. On the noisy scenes of the development library the similarity
of a face with its reference rises from 0.46 to 0.62; on clean ones it falls by 0.01.
*/
const DENOISER = 'hqdn3d=4:3:20:15';
const MIXED_FRAMES = 3;
/**
ffmpeg opens each entry of a list like a new file and probes its streams. When the header of the file describes them, few
bytes are enough: 60 positions in 20 minutes of mkv are 61 MB instead of 102, and 1.7 s instead of 4.4.
*/
const PROBE_OPTION = 'option probesize 100000';
const LIST_OPTIONS = /^option .*\n/gm;
/** Seconds after the beginning of a stretch, so that all mixed frames are in it. */
const DENOISE_SECONDS = 0.3;

type Size = { readonly width: number; readonly height: number };
/** A part of the file in seconds of the container; `shownMs` is the playing time at its beginning. */
type Stretch = { readonly from: number; readonly to: number; readonly shownMs: number };

/**
One process per pass. With few key frames it reads through the file and skips the other frames. With many, ffprobe finds
their times by the container's index (60 seeks in 0.02–0.2 s), and one process seeks to the wanted ones by a concat list.
*/
export function createVideoFrames(paths: FfmpegPaths): VideoFrames {
  // Options that this ffmpeg version supports; determined by the first runs.
  let syncOption = '-fps_mode';
  let denoiser = DENOISER;
  let listOptions = true;

  return {
    probe: async (file) => await probeVideo(paths.ffprobe, file),

    async *frames(file, info, plan, signal) {
      let failure: unknown = null;
      for (const attempt of attemptsFor(file, info, plan, signal)) {
        let given = 0;
        try {
          for await (const frame of attempt) {
            given++;
            yield frame;
          }
        } catch (error) {
          signal?.throwIfAborted();
          // A timeout can be due to the way of reading: the next attempt uses another one.
          if (!hasCode(error, 'unreadable-media', 'file-missing')) throw error;
          failure ??= error;
        }
        if (given > 0) return;
      }
      throw failure ?? new StashSenseError('unreadable-media', message('media.videoHoldsNoFrame'));
    },
  };

  /** Attempts in order; the next one is used when one gave no frame. */
  function attemptsFor(
    file: string,
    info: VideoInfo,
    plan: FramePlan,
    signal?: AbortSignal,
  ): AsyncIterable<VideoFrame>[] {
    const size = fit(info, plan.maxSide);
    if (plan.kind === 'times') return [visitTimes(file, info, plan, size, signal)];
    const evenly = (everyMs: number, denoise?: boolean): AsyncIterable<VideoFrame> =>
      passThrough(everyPass(file, info, { everyMs, maxFrames: plan.maxFrames, denoise }, size), signal);
    if (plan.kind === 'every') return [evenly(plan.everyMs, plan.denoise)];
    const whole = passThrough(keyFramePass(file, info, plan.maxFrames, size), signal);
    const seeking = visitKeyFrames(file, info, plan.maxFrames, size, signal);
    return info.keyFrameGapMs !== undefined && isSkippingCheaper(info, plan.maxFrames)
      ? [whole, seeking, evenly(1000)]
      : [seeking, whole, evenly(1000)];
  }

  async function* run(pass: RawPass, signal?: AbortSignal): AsyncGenerator<RawFrame> {
    const filters = pass.filters.map((filter) => (filter === DENOISER ? denoiser : filter));
    const stdin = pass.stdin?.replace(LIST_OPTIONS, (line) => (listOptions ? line : ''));
    try {
      const input = { ...pass, filters, ...(stdin !== undefined && { stdin }) };
      yield* readRawFrames(paths.ffmpeg, input, [syncOption, 'passthrough'], signal);
    } catch (error) {
      // Before 5.1 the option was `-vsync`; builds without GPL parts have no hqdn3d.
      if (syncOption !== '-vsync' && /fps_mode|Option not found/.test(String(error))) syncOption = '-vsync';
      // `option` in lists exists since 5.0.
      else if (listOptions && /unknown keyword 'option'/.test(String((error as Error).cause)))
        listOptions = false;
      else if (denoiser === DENOISER && /filter/i.test(String(error))) denoiser = 'null';
      else throw error;
      yield* run(pass, signal);
    }
  }

  async function* passThrough(pass: RawPass, signal?: AbortSignal): AsyncGenerator<VideoFrame> {
    for await (const { image, seconds } of run(pass, signal))
      yield { image, timeMs: Math.max(0, Math.round(1000 * seconds)) };
  }

  async function* visitKeyFrames(
    file: string,
    info: VideoInfo,
    count: number,
    size: Size,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoFrame> {
    const keys = await findKeyFrames(paths.ffprobe, file, info.durationMs, count, signal);
    const stretches = keys.map((key) => ({
      from: key.containerSeconds,
      to: key.containerSeconds + 0.001,
      shownMs: Math.round(1000 * key.seconds),
    }));
    yield* decodeStretches(file, info, stretches, { skip: 'nokey', filters: picture(size) }, size, signal);
  }

  async function* visitTimes(
    file: string,
    info: VideoInfo,
    plan: Extract<FramePlan, { kind: 'times' }>,
    size: Size,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoFrame> {
    const start = await startSeconds(paths.ffprobe, file, signal);
    const lead = plan.denoise ? DENOISE_SECONDS : 0;
    const stretches = [...new Set(plan.timesMs)]
      .filter((ms) => info.durationMs === 0 || ms < info.durationMs)
      .toSorted((a, b) => a - b)
      .map((ms) => ({
        from: start + ms / 1000 - lead,
        to: start + ms / 1000 + 0.5,
        shownMs: ms - 1000 * lead,
      }));
    yield* decodeStretches(
      file,
      info,
      stretches,
      { lead, filters: picture(size, plan.denoise) },
      size,
      signal,
    );
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
Whether reading through the file is cheaper than `wanted` seeks. Skipped parts smaller than a read-ahead are read all the
same: 199 of 1 367 MB for 116 key frames of 9 Mbit/s, where 60 seeks read 71 MB.
*/
function isSkippingCheaper(info: VideoInfo, wanted: number): boolean {
  const keyFrames = info.durationMs / (info.keyFrameGapMs ?? 1);
  if (info.sizeBytes <= WHOLE_PASS_MAX_BYTES)
    return keyFrames <= 2.5 * wanted && (skipsWithoutReading(info) || SKIPPING_CODECS.test(info.codec));
  return keyFrames <= 1.3 * wanted && skipsWithoutReading(info);
}

function knowsItsStreams({ container }: VideoInfo): boolean {
  return /mp4|matroska/.test(container);
}

/** Whether the demuxer skips discarded frames without reading them: mp4 does, but HEVC then loses key frames ("Duplicate POC"). */
function skipsWithoutReading(info: VideoInfo): boolean {
  return info.container.includes('mp4') && info.codec !== 'hevc';
}

function keyFramePass(file: string, info: VideoInfo, maxFrames: number, size: Size): RawPass {
  const stepSeconds = info.durationMs / maxFrames / 1000;
  const many = info.durationMs === 0 || info.durationMs / (info.keyFrameGapMs ?? 1) > 1.3 * maxFrames;
  return {
    ...size,
    input: [
      ...(skipsWithoutReading(info) ? ['-discard', 'nokey'] : []),
      '-skip_frame',
      'nokey',
      '-i',
      fileArgument(file),
    ],
    filters: [...(many ? [selectPerStep(0, Math.max(0.5, stepSeconds))] : []), ...picture(size)],
    maxFrames: 2 * maxFrames,
  };
}

function everyPass(
  file: string,
  info: VideoInfo,
  { everyMs, maxFrames, denoise }: { everyMs: number; maxFrames: number; denoise: boolean | undefined },
  size: Size,
): RawPass {
  const stepSeconds = Math.max(everyMs, info.durationMs / maxFrames) / 1000;
  const select = selectPerStep(stepSeconds / 2, stepSeconds);
  return {
    ...size,
    // Does not decode non-reference frames, which saves a third to a half of the work.
    input: [...(denoise ? [] : ['-skip_frame', 'noref']), '-i', fileArgument(file)],
    filters: denoise ? [...picture(size, true), select] : [select, ...picture(size)],
    maxFrames,
  };
}

/** How the stretches of a list are decoded. */
type StretchOptions = {
  readonly skip?: 'nokey';
  /** Seconds into a stretch from which on a frame counts. */
  readonly lead?: number;
  readonly filters: readonly string[];
};

function listPass(
  file: string,
  info: VideoInfo,
  stretches: readonly Stretch[],
  { skip, lead = 0, filters }: StretchOptions,
  size: Size,
): RawPass {
  const quoted = fileArgument(file).replaceAll("'", String.raw`'\''`);
  const lines = stretches.flatMap(({ from, to }) => [
    `file '${quoted}'`,
    ...(knowsItsStreams(info) ? [PROBE_OPTION] : []),
    `inpoint ${from.toFixed(6)}`,
    `outpoint ${to.toFixed(6)}`,
    `duration ${ENTRY_SECONDS}`,
  ]);
  // Decoding begins at the key frame before a stretch, so those frames have times before its nominal beginning.
  const half = ENTRY_SECONDS / 2;
  const select =
    `select='gte(mod(t+${half},${ENTRY_SECONDS}),${half + lead - 0.002})` +
    `*(isnan(prev_selected_t)+gt(t-prev_selected_t,${half}))'`;
  return {
    ...size,
    input: [
      // Keeps the times of the list: otherwise the first decoded frame would be at 0.
      ...'-copyts -protocol_whitelist file,pipe,fd,crypto,data -f concat -safe 0'.split(' '),
      ...(skip ? ['-skip_frame', skip] : []),
      '-i',
      'pipe:0',
    ],
    stdin: `ffconcat version 1.0\n${lines.join('\n')}\n`,
    filters: lead > 0 ? [...filters, select] : [select, ...filters],
    maxFrames: null,
  };
}

function picture({ width, height }: Size, denoise = false): string[] {
  const scaled = `scale=${width}:${height}:flags=bilinear`;
  return denoise ? [scaled, `tmix=frames=${MIXED_FRAMES}`, DENOISER] : [scaled];
}

/** Filter that selects the first frame of each step. */
function selectPerStep(offsetSeconds: number, stepSeconds: number): string {
  const step = (time: string): string => `floor((${time}-${offsetSeconds})/${stepSeconds})`;
  return `select='isnan(prev_selected_t)*gte(t,${offsetSeconds})+gt(${step('t')},${step('prev_selected_t')})'`;
}

function fit({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(2, Math.round(width * scale)), height: Math.max(2, Math.round(height * scale)) };
}
