/**
Whether these are the arguments of an ffmpeg by which Stash plays a video for somebody (pkg/ffmpeg/stream_transcode.go and
stream_segmented.go): whole into a pipe, or in segments. What Stash generates, such as previews, goes to files.
*/
export function isLiveTranscode(args: readonly string[]): boolean {
  const formats = args.flatMap((arg, n) => (arg === '-f' ? [args[n + 1] ?? ''] : []));
  if (formats.some((format) => SEGMENTS.has(format))) return true;
  return args.at(-1) === 'pipe:' && formats.some((format) => STREAMS.has(format));
}

const SEGMENTS: ReadonlySet<string> = new Set(['hls', 'webm_chunk']);
const STREAMS: ReadonlySet<string> = new Set(['mp4', 'webm', 'matroska']);
