import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, coerceInputValue, isInputType } from 'graphql';
import { toSceneFilter } from './saved-filter.ts';

/** As the page saves them (Stash: makeSavedFilter), and what the page then asks the server for (makeFilter). */
const CASES: readonly (readonly [string, unknown, unknown])[] = [
  ['title', { modifier: 'INCLUDES', value: 'beach' }, { modifier: 'INCLUDES', value: 'beach' }],
  ['path', { modifier: 'IS_NULL' }, { modifier: 'IS_NULL', value: '' }],
  ['organized', { modifier: 'EQUALS', value: 'true' }, true],
  ['interactive', { modifier: 'EQUALS', value: 'false' }, false],
  ['has_markers', { modifier: 'EQUALS', value: 'false' }, 'false'],
  ['is_missing', { modifier: 'EQUALS', value: 'performers' }, 'performers'],
  ['duplicated', { modifier: 'EQUALS', value: 'true' }, { duplicated: true }],
  ['rating100', { modifier: 'GREATER_THAN', value: { value: 60 } }, { modifier: 'GREATER_THAN', value: 60 }],
  [
    'duration',
    { modifier: 'BETWEEN', value: { value: 60, value2: 600 } },
    { modifier: 'BETWEEN', value: 60, value2: 600 },
  ],
  ['file_count', { modifier: 'EQUALS', value: 2 }, { modifier: 'EQUALS', value: 2 }],
  [
    'date',
    { modifier: 'LESS_THAN', value: { value: '2020-01-01' } },
    { modifier: 'LESS_THAN', value: '2020-01-01' },
  ],
  ['last_played_at', { modifier: 'IS_NULL', value: { value: '' } }, { modifier: 'IS_NULL', value: '' }],
  ['rating100', { modifier: 'NOT_NULL' }, { modifier: 'NOT_NULL', value: 0 }],
  [
    'created_at',
    { modifier: 'BETWEEN', value: { value: '2024-01-01 10:00', value2: '2024-02-01' } },
    { modifier: 'BETWEEN', value: '2024-01-01T10:00', value2: '2024-02-01' },
  ],
  [
    'tags',
    {
      modifier: 'INCLUDES_ALL',
      value: { items: [{ id: '3', label: 'a' }], excluded: [{ id: '4', label: 'b' }], depth: -1 },
    },
    { modifier: 'INCLUDES_ALL', value: ['3'], excludes: ['4'], depth: -1 },
  ],
  [
    'tags',
    { modifier: 'EQUALS', value: { items: [{ id: '3' }], excluded: [], depth: 2 } },
    { modifier: 'EQUALS', value: ['3'], excludes: [], depth: 0 },
  ],
  [
    'studios',
    { modifier: 'EXCLUDES', value: { items: [{ id: '3' }], depth: 0 } },
    { modifier: 'INCLUDES', value: [], excludes: ['3'], depth: 0 },
  ],
  [
    'performers',
    { modifier: 'INCLUDES', value: [{ id: '5' }] },
    { modifier: 'INCLUDES', value: ['5'], excludes: [] },
  ],
  [
    'performers',
    { modifier: 'IS_NULL', value: { items: [], excluded: [] } },
    { modifier: 'IS_NULL', value: [], excludes: [] },
  ],
  [
    'galleries',
    { modifier: 'INCLUDES', value: [{ id: '5' }] },
    { modifier: 'INCLUDES', value: ['5'], excludes: [] },
  ],
  [
    'stash_id_endpoint',
    { modifier: 'NOT_NULL', value: { endpoint: 'https://box', stashID: '' } },
    { modifier: 'NOT_NULL', endpoint: 'https://box', stash_id: '' },
  ],
  [
    'phash_distance',
    { modifier: 'EQUALS', value: { value: 'ff', distance: 4 } },
    { modifier: 'EQUALS', value: 'ff', distance: 4 },
  ],
  [
    'resolution',
    { modifier: 'GREATER_THAN', value: '720p' },
    { modifier: 'GREATER_THAN', value: 'STANDARD_HD' },
  ],
  ['orientation', { modifier: 'EQUALS', value: ['Portrait', 'Square'] }, { value: ['PORTRAIT', 'SQUARE'] }],
];

for (const [type, saved, expected] of CASES)
  test(`saved criterion ${type} ${JSON.stringify(saved)}`, () => {
    assert.deepEqual(toSceneFilter('Mine', { [type]: saved }), { [type]: expected });
  });

test('what was called movies is called groups', () => {
  assert.deepEqual(toSceneFilter('Mine', { movies: { modifier: 'NOT_NULL', value: { items: [] } } }), {
    groups: { modifier: 'NOT_NULL', value: [], excludes: [], depth: 0 },
  });
});

test('an unknown criterion is named, and nothing is left out in silence', () => {
  assert.throws(
    () => toSceneFilter('Mine', { organized: { value: 'true' }, captions: { value: 'English' } }),
    {
      code: 'bad-input',
      message:
        'The saved filter "Mine" uses the criterion "captions", which Stash Sense does not know: choose a filter without it.',
    },
  );
  assert.throws(() => toSceneFilter('Mine', { constructor: {} }), /"constructor"/);
});

test('a value that cannot be read is said with its criterion', () => {
  for (const [type, value] of [
    ['rating100', { value: { value: 'five' } }],
    ['resolution', { value: '9p' }],
    ['tags', 'all'],
    ['created_at', { value: { value: 'yesterday' } }],
  ] as const)
    assert.throws(
      () => toSceneFilter('Mine', { [type]: value }),
      new RegExp(`criterion "${type}".*save it again`),
    );
});

const SCHEMA = '../shared/stash/stash-v0.28.1.graphql';
test(
  'the server takes every translated criterion',
  { skip: existsSync(SCHEMA) ? false : 'the schemas lie in ../shared, which is not here' },
  () => {
    const type = buildSchema(readFileSync(SCHEMA, 'utf8')).getType('SceneFilterType');
    assert.ok(type && isInputType(type));
    for (const [name, saved] of CASES) coerceInputValue(toSceneFilter('Mine', { [name]: saved }), type);
  },
);
