import type { Box, RgbImage } from '../../core/faces/face.ts';
import { intersectionOverMin, iou, squareBox, nonMaxSuppression } from '../../core/faces/geometry.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Pyramid } from '../images/resample.ts';
import type { Candidate, FaceDetector, View } from './roles.ts';

/** Side of the region in which a candidate is detected a second time, in mean sides of its box; it is a third wider than high. */
const CONFIRM_REGION = 3;
/** Largest number of candidates confirmed per pass, so that a picture full of texture does not take minutes. */
const MAX_CONFIRMED = 6;
const MAX_CONFIRMED_EXHAUSTIVE = 24;

export async function searchFaces(
  pyramid: Pyramid,
  exhaustive: boolean,
  detector: FaceDetector,
  { searchedScore, sureScore, confirmedScore, minSidePx }: PackCalibration['detection'],
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
    const found = nonMaxSuppression(await detector.detect(pyramid, view, searchedScore), 0.35, 0.7);
    let left = exhaustive ? MAX_CONFIRMED_EXHAUSTIVE : MAX_CONFIRMED;
    for (const candidate of found) {
      if (isKnown(candidate) || Math.min(candidate.box.width, candidate.box.height) < minSidePx) continue;
      // Only the first pass shows a face upright and with its surroundings, so only its boxes are accepted without confirmation.
      const sure = view === plain && candidate.score >= sureScore;
      if (!sure && left-- <= 0) break;
      const face = sure ? candidate : await confirm(candidate);
      if (face && !isKnown(face)) faces.push(face);
    }
  }

  async function confirm({ box, view }: Candidate): Promise<Candidate | null> {
    const square = squareBox(box, CONFIRM_REGION);
    const region = { ...square, x: square.x - square.width / 6, width: (square.width * 4) / 3 };
    const found = await detector.detect(pyramid, { ...view, region }, confirmedScore);
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
