/** Lists of who opted out: the user's own, and one of each publisher. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { PackChannel, ReferencePacks } from '../../../core/ports/reference-packs.ts';
import { NO_OPT_OUTS, parseOptOuts, type OptOuts } from '../../../core/reference-packs/left-out/opt-outs.ts';
import { PACK_INDEX } from '../../../core/reference-packs/pack-index.ts';
import { createPackChannel } from '../../../plugin/reference-packs/channel/pack-channel.ts';
import { publishPacks } from '../../../plugin/reference-packs/publish/publish.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { tempFolder } from '../../fakes/context.ts';
import { packEntries, referencePacksIn, uuid, writeReferencePack } from '../../fixtures/reference-packs.ts';
import { numbers } from '../../fixtures/sweep.ts';
import { ID, isSentence, USING } from './published.ts';

const PEOPLE = 60;

test('who opted out at one publisher is found in no pack while another one is asked, and is found when nobody names them any more', async (t) => {
  const { packs, channelOf } = await opened(t);
  const [one, other] = [await publisher(t), await publisher(t)];
  await one.publish(parseOptOuts(uuid(5)));
  await other.publish(parseOptOuts(`https://stashdb.org/performers/${uuid(6)}`));
  await channelOf(one).check();
  assert.deepEqual(await foundIn(packs, 5, 6, 7), [6, 7]);
  const revision = await packs.revision();
  await channelOf(other).check();
  assert.deepEqual(await foundIn(packs, 5, 6, 7), [7]);
  assert.equal((await packs.open())[0]?.vectors.size, PEOPLE - 2);
  assert.notEqual(await packs.revision(), revision);
  await other.publish(NO_OPT_OUTS);
  await channelOf(other).check();
  assert.deepEqual(await foundIn(packs, 5, 6, 7), [6, 7]);
  await one.publish(NO_OPT_OUTS);
  await channelOf(one).check();
  assert.deepEqual(await foundIn(packs, 5, 6, 7), [5, 6, 7]);
});

test('a list of a hundred thousand people is fetched, kept in place of nothing else, and holds; the same list is not fetched twice', async (t) => {
  const { dataFolder, packs, channelOf } = await opened(t);
  const site = await publisher(t);
  const lines = numbers(100_000).map((n) => `https://stashdb.org/performers/${uuid(n + 50)}\n`);
  const parts = [lines.slice(0, 60_000).join(''), lines.slice(60_000).join('')];
  await site.publish(NO_OPT_OUTS);
  site.listAs(...parts);
  await channelOf(site).check();
  assert.deepEqual(await foundIn(packs, 48, 49, 50, 51, 60), [48, 49]);
  assert.equal((await packs.open())[0]?.vectors.size, 49);
  site.remove(/^list-/);
  await channelOf(site).check();
  // One's own may be as long.
  writeFileSync(
    path.join(dataFolder, 'reference-packs/opted-out.txt'),
    parts.join('').replaceAll(uuid(50), uuid(1)),
  );
  assert.deepEqual(await foundIn(packs, 1, 2, 49, 50), [2, 49]);
});

test('a list with which all lists would be too long to be read is refused, and packs stay in use', async (t) => {
  const { dataFolder, packs, channelOf } = await opened(t);
  const own = numbers(399_950).map((n) => `${uuid(n + 1000)}\n`);
  writeFileSync(path.join(dataFolder, 'reference-packs/opted-out.txt'), own.join('') + uuid(1));
  const site = await publisher(t);
  await site.publish(
    parseOptOuts(
      numbers(100)
        .map((n) => uuid(n + 2))
        .join('\n'),
    ),
  );
  await assert.rejects(
    channelOf(site).check(),
    isSentence(/cannot be used \(it names more than 400,000 people\)/),
  );
  assert.deepEqual(await foundIn(packs, 1, 5, 6), [5, 6]);
});

test('a list that is spoilt is refused in a sentence, and the one that was kept stays', async (t) => {
  const { packs, channelOf } = await opened(t);
  const site = await publisher(t);
  await site.publish(parseOptOuts(uuid(5)));
  await channelOf(site).check();
  for (const [what, spoil, words] of [
    ['is not there', () => site.remove(/^list-/), /cannot be used \(it is not there\): nothing is fetched/],
    ['is another one', () => site.write('list-0.txt', 'x'.repeat(50)), /cannot be used \(it is not what/],
    ['goes on', () => site.write('list-0.txt', 'x'.repeat(51)), /it goes on after the 50 bytes/],
    ['is too long', () => site.claim(500e6), /cannot be used \(it has more than the 32 MB that are read\)/],
  ] as const) {
    site.listAs('y'.repeat(50));
    spoil();
    await assert.rejects(channelOf(site).check(), isSentence(words), what);
    assert.deepEqual(await foundIn(packs, 5, 6), [6], what);
  }
});

test('lines that are endless or name nothing stop nobody', async (t) => {
  const { dataFolder, packs } = await opened(t);
  const list = ['/'.repeat(3e6), ' '.repeat(3e6), `${uuid(5)} ${'#'.repeat(3e6)}`, '', uuid(6)].join('\n');
  writeFileSync(path.join(dataFolder, 'reference-packs/opted-out.txt'), list);
  assert.deepEqual(await foundIn(packs, 5, 6, 7), [5, 7]);
});

/** Of these people of the pack. */
async function foundIn(packs: ReferencePacks, ...people: readonly number[]): Promise<number[]> {
  const found = await Promise.all(people.map((n) => packs.person(ID, uuid(n))));
  return people.filter((_, n) => found[n] !== null);
}

/** Somebody with a pack, who looks for others at any publisher. */
async function opened(t: TestContext) {
  const dataFolder = tempFolder(t);
  const store = await openStore({ folder: dataFolder });
  t.after(() => store.close());
  const { packs } = referencePacksIn(dataFolder);
  await writeReferencePack(packs, packEntries(PEOPLE), { id: ID });
  const channelOf = ({ out }: { out: string }): PackChannel =>
    createPackChannel({
      dataFolder,
      owner: '0@nowhere',
      using: USING,
      store,
      log: { warn: () => undefined },
      setting: out,
      artifactsSetting: '',
      pluginDir: dataFolder,
      options: { retryDelaysMs: [] },
    });
  return { dataFolder, packs, channelOf };
}

/** Publishes a pack, and who opted out. */
async function publisher(t: TestContext) {
  const root = tempFolder(t);
  const out = path.join(root, 'site');
  const { packs } = referencePacksIn(root);
  const manifest = await writeReferencePack(packs, packEntries(3), { id: 'few-people' });
  mkdirSync(out);
  const file = path.join(out, PACK_INDEX);
  const change = (optOuts: unknown): void =>
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readIndex()) as object), optOuts }));
  const readIndex = (): string => readFileSync(file, 'utf8');
  return {
    out,
    publish: async (optOuts: OptOuts) =>
      await publishPacks({
        out,
        packs: [{ folder: path.join(root, 'reference-packs/few-people'), manifest }],
        optOuts,
        version: USING.version,
      }),
    /** Lets the index name a list in these parts. */
    listAs(...texts: readonly string[]): void {
      const parts = texts.map((text, n) => ({
        name: `list-${n}.txt`,
        bytes: text.length,
        sha256: sha256(text),
      }));
      for (const [n, { name }] of parts.entries()) writeFileSync(path.join(out, name), texts[n]!);
      const text = texts.join('');
      change({ bytes: text.length, sha256: sha256(text), parts });
    },
    claim: (bytes: number) =>
      change({ bytes, sha256: sha256(''), parts: [{ name: 'list-0.txt', bytes, sha256: sha256('') }] }),
    write: (name: string, text: string) => writeFileSync(path.join(out, name), text),
    remove(names: RegExp): void {
      for (const name of readdirSync(out)) if (names.test(name)) rmSync(path.join(out, name));
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
