/** Pieces of a bare stream (H.264, HEVC or MPEG-2 without a container), which has no times and no index. */
import { open } from 'node:fs/promises';
import { hasCode } from '../../core/errors.ts';
import type { VideoFrame, VideoInfo } from '../../core/ports/media.ts';
import { picture, type Size } from './passes.ts';
import type { RawFrame, RawPass } from './raw-frames.ts';

/** Key frames that a piece has room for, so that it holds a whole one wherever it begins. */
const KEY_FRAMES = 2;
const MAX_PIECES = 60;
/** Starting a process for a piece takes as long as decoding so many frames: with fewer for each, everything is decoded. */
const MIN_FRAMES = 50;
const MAX_PIECE_BYTES = 16e6;
/** Pieces in a row without a frame: of open groups that is each but the first, and a process for each takes 0.1 s. */
const MAX_FAILURES = 2;

/** `share`: of the stream before the piece, 0…1. */
type Piece = { readonly bytes: Uint8Array; readonly share: number };

/** Nothing can be sought in a bare stream, yet it can be decoded from any of its key frames on. */
export async function* visitPieces(
  file: string,
  info: VideoInfo,
  count: number,
  size: Size,
  run: (pass: RawPass) => AsyncIterable<RawFrame>,
): AsyncGenerator<VideoFrame> {
  let failures = 0;
  for await (const { bytes, share } of piecesOf(file, info, count))
    try {
      for await (const { image } of run(piecePass(info, bytes, size)))
        yield { image, timeMs: Math.round(share * info.durationMs) };
      failures = 0;
    } catch (error) {
      // Key frames of open groups are none to every decoder.
      if (!hasCode(error, 'unreadable-media') || ++failures === MAX_FAILURES) throw error;
    }
}

/** Evenly over the file; none of a short one, or where key frames are not known. */
async function* piecesOf(
  file: string,
  { durationMs, keyFrameGapMs, frameCount = 0, sizeBytes }: VideoInfo,
  wanted: number,
): AsyncGenerator<Piece> {
  const count = Math.min(wanted, MAX_PIECES);
  if (keyFrameGapMs === undefined || durationMs === 0 || frameCount < MIN_FRAMES * count) return;
  const length = Math.min(MAX_PIECE_BYTES, Math.ceil((KEY_FRAMES * sizeBytes * keyFrameGapMs) / durationMs));
  if (length > sizeBytes) return;
  const handle = await open(file, 'r');
  try {
    for (let n = 0; n < count; n++) {
      const from = Math.floor(((sizeBytes - length) * n) / Math.max(1, count - 1));
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from);
      yield { bytes: buffer.subarray(0, bytesRead), share: from / sizeBytes };
    }
  } finally {
    await handle.close();
  }
}

/** The first key frame of a piece. */
function piecePass(info: VideoInfo, bytes: Uint8Array, size: Size): RawPass {
  return {
    ...size,
    track: 0,
    input: ['-f', info.container, '-skip_frame', 'nokey', '-i', 'pipe:0'],
    stdin: bytes,
    filters: picture(info, size),
    maxFrames: 1,
  };
}
