/** ffmpeg and decoding of videos. */
import type { ContentId } from '../content-id.ts';
import type { RgbImage } from '../faces/face.ts';
import type { Filmstrip } from '../fingerprints/virtual-phash.ts';
import type { StereoLayout } from '../sampling/stereo.ts';

/** One ffmpeg binary. Its processes end with this process, and none inherits stdout. */
export type Ffmpeg = {
  readonly path: string;
  /**
  Runs ffmpeg to its end. @returns its stdout
  @throws StashSenseError `unreadable-media` when it fails or writes more than `maxBytes`, `file-missing` when it takes longer
  than `timeoutMs` or has no permission for its input, `machine-trouble`, `runtime-missing`
  */
  run(
    args: readonly string[],
    options: { input?: Uint8Array; maxBytes: number; timeoutMs: number },
  ): Promise<Uint8Array>;
};

/**
Temporary files that may show faces. They lie in the data folder and are deleted when the step that needs them ends;
files of a killed process are deleted at the next start.
*/
export type Scratch = {
  /**
  Writes the bytes to a file that only this user may read, and deletes it when `work` ends.
  @param name the file name without folder
  @throws StashSenseError `machine-trouble` when the file cannot be written
  */
  withFile<T>(name: string, bytes: Uint8Array, work: (file: string) => Promise<T>): Promise<T>;
};

/** One video track of a file. */
export type VideoInfo = {
  /** Index of the track among all streams of the file. */
  readonly track: number;
  /** Of this track, measured on its packets where they tell; 0: unknown. */
  readonly durationMs: number;
  /** The container's time of the first frame, seconds: playing times count from it. */
  readonly startSeconds: number;
  readonly width: number;
  readonly height: number;
  /** Width by height of a decoded frame, upright: that of the shown one where pixels are square. */
  readonly decodedShape: number;
  /** As ffprobe names them: codec `h264`, `hevc`, …; container `mov,mp4,…`, `matroska,webm`. */
  readonly codec: string;
  readonly container: string;
  readonly sizeBytes: number;
  /** Typical interval of key frames, measured near the start; absent when only one was found there. */
  readonly keyFrameGapMs?: number;
  /** Its packets have no times (a bare stream): length and times of frames are estimates, and seeking is impossible. */
  readonly isUntimed?: true;
  /** A picture is the first track, by which ffmpeg seeks: each seek ends at the beginning of the file. */
  readonly seeksByPicture?: true;
  /** Number of frames; absent when not all of the file was read. */
  readonly frameCount?: number;
  /** What the file says of a stereoscopic film. */
  readonly stereoLayout?: StereoLayout;
  /** Further tracks that may be the film when this one gives no frame. */
  readonly otherTracks?: readonly VideoInfo[];
};

export type VideoFrame = { readonly image: RgbImage; readonly timeMs: number };

/** Which frames of a file to decode. */
export type FramePlan =
  /** Key frames, about `maxFrames` of them, evenly over the file. */
  | { readonly kind: 'key-frames'; readonly maxFrames: number; readonly maxSide: number }
  /** The frames at or just before these times. */
  | {
      readonly kind: 'times';
      readonly timesMs: readonly number[];
      readonly maxSide: number;
      readonly denoise?: boolean;
    }
  /** The one that a player shows at this time: the last that begins by then. */
  | { readonly kind: 'shown'; readonly timeMs: number; readonly maxSide: number }
  /** One frame every `everyMs`, decoding the whole file: for short clips and files without usable key frames. */
  | {
      readonly kind: 'every';
      readonly everyMs: number;
      readonly maxFrames: number;
      readonly maxSide: number;
      /** Temporal denoising with the neighbouring frames: for dark video, at several times the cost. */
      readonly denoise?: boolean;
    };

/** Decoding with Stash's ffmpeg: one process per call, raw frames over a pipe. */
export type VideoFrames = {
  /** Null: the file has no video stream. @throws StashSenseError `unreadable-media` */
  probe(file: string): Promise<VideoInfo | null>;
  /**
  Frames in order of time. For a damaged file the frames before the damage, then the end.
  @throws StashSenseError `unreadable-media` when no frame could be read
  */
  frames(file: string, info: VideoInfo, plan: FramePlan, signal?: AbortSignal): AsyncIterable<VideoFrame>;
};

/** Fingerprints of files that have none in Stash. @throws StashSenseError `unreadable-media` */
export type Hashes = {
  oshash(file: string): Promise<ContentId>;
  md5(file: string): Promise<ContentId>;
  /** Stash's perceptual hash of a video, 16 hexadecimal digits; null: Stash makes none of such a file. @param durationMs as Stash has it */
  phash(file: string, durationMs: number): Promise<string | null>;
  /** Small pictures of a video, of its first hours. Null: it has no video. The whole file is decoded. */
  filmstrip(file: string, signal?: AbortSignal): Promise<Filmstrip | null>;
};
