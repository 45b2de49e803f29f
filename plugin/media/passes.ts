/** The runs of ffmpeg that frames are read by. */
import type { VideoInfo } from '../../core/ports/media.ts';
import { fileArgument } from './ffmpeg.ts';
import type { RawPass } from './raw-frames.ts';

/** Codecs whose decoders skip frames that are no key frames; those of VP8, VP9 and AV1 decode everything. */
const SKIPPING_CODECS =
  /^(h264|hevc|mpeg[124].*|msmpeg4.*|wmv\d|vc1|flv1|h26[13].*|vp6.*|mjpeg|prores|dnxhd|theora)$/;
/** Above this size seeking is cheaper than reading the file once to skip through it. */
const WHOLE_PASS_MAX_BYTES = 64e6;
/** Nominal duration of each entry of the concat list, so that a frame's time tells its entry. */
export const ENTRY_SECONDS = 10_000;
/**
For dark, grainy video: mixes three frames, then denoises. On the noisy scenes of the development library the similarity
of a face with its reference rises from 0.46 to 0.62; on clean ones it falls by 0.01.
*/
export const DENOISER = 'hqdn3d=4:3:20:15';
const MIXED_FRAMES = 3;
/**
ffmpeg opens each entry of a list like a new file and probes its streams. When the header of the file describes them, few
bytes are enough: 60 positions in 20 minutes of mkv are 61 MB instead of 102, and 1.7 s instead of 4.4.
*/
const PROBE_OPTION = 'option probesize 100000';

export type Size = { readonly width: number; readonly height: number };
/** A part of the file in seconds of the container; `shownMs` is the playing time at its beginning. */
export type Stretch = { readonly from: number; readonly to: number; readonly shownMs: number };

/**
Whether reading through the file is cheaper than `wanted` seeks. Skipped parts smaller than a read-ahead are read all the
same: 199 of 1 367 MB for 116 key frames of 9 Mbit/s, where 60 seeks read 71 MB.
*/
export function isSkippingCheaper(info: VideoInfo, wanted: number): boolean {
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

export function keyFramePass(file: string, info: VideoInfo, maxFrames: number, size: Size): RawPass {
  const stepSeconds = info.durationMs / maxFrames / 1000;
  const many = info.durationMs === 0 || info.durationMs / (info.keyFrameGapMs ?? 1) > 1.3 * maxFrames;
  const select =
    info.durationMs === 0 ? selectEverSparser(maxFrames) : selectPerStep(0, Math.max(0.5, stepSeconds));
  return {
    ...size,
    track: info.track,
    input: [
      ...(skipsWithoutReading(info) ? ['-discard', 'nokey'] : []),
      '-skip_frame',
      'nokey',
      '-i',
      fileArgument(file),
    ],
    filters: [...(many ? [select] : []), ...picture(info, size)],
    maxFrames: 2 * maxFrames,
  };
}

/**
Reads and decodes the file from end to end: its first frame, and one in the middle of each step.
@param how `fast` does not decode non-reference frames, which saves a third to a half of the work; some files have nearly
nothing else. `denoised` leaves out the first frame, which has none before it to be mixed with.
*/
export function everyPass(
  file: string,
  info: VideoInfo,
  { everyMs, maxFrames }: { readonly everyMs: number; readonly maxFrames: number },
  size: Size,
  how: 'fast' | 'whole' | 'denoised',
): RawPass {
  const denoise = how === 'denoised';
  // Else the first frame is one of them.
  const steps = denoise ? maxFrames : Math.max(1, maxFrames - 1);
  const stepSeconds = Math.max(everyMs, info.durationMs / steps) / 1000;
  const select =
    info.isUntimed === true
      ? selectByNumber(info, maxFrames)
      : info.durationMs === 0
        ? selectEverSparser(maxFrames)
        : selectPerStep(stepSeconds / 2, stepSeconds, denoise ? 'without the first' : 'with the first');
  return {
    ...size,
    track: info.track,
    // Of a bare stream every frame is decoded: they are counted, and without the others times would be wrong.
    input: [
      ...(how !== 'fast' || info.isUntimed === true ? [] : ['-skip_frame', 'noref']),
      '-i',
      fileArgument(file),
    ],
    filters: denoise ? [...picture(info, size, true), select] : [select, ...picture(info, size)],
    maxFrames: info.durationMs === 0 || info.isUntimed === true ? 2 * maxFrames : maxFrames,
  };
}

/** How the stretches of a list are decoded. */
export type StretchOptions = {
  readonly skip?: 'nokey';
  /** Seconds into a stretch from which on a frame counts. */
  readonly lead?: number;
  readonly denoise?: boolean;
  /** All frames of a stretch, in place of its first. */
  readonly all?: boolean;
};

export function listPass(
  file: string,
  info: VideoInfo,
  stretches: readonly Stretch[],
  { skip, lead = 0, denoise = false, all = false }: StretchOptions,
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
    (all ? "'" : `*(isnan(prev_selected_t)+gt(t-prev_selected_t,${half}))'`);
  const filters = picture(info, size, denoise);
  return {
    ...size,
    track: info.track,
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

/** The first frame of each stretch in one pass from the beginning, for a file that cannot be sought in. */
export function stretchesPass(
  file: string,
  info: VideoInfo,
  stretches: readonly Stretch[],
  { lead = 0, denoise = false }: StretchOptions,
  size: Size,
): RawPass {
  const parts = stretches.map(({ from, to }) => ({
    from: from + lead - info.startSeconds,
    to: to - info.startSeconds,
  }));
  const within = parts.map(({ from, to }) => {
    const first = (from - 0.002).toFixed(3);
    return `between(t,${first},${to.toFixed(3)})*(isnan(prev_selected_t)+lt(prev_selected_t,${first}))`;
  });
  const select = `select='${within.join('+')}'`;
  const filters = picture(info, size, denoise);
  return {
    ...size,
    track: info.track,
    input: ['-to', Math.max(...parts.map(({ to }) => to)).toFixed(3), '-i', fileArgument(file)],
    filters: denoise ? [...filters, select] : [select, ...filters],
    maxFrames: stretches.length,
  };
}

/**
Scales to the size. A file can go on in another size or turned by a quarter: ffmpeg then makes the filters anew, and such a
frame is fitted into the same size with its own proportions, on black.
*/
export function picture(info: VideoInfo, { width, height }: Size, denoise = false): string[] {
  // The shape of the decoded frame: `info.width` is that of the shown one, which differs where pixels are not square.
  const { decodedShape: shape } = info;
  const same = `lt(abs(iw/ih/${shape.toFixed(5)}-1),0.02)`;
  const scaled =
    `scale=w='if(${same},${width},max(2,min(${width},round(${height}*iw/ih))))'` +
    `:h='if(${same},${height},max(2,min(${height},round(${width}*ih/iw))))':flags=bilinear`;
  const fitted = [scaled, `pad=${width}:${height}:0:0`];
  return denoise ? [...fitted, `tmix=frames=${MIXED_FRAMES}`, DENOISER] : fitted;
}

/** Filter that selects the first frame of each step; also where the clock goes back, as it does in joined files. */
function selectPerStep(
  offsetSeconds: number,
  stepSeconds: number,
  how: 'with the first' | 'without the first' = 'without the first',
): string {
  const step = (time: string): string => `floor((${time}-${offsetSeconds})/${stepSeconds})`;
  const isFirst = how === 'with the first' ? '1' : `gte(t,${offsetSeconds})`;
  return (
    `select='isnan(prev_selected_t)*${isFirst}+gt(${step('t')},${step('prev_selected_t')})` +
    `+lt(t,prev_selected_t-${stepSeconds})'`
  );
}

/** By the numbers of the frames, for a bare stream, whose times are estimates. */
function selectByNumber({ frameCount }: VideoInfo, frames: number): string {
  if (frameCount === undefined)
    return `select='eq(n,0)+gt(floor(${frames / 8}*log(1+n/100)),floor(${frames / 8}*log(1+(n-1)/100)))'`;
  return `select='not(mod(n,${Math.max(1, Math.ceil(frameCount / frames))}))'`;
}

/** Where nobody knows how long the file is: \`frames\` of them in about four hours, the later the sparser. */
function selectEverSparser(frames: number): string {
  const perEFold = frames / 8;
  const step = (time: string): string => `floor(${perEFold}*log(1+${time}/4))`;
  return `select='isnan(prev_selected_t)+gt(${step('t')},${step('prev_selected_t')})+lt(t,prev_selected_t-2)'`;
}
