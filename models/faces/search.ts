import type { Box, RgbImage } from '../../core/faces/face.ts';
import { intersectionOverMin, iou, squareBox, nonMaxSuppression } from '../../core/faces/geometry.ts';
import type { Candidate, FaceDetector, View } from './detect/ultralight-rfb.ts';
import type { Pyramid } from '../images/resample.ts';

/**
Candidates below `SCORE_SEARCHED` are dropped; in the first pass those from `SCORE_SURE` are accepted. All others are
detected a second time in a region around them, three times as high and four times as wide as the box, and accepted when
they score `SCORE_CONFIRMED` there: true faces from 15 px score 0.95 to 1, others 0.16 at most (development library).
So one pass over a 720p frame detects faces of 40 px without false positives.
*/
const SCORE_SEARCHED = 0.2;
const SCORE_SURE = 0.9;
const SCORE_CONFIRMED = 0.7;
/** Side of that region, in mean sides of the box. */
const CONFIRM_REGION = 3;
/** Smaller faces are dropped: their embedding does not identify a person. */
const MIN_SIDE_PX = 14;
/** Largest number of candidates confirmed per pass, so that a picture full of texture does not take minutes. */
const MAX_CONFIRMED = 6;
const MAX_CONFIRMED_EXHAUSTIVE = 24;

export async function searchFaces(
  pyramid: Pyramid,
  exhaustive: boolean,
  detector: FaceDetector,
): Promise<Candidate[]> {
  const { width, height } = pyramid.image;
  const whole: Box = { x: 0, y: 0, width, height };
  const plain: View = { region: whole, degrees: 0, enhanced: false };
  const faces: Candidate[] = [];

  await pass(plain);
  if (exhaustive && Math.max(width, height) >= 320)
    for (const region of overlappingTiles(pyramid.image)) await pass({ ...plain, region });
  if (exhaustive || faces.length === 0) await pass({ ...plain, enhanced: true });
  if (exhaustive) for (const degrees of [60, -60, 180]) await pass({ ...plain, degrees });
  return faces;

  async function pass(view: View): Promise<void> {
    const found = nonMaxSuppression(await detector.detect(pyramid, view, SCORE_SEARCHED), 0.35, 0.7);
    let left = exhaustive ? MAX_CONFIRMED_EXHAUSTIVE : MAX_CONFIRMED;
    for (const candidate of found) {
      if (isKnown(candidate) || Math.min(candidate.box.width, candidate.box.height) < MIN_SIDE_PX) continue;
      // Only the first pass shows a face upright and with its surroundings, so only its boxes are accepted without confirmation.
      const sure = view === plain && candidate.score >= SCORE_SURE;
      if (!sure && left-- <= 0) break;
      const face = sure ? candidate : await confirm(candidate);
      if (face && !isKnown(face)) faces.push(face);
    }
  }

  async function confirm({ box, view }: Candidate): Promise<Candidate | null> {
    const square = squareBox(box, CONFIRM_REGION);
    const region = { ...square, x: square.x - square.width / 6, width: (square.width * 4) / 3 };
    const found = await detector.detect(pyramid, { ...view, region }, SCORE_CONFIRMED);
    return nonMaxSuppression(found, 0.35).find((candidate) => iou(candidate.box, box) > 0.2) ?? null;
  }

  function isKnown({ box }: Candidate): boolean {
    return faces.some((face) => iou(face.box, box) > 0.3 || intersectionOverMin(face.box, box) > 0.6);
  }
}

/** Nine tiles, each two fifths of a side, overlapping by a quarter of a tile. */
export function overlappingTiles({ width, height }: Pick<RgbImage, 'width' | 'height'>): Box[] {
  return [0, 0.3, 0.6].flatMap((y) =>
    [0, 0.3, 0.6].map((x) => ({
      x: x * width,
      y: y * height,
      width: width * 0.4,
      height: height * 0.4,
    })),
  );
}
