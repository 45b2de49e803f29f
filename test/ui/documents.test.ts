/** What the page asks of Stash itself, against the schemas of real versions; and so for the stand-in page. */
import { buildSchema, parse, validate } from 'graphql';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as page from '../../ui/stash/documents.ts';

const SCHEMAS = '../shared/stash';
const VERSIONS = ['v0.28.1', 'v0.29.3', 'v0.30.1', 'develop-2026-01-11'];
const skip = existsSync(SCHEMAS) ? false : 'the schemas lie in ../shared, which is not here';

for (const version of VERSIONS)
  test(`what the page asks is valid for Stash ${version}`, { skip }, () => {
    // The one of the running develop build has deprecated required arguments, which the specification does not allow.
    const schema = buildSchema(readFileSync(`${SCHEMAS}/stash-${version}.graphql`, 'utf8'), {
      assumeValid: true,
    });
    const documents = [...Object.values(page), ...documentsIn('test/double-page/queries.ts')];
    assert.equal(documents.length, 26);
    for (const document of documents)
      assert.deepEqual(
        validate(schema, parse(document)).map(({ message }) => message),
        [],
        document,
      );
  });

function documentsIn(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/gql`([^`]*)`/g)].map(([, document = '']) => document);
}
