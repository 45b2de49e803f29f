import type { FramePlan, VideoInfo } from '../../core/ports/media.ts';

/** Which parts of a planned look were really given: decoders and containers give fewer frames than they announce. */
export type Coverage = {
  /** What is added from now on is of another attempt. */
  beginAttempt(): void;
  /** Notes a frame. @returns false when an earlier attempt gave one of that moment */
  add(timeMs: number): boolean;
  /** How many key frames there are at the planned times. */
  expectKeyFrames(count: number): void;
  /** Whether what was given is a look at the whole file. */
  isWhole(): boolean;
};

/** Part of the steps that may stay without a frame, and how many in a row: key frames are not evenly spread. */
const MAX_EMPTY = 0.5;
const MAX_EMPTY_IN_A_ROW = 0.25;

/** As many steps as the sampling makes of a video with few key frames: fewer are no look at it. */
const LEAST_STEPS = 16;

/** Frames that are a look at a bare stream, whose times are guesses. */
const LEAST_UNTIMED = 4;

export function coverageOf(info: VideoInfo, plan: FramePlan): Coverage {
  const times: number[] = [];
  let earlier: readonly number[] = [];
  /** Two attempts can give a moment with times that differ by some frames. */
  const sameMs = Math.min(500, info.durationMs / stepsOf(info, plan, Infinity) / 4);
  let keyFrames = info.keyFrameGapMs === undefined ? Infinity : info.durationMs / info.keyFrameGapMs;
  return {
    beginAttempt() {
      earlier = [...times];
    },
    add(timeMs) {
      if (earlier.some((other) => Math.abs(other - timeMs) < sameMs)) return false;
      times.push(timeMs);
      return true;
    },
    expectKeyFrames(count) {
      keyFrames = count;
    },
    isWhole() {
      if (plan.kind === 'times' || plan.kind === 'shown' || info.durationMs === 0) return times.length > 0;
      if (info.isUntimed === true) return times.length >= Math.min(LEAST_UNTIMED, info.frameCount ?? 1);
      const steps = stepsOf(info, plan, keyFrames);
      const given = new Set(
        times.map((timeMs) => Math.min(steps - 1, Math.floor((timeMs * steps) / info.durationMs))),
      );
      if (given.size < steps * (1 - MAX_EMPTY)) return false;
      return longestHole(given, steps) <= Math.max(1, steps * MAX_EMPTY_IN_A_ROW);
    },
  };
}

/** A film of few frames cannot fill more steps than it has frames, nor one of few key frames more than those, but for the least. */
function stepsOf(
  { durationMs, frameCount = Infinity }: VideoInfo,
  plan: FramePlan,
  keyFrames: number,
): number {
  if (plan.kind === 'shown') return 1;
  if (plan.kind === 'times') return Math.max(1, plan.timesMs.length);
  const planned =
    plan.kind === 'every'
      ? Math.ceil(durationMs / plan.everyMs)
      : Math.min(plan.maxFrames, Math.max(LEAST_STEPS, Math.floor(keyFrames)));
  return Math.max(1, Math.min(planned, plan.maxFrames, frameCount));
}

function longestHole(given: ReadonlySet<number>, steps: number): number {
  let longest = 0;
  let hole = 0;
  for (let step = 0; step < steps; step++) {
    hole = given.has(step) ? 0 : hole + 1;
    longest = Math.max(longest, hole);
  }
  return longest;
}
