import { stat } from 'node:fs/promises';
import { policyOf, StashSenseError } from '../../core/errors.ts';
import { toFileError } from '../../core/file-problem.ts';
import { message } from '../../core/messages/message.ts';
import type { VideoInfo } from '../../core/ports/media.ts';
import { describeByFfmpeg } from './describe-by-ffmpeg.ts';
import { type FfmpegPaths, fileArgument, isCrash, runToEnd } from './ffmpeg.ts';
import { ProbeAnswer, type Packet, type Stream, isKey, stereoLayoutOf, timeOf } from './probe-answer.ts';
import { type Timeline, timelineByBytes, timelineOf, timelineOfEnds } from './timeline.ts';
import { filmTracks, seeksByPicture } from './tracks.ts';

/** `seconds` from the start of the video, as a player shows; `containerSeconds` by the container's clock. */
export type KeyFrame = { readonly seconds: number; readonly containerSeconds: number };

/** Of a file up to this size all packets are listed, which takes a tenth of a second; of a larger one those of its beginning and its end. */
const LISTED_MAX_BYTES = 24e6;
const BEGINNING_SECONDS = 12;
const BEGINNING = `%+${BEGINNING_SECONDS}`;
/** Where nothing can be sought, or packets have no times, by which the beginning would end. */
const FIRST_PACKETS = '%+#5000';
/** Behind the end of any video: a demuxer seeks to the last key frame. More packets than any interval of key frames has. */
const END = '1000000%+#4000';
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

/** Null: no video track; the cover picture of a music file does not count. */
export async function probeVideo(
  paths: FfmpegPaths,
  file: string,
  signal?: AbortSignal,
): Promise<VideoInfo | null> {
  const size = await stat(file).catch((cause: unknown) => {
    throw toFileError(file, cause);
  });
  if (!size.isFile()) throw new StashSenseError('unreadable-media', message('media.isNoFile'));
  if (size.size === 0) throw new StashSenseError('unreadable-media', message('media.emptyFile'));
  const isListed = size.size <= LISTED_MAX_BYTES;
  const { answer, packets } = await describe(paths, file, isListed, signal);
  const startSeconds = answer.format.start_time ?? 0;
  const infoOf = (stream: Stream): VideoInfo => {
    const own = packetsOf(packets, stream);
    const isUntimed = own.all.length > 0 && own.all.every((packet) => timeOf(packet) === undefined);
    const timeline = (): Timeline => {
      if (isListed) return timelineOf(own.all, rateOf(stream));
      return isUntimed
        ? timelineByBytes(own.all, rateOf(stream), size.size)
        : timelineOfEnds(own.beginning, own.end, startSeconds);
    };
    const { seconds, keyFrameGap, frames } = timeline();
    const layout = stereoLayoutOf(stream);
    return {
      ...displaySize(stream.width ?? 0, stream.height ?? 0, stream),
      track: stream.index,
      ...(layout !== null && { stereoLayout: layout }),
      durationMs: Math.round(1000 * Math.max(0, seconds ?? stream.duration ?? answer.format.duration ?? 0)),
      startSeconds,
      codec: stream.codec_name ?? '',
      container: answer.format.format_name ?? '',
      sizeBytes: size.size,
      ...(isUntimed && { isUntimed }),
      ...(seeksByPicture(stream, answer.streams, packets) && { seeksByPicture: true }),
      ...(keyFrameGap > 0 && { keyFrameGapMs: Math.round(1000 * keyFrameGap) }),
      ...(frames !== undefined && frames > 0 && { frameCount: frames }),
    };
  };
  const [film, ...others] = filmTracks(answer.streams, packets).map(infoOf);
  if (film === undefined) return null;
  return others.length === 0 ? film : { ...film, otherTracks: others };
}

/** Streams and packets; fewer packets, or none, of what ffprobe cannot seek in (bare streams). */
async function describe(
  paths: FfmpegPaths,
  file: string,
  isListed: boolean,
  signal: AbortSignal | undefined,
): Promise<{ answer: ProbeAnswer; packets: readonly Packet[] }> {
  const { ffprobe } = paths;
  const ways = isListed
    ? [[]]
    : [
        ['-read_intervals', `${BEGINNING},${END}`],
        ['-read_intervals', FIRST_PACKETS],
      ];
  for (const way of ways)
    try {
      const answer = await askProbe(
        ffprobe,
        ['-show_entries', `${STREAM_ENTRIES}:${PACKET_ENTRIES}`, ...way, fileArgument(file)],
        { track: 'V', signal },
      );
      return { answer, packets: answer.packets };
    } catch (error) {
      signal?.throwIfAborted();
      if (policyOf(error).scope !== 'item') throw error;
      if (isCrash(error)) return await describeByFfmpeg(paths, file, isListed, signal);
    }
  const answer = await askProbe(ffprobe, ['-show_entries', STREAM_ENTRIES, fileArgument(file)], {
    track: 'V',
    signal,
  });
  return { answer, packets: [] };
}

const STREAM_ENTRIES =
  'format=format_name,duration,start_time:stream_tags=rotate,stereo_mode:stream_side_data=rotation,type:stream_disposition=default:' +
  'stream=index,codec_name,width,height,sample_aspect_ratio,duration,nb_frames,avg_frame_rate,r_frame_rate';
const PACKET_ENTRIES = 'packet=stream_index,pts_time,dts_time,duration_time,flags,pos';

/** The packets of one track. The end begins where a seek went: at the first packet that is far later than the one before. */
function packetsOf(
  packets: readonly Packet[],
  { index }: Stream,
): Record<'all' | 'beginning' | 'end', readonly Packet[]> {
  const all = packets.filter(({ stream_index }) => stream_index === index);
  const cut = all.findIndex((packet, n) => {
    const before = all[n - 1];
    return before !== undefined && (timeOf(packet) ?? 0) > (timeOf(before) ?? 0) + SEEK_SECONDS;
  });
  if (cut >= 0) return { all, beginning: all.slice(0, cut), end: all.slice(cut) };
  const times = all.flatMap((packet) => timeOf(packet) ?? []);
  const isShort = times.length > 0 && Math.max(...times) - Math.min(...times) < BEGINNING_SECONDS - 1;
  return { all, beginning: all, end: isShort ? all : [] };
}
const SEEK_SECONDS = 3;

function rateOf({ avg_frame_rate, r_frame_rate }: Stream): number | undefined {
  for (const rate of [r_frame_rate, avg_frame_rate]) {
    const [numerator = 0, denominator = 1] = (rate ?? '').split('/').map(Number);
    const perSecond = numerator / denominator;
    if (perSecond > 0 && perSecond < 1000) return perSecond;
  }
  return undefined;
}

/** The key frames at or before `count` evenly spaced times, without duplicates; empty when the file has no seek index. */
export async function findKeyFrames(
  ffprobe: string,
  file: string,
  { durationMs, startSeconds, track }: Pick<VideoInfo, 'durationMs' | 'startSeconds' | 'track'>,
  count: number,
  signal?: AbortSignal,
): Promise<KeyFrame[]> {
  const intervals = Array.from(
    { length: count },
    (_, i) => `${(((i + 0.5) * durationMs) / count / 1000).toFixed(3)}%+#1`,
  );
  const answer = await askProbe(
    ffprobe,
    ['-show_entries', 'packet=pts_time,flags', '-read_intervals', intervals.join(','), fileArgument(file)],
    { track: String(track), signal },
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    if (policyOf(error).scope === 'item' && error instanceof StashSenseError) return ProbeAnswer.parse({});
    throw error;
  });
  const seconds = new Set(answer.packets.filter(isKey).flatMap(({ pts_time }) => pts_time ?? []));
  return [...seconds]
    .toSorted((a, b) => a - b)
    .map((containerSeconds) => ({
      containerSeconds,
      seconds: Math.max(0, containerSeconds - startSeconds),
    }));
}

async function askProbe(
  ffprobe: string,
  args: readonly string[],
  { track, signal }: { readonly track: string; readonly signal: AbortSignal | undefined },
): Promise<ProbeAnswer> {
  const words = await runToEnd(ffprobe, ['-v', 'error', '-of', 'json', '-select_streams', track, ...args], {
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
function displaySize(
  width: number,
  height: number,
  stream: Stream,
): Pick<VideoInfo, 'width' | 'height' | 'decodedShape'> {
  const [numerator = 1, denominator = 1] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const square = PIXEL_SHAPES.has(`${numerator}:${denominator}`)
    ? Math.round((width * numerator) / denominator)
    : width;
  const degrees =
    stream.side_data_list?.find((sideData) => sideData.rotation !== undefined)?.rotation ??
    stream.tags?.rotate ??
    0;
  return Math.abs(Math.round(degrees / 90)) % 2 === 1
    ? { width: height, height: square, decodedShape: height / width }
    : { width: square, height, decodedShape: width / height };
}
