import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, RgbImage } from '../../core/faces/face.ts';
import { iou } from '../../core/faces/geometry.ts';
import { searchFaces, tilesOf } from './search.ts';
import type { Candidate, FaceDetector, View } from './roles.ts';
import { createPyramid } from '../images/resample.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const frame: RgbImage = { width: 640, height: 360, data: new Uint8Array(640 * 360 * 3) };
const face = (x: number, y: number, side: number): Box => ({ x, y, width: side, height: side });
const isWhole = ({ region, degrees, enhanced }: View): boolean =>
  region.width === 640 && degrees === 0 && !enhanced;

/** A detector that sees what a rule says it sees, and keeps the views it was shown. */
function scripted(see: (view: View) => [Box, number][]): FaceDetector & { readonly views: View[] } {
  const views: View[] = [];
  return {
    views,
    findsLandmarks: false,
    detect: async (_pyramid, view, minScore) => {
      views.push(view);
      return see(view)
        .filter(([, score]) => score >= minScore)
        .map(([box, score]): Candidate => ({ box, score, view }));
    },
  };
}
const boxes = async (detector: FaceDetector, exhaustive = false): Promise<Box[]> =>
  (await searchFaces(createPyramid(frame), exhaustive, detector, CALIBRATION.detection)).map((it) => it.box);

test('a sure face is taken at the first look, doubles of it left out', async () => {
  const detector = scripted(() => [
    [face(100, 100, 70), 0.99],
    [face(104, 98, 72), 0.95],
  ]);
  assert.deepEqual(await boxes(detector), [face(100, 100, 70)]);
  assert.equal(detector.views.length, 1);
});

test('in a close-up a face around what was found is another candidate: lenses of glasses are taken for faces', async () => {
  const lens = face(60, 60, 120);
  const around = face(10, -20, 380);
  const detector = scripted(({ region }) => [
    [lens, 0.97],
    ...(region.width > 640 ? [[around, 0.98] as [Box, number]] : []),
  ]);
  assert.deepEqual(await boxes(detector), [lens, around]);
  assert.equal(detector.views.length, 2);
});

test('around a close-up that is a face for sure nothing is searched, unless the search is exhaustive or another one is in doubt', async () => {
  const [clear, doubtful] = [face(60, 60, 120), face(400, 60, 120)];
  const isCertain = ({ box }: Candidate): Promise<boolean> => Promise.resolve(box === clear);
  const looks = async (shown: readonly Box[], exhaustive: boolean): Promise<number> => {
    const detector = scripted(() => shown.map((box) => [box, 0.97]));
    await searchFaces(createPyramid(frame), exhaustive, detector, CALIBRATION.detection, isCertain);
    return detector.views.filter(({ region }) => region.width > 640).length;
  };
  assert.equal(await looks([clear], false), 0);
  assert.equal(await looks([clear, doubtful], false), 1);
  assert.equal(await looks([doubtful], false), 1);
  assert.equal(await looks([clear], true), 1);
});

test('a long picture is searched in parts that keep the shape of faces, and none is cut by their edges', async () => {
  const strip: RgbImage = { width: 1600, height: 200, data: new Uint8Array(1600 * 200 * 3) };
  const all = [face(20, 20, 40), face(700, 60, 40), face(1500, 100, 40)];
  // Sees what lies in the region, and cut faces in part.
  const detector = scripted(({ region: { x, width } }) =>
    all.flatMap((box): [Box, number][] => {
      const left = Math.max(x, box.x);
      const right = Math.min(x + width, box.x + box.width);
      return right - left > 10 ? [[{ ...box, x: left, width: right - left }, 0.99]] : [];
    }),
  );
  const found = await searchFaces(createPyramid(strip), false, detector, CALIBRATION.detection);
  assert.deepEqual(
    found.map(({ box }) => box),
    all,
  );
  for (const { region } of detector.views) assert.ok(region.width / region.height < 2);
});

test('a weak find is looked at again up close, and what is seen there counts', async () => {
  const detector = scripted((view) =>
    isWhole(view) ? [[face(300, 100, 30), 0.25]] : [[face(302, 101, 34), 0.98]],
  );
  assert.deepEqual(await boxes(detector), [face(302, 101, 34)]);
  const { region } = detector.views[1]!;
  assert.equal(region.height, 90);
  assert.ok(iou(region, face(270, 70, 90)) > 0.7);
});

test('a weak find that the second look does not confirm, or sees elsewhere, is none', async () => {
  for (const second of [[[face(300, 100, 30), 0.5]], [[face(345, 130, 20), 0.99]], []] as [Box, number][][])
    assert.deepEqual(
      await boxes(
        scripted((view) => (isWhole(view) ? [[face(300, 100, 30), 0.6]] : view.enhanced ? [] : second)),
      ),
      [],
    );
});

test('only where nothing was found is the frame searched with enhanced contrast', async () => {
  const dark = scripted((view) => (view.enhanced ? [[face(50, 50, 100), 0.99]] : []));
  assert.deepEqual(await boxes(dark), [face(50, 50, 100)]);
  // The whole frame in colour, then enhanced, then the place itself, enhanced too.
  assert.deepEqual(
    dark.views.map((it) => it.enhanced),
    [false, true, true],
  );
});

test('an exhaustive search sees tiles and turns too, and takes none of their finds unconfirmed', async () => {
  const plain = scripted(() => []);
  await boxes(plain, true);
  assert.deepEqual(
    plain.views.map((it) => it.degrees),
    [0, ...Array<number>(9).fill(0), 0, 60, -60, 180],
  );
  assert.equal(plain.views.filter((it) => it.region.width === 256).length, 9);
  const half = scripted((view) => (view.region.width === 256 ? [[face(380, 100, 40), 0.99]] : []));
  assert.deepEqual(await boxes(half, true), []);
});

test('a picture full of texture costs a bounded number of looks', async () => {
  const everywhere = Array.from({ length: 200 }, (_, i): [Box, number] => [
    face((i % 20) * 32, Math.floor(i / 20) * 36, 20),
    0.5,
  ]);
  const detector = scripted((view) =>
    isWhole(view) || (view.enhanced && view.region.width === 640) ? everywhere : [],
  );
  assert.deepEqual(await boxes(detector), []);
  assert.equal(detector.views.length, 2 + 2 * 6);
});

test('what is too small to be anybody is not looked at', async () => {
  const detector = scripted((view) => (isWhole(view) ? [[face(10, 10, 9), 0.99]] : []));
  assert.deepEqual(await boxes(detector), []);
  assert.equal(detector.views.length, 2);
});

test('tiles cover the whole picture and lie over one another by a quarter of a tile', () => {
  const tiles = tilesOf({ width: 1000, height: 500 });
  assert.equal(tiles.length, 9);
  for (const [x, y] of [
    [0, 0],
    [999, 499],
    [350, 180],
    [640, 330],
    [500, 250],
  ] as const)
    assert.ok(tiles.some((it) => x >= it.x && x < it.x + it.width && y >= it.y && y < it.y + it.height));
  assert.ok(Math.abs(tiles[0]!.x + tiles[0]!.width - tiles[1]!.x - 100) < 1e-9);
});

test('a long picture takes at most three times as many looks as another one, in tiles of the size of its faces', async () => {
  const plain = await looksAt(1024, 576);
  // As large as they are looked at: the area of a square of 2048.
  for (const [width, height] of [
    [3038, 1380],
    [3547, 1182],
    [4096, 1024],
    [1448, 5793],
    [5793, 724],
    [7094, 591],
  ] as const)
    assert.ok((await looksAt(width, height)) <= 3 * plain, `${width} x ${height}`);
  for (const long of [3038, 4096]) {
    const tiles = tilesOf({ width: long, height: 1024 });
    const ends = tiles.filter(({ y }) => y === 0).map(({ x, width }) => [x, x + width] as const);
    assert.ok(ends[0]![0] === 0 && Math.abs(ends.at(-1)![1] - long) < 1e-6);
    for (const [n, [x]] of ends.entries()) assert.ok(n === 0 || x < ends[n - 1]![1], 'no gap');
  }
});

/** How often the detector is asked in an exhaustive search that finds nothing. */
async function looksAt(width: number, height: number): Promise<number> {
  const detector = scripted(() => []);
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  await searchFaces(createPyramid(image), true, detector, CALIBRATION.detection);
  return detector.views.length;
}
