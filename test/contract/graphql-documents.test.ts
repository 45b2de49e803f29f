/** Every document we send, against the schemas of real versions of Stash. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, graphql, parse, validate, type GraphQLSchema } from 'graphql';
import { featuresOperation, readFeatures, type Features } from '../../plugin/stash/capabilities.ts';
import type { Operation } from '../../plugin/stash/operation.ts';
import { pluginDocuments } from '../../tools/generate/plugin-documents.ts';

const SCHEMAS = '../shared/stash';
const VERSIONS = ['v0.28.1', 'v0.29.3', 'v0.30.1', 'develop-2026-01-11'];
const skip = existsSync(SCHEMAS) ? false : 'the schemas lie in ../shared, which is not here';

for (const version of VERSIONS)
  test(
    `every document is valid for Stash ${version}, with what is asked of its features`,
    { skip },
    async () => {
      const schema = readSchema(version);
      const documents = allDocuments(await featuresOf(schema));
      assert.ok(documents.length > 20);
      for (const document of documents)
        assert.deepEqual(
          validate(schema, parse(document)).map((it) => it.message),
          [],
          document,
        );
    },
  );

test('files name their zip from 0.29 on, and only its id before', { skip }, async () => {
  const features = await Promise.all(VERSIONS.map((it) => featuresOf(readSchema(it))));
  assert.deepEqual(
    features.map((it) => it.zipFile),
    [false, true, true, true],
  );
});

/** The one of the running develop build has deprecated required arguments, which the specification does not allow. */
function readSchema(version: string): GraphQLSchema {
  return buildSchema(readFileSync(`${SCHEMAS}/stash-${version}.graphql`, 'utf8'), { assumeValid: true });
}

async function featuresOf(schema: GraphQLSchema): Promise<Features> {
  const { data } = await graphql({ schema, source: featuresOperation.document });
  return await readFeatures({
    query: async <Answer>({ answer }: Pick<Operation<Answer>, 'answer'>, ..._none: readonly unknown[]) =>
      answer.parse(structuredClone(data)),
  });
}

function allDocuments(features: Features): string[] {
  return [...pluginDocuments(features).values()];
}
