import type { ClusterWithFaces, SeenFace } from '../faces/cluster.ts';
import type { Light } from '../faces/lighting.ts';
import type { FramePlan, VideoInfo } from '../ports/media.ts';

/**
How much of a video is looked at. Chosen on the curve of recall against CPU seconds in docs/accuracy.md; another choice
is another `SAMPLING_VERSION`.
*/
export type SamplingPolicy = {
  /** Longer side of a frame: a face of 50 pixels in 720p stays one. */
  readonly maxSide: number;
  /** A video up to this long is decoded evenly: it has too few key frames. So is a longer one without `keyFrames.min` of them, up to ten times this. */
  readonly shortMs: number;
  /** One frame for so much of a short video. */
  readonly everyMs: number;
  readonly shortFrames: Range;
  /** One key frame for so much of a long video. */
  readonly keyFrameMs: number;
  readonly keyFrames: Range;
  /** Frames of the refinement, a second decoding where the first pass left the outcome open. */
  readonly refinementFrames: number;
  /** Frames that are first searched for small and tilted faces when nobody was found; the other kept ones only where these have some. */
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

export function firstPlan(info: VideoInfo, policy: SamplingPolicy): FramePlan {
  const { durationMs, keyFrameGapMs } = info;
  const { maxSide, keyFrames } = policy;
  const enough = keyFrameGapMs !== undefined && durationMs / keyFrameGapMs >= keyFrames.min;
  // Long without key frames: the places are sought all the same, each then costs its way from the key frame before.
  if (durationMs > policy.shortMs && (enough || durationMs > 10 * policy.shortMs))
    return { kind: 'key-frames', maxFrames: within(durationMs / policy.keyFrameMs, keyFrames), maxSide };
  return everyPlan(info, within(durationMs / policy.everyMs, policy.shortFrames), maxSide);
}

/**
What the first pass came to. `clear`: nothing is open; `nobody`: no face in light enough to see one; `dark`: too little light;
`unclear`: somebody who was seen badly or once only.
*/
export type SamplingOutcome = 'clear' | 'nobody' | 'dark' | 'unclear';

/** Below this quality of their best face a person may look like a stranger. */
const CLEAR_QUALITY = 0.5;
/** Below this mean luma and contrast a face is too dark to be seen well in one frame alone. */
const DARK_FACE = { mean: 85, deviation: 22 };
/** Below this luma of its brightest twentieth a picture is too dark to find a face in. */
const DARK_PICTURE = 130;

export function assessFirstPass(
  clusters: readonly ClusterWithFaces[],
  seen: {
    readonly faceLight: (face: SeenFace) => Light | null;
    readonly lights: readonly Light[];
  },
): SamplingOutcome {
  const [main] = clusters;
  if (!main) {
    const dark = seen.lights.filter((picture) => picture.bright < DARK_PICTURE).length;
    return dark * 2 > seen.lights.length ? 'dark' : 'nobody';
  }
  const light = seen.faceLight(main.faces[0]!);
  if (light && light.mean < DARK_FACE.mean && light.deviation < DARK_FACE.deviation) return 'dark';
  return main.person.quality < CLEAR_QUALITY || main.faces.length === 1 ? 'unclear' : 'clear';
}

/**
The second decoding, with the grain taken off: all over a short video, near the moments where somebody was seen in a
long one. `null`: there is no need, or nothing to be won.
*/
export function refinementPlan(
  outcome: SamplingOutcome,
  info: VideoInfo,
  clusters: readonly ClusterWithFaces[],
  policy: SamplingPolicy,
): FramePlan | null {
  const { refinementFrames } = policy;
  if (refinementFrames === 0 || outcome === 'clear' || outcome === 'nobody') return null;
  const maxSide = outcome === 'dark' ? Math.min(policy.maxSide, DARK_SIDE) : policy.maxSide;
  if (info.durationMs <= policy.shortMs)
    return { ...everyPlan(info, refinementFrames, maxSide), denoise: true };
  const seen = clusters[0]?.faces.flatMap((face) => face.timeMs ?? []) ?? [];
  const around = seen.flatMap((timeMs) => [timeMs + 400, timeMs - 700, timeMs + 1500, timeMs - 2000]);
  const timesMs = (seen.length > 0 ? around : evenTimes(info.durationMs, refinementFrames))
    .filter((timeMs) => timeMs >= 0 && timeMs < info.durationMs)
    .slice(0, refinementFrames);
  return timesMs.length === 0 ? null : { kind: 'times', timesMs, maxSide, denoise: true };
}

/** Where there is little light there is little detail. */
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
