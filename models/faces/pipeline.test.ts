import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { similarity } from '../../core/faces/embedding.ts';
import type { Face, RgbImage } from '../../core/faces/face.ts';
import { boxToRaster, iou } from '../../core/faces/geometry.ts';
import golden from '../../test/fixtures/models-golden.json' with { type: 'json' };
import { npmFfmpeg, openTestModels, photograph } from '../../test/fixtures/models.ts';
import { createFaceCrop } from './crop.ts';
import { createPyramid, warp } from '../images/resample.ts';
import { applyGamma } from '../images/contrast.ts';

const models = openTestModels();
const analyzer = await models.analyzer();
after(() => models.close());
const picture = async (name: string, maxSide = 640): Promise<RgbImage> =>
  await models.codec.decode(photograph(name), maxSide);
const faceOf = async (image: RgbImage, exhaustive = false): Promise<Face> => {
  const faces = await analyzer.analyze(image, { exhaustive });
  assert.equal(faces.length, 1);
  return faces[0]!;
};
/** The picture put into a frame of 1280 x 720, `scale` times its size and turned, on grey. */
const framed = (image: RgbImage, scale: number, degrees = 0): RgbImage => {
  const [width, height] = [1280 / scale, 720 / scale];
  const box = { x: (image.width - width) / 2, y: (image.height - height) / 2, width, height };
  return warp(createPyramid(image), boxToRaster(box, 1280, 720, degrees), 1280, 720, 90);
};

for (const [name, wanted] of Object.entries(golden.faces))
  test(`${name} gives the numbers that ${golden.packId} stands for: whoever changes them changes the pack's id`, async () => {
    assert.equal(analyzer.packId, golden.packId);
    const { box, landmarks, embedding, quality } = await faceOf(await picture(name, golden.maxSide));
    const points = landmarks.flatMap(({ x, y }) => [x, y]);
    near([box.x, box.y, box.width, box.height], wanted.box, 1);
    near(points, wanted.landmarks, 1);
    near([quality.overall], [wanted.quality], 0.03);
    near(
      wanted.embedding.map((_, i) => embedding[i * 16]!),
      wanted.embedding,
      0.01,
    );
  });

test('a face that is only found has all but its embedding, which is the same once it is asked for', async () => {
  for (const exhaustive of [false, true]) {
    const image = framed(await picture('franck_02221.jpg'), 0.3);
    const [found, ...others] = await analyzer.find(image, { exhaustive });
    assert.ok(found);
    assert.deepEqual(others, []);
    const { embed, ...face } = found;
    assert.deepEqual({ ...face, embedding: await embed() }, await faceOf(image, exhaustive));
  }
});

test('one man in two pictures is more alike than anybody is to anybody else', async () => {
  const [franck, again, audrey, cage] = await Promise.all(
    ['franck_02221.jpg', 'franck_04000.jpg', 'audrey.jpg', 'cage.jpg'].map(
      async (it) => await faceOf(await picture(it)),
    ),
  );
  assert.ok(similarity(franck!.embedding, again!.embedding) > 0.6);
  for (const [one, other] of [
    [franck!, audrey!],
    [franck!, cage!],
    [audrey!, cage!],
  ] as const)
    assert.ok(similarity(one.embedding, other.embedding) < 0.3);
});

test('the WASM engine sees the same faces in the same places with the same vectors', async () => {
  const wasm = openTestModels({ env: { STASH_SENSE_PORTABLE: '1' } });
  const twin = await wasm.analyzer();
  assert.equal(twin.engine, 'wasm');
  for (const name of ['franck_02221.jpg', 'joconde.jpg']) {
    const image = await picture(name);
    const [one, other] = [await faceOf(image), (await twin.analyze(image))[0]];
    assert.ok(other);
    assert.ok(iou(one.box, other.box) > 0.98);
    assert.ok(similarity(one.embedding, other.embedding) > 0.999);
    assert.ok(Math.abs(one.quality.overall - other.quality.overall) < 0.02);
  }
  await wasm.close();
});

test('a picture read by ffmpeg gives the same face as one read by sharp', async () => {
  const portable = openTestModels({ env: { STASH_SENSE_PORTABLE: '1' }, ffmpeg: npmFfmpeg });
  assert.equal(portable.codec.name, 'ffmpeg');
  const one = await faceOf(await picture('audrey.jpg'));
  const other = await faceOf(await portable.codec.decode(photograph('audrey.jpg'), 640));
  assert.ok(similarity(one.embedding, other.embedding) > 0.99);
});

test('a face of 40 px in a frame of 1280 x 720 is found by a quick look, and is who it is', async () => {
  const image = await picture('franck_02221.jpg');
  const close = await faceOf(image);
  const far = await faceOf(framed(image, 0.19));
  assert.ok(far.quality.sizePx > 30 && far.quality.sizePx < 50, `it is ${far.quality.sizePx} px`);
  assert.ok(similarity(close.embedding, far.embedding) > 0.55);
  assert.ok(far.quality.overall < close.quality.overall);
});

test('a face on its side and one on its head are found and recognised by an exhaustive search', async () => {
  const image = await picture('franck_02221.jpg');
  const upright = await faceOf(image);
  for (const degrees of [40, 90, -90, 180]) {
    const turned = await faceOf(framed(image, 0.8, degrees), true);
    assert.ok(similarity(upright.embedding, turned.embedding) > 0.8, `turned by ${degrees}`);
    const tilt = (((turned.quality.roll - upright.quality.roll + degrees) % 360) + 360) % 360;
    assert.ok(Math.min(tilt, 360 - tilt) < 12, `roll is ${turned.quality.roll} of ${degrees}`);
  }
});

test('a face in the dark and in grain is found, and is who it is', async () => {
  const image = await picture('franck_02221.jpg');
  let seed = 1;
  const grain = () => (((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31) * 2 - 1) * 14;
  const dark = {
    ...image,
    data: image.data.map((it) => Math.max(0, Math.min(255, it * 0.22 + 4 + grain()))),
  };
  const found = await faceOf(dark);
  assert.ok(similarity((await faceOf(image)).embedding, found.embedding) > 0.5);
  // Only the crop is brightened, never the picture the caller holds.
  assert.notDeepEqual(applyGamma(dark, 80).data, dark.data);
});

test('two people side by side are two faces, the larger first, apart from each other', async () => {
  const [one, other] = [await picture('audrey.jpg', 480), await picture('cage.jpg', 480)];
  const data = new Uint8Array(960 * 480 * 3).fill(128);
  const put = (image: RgbImage, left: number, scale: number): void => {
    const part = warp(
      createPyramid(image),
      boxToRaster(
        { x: 0, y: 0, width: image.width, height: image.height },
        Math.round(image.width * scale),
        Math.round(image.height * scale),
      ),
      Math.round(image.width * scale),
      Math.round(image.height * scale),
    );
    for (let y = 0; y < part.height; y++)
      data.set(part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3), (y * 960 + left) * 3);
  };
  put(one, 0, 0.5);
  put(other, 480, 1);
  const faces = await analyzer.analyze({ width: 960, height: 480, data });
  assert.equal(faces.length, 2);
  assert.ok(faces[0]!.box.x > 480 && faces[1]!.box.x < 480);
  assert.ok(faces[0]!.quality.sizePx > faces[1]!.quality.sizePx);
  assert.equal(iou(faces[0]!.box, faces[1]!.box), 0);
});

const still = (value: (x: number, y: number) => number): RgbImage => ({
  width: 320,
  height: 180,
  data: Uint8Array.from({ length: 320 * 180 * 3 }, (_, i) =>
    value(Math.floor(i / 3) % 320, Math.floor(i / 960)),
  ),
});
test('where nobody is nobody is found, however long one looks', async () => {
  const empty = [
    still(() => 0),
    still(() => 255),
    still((x, y) => (x ^ y) & 255),
    still((x, y) => 128 + 100 * Math.sin(x / 9) * Math.cos(y / 7)),
    { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) },
    { width: 2000, height: 3, data: new Uint8Array(18_000) },
    await picture('ironman.jpg'),
  ];
  for (const image of empty)
    for (const exhaustive of [false, true])
      assert.deepEqual(await analyzer.analyze(image, { exhaustive }), []);
});

test('a crop is loose, at most 224 px, and holds the face where its landmarks say', async () => {
  const image = await picture('audrey.jpg');
  const face = await faceOf(image);
  const crop = await createFaceCrop(image, face, models.codec);
  assert.equal(Math.max(crop.width, crop.height), 224);
  const back = await models.codec.decode(crop.jpeg, 224);
  assert.deepEqual([back.width, back.height], [crop.width, crop.height]);
  const again = await faceOf(back);
  assert.ok(similarity(face.embedding, again.embedding) > 0.9);
  near(
    crop.landmarks.flatMap(({ x, y }) => [x, y]),
    again.landmarks.flatMap(({ x, y }) => [x, y]),
    4,
  );
});

test('a crop of a small face at the edge is not blown up, and black where the picture ends', async () => {
  const image = { width: 50, height: 50, data: new Uint8Array(7500).fill(200) };
  const point = { x: 5, y: 5 };
  const crop = await createFaceCrop(
    image,
    { box: { x: 0, y: 0, width: 20, height: 20 }, landmarks: [point, point, point, point, point] },
    models.codec,
  );
  assert.deepEqual([crop.width, crop.height], [36, 36]);
  assert.deepEqual(crop.landmarks[0], { x: 13, y: 13 });
  const { data } = await models.codec.decode(crop.jpeg, 224);
  assert.ok(data[0]! < 10 && data[(20 * 36 + 20) * 3]! > 190);
});

function near(found: readonly number[], wanted: readonly number[], tolerance: number): void {
  assert.equal(found.length, wanted.length);
  found.forEach((it, i) =>
    assert.ok(Math.abs(it - wanted[i]!) <= tolerance, `number ${i} is ${it} and not ${wanted[i]}`),
  );
}
