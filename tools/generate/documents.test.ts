import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse, print } from 'graphql';
import { GENERATED, missingSchemas } from './documents.ts';
import { mergeDocuments } from './merge-documents.ts';

const skip = missingSchemas() === null ? false : 'the schemas lie in ../shared, which is not here';

for (const [file, make] of Object.entries(GENERATED))
  test(`${file} is what the schemas and the documents of today make`, { skip }, async () => {
    assert.equal(readFileSync(file, 'utf8'), await make(), 'run `npm run generate`');
  });

test('what not all documents select is optional in the one made of them', () => {
  const documents = ['{ a { b c c } ... on D { e } }', '{ a { b f } ... on D { e g { h } } }'].map((text) =>
    parse(text),
  );
  const expected = `{
    a { b c @include(if: $isThere) c @include(if: $isThere) f @include(if: $isThere) }
    ... on D { e g @include(if: $isThere) { h } }
  }`;
  assert.equal(print(mergeDocuments(documents)), print(parse(expected)));
});
