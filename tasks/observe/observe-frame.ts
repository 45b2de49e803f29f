import { StashSenseError } from '../../core/errors.ts';
import type { Box, Face, FaceCrop, Point, RgbImage } from '../../core/faces/face.ts';
import { mapLandmarks, scaleBox } from '../../core/faces/geometry.ts';
import { PARTIAL_OBSERVATION, type ObservationWithCrops } from '../../core/faces/observation.ts';
import { message } from '../../core/messages/message.ts';
import type { VideoFrames } from '../../core/ports/media.ts';
import type { FaceAnalyzer } from '../../core/ports/vision.ts';
import { namedLayout } from '../../core/sampling/stereo.ts';
import type { FrameToObserve } from '../../core/sampling/to-observe.ts';
import { createFaceCollector } from './face-collector.ts';
import { seeOneEye } from './one-eye.ts';

type Parts = {
  readonly frames: VideoFrames;
  readonly analyzer: Pick<FaceAnalyzer, 'packId' | 'calibration' | 'analyze'>;
  readonly crop: (image: RgbImage, face: Face) => Promise<FaceCrop>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A part of the picture (pixels), so many times as large. */
  readonly enlarge: (image: RgbImage, box: Box, scale: number) => RgbImage;
};

/** Pixels of the longer side, beyond which a frame is scaled down. */
const FRAME_SIDE = 4096;
/** Sides of what is looked at, in sides of the rectangle: the detector knows faces with what is around them. */
const AROUND = 2;
/** Pixels of the longer side that a small part is enlarged to, and how many times as large at most: more would show no more detail. */
const ENLARGED_SIDE = 640;
const MOST_ENLARGED = 4;
/** Least side of a part, pixels. */
const LEAST_SIDE = 8;

/**
The faces of the frame that a player shows at a time, or of a part of it, found by the thorough search and each marked as pointed
at. A single face of low quality counts too, since somebody points at it. Sizes are pixels of the frame.
@throws StashSenseError `unreadable-media` when the frame cannot be read, or the file has no video
*/
export async function observeFrame(
  { frames, analyzer, crop, now, enlarge }: Parts,
  { region, cropsPerPerson, timeMs, ...file }: FrameToObserve,
): Promise<ObservationWithCrops> {
  const info = await frames.probe(file.path);
  const frame =
    info && (await firstOf(frames.frames(file.path, info, { kind: 'shown', timeMs, maxSide: FRAME_SIDE })));
  if (info === null || frame === null)
    throw new StashSenseError('unreadable-media', message('media.videoHoldsNoFrame'));
  const { image } = frame;
  const part = region === null ? null : partOf(image, region);
  const scale = part === null ? 1 : scaleOf(part.around);
  const looking: typeof analyzer =
    part === null
      ? analyzer
      : {
          ...analyzer,
          async analyze(whole, options) {
            const found = await analyzer.analyze(enlarge(whole, part.around, scale), options);
            return found
              .map((face) => inFrame(face, part.around, scale))
              .filter(({ box }) => isWithin(part.meant, box));
          },
        };
  const { calibration } = analyzer;
  const ofAnyQuality = { ...calibration, clustering: { ...calibration.clustering, minSingleQuality: 0 } };
  const collector = createFaceCollector({ ...looking, calibration: ofAnyQuality }, crop, cropsPerPerson);
  const seen =
    part === null ? await seeOneEye(image, analyzer, info.stereoLayout ?? namedLayout(file.path)) : image;
  await collector.see(seen, frame.timeMs, { exhaustive: true });
  const clusters = await collector.clusters();
  return {
    observation: {
      contentId: file.contentId,
      media: 'video',
      sizeBytes: file.sizeBytes,
      durationMs: info.durationMs,
      packId: analyzer.packId,
      samplingVersion: PARTIAL_OBSERVATION,
      frameCount: 1,
      persons: clusters.map(({ person }) => ({
        ...person,
        faces: person.faces.map((face) => ({ ...face, pointedAt: true })),
      })),
      observedAt: now(),
    },
    crops: collector.crops(clusters),
  };
}

async function firstOf<T>(all: AsyncIterable<T>): Promise<T | null> {
  for await (const one of all) return one;
  return null;
}

/** Pixels. `meant`: the rectangle itself; `around`: with what is looked at around it. */
function partOf({ width, height }: RgbImage, { x, y, ...size }: Box): { meant: Box; around: Box } {
  const meant = { x: x * width, y: y * height, width: size.width * width, height: size.height * height };
  const large = scaleBox(meant, AROUND);
  const left = Math.max(0, large.x);
  const top = Math.max(0, large.y);
  return {
    meant,
    around: {
      x: left,
      y: top,
      width: Math.max(LEAST_SIDE, Math.min(width, large.x + large.width) - left),
      height: Math.max(LEAST_SIDE, Math.min(height, large.y + large.height) - top),
    },
  };
}

function scaleOf({ width, height }: Box): number {
  return Math.max(1, Math.min(MOST_ENLARGED, ENLARGED_SIDE / Math.max(width, height)));
}

/** A face of the enlarged part, in pixels of the frame. */
function inFrame(face: Face, { x, y }: Box, scale: number): Face {
  const { box, quality } = face;
  const at = (point: Point): Point => ({ x: x + point.x / scale, y: y + point.y / scale });
  return {
    ...face,
    box: { ...at(box), width: box.width / scale, height: box.height / scale },
    landmarks: mapLandmarks(face.landmarks, at),
    quality: { ...quality, sizePx: quality.sizePx / scale },
  };
}

/** Whether the middle of the face is in the rectangle. */
function isWithin({ x, y, width, height }: Box, face: Box): boolean {
  const middle = { x: face.x + face.width / 2, y: face.y + face.height / 2 };
  return middle.x >= x && middle.x <= x + width && middle.y >= y && middle.y <= y + height;
}
