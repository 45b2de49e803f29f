import type { Box, Landmarks, Point } from './face.ts';

/** x' = a·x + b·y + tx, y' = c·x + d·y + ty. */
export type Affine = {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly c: number;
  readonly d: number;
  readonly ty: number;
};

export function applyAffine({ a, b, tx, c, d, ty }: Affine, { x, y }: Point): Point {
  return { x: a * x + b * y + tx, y: c * x + d * y + ty };
}

/** First `inner`, then `outer`. */
export function composeAffine(outer: Affine, inner: Affine): Affine {
  return {
    a: outer.a * inner.a + outer.b * inner.c,
    b: outer.a * inner.b + outer.b * inner.d,
    tx: outer.a * inner.tx + outer.b * inner.ty + outer.tx,
    c: outer.c * inner.a + outer.d * inner.c,
    d: outer.c * inner.b + outer.d * inner.d,
    ty: outer.c * inner.tx + outer.d * inner.ty + outer.ty,
  };
}

/** @returns null for a singular map */
export function invertAffine({ a, b, tx, c, d, ty }: Affine): Affine | null {
  const determinant = a * d - b * c;
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) return null;
  const inverse = { a: d / determinant, b: -b / determinant, c: -c / determinant, d: a / determinant };
  return { ...inverse, tx: -(inverse.a * tx + inverse.b * ty), ty: -(inverse.c * tx + inverse.d * ty) };
}

/** Maps a raster of `width` x `height` pixels onto a box of the source that is rotated by `degrees` clockwise around its centre. */
export function boxToRaster(box: Box, width: number, height: number, degrees = 0): Affine {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const perX = box.width / width;
  const perY = box.height / height;
  const a = cos * perX;
  const b = -sin * perY;
  const c = sin * perX;
  const d = cos * perY;
  return {
    a,
    b,
    tx: box.x + box.width / 2 - (a * width + b * height) / 2,
    c,
    d,
    ty: box.y + box.height / 2 - (c * width + d * height) / 2,
  };
}

/**
The similarity transform (rotation, uniform scale, translation; no reflection) that maps `from` onto `to` with the least
squared error (Umeyama). Null when all points of `from` coincide.
*/
export function similarityTransform(from: readonly Point[], to: readonly Point[]): Affine | null {
  const n = Math.min(from.length, to.length);
  if (n === 0) return null;
  const fromCentre = centreOf(from.slice(0, n));
  const toCentre = centreOf(to.slice(0, n));
  let spread = 0;
  let along = 0;
  let across = 0;
  for (let i = 0; i < n; i++) {
    const x = from[i]!.x - fromCentre.x;
    const y = from[i]!.y - fromCentre.y;
    const u = to[i]!.x - toCentre.x;
    const v = to[i]!.y - toCentre.y;
    spread += x * x + y * y;
    along += x * u + y * v;
    across += x * v - y * u;
  }
  if (!(spread > 1e-12)) return null;
  const a = along / spread;
  const c = across / spread;
  return {
    a,
    b: -c,
    tx: toCentre.x - a * fromCentre.x + c * fromCentre.y,
    c,
    d: a,
    ty: toCentre.y - c * fromCentre.x - a * fromCentre.y,
  };
}

export function centreOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, point) => ({ x: all.x + point.x, y: all.y + point.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

export function boxAround(points: readonly Point[]): Box {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Same centre, both sides times `factor`. */
export function scaleBox(box: Box, factor: number): Box {
  const width = box.width * factor;
  const height = box.height * factor;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** Square with the same centre; its side is the mean of both sides times `factor`. */
export function squareBox(box: Box, factor = 1): Box {
  const side = ((box.width + box.height) / 2) * factor;
  return { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side };
}

/** Intersection over union, 0…1. */
export function iou(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (a.width * a.height + b.width * b.height - shared);
}

/** Intersection over the area of the smaller box, 0…1. */
export function intersectionOverMin(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / Math.min(a.width * a.height, b.width * b.height);
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
Returns the boxes by descending score without those that overlap one of a higher score by more than `maxIou` (`iou`) or
`maxIntersectionOverMin` (`intersectionOverMin`).
*/
export function nonMaxSuppression<T extends { readonly box: Box; readonly score: number }>(
  boxes: readonly T[],
  maxIou: number,
  maxIntersectionOverMin = 1,
): T[] {
  const kept: T[] = [];
  for (const candidate of boxes.toSorted((a, b) => b.score - a.score))
    if (
      kept.every(
        (box) =>
          iou(box.box, candidate.box) <= maxIou &&
          intersectionOverMin(box.box, candidate.box) <= maxIntersectionOverMin,
      )
    )
      kept.push(candidate);
  return kept;
}

export function mapLandmarks(points: Landmarks, map: (point: Point) => Point): Landmarks {
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = points;
  return [map(leftEye), map(rightEye), map(nose), map(mouthLeft), map(mouthRight)];
}
