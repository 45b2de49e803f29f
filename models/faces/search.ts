import type { Box, RgbImage } from '../../core/faces/face.ts';
import { LONG_PICTURE } from '../../core/faces/picture-size.ts';
import {
  intersectionOverMin,
  iou,
  nonMaxSuppression,
  scaleBox,
  squareBox,
} from '../../core/faces/geometry.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Pyramid } from '../images/resample.ts';
import type { Candidate, FaceDetector, View } from './roles.ts';

/** Side of the region in which a candidate is detected a second time, in mean sides of its box; it is a third wider than high. */
const CONFIRM_REGION = 3;
/** Largest number of candidates confirmed per pass, so that a picture full of texture does not take minutes. */
const MAX_CONFIRMED = 6;
const MAX_CONFIRMED_EXHAUSTIVE = 24;
/** From this part of the picture's shorter side on a box may be a part of a face that fills the picture: a lens of glasses. */
const CLOSE_UP = 0.22;
/** Side of the region in which a close-up is searched, in sides of the picture: the detector knows no faces that are cut off by its edges. */
const AROUND = 1.8;
/** Width by height of the parts that a long picture is searched in: as a whole it would be squashed too much (`createUltralightDetector`). */
const PART_SHAPE = 16 / 9;
/** Side of a tile in those of the picture, and what lies between two tiles in sides of a tile. */
const TILE = 0.4;
const TILE_STEP = 0.75;
/** Shorter side of a long picture, pixels, from which on it is searched in tiles. */
const MIN_TILED_SIDE = 1000;
/** A face nearer to an edge of its part than this, in shorter sides of the part, is taken to be cut by it. */
const EDGE = 0.02;
/** A box with this many times the area of one inside it is another face, of which the inner one may be a part. */
const MUCH_LARGER = 2.5;

/** `first look at a part`: of a long picture. `also around others`: a larger box around a known one is another candidate. */
type How = 'first look at a part' | 'also around others';

/** @param isCertain whether a candidate is a face for sure, and no part of one: a close-up of nobody else is not searched further then */
export async function searchFaces(
  pyramid: Pyramid,
  exhaustive: boolean,
  detector: FaceDetector,
  { searchedScore, sureScore, confirmedScore, minSidePx }: PackCalibration['detection'],
  isCertain: (candidate: Candidate) => Promise<boolean> = () => Promise.resolve(false),
): Promise<Candidate[]> {
  const { width, height } = pyramid.image;
  const whole: Box = { x: 0, y: 0, width, height };
  const plain: View = { region: whole, degrees: 0, enhanced: false };
  const parts = partsOf(pyramid.image);
  const faces: Candidate[] = [];

  if (parts.length === 1) await pass(plain);
  else for (const region of parts) await pass({ ...plain, region }, 'first look at a part');
  if (await hasDoubtfulCloseUp())
    await pass({ ...plain, region: scaleBox(whole, AROUND) }, 'also around others');
  if (exhaustive && Math.max(width, height) >= 320)
    for (const tile of tilesOf(pyramid.image)) await pass({ ...plain, region: tile });
  // Parts overlap by half: every second one shows all of the picture.
  for (const region of parts.filter((_, n) => n % 2 === 0 || n === parts.length - 1)) {
    if (exhaustive || faces.length === 0) await pass({ ...plain, region, enhanced: true });
    if (exhaustive) for (const degrees of [60, -60, 180]) await pass({ ...plain, region, degrees });
  }
  return faces;

  async function hasDoubtfulCloseUp(): Promise<boolean> {
    for (const face of faces) {
      const isCloseUp = Math.max(face.box.width, face.box.height) >= CLOSE_UP * Math.min(width, height);
      if (isCloseUp && (exhaustive || !(await isCertain(face)))) return true;
    }
    return false;
  }

  async function pass(view: View, how?: How): Promise<void> {
    const found = nonMaxSuppression(await detector.detect(pyramid, view, searchedScore), 0.35, 0.7);
    let left = exhaustive ? MAX_CONFIRMED_EXHAUSTIVE : MAX_CONFIRMED;
    for (const candidate of found) {
      if (how === 'first look at a part' && isCut(candidate, view.region)) continue;
      if (isKnown(candidate, how) || Math.min(candidate.box.width, candidate.box.height) < minSidePx)
        continue;
      // Only the first pass shows a face upright and with its surroundings, so only its boxes are accepted without confirmation.
      const sure = (view === plain || how !== undefined) && candidate.score >= sureScore;
      if (!sure && left-- <= 0) break;
      const face = sure ? candidate : await confirm(candidate);
      if (face && !isKnown(face, how)) faces.push(face);
    }
  }

  async function confirm({ box, view }: Candidate): Promise<Candidate | null> {
    const square = squareBox(box, CONFIRM_REGION);
    const region = { ...square, x: square.x - square.width / 6, width: (square.width * 4) / 3 };
    const found = await detector.detect(pyramid, { ...view, region }, confirmedScore);
    return nonMaxSuppression(found, 0.35).find((candidate) => iou(candidate.box, box) > 0.2) ?? null;
  }

  /** Whether an edge of the region that is no edge of the picture cuts the face: the next region shows it whole. */
  function isCut({ box }: Candidate, region: Box): boolean {
    const edge = EDGE * Math.min(region.width, region.height);
    return (
      (region.x > 0 && box.x < region.x + edge) ||
      (region.y > 0 && box.y < region.y + edge) ||
      (region.x + region.width < width && box.x + box.width > region.x + region.width - edge) ||
      (region.y + region.height < height && box.y + box.height > region.y + region.height - edge)
    );
  }

  /** Of a box and one around it both are read: the embedding tells which one is the face. */
  function isKnown({ box }: Candidate, how?: How): boolean {
    const isAround = (face: Candidate): boolean =>
      how === 'also around others' && areaOf(box) > MUCH_LARGER * areaOf(face.box);
    return faces.some(
      (face) => !isAround(face) && (iou(face.box, box) > 0.3 || intersectionOverMin(face.box, box) > 0.6),
    );
  }
}

function areaOf({ width, height }: Box): number {
  return width * height;
}

/**
Tiles that overlap by a quarter: nine, each two fifths of a side; of a long picture, whose tiles would be as large in its
shorter side and of the shape of its parts, as many as it takes. None where its parts are as small as tiles of other pictures.
*/
export function tilesOf({ width, height }: Pick<RgbImage, 'width' | 'height'>): Box[] {
  const isWide = width >= height;
  const [long, short] = isWide ? [width, height] : [height, width];
  const isLong = long >= LONG_PICTURE * short;
  if (isLong && short < MIN_TILED_SIDE) return [];
  const side = TILE * (isLong ? short * PART_SHAPE : long);
  const count = Math.ceil((long - side) / (side * TILE_STEP) - 1e-9) + 1;
  return [0, 0.3, 0.6].flatMap((share) =>
    Array.from({ length: count }, (_, n) => {
      const at = (n * (long - side)) / (count - 1);
      const across = share * short;
      return isWide
        ? { x: at, y: across, width: side, height: TILE * short }
        : { x: across, y: at, width: TILE * short, height: side };
    }),
  );
}

/** The picture, or of a long one parts of 16:9 along it that overlap by half, so that a face up to nine tenths of the shorter side is whole in one. */
export function partsOf({ width, height }: Pick<RgbImage, 'width' | 'height'>): Box[] {
  const isWide = width >= height;
  const [long, short] = isWide ? [width, height] : [height, width];
  if (long < LONG_PICTURE * short) return [{ x: 0, y: 0, width, height }];
  const side = short * PART_SHAPE;
  const count = Math.max(2, Math.ceil((2 * long) / side) - 1);
  return Array.from({ length: count }, (_, n) => {
    const at = (n * (long - side)) / (count - 1);
    return isWide ? { x: at, y: 0, width: side, height } : { x: 0, y: at, width, height: side };
  });
}
