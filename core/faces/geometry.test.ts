import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applyAffine,
  boxAround,
  boxToRaster,
  composeAffine,
  intersectionOverMin,
  invertAffine,
  iou,
  scaleBox,
  similarityTransform,
  squareBox,
  nonMaxSuppression,
} from './geometry.ts';
import type { Point } from './face.ts';

const near = (found: Point, wanted: Point): void => {
  assert.ok(
    Math.hypot(found.x - wanted.x, found.y - wanted.y) < 1e-6,
    `${found.x}, ${found.y} is not ${wanted.x}, ${wanted.y}`,
  );
};

test('a similarity is found again from the points it moved, whatever its turn, scale and shift', () => {
  const from = [
    { x: 0, y: 0 },
    { x: 10, y: 2 },
    { x: 4, y: 9 },
    { x: -3, y: 5 },
  ];
  for (const degrees of [0, 30, 90, 179, -120])
    for (const scale of [0.2, 1, 7]) {
      const turn = (degrees * Math.PI) / 180;
      const moved = {
        a: scale * Math.cos(turn),
        b: -scale * Math.sin(turn),
        tx: 12,
        c: scale * Math.sin(turn),
        d: scale * Math.cos(turn),
        ty: -5,
      };
      const found = similarityTransform(
        from,
        from.map((it) => applyAffine(moved, it)),
      );
      assert.ok(found);
      for (const point of from) near(applyAffine(found, point), applyAffine(moved, point));
    }
});

test('a similarity never mirrors: mirrored points are met as nearly as a turn allows', () => {
  const found = similarityTransform(
    [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
    ],
    [
      { x: 0, y: 0 },
      { x: -1, y: 0 },
      { x: 0, y: 1 },
    ],
  );
  assert.ok(found);
  assert.ok(found.a * found.d - found.b * found.c >= 0);
});

test('points that coincide, or none, give no similarity', () => {
  const same = [
    { x: 3, y: 3 },
    { x: 3, y: 3 },
  ];
  assert.equal(similarityTransform(same, same), null);
  assert.equal(similarityTransform([], []), null);
});

test('an inverse undoes its transform, and a flattening one has none', () => {
  const transform = { a: 2, b: 0.5, tx: 7, c: -1, d: 3, ty: -4 };
  const inverse = invertAffine(transform);
  assert.ok(inverse);
  near(applyAffine(composeAffine(inverse, transform), { x: 11, y: -6 }), { x: 11, y: -6 });
  assert.equal(invertAffine({ a: 1, b: 2, tx: 0, c: 2, d: 4, ty: 0 }), null);
  assert.equal(invertAffine({ a: NaN, b: 0, tx: 0, c: 0, d: 1, ty: 0 }), null);
});

test('a raster maps onto its box corner by corner, and turns around the middle of the box', () => {
  const box = { x: 10, y: 20, width: 40, height: 60 };
  const straight = boxToRaster(box, 4, 6);
  near(applyAffine(straight, { x: 0, y: 0 }), { x: 10, y: 20 });
  near(applyAffine(straight, { x: 4, y: 6 }), { x: 50, y: 80 });
  const turned = boxToRaster(box, 4, 6, 90);
  near(applyAffine(turned, { x: 2, y: 3 }), { x: 30, y: 50 });
  // What lies above the middle in the turned view lies to its right in the picture: the view is turned clockwise.
  near(applyAffine(turned, { x: 2, y: 0 }), { x: 60, y: 50 });
});

test('overlap is shared over joint area, containment the share of the smaller box', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const rows: [typeof box, number, number][] = [
    [box, 1, 1],
    [{ x: 5, y: 0, width: 10, height: 10 }, 1 / 3, 0.5],
    [{ x: 2, y: 2, width: 5, height: 5 }, 0.25, 1],
    [{ x: 10, y: 0, width: 5, height: 5 }, 0, 0],
    [{ x: 50, y: 50, width: 5, height: 5 }, 0, 0],
  ];
  for (const [other, joint, inner] of rows) {
    assert.ok(Math.abs(iou(box, other) - joint) < 1e-9);
    assert.ok(Math.abs(intersectionOverMin(box, other) - inner) < 1e-9);
    assert.equal(iou(box, other), iou(other, box));
  }
});

test('of overlapping finds the best stays, one inside another goes too, and neighbours stay', () => {
  const found = [
    { box: { x: 1, y: 0, width: 10, height: 10 }, score: 0.8, name: 'double' },
    { box: { x: 0, y: 0, width: 10, height: 10 }, score: 0.9, name: 'best' },
    { box: { x: 3, y: 3, width: 4, height: 4 }, score: 0.85, name: 'inside' },
    { box: { x: 9, y: 0, width: 10, height: 10 }, score: 0.5, name: 'neighbour' },
  ];
  assert.deepEqual(
    nonMaxSuppression(found, 0.3, 0.6).map((it) => it.name),
    ['best', 'neighbour'],
  );
  assert.deepEqual(
    nonMaxSuppression(found, 0.3).map((it) => it.name),
    ['best', 'inside', 'neighbour'],
  );
});

test('boxes grow around their middle', () => {
  assert.deepEqual(scaleBox({ x: 10, y: 10, width: 10, height: 20 }, 2), {
    x: 5,
    y: 0,
    width: 20,
    height: 40,
  });
  assert.deepEqual(squareBox({ x: 0, y: 0, width: 10, height: 20 }, 2), {
    x: -10,
    y: -5,
    width: 30,
    height: 30,
  });
  assert.deepEqual(
    boxAround([
      { x: 3, y: 9 },
      { x: 1, y: 12 },
    ]),
    { x: 1, y: 9, width: 2, height: 3 },
  );
});
