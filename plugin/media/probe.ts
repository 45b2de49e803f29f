import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { hasCode, policyOf, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { toFileError } from '../../core/file-problem.ts';
import type { VideoInfo } from '../../core/ports/media.ts';
import { fileArgument, runToEnd } from './ffmpeg.ts';

/** `seconds` from the start of the video, as a player shows; `containerSeconds` by the container's clock. */
export type KeyFrame = { readonly seconds: number; readonly containerSeconds: number };

const LOOK_AHEAD_SECONDS = 12;
const TIMEOUT_MS = 90_000;
/**
Pixel aspect ratios of DVD and broadcast video (H.264 table E-1, and MPEG-2's). Others are errors of a conversion; applying
them would distort faces.
*/
const PIXEL_SHAPES = new Set(
  (
    '12:11 10:11 16:11 40:33 24:11 20:11 32:11 80:33 18:11 15:11 64:33 160:99 4:3 3:2 2:1 ' +
    '8:9 32:27 16:15 64:45'
  ).split(' '),
);

/** Null: no video stream; the cover picture of a music file does not count. */
export async function probeVideo(
  ffprobe: string,
  file: string,
  signal?: AbortSignal,
): Promise<VideoInfo | null> {
  const size = await stat(file).catch((cause: unknown) => {
    throw toFileError(file, cause);
  });
  if (!size.isFile()) throw new StashSenseError('unreadable-media', message('media.isNoFile'));
  if (size.size === 0) throw new StashSenseError('unreadable-media', message('media.emptyFile'));
  const ask = async (packets: boolean): Promise<ProbeAnswer> =>
    await askProbe(
      ffprobe,
      [
        '-show_entries',
        `format=format_name,duration${packets ? ':packet=pts_time,flags' : ''}:stream_tags=rotate:` +
          'stream=codec_name,width,height,sample_aspect_ratio,duration:stream_side_data=rotation',
        ...(packets ? ['-read_intervals', `%+${LOOK_AHEAD_SECONDS}`] : []),
        fileArgument(file),
      ],
      signal,
    );
  // ffprobe of 2018 crashes when it reads packets of some transport streams.
  const answer = await ask(true).catch(async (error: unknown) => {
    if (!hasCode(error, 'unreadable-media')) throw error;
    return await ask(false);
  });
  const stream = answer.streams[0];
  if (!stream?.width || !stream.height) return null;
  const keys = answer.packets
    .filter((packet) => packet.flags.startsWith('K') && Number.isFinite(packet.pts_time))
    .map((packet) => packet.pts_time);
  const gap = keys.length > 1 ? ((keys.at(-1) ?? 0) - (keys[0] ?? 0)) / (keys.length - 1) : 0;
  return {
    ...displaySize(stream.width, stream.height, stream),
    durationMs: Math.round(1000 * Math.max(0, answer.format.duration ?? stream.duration ?? 0)),
    codec: stream.codec_name ?? '',
    container: answer.format.format_name ?? '',
    sizeBytes: size.size,
    ...(gap > 0 && { keyFrameGapMs: Math.round(1000 * gap) }),
  };
}

/** The key frames at or before `count` evenly spaced times, without duplicates; empty when the file has no seek index. */
export async function findKeyFrames(
  ffprobe: string,
  file: string,
  durationMs: number,
  count: number,
  signal?: AbortSignal,
): Promise<KeyFrame[]> {
  const intervals = Array.from(
    { length: count },
    (_, i) => `${(((i + 0.5) * durationMs) / count / 1000).toFixed(3)}%+#1`,
  );
  const answer = await askProbe(
    ffprobe,
    [
      '-show_entries',
      'format=start_time:packet=pts_time,flags',
      '-read_intervals',
      intervals.join(','),
      fileArgument(file),
    ],
    signal,
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    if (policyOf(error).scope === 'item' && error instanceof StashSenseError) return ProbeAnswer.parse({});
    throw error;
  });
  const start = answer.format.start_time ?? 0;
  const seconds = new Set(
    answer.packets
      .filter((packet) => packet.flags.startsWith('K') && Number.isFinite(packet.pts_time))
      .map((packet) => packet.pts_time),
  );
  return [...seconds]
    .toSorted((a, b) => a - b)
    .map((containerSeconds) => ({
      containerSeconds: containerSeconds,
      seconds: Math.max(0, containerSeconds - start),
    }));
}

/** The container's time of the first frame, seconds. */
export async function startSeconds(ffprobe: string, file: string, signal?: AbortSignal): Promise<number> {
  const answer = await askProbe(ffprobe, ['-show_entries', 'format=start_time', fileArgument(file)], signal);
  return answer.format.start_time ?? 0;
}

/** ffprobe writes numbers as text, and `N/A` for unknown ones. */
const Numeric = z.preprocess(
  (value) => (value === undefined || value === 'N/A' ? Number.NaN : Number(value)),
  z.number().or(z.nan()),
);
const Known = z.preprocess(
  (value) => (Number.isFinite(Number(value)) ? Number(value) : undefined),
  z.number().optional(),
);
const ProbeAnswer = z.object({
  packets: z
    .array(z.object({ pts_time: Numeric.default(Number.NaN), flags: z.string().default('') }))
    .default([]),
  streams: z
    .array(
      z.object({
        codec_name: z.string().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        sample_aspect_ratio: z.string().optional(),
        duration: Known,
        tags: z.object({ rotate: Known }).optional(),
        side_data_list: z.array(z.object({ rotation: Known })).optional(),
      }),
    )
    .default([]),
  format: z
    .object({ format_name: z.string().optional(), duration: Known, start_time: Known })
    .default({ duration: undefined, start_time: undefined }),
});
type ProbeAnswer = z.output<typeof ProbeAnswer>;
type Stream = ProbeAnswer['streams'][number];

async function askProbe(
  ffprobe: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ProbeAnswer> {
  const words = await runToEnd(ffprobe, ['-v', 'error', '-of', 'json', '-select_streams', 'V:0', ...args], {
    maxBytes: 50e6,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  try {
    return ProbeAnswer.parse(JSON.parse(Buffer.from(words).toString('utf8')));
  } catch (cause) {
    throw new StashSenseError('unreadable-media', message('media.noDescription'), { cause });
  }
}

/** The displayed size: with the rotation of the file applied, and with the pixel aspect ratio when it is one of `PIXEL_SHAPES`. */
function displaySize(width: number, height: number, stream: Stream): { width: number; height: number } {
  const [numerator = 1, denominator = 1] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const square = PIXEL_SHAPES.has(`${numerator}:${denominator}`)
    ? Math.round((width * numerator) / denominator)
    : width;
  const degrees =
    stream.side_data_list?.find((sideData) => sideData.rotation !== undefined)?.rotation ??
    stream.tags?.rotate ??
    0;
  return Math.abs(Math.round(degrees / 90)) % 2 === 1
    ? { width: height, height: square }
    : { width: square, height };
}
