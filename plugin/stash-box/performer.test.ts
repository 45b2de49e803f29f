import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpoint } from './endpoint.ts';
import { toPerformer } from './performer.ts';

const ENDPOINT = parseEndpoint('https://box.example/graphql', 'box');
const ID = '01a20a66-bf38-7d89-86c2-8552c7a767b5';
const ROW = { id: ID, name: 'Ada', updated: '2026-11-23T21:53:45.15093Z' };
const read = (row: unknown) => toPerformer(row, ENDPOINT);

test('fields that a version does not have are empty', () => {
  const { images, aliases, urls, tattoos, deleted, birthDate, mergedIds } = read(ROW)!;
  assert.deepEqual(
    { images, aliases, urls, tattoos, deleted, birthDate, mergedIds },
    { images: [], aliases: [], urls: [], tattoos: [], deleted: false, birthDate: null, mergedIds: [] },
  );
});

test('a version that does not say into whom somebody was merged is told from one that was merged into nobody', () => {
  assert.equal(read(ROW)?.hidesMerges, true);
  assert.equal('hidesMerges' in read({ ...ROW, merged_into_id: null })!, false);
});

for (const [why, row] of Object.entries({
  'no object': 'Ada',
  nothing: null,
  'without an id': { ...ROW, id: undefined },
  'with an id that is none': { ...ROW, id: '../../etc/passwd' },
  'without a name': { ...ROW, name: null },
  'with an empty name': { ...ROW, name: ' \u0000 ' },
  'with a name of a megabyte': { ...ROW, name: 'a'.repeat(1 << 20) },
  'changed at no time': { ...ROW, updated: 'yesterday' },
}))
  test(`what is ${why} is no performer`, () => {
    assert.equal(read(row), null);
  });

test('what somebody wrote into one field costs this field alone', () => {
  const performer = read({
    ...ROW,
    name: '<img src=x onerror=alert(1)>\u202egnp.eslaf',
    disambiguation: 12,
    aliases: ['Ada\nByron', 7, null, 'b'.repeat(10_000), ''],
    birth_date: '1815-13-01T00:00',
    death_date: '1852',
    height: '165',
    country: { code: 'GB' },
    tattoos: [{ location: 'arm' }, { location: '' }, 'leg'],
    urls: [{ url: 'javascript:alert(1)' }, { url: 'https://ok.example/a' }, { url: 'no address' }, {}],
    images: [
      { id: ID, url: 'https://elsewhere.example/images/1', width: -1, height: -1 },
      { id: 'x', width: 1, height: 1 },
      { id: ID, width: 'wide', height: null },
    ],
    merged_into_id: 'nobody',
    merged_ids: [ID, 'x'],
    deleted: 'yes',
  })!;
  assert.equal(performer.name, '<img src=x onerror=alert(1)> gnp.eslaf');
  assert.deepEqual(performer.aliases, ['Ada Byron']);
  assert.deepEqual(
    [
      performer.disambiguation,
      performer.birthDate,
      performer.deathDate,
      performer.heightCm,
      performer.country,
    ],
    ['', null, '1852', null, null],
  );
  assert.deepEqual(performer.tattoos, [{ location: 'arm', description: null }]);
  assert.deepEqual(performer.urls, ['https://ok.example/a']);
  const url = `https://box.example/images/${ID}`;
  assert.deepEqual(performer.images, [
    { id: ID, url, width: -1, height: -1 },
    { id: ID, url, width: 0, height: 0 },
  ]);
  assert.deepEqual([performer.mergedIntoId, performer.mergedIds, performer.deleted], [null, [ID], false]);
});

test('times with any number of digits are the times they are', () => {
  for (const [updated, ms] of [
    ['2026-11-23T21:53:45Z', 0],
    ['2026-11-23T21:53:45.1Z', 100],
    ['2026-11-23T21:53:45.15093Z', 150],
    ['2026-11-23T21:53:45.249915Z', 249],
  ] as const)
    assert.equal(read({ ...ROW, updated })!.updatedAt, Date.parse('2026-11-23T21:53:45Z') + ms);
});
