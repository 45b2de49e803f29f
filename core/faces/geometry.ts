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

/** Null when it flattens the plane to a line or a point. */
export function invertAffine({ a, b, tx, c, d, ty }: Affine): Affine | null {
  const determinant = a * d - b * c;
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) return null;
  const inverse = { a: d / determinant, b: -b / determinant, c: -c / determinant, d: a / determinant };
  return { ...inverse, tx: -(inverse.a * tx + inverse.b * ty), ty: -(inverse.c * tx + inverse.d * ty) };
}

/** Maps a `width` x `height` raster onto a box of the source, turned by `degrees` (clockwise) around the box's middle. */
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
The similarity (turn, uniform scale, shift; no mirror) that brings `from` nearest to `to` in the sense of least squares
(Umeyama). Null when all points of `from` coincide.
*/
export function similarityTransform(from: readonly Point[], to: readonly Point[]): Affine | null {
  const n = Math.min(from.length, to.length);
  if (n === 0) return null;
  const fromMiddle = middleOf(from.slice(0, n));
  const toMiddle = middleOf(to.slice(0, n));
  let spread = 0;
  let along = 0;
  let across = 0;
  for (let i = 0; i < n; i++) {
    const x = from[i]!.x - fromMiddle.x;
    const y = from[i]!.y - fromMiddle.y;
    const u = to[i]!.x - toMiddle.x;
    const v = to[i]!.y - toMiddle.y;
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
    tx: toMiddle.x - a * fromMiddle.x + c * fromMiddle.y,
    c,
    d: a,
    ty: toMiddle.y - c * fromMiddle.x - a * fromMiddle.y,
  };
}

export function middleOf(points: readonly Point[]): Point {
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

/** Same middle, both sides times `factor`. */
export function scaleBox(box: Box, factor: number): Box {
  const width = box.width * factor;
  const height = box.height * factor;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** Same middle, both sides the mean of the two times `factor`. */
export function squareBox(box: Box, factor = 1): Box {
  const side = ((box.width + box.height) / 2) * factor;
  return { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side };
}

/** 0…1: shared area over joint area. */
export function iou(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (a.width * a.height + b.width * b.height - shared);
}

/** 0…1: how much of the smaller box lies in the other. */
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
Keeps the boxes with the highest scores, highest first, and drops each that overlaps a kept one by more than `maxIou`, or
of which (or of the kept one, where that is smaller) more than `maxIntersectionOverMin` is shared.
*/
export function nonMaxSuppression<T extends { readonly box: Box; readonly score: number }>(
  found: readonly T[],
  maxIou: number,
  maxIntersectionOverMin = 1,
): T[] {
  const kept: T[] = [];
  for (const candidate of found.toSorted((a, b) => b.score - a.score))
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
  const [eye, otherEye, nose, mouth, otherMouth] = points;
  return [map(eye), map(otherEye), map(nose), map(mouth), map(otherMouth)];
}
