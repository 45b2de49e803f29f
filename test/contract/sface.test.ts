/** SFace as its publisher offers it: repaired, opened, and its embeddings of the test photographs. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { similarity } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import { fuse } from '../../core/packs/fusion.ts';
import { catalog, fusionOf, packOf } from '../../models/catalog/catalog.ts';
import { createFaceCrop } from '../../models/faces/crop.ts';
import type { Models } from '../../models/open.ts';
import { selfTest } from '../../tasks/setup/self-test.ts';
import { openTestModels, photograph, weightFolder } from '../fixtures/models.ts';

const SHARED = '../shared/assets/weights';
const pack = packOf(catalog, 'portable-2');
const [added] = pack.adds;
const skip = existsSync(path.join(SHARED, added!.embedder.file))
  ? false
  : `${added!.embedder.file} lies in ../shared, which is not here`;

const opened: Models[] = [];
after(async () => {
  for (const models of opened) await models.close();
});
const open = (engine: string): Models => {
  const models = openTestModels({
    pack,
    weightFolders: [weightFolder, SHARED],
    env: { STASH_SENSE_ENGINE: engine },
  });
  opened.push(models);
  return models;
};

const embed = async (models: Models, name: string): Promise<{ own: Embedding; second: Embedding }> => {
  const image = await models.codec.decode(photograph(name), 640);
  const [face] = await (await models.analyzer()).analyze(image);
  const crop = await createFaceCrop(image, face!, models.codec);
  const { sface } = await models.cropEmbedder.embed(crop);
  return { own: face!.embedding, second: sface! };
};

for (const engine of ['native', 'wasm'])
  test(`it passes the self-test on ${engine}`, { skip }, async () => {
    const result = await selfTest(await open(engine).engine(), [added!.embedder]);
    assert.deepEqual(result.wrongModels, []);
  });

test(
  'one man in two pictures is alike, others are not, and so says the fused embedding',
  { skip },
  async () => {
    const models = open('native');
    const names = ['franck_02221.jpg', 'franck_04000.jpg', 'audrey.jpg', 'cage.jpg'];
    const all: Awaited<ReturnType<typeof embed>>[] = [];
    for (const name of names) all.push(await embed(models, name));
    const fusion = fusionOf(pack)!;
    const fused = all.map(({ own, second }) => fuse(own, { sface: second }, fusion));
    assert.equal(fused[0]!.length, pack.dimensions);
    const [franck, again, ...others] = all;
    assert.ok(similarity(franck!.second, again!.second) > 0.6);
    for (const other of others) assert.ok(similarity(franck!.second, other.second) < 0.3);
    assert.ok(similarity(fused[0]!, fused[1]!) > 0.6);
    for (const other of fused.slice(2)) assert.ok(similarity(fused[0]!, other) < 0.3);
  },
);

test('both engines make the same of a crop', { skip }, async () => {
  const [one, other] = [open('native'), open('wasm')];
  const a = await embed(one, 'audrey.jpg');
  const b = await embed(other, 'audrey.jpg');
  assert.ok(similarity(a.second, b.second) > 0.999);
});
