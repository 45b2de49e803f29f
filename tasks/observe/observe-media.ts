import type { ContentId } from '../../core/content-id.ts';
import type { PictureToObserve, VideoToObserve } from '../../core/sampling/to-observe.ts';
import { hasCode, machineError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { isAccessDenied } from '../../core/file-problem.ts';
import type { Face, FaceCrop, RgbImage } from '../../core/faces/face.ts';
import { type ObservationWithCrops, SAMPLING_VERSION } from '../../core/faces/observation.ts';
import type { FaceAnalyzer, ImageCodec } from '../../core/ports/vision.ts';
import type { Scratch, VideoFrame, VideoFrames } from '../../core/ports/media.ts';
import {
  DEFAULT_SAMPLING,
  assessFirstPass,
  firstPlan,
  refinementPlan,
} from '../../core/sampling/sampling.ts';
import { namedLayout, type StereoLayout } from '../../core/sampling/stereo.ts';
import { createOneEye, seeOneEye } from './one-eye.ts';
import { readAhead } from './read-ahead.ts';
import { createFaceCollector, type FaceCollector } from './face-collector.ts';

export type ObserveParts = {
  readonly analyzer: Pick<FaceAnalyzer, 'packId' | 'calibration' | 'analyze'>;
  readonly codec: Pick<ImageCodec, 'decode' | 'decodeFrames'>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Cuts out a face with margin. */
  readonly crop: (image: RgbImage, face: Face) => Promise<FaceCrop>;
};

const PICTURE_SIDE = 2048;
/** Frames of a moving picture that are looked at. */
const MOVING_FRAMES = 12;
const COVER_SIDE = 1280;
const PREVIEW_PLAN = { kind: 'every', everyMs: 1000, maxFrames: 8, maxSide: 1280 } as const;
/** Number of frames decoded ahead. */
const FRAMES_AHEAD = 3;
/** Frames of the first pass that stay in memory for an exhaustive search. */
const FRAMES_KEPT = 10;
const PARTIAL_MS = 2000;

/**
Observes a video: a first pass over few frames, and a refinement when its outcome is unclear. Deterministic for a file.
@throws StashSenseError `unreadable-media` when no frame can be read
*/
export async function observeVideo(
  parts: ObserveParts & {
    readonly frames: VideoFrames;
    /** Temporary file of the preview clip. */
    readonly scratch: Scratch;
  },
  video: VideoToObserve,
): Promise<ObservationWithCrops> {
  const { frames, analyzer } = parts;
  const { policy = DEFAULT_SAMPLING, signal, report } = video;
  const collector = createFaceCollector(analyzer, parts.crop, video.cropsPerPerson);
  const info = await frames.probe(video.path);
  const file = { ...video, media: 'video', durationMs: info?.durationMs ?? 0 } as const;
  if (!info) return await toObservation(parts, file, collector);

  const hint = info.stereoLayout ?? namedLayout(video.path);
  const oneEye = createOneEye(analyzer, hint);
  // Each eye has half of the frame.
  const sized = hint === null ? policy : { ...policy, maxSide: 2 * policy.maxSide };
  const plan = firstPlan(info, sized);
  if (video.cover) await analyzeCover(parts, collector, video.cover, hint);
  if (video.preview && plan.kind === 'key-frames') await seePreview(parts, collector, video.preview, hint);
  const kept: VideoFrame[] = [];
  const expected = plan.kind === 'times' ? plan.timesMs.length : plan.maxFrames;
  const keepEvery = Math.ceil(expected / FRAMES_KEPT);
  let done = 0;
  let nextPartialAt = performance.now() + PARTIAL_MS;
  for await (const frame of readAhead(oneEye(frames.frames(video.path, info, plan, signal)), FRAMES_AHEAD)) {
    await collector.see(frame.image, frame.timeMs);
    if (done++ % keepEvery === 0) kept.push(frame);
    report?.(Math.min(0.85, (0.85 * done) / expected), message('observe.frameOf', { done, expected }));
    const beganAt = performance.now();
    if (video.onPersons && beganAt > nextPartialAt) {
      video.onPersons(await toObservation(parts, file, collector));
      const endedAt = performance.now();
      // Clustering thousands of faces takes seconds: partial results use at most a tenth of the time.
      nextPartialAt = endedAt + Math.max(PARTIAL_MS, 9 * (endedAt - beganAt));
    }
  }

  const clusters = await collector.clusters();
  const outcome = assessFirstPass(clusters, collector, analyzer.calibration.sampling);
  const second = refinementPlan(outcome, info, clusters, sized);
  if (second) {
    report?.(0.85, message('observe.isLookingAgain'));
    const refined = await refine(oneEye(frames.frames(video.path, info, second, signal)));
    for (const { image, timeMs } of refined) await collector.see(image, timeMs);
    if (clusters.length === 0 && refined.length > 0) kept.splice(0, kept.length, ...refined);
  }
  if ((await collector.clusters()).length === 0)
    await detectSmallFaces(collector, kept, policy.exhaustiveFrames);
  report?.(1, message('observe.isDone'));
  return toObservation(parts, file, collector);
}

/** @throws StashSenseError `unreadable-media` */
export async function observePicture(
  parts: ObserveParts,
  picture: PictureToObserve,
): Promise<ObservationWithCrops> {
  const { analyzer } = parts;
  const collector = createFaceCollector(analyzer, parts.crop, picture.cropsPerPerson);
  const [whole, ...more] = await parts.codec.decodeFrames(picture.bytes, PICTURE_SIDE, MOVING_FRAMES);
  if (whole !== undefined && more.length === 0)
    await collector.see(await seeOneEye(whole, analyzer, null), null, { exhaustive: true });
  else await seeMovingPicture(collector, whole === undefined ? [] : [whole, ...more]);
  const sizeBytes = picture.sizeBytes ?? picture.bytes.length;
  return toObservation(parts, { ...picture, sizeBytes, media: 'picture', durationMs: null }, collector);
}

/** As a film without times. */
async function seeMovingPicture(collector: FaceCollector, images: readonly RgbImage[]): Promise<void> {
  for (const image of images) await collector.see(image, null);
  const frames = images.map((image) => ({ image, timeMs: null }));
  if ((await collector.clusters()).length === 0)
    await detectSmallFaces(collector, frames, DEFAULT_SAMPLING.exhaustiveFrames);
}

/** Searches a few frames exhaustively, and the others only when these have a face. */
async function detectSmallFaces(
  collector: FaceCollector,
  frames: readonly { readonly image: RgbImage; readonly timeMs: number | null }[],
  count: number,
): Promise<void> {
  const step = Math.max(1, Math.ceil(frames.length / count));
  let found = 0;
  const see = async ({ image, timeMs }: (typeof frames)[number]): Promise<void> => {
    found += await collector.see(image, timeMs, { exhaustive: true });
  };
  const first = frames.filter((_, i) => i % step === 0);
  for (const frame of first) await see(frame);
  if (found > 0) for (const frame of frames) if (!first.includes(frame)) await see(frame);
}

/** Analyses the cover, which helps to read a face that the film shows too; ignores an unreadable one. */
async function analyzeCover(
  parts: ObserveParts,
  collector: FaceCollector,
  bytes: Uint8Array,
  hint: StereoLayout | null,
): Promise<void> {
  try {
    const cover = await parts.codec.decode(bytes, COVER_SIDE);
    await collector.see(await seeOneEye(cover, parts.analyzer, hint), null, { fromCover: true });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
}

async function seePreview(
  {
    frames,
    scratch,
    analyzer,
  }: Pick<ObserveParts, 'analyzer'> & { readonly frames: VideoFrames; readonly scratch: Scratch },
  collector: FaceCollector,
  bytes: Uint8Array,
  hint: StereoLayout | null,
): Promise<void> {
  await scratch.withFile('preview.mp4', bytes, async (file) => {
    try {
      const info = await frames.probe(file);
      // The times of the preview's frames in the video are unknown.
      if (info)
        for await (const { image } of createOneEye(analyzer, hint)(frames.frames(file, info, PREVIEW_PLAN)))
          await collector.see(image, null);
    } catch (error) {
      // The file was just written, so ffmpeg is sandboxed (snap, flatpak) and has no access to the folder.
      if (isAccessDenied(error))
        throw machineError(message('machine.readingFileWith', { file, program: 'ffmpeg' }), error.cause);
      if (!isUnreadable(error)) throw error;
    }
  });
}

/** Unreadable or timed out: the frames of the video itself are enough. */
function isUnreadable(error: unknown): boolean {
  return hasCode(error, 'unreadable-media', 'file-missing');
}

/** The frames of the refinement; for a damaged file those that can be read, since the first pass is valid without them. */
async function refine(frames: AsyncIterable<VideoFrame>): Promise<VideoFrame[]> {
  const all: VideoFrame[] = [];
  try {
    for await (const frame of frames) all.push(frame);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  return all;
}

async function toObservation(
  { analyzer: { packId }, now }: Pick<ObserveParts, 'analyzer' | 'now'>,
  file: {
    readonly contentId: ContentId;
    readonly sizeBytes: number;
    readonly media: 'video' | 'picture';
    readonly durationMs: number | null;
  },
  collector: FaceCollector,
): Promise<ObservationWithCrops> {
  const clusters = await collector.clusters();
  return {
    observation: {
      contentId: file.contentId,
      media: file.media,
      sizeBytes: file.sizeBytes,
      durationMs: file.durationMs,
      packId,
      samplingVersion: SAMPLING_VERSION,
      frameCount: collector.frameCount,
      persons: clusters.map((cluster) => cluster.person),
      observedAt: now(),
    },
    crops: collector.crops(clusters),
  };
}
