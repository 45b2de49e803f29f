import { type FfmpegPaths, fileArgument, runToEnd } from './ffmpeg.ts';
import { type Packet, ProbeAnswer } from './probe-answer.ts';

const TIMEOUT_MS = 90_000;
/** Of a large file; packets where its times say nothing. */
const BEGINNING_SECONDS = 12;
const BEGINNING_PACKETS = 4000;

/**
What ffmpeg itself says of a file, for one that ffprobe crashes on: the static build that npm ships does so on every transport
stream. Where a clock starts anew, ffmpeg lets the times go on.
@param isListed false: of the packets only those of the beginning, which tell how far key frames are apart
*/
export async function describeByFfmpeg(
  { ffmpeg }: Pick<FfmpegPaths, 'ffmpeg'>,
  file: string,
  isListed: boolean,
  signal: AbortSignal | undefined,
): Promise<{ readonly answer: ProbeAnswer; readonly packets: readonly Packet[] }> {
  const lines: string[] = [];
  const input = ['-hide_banner', '-nostdin', '-i', fileArgument(file)];
  const amount = isListed ? [] : ['-t', String(BEGINNING_SECONDS), '-frames:v', String(BEGINNING_PACKETS)];
  const list = await runToEnd(
    ffmpeg,
    [...input, '-map', '0:V', '-c', 'copy', ...amount, '-f', 'framecrc', 'pipe:1'],
    { maxBytes: 50e6, timeoutMs: TIMEOUT_MS, signal, onStderrLine: (line) => lines.push(line) },
  ).catch((error: unknown) => {
    const { format, streams } = readDescription(lines);
    if (format.format_name === undefined || streams.length > 0) throw error;
    // Of a file without a video track nothing can be listed.
    return new Uint8Array();
  });
  const answer = readDescription(lines);
  return { answer, packets: readPackets(Buffer.from(list).toString('latin1'), answer) };
}

/** The lines from `Input #0, mpegts, from …` to those of the output. */
export function readDescription(lines: readonly string[]): ProbeAnswer {
  const format: Record<string, string> = {};
  const streams: Record<string, unknown>[] = [];
  let isInput = false;
  for (const line of lines) {
    const [, name] = /^Input #0, (.+), from /.exec(line) ?? [];
    if (name !== undefined) [isInput, format['format_name']] = [true, name];
    else if (/^Output #|^Stream mapping/.test(line)) isInput = false;
    if (!isInput) continue;
    const [, hours, minutes, seconds] = /^ +Duration: (\d+):(\d+):([\d.]+)/.exec(line) ?? [];
    if (seconds !== undefined)
      format['duration'] = String(3600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
    const [, start] = /, start: (-?[\d.]+)/.exec(line) ?? [];
    if (start !== undefined) format['start_time'] = start;
    const stream = readStream(line);
    if (stream !== null) streams.push(stream);
    else if (/^ +Stream #/.test(line)) streams.push({ isOther: true });
    else Object.assign(streams.at(-1) ?? {}, readDetail(line));
  }
  return ProbeAnswer.parse({ format, streams: streams.filter(({ isOther }) => isOther !== true) });
}

/** `Stream #0:0[0x100]: Video: h264 (High), yuv420p, 720x576 [SAR 16:15 DAR 4:3], 25 fps, 25 tbr, 90k tbn (default)` */
function readStream(line: string): Record<string, unknown> | null {
  const [, index, codec] = /^ +Stream #0:(\d+)[^:]*: Video: (\w+)/.exec(line) ?? [];
  const [, width, height] = /, (\d+)x(\d+)/.exec(line) ?? [];
  if (index === undefined || width === undefined || line.includes('(attached pic)')) return null;
  const rateOf = (unit: string): object => {
    const [, rate] = new RegExp(`, ([\\d.]+) ${unit}\\b`).exec(line) ?? [];
    return rate === undefined ? {} : { [unit === 'fps' ? 'avg_frame_rate' : 'r_frame_rate']: `${rate}/1` };
  };
  const [, pixelShape] = /SAR (\d+:\d+)/.exec(line) ?? [];
  return {
    index: Number(index),
    codec_name: codec,
    width: Number(width),
    height: Number(height),
    ...(pixelShape !== undefined && { sample_aspect_ratio: pixelShape }),
    ...rateOf('fps'),
    ...rateOf('tbr'),
    disposition: { default: line.includes('(default)') ? 1 : 0 },
  };
}

/** Below a stream: metadata and side data that say how it is shown. */
function readDetail(line: string): object {
  const [, rotation] = /rotation of (-?[\d.]+) degrees/.exec(line) ?? [];
  const [, stereo] = /stereo3d: (.+)/i.exec(line) ?? [];
  const [, key, value] = /^ +(rotate|stereo_mode) +: (\S+)/.exec(line) ?? [];
  if (rotation !== undefined) return { side_data_list: [{ rotation }] };
  if (stereo !== undefined) return { side_data_list: [{ type: stereo }] };
  return key === undefined ? {} : { tags: { [key]: value } };
}

/** `#tb 0: 1/90000`, then lines `stream, dts, pts, duration, bytes, checksum`, with `F=0x0` where the packet is no key frame. */
function readPackets(list: string, { streams }: ProbeAnswer): Packet[] {
  const units = new Map<number, number>();
  const rows: unknown[] = [];
  for (const line of list.split('\n')) {
    const [, output, numerator, denominator] = /^#tb (\d+): (\d+)\/(\d+)/.exec(line) ?? [];
    if (output !== undefined) units.set(Number(output), Number(numerator) / Number(denominator));
    const [, stream, dts, pts, duration, flags = '0x1'] =
      /^(\d+), +(-?\d+), +(-?\d+), +(\d+), +\d+, 0x[0-9a-f]+(?:, F=(0x[0-9a-f]+))?/i.exec(line) ?? [];
    if (stream === undefined) continue;
    const unit = units.get(Number(stream)) ?? Number.NaN;
    rows.push({
      stream_index: streams[Number(stream)]?.index ?? 0,
      pts_time: Number(pts) * unit,
      dts_time: Number(dts) * unit,
      duration_time: Number(duration) * unit,
      flags: Number(flags) % 2 === 1 ? 'K' : '',
    });
  }
  return ProbeAnswer.parse({ packets: rows }).packets;
}
