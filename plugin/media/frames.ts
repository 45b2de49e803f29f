import { hasCode, isRunWide, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { FramePlan, VideoFrame, VideoFrames, VideoInfo } from '../../core/ports/media.ts';
import { fileArgument, type FfmpegPaths } from './ffmpeg.ts';
import { type RawFrame, type RawPass, readRawFrames } from './raw-frames.ts';
import { findKeyFrames, probeVideo, startSeconds } from './probe.ts';

/** Decoders that really skip what is not a key frame; the VP8, VP9 and AV1 ones decode everything all the same. */
const SKIPPING_CODECS =
  /^(h264|hevc|mpeg[124].*|msmpeg4.*|wmv\d|vc1|flv1|h26[13].*|vp6.*|mjpeg|prores|dnxhd|theora)$/;
/** A file that must be read to be skipped through is sought in when it is larger. */
const WHOLE_PASS_MAX_BYTES = 64e6;
/** Nominal distance of the entries of a list, so that a frame's time says which entry it came from. */
const ENTRY_SECONDS = 10_000;
/** A file that breaks off in the middle of a list is taken up again behind the break so often. */
const MAX_RESTARTS = 3;
/**
Dark, grainy video: three frames mixed, then what is left taken off. On the noisy scenes of the development library the
similarity of a face with its reference rises from 0.46 to 0.62; on clean ones it loses 0.01.
*/
const DENOISER = 'hqdn3d=4:3:20:15';
const MIXED_FRAMES = 3;
/**
Each entry of a list is opened like a new file, and read for a while to learn what its streams are. Where the head of the
file says that, the first bytes are enough: 60 places in 20 minutes of mkv are 61 MB instead of 102, and 1.7 s instead of 4.4.
*/
const PROBE_OPTION = 'option probesize 100000';
const LIST_OPTIONS = /^option .*\n/gm;
/** Into a stretch, so that the frames that are mixed all lie in it. */
const DENOISE_SECONDS = 0.3;

type Size = { readonly width: number; readonly height: number };
/** A stretch of the file, seconds as the container counts; `shownMs` is what a player shows at its beginning. */
type Stretch = { readonly from: number; readonly to: number; readonly shownMs: number };

/**
One process per pass. Few key frames: one run through the file that skips the rest. Many: their places are asked of
the container's index (60 seeks in 0.02–0.2 s), and one process visits those wanted, through a concat list.
*/
export function createVideoFrames(paths: FfmpegPaths): VideoFrames {
  // What this ffmpeg understands: the first runs find out.
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
          // Silence may come from the way it was read: another way may have more luck.
          if (!hasCode(error, 'unreadable-media', 'file-missing')) throw error;
          failure ??= error;
        }
        if (given > 0) return;
      }
      throw failure ?? new StashSenseError('unreadable-media', message('media.videoHoldsNoFrame'));
    },
  };

  /** The next is tried when one gave nothing. */
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
    return info.keyFrameGapMs !== undefined && skipsCheaply(info, plan.maxFrames)
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
      // Before 5.1 it was called -vsync; hqdn3d is not in builds without GPL parts.
      if (syncOption !== '-vsync' && /fps_mode|Option not found/.test(String(error))) syncOption = '-vsync';
      // Since 5.0.
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
    yield* visit(file, info, stretches, { skip: 'nokey', filters: picture(size) }, size, signal);
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
    yield* visit(file, info, stretches, { lead, filters: picture(size, plan.denoise) }, size, signal);
  }

  /** The first frame of each stretch. */
  async function* visit(
    file: string,
    info: VideoInfo,
    stretches: readonly Stretch[],
    how: Visit,
    size: Size,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoFrame> {
    // A list is read line by line: such a name cannot stand in it.
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
Whether reading through the file is cheaper than visiting `wanted` places in it. What is stepped over is read all the
same where it is less than a read-ahead: 199 of 1 367 MB for 116 key frames of 9 Mbit/s, where 60 visits take 71 MB.
*/
function skipsCheaply(info: VideoInfo, wanted: number): boolean {
  const keyFrames = info.durationMs / (info.keyFrameGapMs ?? 1);
  if (info.sizeBytes <= WHOLE_PASS_MAX_BYTES)
    return keyFrames <= 2.5 * wanted && (isSteppedOver(info) || SKIPPING_CODECS.test(info.codec));
  return keyFrames <= 1.3 * wanted && isSteppedOver(info);
}

function knowsItsStreams({ container }: VideoInfo): boolean {
  return /mp4|matroska/.test(container);
}

/** The mp4 demuxer steps over what is discarded without reading it; HEVC loses key frames by that ("Duplicate POC"). */
function isSteppedOver(info: VideoInfo): boolean {
  return info.container.includes('mp4') && info.codec !== 'hevc';
}

function keyFramePass(file: string, info: VideoInfo, maxFrames: number, size: Size): RawPass {
  const stepSeconds = info.durationMs / maxFrames / 1000;
  const many = info.durationMs === 0 || info.durationMs / (info.keyFrameGapMs ?? 1) > 1.3 * maxFrames;
  return {
    ...size,
    input: [
      ...(isSteppedOver(info) ? ['-discard', 'nokey'] : []),
      '-skip_frame',
      'nokey',
      '-i',
      fileArgument(file),
    ],
    filters: [...(many ? [spread(0, Math.max(0.5, stepSeconds))] : []), ...picture(size)],
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
  const select = spread(stepSeconds / 2, stepSeconds);
  return {
    ...size,
    // Frames that no other frame needs are not decoded: a third to a half of the work.
    input: [...(denoise ? [] : ['-skip_frame', 'noref']), '-i', fileArgument(file)],
    filters: denoise ? [...picture(size, true), select] : [select, ...picture(size)],
    maxFrames,
  };
}

/** How the stretches of a list are looked at. */
type Visit = {
  readonly skip?: 'nokey';
  /** Seconds into a stretch from which on a frame counts. */
  readonly lead?: number;
  readonly filters: readonly string[];
};

function listPass(
  file: string,
  info: VideoInfo,
  stretches: readonly Stretch[],
  { skip, lead = 0, filters }: Visit,
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
  // Decoding begins at the key frame before a stretch: those frames stand before its nominal beginning.
  const half = ENTRY_SECONDS / 2;
  const select =
    `select='gte(mod(t+${half},${ENTRY_SECONDS}),${half + lead - 0.002})` +
    `*(isnan(prev_selected_t)+gt(t-prev_selected_t,${half}))'`;
  return {
    ...size,
    input: [
      // Times as the list has them: else the first frame that is decoded would be at 0, wherever it lies.
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

/** The first frame of each step. */
function spread(offsetSeconds: number, stepSeconds: number): string {
  const step = (time: string): string => `floor((${time}-${offsetSeconds})/${stepSeconds})`;
  return `select='isnan(prev_selected_t)*gte(t,${offsetSeconds})+gt(${step('t')},${step('prev_selected_t')})'`;
}

function fit({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(2, Math.round(width * scale)), height: Math.max(2, Math.round(height * scale)) };
}
