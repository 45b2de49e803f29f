import assert from 'node:assert/strict';
import { test } from 'node:test';
import { similarity, toUnit } from '../../faces/embedding.ts';
import type { Embedding } from '../../faces/face.ts';
import { fuse } from '../../packs/fusion.ts';
import { headLine, parseHead, parsePerson, partsOf, personLine } from './reference-file.ts';

const unit = (...values: number[]): Embedding => toUnit(Float32Array.from(values))!;
const PERSON = {
  stashIds: [{ endpoint: 'https://stashdb.org/graphql', stashId: 'a-1' }],
  references: [
    { quality: 0.5, embeddings: { 'see-1': unit(1, 2, 3), 'add-1': unit(3, -1) } },
    { quality: 0.9, embeddings: { 'see-1': unit(-1, 0, 3) } },
  ],
};
const DIMENSIONS = { 'see-1': 3, 'add-1': 2 };

test('a fused embedding is taken apart into those of its embedders, and what is missing stays missing', () => {
  const adds = [
    { embedder: 'add-1', dimensions: 2, share: 0.3 },
    { embedder: 'add-2', dimensions: 3, share: 0.2 },
  ];
  const own = unit(1, 2, 3);
  const added = unit(3, -1);
  const parts = partsOf(fuse(own, { 'add-1': added }, { adds }), { packId: 'see-1', adds });
  assert.deepEqual(Object.keys(parts), ['see-1', 'add-1']);
  assert.ok(similarity(parts['see-1']!, own) > 0.9999 && similarity(parts['add-1']!, added) > 0.9999);
});

test('what is written is read back, and the order of what is written does not matter', () => {
  const line = personLine(PERSON);
  const read = parsePerson(line, parseHead(headLine(DIMENSIONS)));
  assert.equal(personLine(read), line);
  assert.equal(
    personLine({ ...PERSON, references: [...PERSON.references, ...PERSON.references].toReversed() }),
    line,
  );
  assert.deepEqual(read.stashIds, PERSON.stashIds);
});

const line = personLine(PERSON);
for (const [what, text] of [
  ['no JSON', line.slice(1)],
  ['a field that is not known', line.replace('{"stashIds"', '{"name":"somebody","stashIds"')],
  ['no id', line.replace(/"stashIds":\[.*?\]\]/, '"stashIds":[]')],
  ['an endpoint that is none', line.replace('https://stashdb.org/graphql', 'stashdb')],
  ['control characters', line.replace('"a-1"', '"a\\u001b1"')],
  ['a quality out of range', line.replace('0.5', '1.5')],
  ['an embedder that the head does not name', line.replaceAll('add-1', 'add-3')],
  ['a name of the prototype', line.replaceAll('add-1', 'constructor')],
  ['a vector of other dimensions', line.replace(/"add-1":"[^"]*"/, '"add-1":"AAAA"')],
  ['a vector of zeros', line.replace(/"add-1":"[^"]*"/, '"add-1":"AAA="')],
  ['a vector that is not scaled', line.replace(/"add-1":"[^"]*"/, '"add-1":"AQI="')],
  ['no base64', line.replace(/"add-1":"[^"]*"/, '"add-1":"!!!="')],
  [
    'too many references',
    JSON.stringify({
      ...(JSON.parse(line) as object),
      references: Array.from({ length: 65 }, () => ({ quality: 1, vectors: {} })),
    }),
  ],
] as const)
  test(`a line with ${what} is refused`, () => {
    assert.notEqual(text, line);
    assert.throws(() => parsePerson(text, DIMENSIONS), /^SaidError|Error: (?:is no person|has a vector)/);
  });

test('a first line that is none, or of a newer version, is refused', () => {
  const head = headLine(DIMENSIONS);
  for (const text of ['', '{}', line, head.replace('3', '100000'), head.replace('stash-sense', 'other')])
    assert.throws(() => parseHead(text), /is not the first line of a file of references/);
  assert.throws(() => parseHead(head.replace('"version":1', '"version":2')), /newer version/);
});
