import type { ClusterWithFaces, SeenFace } from '../faces/cluster.ts';
import type { Light } from '../faces/lighting.ts';
import { isCoverOnly } from '../faces/observation.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { FramePlan, VideoInfo } from '../ports/media.ts';

/**
Which frames of a video are analysed. Chosen on the curve of recall against CPU seconds in docs/accuracy.md; a change
needs a new `SAMPLING_VERSION`.
*/
export type SamplingPolicy = {
  /** Longer side of a decoded frame, pixels: 720p is not scaled down, so a face of 50 pixels keeps its size. */
  readonly maxSide: number;
  /** Up to this duration a video is decoded at even intervals, since it has too few key frames. So is a video up to ten times as long with fewer than `keyFrames.min` key frames. */
  readonly shortMs: number;
  /** Interval of frames in a short video. */
  readonly everyMs: number;
  readonly shortFrames: Range;
  /** Interval of key frames in a long video. */
  readonly keyFrameMs: number;
  readonly keyFrames: Range;
  /** Frames of the refinement, a second pass when the first one left the outcome open. */
  readonly refinementFrames: number;
  /** When no face was found: frames that are searched exhaustively at first; the other frames in memory only when these have a face. */
  readonly exhaustiveFrames: number;
};
type Range = { readonly min: number; readonly max: number };

export const DEFAULT_SAMPLING: SamplingPolicy = {
  maxSide: 1280,
  shortMs: 20_000,
  everyMs: 1000,
  shortFrames: { min: 4, max: 16 },
  keyFrameMs: 20_000,
  keyFrames: { min: 16, max: 120 },
  refinementFrames: 8,
  exhaustiveFrames: 4,
};

export function firstPlan(info: VideoInfo, policy: SamplingPolicy): Exclude<FramePlan, { kind: 'shown' }> {
  const { durationMs, keyFrameGapMs } = info;
  const { maxSide, keyFrames } = policy;
  const enough = keyFrameGapMs !== undefined && durationMs / keyFrameGapMs >= keyFrames.min;
  // A long video with few key frames is seeked all the same; each seek then decodes from the preceding key frame.
  if (durationMs > policy.shortMs && (enough || durationMs > 10 * policy.shortMs))
    return { kind: 'key-frames', maxFrames: within(durationMs / policy.keyFrameMs, keyFrames), maxSide };
  return everyPlan(info, within(durationMs / policy.everyMs, policy.shortFrames), maxSide);
}

/**
Result of the first pass. `clear`: no refinement needed; `nobody`: no face although the light is sufficient; `dark`: too
little light; `unclear`: the main person has one face only, or no good one.
*/
export type SamplingOutcome = 'clear' | 'nobody' | 'dark' | 'unclear';

export function assessFirstPass(
  clusters: readonly ClusterWithFaces[],
  seen: {
    readonly faceLight: (face: SeenFace) => Light | null;
    readonly lights: readonly Light[];
  },
  { clearQuality, darkFace, darkPicture }: PackCalibration['sampling'],
): SamplingOutcome {
  const [main] = clusters;
  if (!main) {
    const dark = seen.lights.filter((picture) => picture.bright < darkPicture).length;
    return dark * 2 > seen.lights.length ? 'dark' : 'nobody';
  }
  const light = seen.faceLight(main.faces[0]!);
  if (light && light.mean < darkFace.mean && light.deviation < darkFace.deviation) return 'dark';
  return main.person.quality < clearQuality || main.faces.length === 1 ? 'unclear' : 'clear';
}

/** Where Stash takes the cover of a scene that has none of its own: the share of the duration. */
const COVER_AT = 0.2;

/**
The frames of the refinement, denoised: evenly over a short video, near the times of the main person's faces in a long
one; of a long one also the frame that the cover is, where only the cover shows somebody. `null`: not needed, or no gain
expected.
*/
export function refinementPlan(
  outcome: SamplingOutcome,
  info: VideoInfo,
  clusters: readonly ClusterWithFaces[],
  policy: SamplingPolicy,
): FramePlan | null {
  const { refinementFrames } = policy;
  if (refinementFrames === 0) return null;
  const isDone = outcome === 'clear' || outcome === 'nobody';
  const isLong = info.durationMs > policy.shortMs;
  const ofCover =
    isLong && clusters.some(({ person }) => isCoverOnly(person))
      ? [Math.round(COVER_AT * info.durationMs)]
      : [];
  if (isDone && ofCover.length === 0) return null;
  const maxSide = outcome === 'dark' ? Math.min(policy.maxSide, DARK_SIDE) : policy.maxSide;
  if (!isLong) return { ...everyPlan(info, refinementFrames, maxSide), denoise: true };
  const seen = clusters[0]?.faces.flatMap((face) => face.timeMs ?? []) ?? [];
  const around = seen.flatMap((timeMs) => [timeMs + 400, timeMs - 700, timeMs + 1500, timeMs - 2000]);
  const unclear = seen.length > 0 ? around : evenTimes(info.durationMs, refinementFrames);
  const timesMs = [...ofCover, ...(isDone ? [] : unclear)]
    .filter((timeMs) => timeMs >= 0 && timeMs < info.durationMs)
    .slice(0, refinementFrames);
  return timesMs.length === 0 ? null : { kind: 'times', timesMs, maxSide, denoise: true };
}

/** Longer side of frames of dark video, pixels: it has less detail. */
const DARK_SIDE = 854;

function everyPlan(
  { durationMs }: VideoInfo,
  frames: number,
  maxSide: number,
): Extract<FramePlan, { kind: 'every' }> {
  return {
    kind: 'every',
    everyMs: durationMs === 0 ? 1500 : Math.max(1, Math.floor(durationMs / frames)),
    maxFrames: frames,
    maxSide,
  };
}

function evenTimes(durationMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(((i + 0.5) * durationMs) / count));
}

function within(value: number, { min, max }: Range): number {
  return Math.max(min, Math.min(max, Math.round(value)));
}
