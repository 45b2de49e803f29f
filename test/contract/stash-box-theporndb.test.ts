/** A box that has no more than what Stash asks of one, which is all that is known of ThePornDB's. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { hasCode } from '../../core/errors.ts';
import { EVERYTHING, LEAST, lacksOf } from '../../plugin/stash-box/questions/features.ts';
import { readBoxSchema } from '../double/stash-box/schema.ts';
import { ASKED_BY_STASH, asThePornDb } from '../double/stash-box/theporndb.ts';
import { openedBox } from './opened-box.ts';

const SHARED = '../shared/stash';
const skip = existsSync(SHARED) ? false : 'the captures lie in ../shared, which is not here';
const OLDER = readBoxSchema('v0.7.0');
const REDUCED = buildSchema(asThePornDb(OLDER));

/** Documents of Stash that a real box has answered. */
function documentsOfStash(): string[] {
  const files = [
    'auth',
    'performer-find',
    'performer-search',
    'scene-fingerprints',
    'scene',
    'studio-tag-site',
  ];
  return files.flatMap((file) => {
    const text = readFileSync(`${SHARED}/captures/stash-box/${file}.json`, 'utf8');
    const { exchanges } = JSON.parse(text) as {
      exchanges: { name: string; request: { body?: { query?: string } } }[];
    };
    const asked = exchanges.filter(({ name }) => name.includes('as Stash asks it'));
    return asked.flatMap(({ request }) => request.body?.query ?? []);
  });
}

test('the double has each field that Stash asks for, and no other', { skip }, () => {
  const real = buildSchema(readFileSync(`${SHARED}/stash-box.graphql`, 'utf8'), { assumeValid: true });
  const had = buildSchema(OLDER);
  const asked = new Set<string>();
  const documents = documentsOfStash();
  assert.ok(documents.length >= 7, `${documents.length}`);
  for (const document of documents) {
    const info = new TypeInfo(real);
    const note = (): void => {
      const field = info.getFieldDef()?.name ?? '';
      const owner = info.getParentType()?.name ?? '';
      const type = had.getType(owner);
      if (type !== undefined && 'getFields' in type && field in type.getFields())
        asked.add(`${owner}.${field}`);
    };
    visit(parse(document), visitWithTypeInfo(info, { Field: note }));
  }
  const kept = Object.entries(ASKED_BY_STASH).flatMap(([type, fields]) =>
    fields.map((field) => `${type}.${field}`),
  );
  assert.deepEqual(kept.toSorted(), [...asked].toSorted());
});

test('whatever it is asked it understands at once, and answers', async (t) => {
  const { client, double } = await openedBox(t, { isThePornDb: true, version: 'v0.7.0' });
  const ada = double.data.addPerformer({ name: 'Ada', birth_date: '1815-12-10', death_date: '1852-11' });
  const gone = double.data.addPerformer({ name: 'Ada before' });
  double.data.merge([gone.id], ada.id);
  const hash = { hash: '00000000000000ff', algorithm: 'OSHASH', duration: 60, submissions: 2, reports: 0 };
  const scene = double.data.addScene({
    release_date: '2020-02-03',
    performers: [{ id: ada.id, as: null }],
    fingerprints: [hash],
  });

  assert.equal((await client.me()).name, 'reader');
  const found = await client.performers([ada.id, gone.id]);
  const known = found.get(ada.id);
  assert.deepEqual([known?.birthDate, known?.deathDate, known?.updatedAt], ['1815-12-10', '1852-11', 0]);
  assert.equal(found.get(gone.id)?.mergedIntoId, ada.id);
  assert.deepEqual(
    (await client.search(['Ada'])).get('Ada')?.map(({ id }) => id),
    [ada.id],
  );
  assert.deepEqual((await client.castOf([scene.id])).get(scene.id), [ada.id]);
  assert.equal((await client.appearancesIn([scene.id])).get(scene.id)?.[0]?.performer?.name, 'Ada');
  const [scenes] = await client.scenesByFingerprints([[{ algorithm: 'OSHASH', hash: 'ff' }]]);
  assert.equal(scenes?.[0]?.date, '2020-02-03');
  assert.deepEqual(scenes[0]?.fingerprints, [
    { algorithm: 'OSHASH', hash: '00000000000000ff', seconds: 60, submissions: 1, reports: 0 },
  ]);

  assert.deepEqual([...(await client.lacks())].toSorted(), ['changes', 'list']);
  assert.equal(await client.performerEdits(0), null);
  // Nothing is sent that it would refuse.
  const asked = double.requests.length;
  for (const ask of [() => client.performersPage(1, 'updated'), () => client.changedSince(0, null)])
    await assert.rejects(
      ask(),
      (error: Error) => hasCode(error, 'bad-input') && /^The box .+\.$/.test(error.message),
    );
  assert.equal(double.requests.length, asked);
  assert.equal(double.calls.length, double.requests.length, 'none was refused');
  for (const { query } of double.calls) assert.deepEqual(validate(REDUCED, parse(query)), []);
});

test('what a box lacks is told by its schema alone', async (t) => {
  const { client } = await openedBox(t, {});
  assert.deepEqual([...(await client.lacks())], []);
  const performer = new Set([...EVERYTHING.performer].filter((name) => name !== 'updated'));
  assert.deepEqual([...lacksOf({ ...EVERYTHING, performer })], ['changes']);
  for (const known of [EVERYTHING, LEAST]) assert.deepEqual([...lacksOf(known)], []);
  const { client: other } = await openedBox(t, { lacks: ['queryPerformers'] });
  assert.deepEqual([...(await other.lacks())].toSorted(), ['changes', 'list']);
});
