/** The sample pack that is handed out, built with the real weights. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { openWeights } from '../../../tools/data-packages.ts';
import { idFor, PORTRAYED } from '../../double/stash-box/portraits.ts';
import { tempFolder } from '../../fakes/context.ts';
import { referencePacksIn } from '../../fixtures/reference-packs.ts';
import { buildSamplePack, SAMPLE_PACK_ID } from '../../demo/sample-pack.ts';

const AT = Date.parse('2026-05-06T07:08:10Z');

test('the sample pack has the same bytes each time, is small, and is installed as any other', async (t) => {
  const weights = await openWeights();
  const [first, second] = [tempFolder(t), tempFolder(t)];
  for (const out of [first, second]) await buildSamplePack({ out, at: AT, weights });
  const names = readdirSync(path.join(first, SAMPLE_PACK_ID)).toSorted();
  assert.equal(names.length, 3);
  let total = 0;
  for (const name of names) {
    const bytes = readFileSync(path.join(first, SAMPLE_PACK_ID, name));
    assert.ok(bytes.equals(readFileSync(path.join(second, SAMPLE_PACK_ID, name))), name);
    total += bytes.length;
  }
  assert.ok(total < 20_000, `${total} bytes`);

  const { packs } = referencePacksIn(tempFolder(t), { facePack: packInUse.id });
  const manifest = await packs.install(path.join(first, SAMPLE_PACK_ID));
  assert.deepEqual(
    [manifest.id, manifest.name, manifest.people, manifest.builtAt],
    [SAMPLE_PACK_ID, 'Sample: six public figures', PORTRAYED.length, '2026-05-06T07:08:10.000Z'],
  );
  assert.doesNotMatch(manifest.licenseNote, /\.invalid/);
  for (const { name } of PORTRAYED)
    assert.equal((await packs.person(SAMPLE_PACK_ID, idFor(name)))?.name, name);
});
