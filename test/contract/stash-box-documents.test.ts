/** Every document we send to a stash-box, against the schema of a real one and what other versions have of it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildASTSchema, buildSchema, graphql, parse, validate, visit, type GraphQLSchema } from 'graphql';
import * as documents from '../../plugin/stash-box/questions/documents.ts';
import {
  EVERYTHING,
  featuresQuestion,
  LEAST,
  type Features,
  STUDIOS,
} from '../../plugin/stash-box/questions/features.ts';
import { openedBox } from './opened-box.ts';

const FILE = '../shared/stash/stash-box.graphql';
const skip = existsSync(FILE) ? false : 'the schema lies in ../shared, which is not here';

function realSchema(): GraphQLSchema {
  return buildSchema(readFileSync(FILE, 'utf8'), { assumeValid: true });
}

function documentsOf(features: Features): string[] {
  return [
    documents.ME,
    featuresQuestion.document,
    documents.performersDocument(features, 1),
    documents.performersDocument(features, 50),
    documents.castDocument(25),
    features.performer.has(STUDIOS) ? documents.studiosDocument(25) : documents.NOTHING,
    documents.pageDocument(features),
    documents.scenesDocument(features),
    documents.scenesOfDocument(features),
    documents.searchScenesDocument(features, 10, 10),
    documents.sceneStatesDocument(features, 1),
    documents.sceneStatesDocument(features, 50),
    documents.sceneMergesDocument(25),
    documents.sceneProfilesDocument(features, 1),
    documents.sceneProfilesDocument(features, 10),
    documents.searchDocument(features, 1, 25),
    documents.searchDocument(features, 25, 10),
    documents.editsDocument,
    documents.NOTHING,
  ];
}

async function featuresOf(schema: GraphQLSchema): Promise<Features> {
  const { data } = await graphql({ schema, source: featuresQuestion.document });
  return featuresQuestion.read({ status: 200, data, errors: [] });
}

const problemsIn = (schema: GraphQLSchema, document: string): string[] =>
  validate(schema, parse(document)).map((error) => error.message);

test('v0.10.2 is asked for all that is read of a performer', { skip }, async () => {
  const schema = realSchema();
  const features = await featuresOf(schema);
  for (const field of EVERYTHING.performer) assert.ok(features.performer.has(field), field);
  for (const field of EVERYTHING.scene) assert.ok(features.scene.has(field), field);
  for (const some of [features, EVERYTHING, LEAST])
    assert.deepEqual(
      documentsOf(some).flatMap((document) => problemsIn(schema, document)),
      [],
    );
});

test('a version without any one field of a performer is asked for the others', { skip }, async () => {
  const whole = parse(readFileSync(FILE, 'utf8'));
  for (const field of EVERYTHING.performer) {
    if (field === 'id' || field === 'name') continue;
    const schema = buildASTSchema(
      visit(whole, {
        ObjectTypeDefinition: (type) =>
          type.name.value === 'Performer'
            ? { ...type, fields: type.fields?.filter(({ name }) => name.value !== field) }
            : undefined,
      }),
      { assumeValid: true },
    );
    const features = await featuresOf(schema);
    assert.equal(features.performer.has(field), false);
    assert.deepEqual(
      documentsOf(features).flatMap((document) => problemsIn(schema, document)),
      [],
      field,
    );
  }
});

test('what is really sent is valid too, with its variables', { skip }, async (t) => {
  const { client, double } = await openedBox(t);
  const ids = Array.from({ length: 30 }, () => double.data.addPerformer({ name: 'Ada' }).id);
  await client.me();
  await client.performers(ids);
  await client.castOf([double.data.addScene({}).id]);
  await client.appearancesIn([double.data.addScene({}).id]);
  await client.sceneProfiles([double.data.addScene({}).id]);
  await client.studiosOf(ids);
  await client.sceneStates([double.data.addScene({}).id]);
  await client.sceneMerges([double.data.addScene({}).id]);
  await client.search(['Ada', 'Ada Lovelace']);
  await client.scenesOf(ids[0]!);
  await client.scenesByText(['A film']);
  await client.scenesByFingerprints([[{ algorithm: 'OSHASH', hash: 'ff' }], []]);
  await client.changedSince(0, null);
  await client.performerEdits(0);
  await client.performersPage(1, 'updated', { studioId: double.data.addStudio({ name: 'Reels' }).id });
  const schema = realSchema();
  assert.ok(double.calls.length >= 9);
  for (const { query } of double.calls) assert.deepEqual(problemsIn(schema, query), []);
});
