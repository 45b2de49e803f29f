/** `export-references`: what of a library is in the file, and what never is. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Embedding } from '../../../core/faces/face.ts';
import type { StoredReference } from '../../../core/ports/people.ts';
import { parseHead, parsePerson } from '../../../core/reference-packs/contributed/reference-file.ts';
import { shareableIds } from '../../../core/reference-packs/contributed/shareable-ids.ts';
import { similarity } from '../../../core/faces/embedding.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { referencePackOperations } from '../../../tasks/reference-packs/operations.ts';
import { exportReferences } from '../../../tasks/cli/packs/export-references.ts';
import { fakeContext, PACK, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { aPerformer, memoryStash } from '../../fakes/memory-stash.ts';
import { randomUnit, seeded } from '../../fixtures/random.ts';
import { boxId } from '../../fakes/memory-box.ts';

const STASHDB = 'https://stashdb.org/graphql';
const FANSDB = 'https://fansdb.cc/graphql';
const random = seeded(11);
const [PROFILE, CONFIRMED, SOLO, WITHDRAWN] = [1, 2, 3, 4].map(() => randomUnit(8, random));

test('profile pictures and confirmed faces that are in use are written, with stash-box ids and nothing else', async (t) => {
  const { context, file, add } = await opened(t);
  await add(
    1,
    [at(STASHDB, 1), at(FANSDB, 9)],
    [
      ref('profile', PROFILE!),
      ref('confirmed', CONFIRMED!),
      ref('image', SOLO!),
      ref('confirmed', WITHDRAWN!, { state: 'withdrawn', sourceKey: 'oshash:0123#0' }),
    ],
  );
  await add(2, [], [ref('confirmed', CONFIRMED!)]);
  await add(3, [at('http://192.168.1.5/graphql', 3)], [ref('profile', PROFILE!)]);
  await add(4, [at(STASHDB, 4)], [ref('image', SOLO!)]);
  const { code, text } = await exportReferences(context, file);
  assert.equal(code, 0);
  assert.match(
    text,
    /^1 face that you confirmed and 1 profile picture, of 1 performer, stand as numbers in /,
  );
  assert.match(text, /no picture, name, file, date or id of your library\. Nothing was sent anywhere/);
  assert.match(text, /2 performers have no id of a public stash-box, and are not in it\./);
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.deepEqual(parseHead(head!), { [PACK]: 8 });
  assert.equal(lines.length, 1);
  // The whole line is ids, qualities and vectors.
  assert.match(
    lines[0]!,
    /^\{"stashIds":\[\["[^"]+","[^"]+"\],\["[^"]+","[^"]+"\]\],"references":\[(?:\{"quality":[\d.]+,"vectors":\{"test-1":"[A-Za-z0-9+/=]+"\}\},?){2}\]\}$/,
  );
  const { stashIds, references } = parsePerson(lines[0]!, { [PACK]: 8 });
  assert.deepEqual(stashIds, [at(FANSDB, 9), at(STASHDB, 1)]);
  for (const vector of [PROFILE!, CONFIRMED!])
    assert.ok(references.some(({ embeddings }) => similarity(embeddings[PACK]!, vector) > 0.999));
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('the same people in another order, with other local ids and dates, give the same bytes', async (t) => {
  const people = [1, 2, 3, 4, 5].map((n) => ({
    ids: [at(STASHDB, n), at(FANSDB, 50 - n)],
    references: [ref('profile', randomUnit(8, random)), ref('confirmed', randomUnit(8, random))],
  }));
  const written: string[] = [];
  for (const order of [people, people.toReversed()]) {
    const { context, file, add } = await opened(t);
    for (const [n, { ids, references }] of order.entries())
      await add(
        100 + n,
        n % 2 === 0 ? ids : ids.toReversed(),
        n % 2 === 0 ? references : references.toReversed(),
      );
    await exportReferences(context, file);
    written.push(readFileSync(file, 'utf8'));
  }
  assert.equal(written[1], written[0]);
});

test('who is excluded, by another performer with the same id too, or opted out is never exported', async (t) => {
  const { context, file, add } = await opened(t, 'Performer 1 [1]');
  await add(1, [at(STASHDB, 1)], [ref('confirmed', CONFIRMED!)]);
  await add(2, [at(STASHDB, 1), at(FANSDB, 7)], [ref('confirmed', CONFIRMED!)]);
  await add(3, [at(STASHDB, 3)], [ref('confirmed', CONFIRMED!)]);
  mkdirSync(path.join(context.dataFolder, 'reference-packs'));
  writeFileSync(
    path.join(context.dataFolder, 'reference-packs', 'opted-out.txt'),
    `https://stashdb.org/performers/${boxId(3)}\n`,
  );
  const { code, text } = await exportReferences(context, file);
  assert.equal(code, 1);
  assert.match(text, /so nothing was written/);
  assert.throws(() => readFileSync(file));
});

test('a place that cannot be written is told in a sentence, and a link is not followed', async (t) => {
  const { context, file, add } = await opened(t);
  await add(1, [at(STASHDB, 1)], [ref('confirmed', CONFIRMED!)]);
  await assert.rejects(exportReferences(context, undefined), /needs --out FILE/);
  await assert.rejects(exportReferences(context, path.dirname(file)), /must be a file in a folder/);
  await assert.rejects(
    exportReferences(context, path.join(file, 'in', 'none')),
    /must be a file in a folder/,
  );
  for (const mine of ['', 'films I have\n', '{"format":"other"}\n']) {
    writeFileSync(file, mine);
    await assert.rejects(exportReferences(context, file), /is there already, and is no file of references/);
    assert.equal(readFileSync(file, 'utf8'), mine);
  }
  rmSync(file);
  for (const _ of [1, 2]) assert.equal((await exportReferences(context, file)).code, 0);
  rmSync(file);
  writeFileSync(`${file}.target`, 'kept');
  symlinkSync(`${file}.target`, file);
  await assert.rejects(exportReferences(context, file), /must be a file in a folder/);
  assert.equal(readFileSync(`${file}.target`, 'utf8'), 'kept');
});

test('from the page it goes into the data folder; clearing what was learnt of people, and leaving somebody out, takes it away', async (t) => {
  const { context, add } = await opened(t);
  const file = path.join(context.dataFolder, 'confirmed-references.jsonl');
  await add(1, [at(STASHDB, 1)], [ref('confirmed', CONFIRMED!), ref('profile', PROFILE!)]);
  for (const erase of [
    () => context.store.erase(['people']),
    async () => {
      await context.store.forget({ entities: [], performerIds: ['1'] });
      await context.store.scrub();
    },
  ]) {
    const { people, said } = await referencePackOperations['referencePacks.export'](context, {});
    assert.equal(people, 1);
    const text = said.map(inEnglish).join(' ');
    assert.ok(text.includes(file) && /Nothing was sent anywhere/.test(text), text);
    assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 2);
    await erase();
    assert.throws(() => readFileSync(file), /ENOENT/);
    await add(1, [at(STASHDB, 1)], [ref('confirmed', CONFIRMED!)]);
  }
});

test('only ids of public stash-boxes are shareable', () => {
  const known = ['stashdb.org', 'theporndb.net', 'fansdb.cc', 'pmvstash.org', 'javstash.org'];
  const all = known.map((host) => at(`https://${host}/graphql`, 1));
  assert.equal(shareableIds(all).length, all.length);
  const kept = shareableIds([
    at(STASHDB, 2),
    { endpoint: STASHDB, stashId: boxId(2).toUpperCase() },
    ...[
      'http://stashdb.org/graphql',
      'https://localhost/graphql',
      'https://nas.local/graphql',
      'https://box/graphql',
      'https://10.0.0.3:9998/graphql',
      'https://[fd00::1]/graphql',
      'https://me:secret@stashdb.org/graphql',
      'https://stashdb.org/graphql?key=secret',
      'https://stash.fritz.box/graphql',
      'https://box.corp/graphql',
      'https://stash.localdomain/graphql',
      'https://x.tail1234.ts.net/graphql',
      'https://me.duckdns.org/graphql',
      'https://nas.local./graphql',
      'https://stashdb.org.me.duckdns.org/graphql',
      'https://stashdb.org:9998/graphql',
      'nonsense',
    ].map((endpoint) => at(endpoint, 1)),
    { endpoint: FANSDB, stashId: '/home/me/films' },
  ]);
  assert.deepEqual(kept, [at(STASHDB, 2)]);
});

function at(endpoint: string, n: number) {
  return { endpoint, stashId: boxId(n) };
}

type Made = Pick<StoredReference, 'source' | 'embedding'> & Partial<StoredReference>;

function ref(
  source: StoredReference['source'],
  embedding: Embedding,
  more: Partial<StoredReference> = {},
): Made {
  return { source, embedding, ...more };
}

async function opened(
  t: TestContext,
  excludedPerformers = '',
): Promise<{
  context: FakeContext;
  file: string;
  add: (
    n: number,
    stashIds: { endpoint: string; stashId: string }[],
    references: readonly Made[],
  ) => Promise<void>;
}> {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { settings: { excludedPerformers } });
  return {
    context,
    file: path.join(tempFolder(t), 'mine.references.jsonl'),
    async add(n, stashIds, references) {
      const performer = aPerformer(n, { name: `Performer ${n}`, stashIds });
      stash.performers.set(String(n), performer);
      await context.store.people.putPerformer(performer);
      for (const [at_, reference] of references.entries())
        await context.store.people.putReference({
          performerId: String(n),
          sourceKey: reference.source === 'profile' ? 'profile' : `image:${at_}`,
          revision: `t=${n}`,
          contentHash: `${n}-${at_}`,
          packId: PACK,
          state: 'used',
          quality: 0.75,
          crop: null,
          ...reference,
        });
    },
  };
}
