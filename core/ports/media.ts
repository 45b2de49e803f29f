/** ffmpeg and what is decoded with it. */
import type { RgbImage } from '../faces/face.ts';

/** One ffmpeg binary; every process dies with us, none inherits our stdout. */
export type Ffmpeg = {
  readonly path: string;
  /**
  Runs to the end; what it wrote to stdout.
  @throws StashSenseError `unreadable-media` when it fails or writes more than `maxBytes`, `file-missing` when it takes longer
  than `timeoutMs` or may not open its input, `machine-trouble`, `runtime-missing`
  */
  run(
    args: readonly string[],
    options: { input?: Uint8Array; maxBytes: number; timeoutMs: number },
  ): Promise<Uint8Array>;
};

/**
Files that exist for one step of work and may show faces. They lie in a folder of ours, die with the step, and what a
killed process leaves is swept at the next start.
*/
export type Scratch = {
  /**
  Writes the bytes to a file that only this user may read, and removes it when `work` ends.
  `name`: its last part. @throws StashSenseError `machine-trouble` when it cannot be written
  */
  withFile<T>(name: string, bytes: Uint8Array, work: (file: string) => Promise<T>): Promise<T>;
};

export type VideoInfo = {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  /** ffprobe's names: `h264`, `hevc`, …; container `mov,mp4,…`, `matroska,webm`. */
  readonly codec: string;
  readonly container: string;
  readonly sizeBytes: number;
  /** Typical distance of key frames, seen near the start; absent where only one was seen. */
  readonly keyFrameGapMs?: number;
};

export type VideoFrame = { readonly image: RgbImage; readonly timeMs: number };

/** Which frames of a file to decode. */
export type FramePlan =
  /** All key frames, thinned to about `maxFrames` evenly over the file. */
  | { readonly kind: 'key-frames'; readonly maxFrames: number; readonly maxSide: number }
  /** The frames at (or just before) these times. */
  | {
      readonly kind: 'times';
      readonly timesMs: readonly number[];
      readonly maxSide: number;
      readonly denoise?: boolean;
    }
  /** Evenly, every `everyMs`, decoding all: for short clips and odd files. */
  | {
      readonly kind: 'every';
      readonly everyMs: number;
      readonly maxFrames: number;
      readonly maxSide: number;
      /** Grain taken off with the help of the frames before and after: for dark video, at several times the cost. */
      readonly denoise?: boolean;
    };

/** Stash's ffmpeg: one process per call, frames piped raw. */
export type VideoFrames = {
  /** Null: the file has no video stream. @throws StashSenseError `unreadable-media` */
  probe(file: string): Promise<VideoInfo | null>;
  /**
  Frames in order of time; what can be read before a file breaks is given, then it ends.
  @throws StashSenseError `unreadable-media` when not one frame could be read
  */
  frames(file: string, info: VideoInfo, plan: FramePlan, signal?: AbortSignal): AsyncIterable<VideoFrame>;
};
