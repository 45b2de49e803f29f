/** Packs of one id by several builders, and the ids of packs. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ReferencePacks } from '../../../core/ports/reference-packs.ts';
import { PACK_SCOPES } from '../../../core/reference-packs/build.ts';
import { ReferencePackId } from '../../../core/reference-packs/reference-pack.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { packIdOf } from '../../../tasks/reference-packs/build/pack-id.ts';
import { tempFolder } from '../../fakes/context.ts';
import { packEntries, referencePacksIn, writeReferencePack } from '../../fixtures/reference-packs.ts';

const LONG = 'a-name-that-is-longer-than-an-id-of-a-pack-can-be-by-far.example';
const ENDPOINTS = [
  'https://a.b.example/graphql',
  'https://a-b.example/graphql',
  'https://a.b-example/graphql',
  'https://a--b.example/graphql',
  'https://www.a.b.example/graphql',
  'https://a.b.example/graphql/',
  'https://a.b.example/box/graphql',
  'https://a.b.example/other/graphql',
  'https://a.b.example',
  'https://a.b.example:8443/graphql',
  'http://a.b.example/graphql',
  'http://127.0.0.1:9998/graphql',
  'http://127.0.0.1:9999/graphql',
  'http://[::1]:9999/graphql',
  `https://${LONG}/graphql`,
  `https://${LONG}.org/graphql`,
  `https://x.${LONG}/graphql`,
  `https://${LONG.replaceAll('-', '.')}/graphql`,
];

test('each scope of each stash-box has a pack of its own', () => {
  const ids = PACK_SCOPES.flatMap((scope) => ENDPOINTS.map((endpoint) => packIdOf(scope, endpoint)));
  assert.equal(new Set(ids).size, PACK_SCOPES.length * ENDPOINTS.length);
  for (const id of ids) assert.equal(ReferencePackId.parse(id), id);
  assert.equal(packIdOf('mine', 'https://stashdb.org/graphql'), 'mine-stashdb-org');
  assert.match(packIdOf('box', 'https://a-b.example/graphql'), /^box-a-b-example--[0-9a-f]{8}$/);
});

for (const id of ['box-stashdb-org', `box-${'long-'.repeat(12)}`.slice(0, 64).replace(/-$/, '')])
  test(`packs of the id ${id} by several builders lie side by side, and each is replaced by its own`, async (t) => {
    const [mine, hers, his] = [await builder(t), await builder(t), await builder(t)];
    for (const [n, { packs }] of [mine, hers, his].entries())
      await writeReferencePack(packs, packEntries(10 + n), { id });
    const [ofHers, ofHis] = [await handedOut(t, hers, id), await handedOut(t, his, id)];
    const { id: herId, people } = await mine.packs.install(ofHers);
    const { id: hisId } = await mine.packs.install(ofHis);
    assert.equal(people, 11);
    assert.equal(new Set([id, herId, hisId]).size, 3);
    assert.deepEqual(await sizes(mine), { [id]: [10, true], [herId]: [11, false], [hisId]: [12, false] });
    assert.equal((await mine.packs.open()).length, 3);

    await writeReferencePack(hers.packs, packEntries(20), { id, version: '2' });
    assert.equal((await mine.packs.install(await handedOut(t, hers, id))).id, herId);
    await writeReferencePack(mine.packs, packEntries(30), { id, version: '2' });
    assert.deepEqual(await sizes(mine), { [id]: [30, true], [herId]: [20, false], [hisId]: [12, false] });
  });

test('a pack that was there before one of that id is built here stays', async (t) => {
  const [mine, hers] = [await builder(t), await builder(t)];
  await writeReferencePack(hers.packs, packEntries(11), { id: 'box-a' });
  const { id } = await mine.packs.install(await handedOut(t, hers, 'box-a'));
  await writeReferencePack(mine.packs, packEntries(10), { id: 'box-a' });
  assert.deepEqual(await sizes(mine), { 'box-a': [10, true], [id]: [11, false] });
});

test('what comes back from somebody else is what was built here, and theirs is theirs in third hands', async (t) => {
  const [mine, hers, his] = [await builder(t), await builder(t), await builder(t)];
  await writeReferencePack(mine.packs, packEntries(10), { id: 'box-a' });
  const { id } = await hers.packs.install(await handedOut(t, mine, 'box-a'));
  assert.notEqual(id, 'box-a');
  const passedOn = await handedOut(t, hers, id);
  assert.equal((await his.packs.install(passedOn)).id, id);
  assert.equal((await mine.packs.install(passedOn)).id, 'box-a');
  assert.deepEqual(await sizes(mine), { 'box-a': [10, true] });
});

type Builder = { readonly packs: ReferencePacks };

/** With a data folder and a store of its own. */
async function builder(t: TestContext): Promise<Builder> {
  const folder = tempFolder(t);
  const store = await openStore({ folder });
  t.after(() => store.close());
  return { packs: referencePacksIn(folder, { store }).packs };
}

/** @returns the folder of a copy */
async function handedOut(t: TestContext, { packs }: Builder, id: string): Promise<string> {
  const folder = await packs.copyOut(id, path.join(tempFolder(t), 'out'));
  assert.ok(folder !== null);
  return folder;
}

async function sizes({ packs }: Builder): Promise<Record<string, [people: number, isBuiltHere: boolean]>> {
  const all = await packs.list();
  for (const { problem } of all) assert.equal(problem, null);
  return Object.fromEntries(
    all.map(({ id, manifest, isBuiltHere }) => [id, [manifest?.people ?? -1, isBuiltHere]]),
  );
}
