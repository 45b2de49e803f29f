import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openStore } from '../../plugin/store/store.ts';
import { crop, look } from '../contract/store-samples.ts';

const SCENES = 300;
const PERSONS = 2;
const CROPS_PER_PERSON = 4;
/** What a crop of 224 px weighs at quality 85: the mean of 62 faces of photographs. */
const CROP_BYTES = 6_442;

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-size-'));
after(() => rmSync(root, { recursive: true }));

test('crops take little more room than their pictures, also after every scene was looked at again', async (t) => {
  const store = await openStore({ folder: root });
  for (const round of [1, 2])
    for (let scene = 0; scene < SCENES; scene++) {
      const crops = Array.from({ length: PERSONS * CROPS_PER_PERSON }, (_, i) => ({
        ...crop(CROP_BYTES + round),
        personKey: Math.floor(i / CROPS_PER_PERSON),
        rank: i % CROPS_PER_PERSON,
        timeMs: i,
      }));
      await store.observations.put({ ...look(scene, { persons: PERSONS }), crops });
    }
  const { observations, cropBytes } = await store.observations.size();
  await store.close();
  const reopened = await openStore({ folder: root });
  const sizes = await reopened.sizes();
  await reopened.close();
  assert.equal(observations, SCENES);
  assert(sizes.cropBytes / cropBytes < 1.15, `${sizes.cropBytes} bytes for ${cropBytes}`);
  const perThousand = (bytes: number) => `${((bytes / SCENES) * 1e-3).toFixed(1)} MB`;
  t.diagnostic(
    `1 000 scenes of ${PERSONS} persons: crops ${perThousand(sizes.cropBytes)}, all else ${perThousand(sizes.databaseBytes)}`,
  );
});
