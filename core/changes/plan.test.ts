import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../messages/english.ts';
import type { FieldChange, FieldValues, Identity, StashObject } from './change.ts';
import { isSameObject } from './identity.ts';
import { inverseOf, isPartlyReverted, isReverted } from './invert.ts';
import { dueChanges, madeChanges } from './plan.ts';

const entity = { kind: 'performer', id: '7' } as const;
const BOX = { endpoint: 'https://box.example/graphql', stashId: 'a' };
const add = (field: string, ...values: (string | typeof BOX)[]): FieldChange => ({
  op: 'add',
  entity,
  field,
  values,
});
const remove = (field: string, ...values: (string | typeof BOX)[]): FieldChange => ({
  op: 'remove',
  entity,
  field,
  values,
});
const set = (field: string, before: string | null, after: string | null): FieldChange => ({
  op: 'set',
  entity,
  field,
  before,
  after,
});

function object(values: FieldValues, identity: Partial<Identity> = {}): StashObject {
  return {
    entity,
    title: 'Jane',
    identity: { contents: [], name: 'Jane', disambiguation: '', stashIds: [], ...identity },
    values,
  };
}

const CASES: { what: string; now: FieldValues; planned: FieldChange[]; due: FieldChange[] | RegExp }[] = [
  { what: 'what is there', now: { tags: ['1'] }, planned: [add('tags', '1', '2')], due: [add('tags', '2')] },
  {
    what: 'what is not there',
    now: { tags: ['1'] },
    planned: [remove('tags', '1', '2')],
    due: [remove('tags', '1')],
  },
  {
    what: 'a value given twice',
    now: { urls: [] },
    planned: [add('urls', 'u', 'u')],
    due: [add('urls', 'u')],
  },
  { what: 'an alias in another case', now: { aliases: ['Jo'] }, planned: [add('aliases', 'jo')], due: [] },
  {
    what: 'a URL in another case is another',
    now: { urls: ['U'] },
    planned: [add('urls', 'u')],
    due: [add('urls', 'u')],
  },
  { what: 'a value that is so', now: { country: 'NZ' }, planned: [set('country', null, 'NZ')], due: [] },
  {
    what: 'a value that is still as it was',
    now: { country: null },
    planned: [set('country', null, 'NZ')],
    due: [set('country', null, 'NZ')],
  },
  {
    what: 'a value that somebody changed',
    now: { country: 'AU' },
    planned: [set('country', null, 'NZ')],
    due: /^The country of "Jane" is AU by now and not nothing/,
  },
];
for (const { what, now, planned, due } of CASES)
  test(`due of a plan: ${what}`, () => {
    const result = dueChanges(planned, object(now));
    if (due instanceof RegExp) assert.match('refused' in result ? inEnglish(result.refused) : '', due);
    else assert.deepEqual(result, { changes: due });
  });

test('what was made is what shows, and its inverse leads back to where it was', () => {
  const before = { tags: ['1', '2'], aliases: [], stashIds: [BOX], country: 'AU' };
  const other = { ...BOX, stashId: 'b' };
  const changes = [
    add('tags', '3'),
    remove('tags', '1'),
    remove('stashIds', BOX),
    add('stashIds', other),
    set('country', 'AU', null),
  ];
  const written = { tags: ['2', '3'], aliases: [], stashIds: [other], country: null };
  assert.deepEqual(madeChanges(changes, object(before)), []);
  assert.deepEqual(madeChanges(changes, object(written)), changes);
  assert.deepEqual(madeChanges(changes, object({ ...before, tags: ['1', '2', '3'] })), [add('tags', '3')]);
  assert.deepEqual(inverseOf(changes, object(written)), {
    changes: [
      remove('tags', '3'),
      add('tags', '1'),
      add('stashIds', BOX),
      remove('stashIds', other),
      set('country', null, 'AU'),
    ],
  });
  assert.equal(isReverted(changes, object(before)), true);
  assert.equal(isReverted(changes, object(written)), false);
  assert.equal(isPartlyReverted(changes, object(written)), false);
  assert.equal(isPartlyReverted(changes, object({ ...written, country: 'AU' })), true);
  const changed = inverseOf(changes, object({ ...written, country: 'NZ' }));
  assert.match('refused' in changed ? inEnglish(changed.refused) : '', /^The country of "Jane" is NZ by now/);
});

const JANE = object({}).identity;
const SAME: {
  what: string;
  known?: Partial<Identity>;
  now: Partial<Identity>;
  changes?: FieldChange[];
  same: boolean;
}[] = [
  { what: 'the same name', now: {}, same: true },
  { what: 'another name', now: { name: 'Ann' }, same: false },
  { what: 'another disambiguation', now: { disambiguation: 'II' }, same: false },
  {
    what: 'another name that this very change gave',
    now: { name: 'Ann' },
    changes: [set('name', 'Jane', 'Ann')],
    same: true,
  },
  {
    what: 'a shared stash ID',
    known: { stashIds: [BOX] },
    now: { name: 'Ann', stashIds: [BOX] },
    same: true,
  },
  {
    what: 'stash IDs that differ, and the name',
    known: { stashIds: [BOX] },
    now: { name: 'Ann', stashIds: [{ ...BOX, stashId: 'b' }] },
    same: false,
  },
  {
    what: 'one file of several',
    known: { contents: ['oshash:1', 'oshash:2'] },
    now: { name: 'x', contents: ['oshash:2'] },
    same: true,
  },
  { what: 'another file', known: { contents: ['oshash:1'] }, now: { contents: ['oshash:2'] }, same: false },
  { what: 'a file that was not hashed', known: { contents: ['oshash:1'] }, now: {}, same: true },
  {
    what: 'a title that this very change took',
    now: { name: 'scene.mp4' },
    changes: [set('title', 'Jane', null)],
    same: true,
  },
];
for (const { what, known, now, changes, same } of SAME)
  test(`by ${what} it is ${same ? 'the same' : 'another'} object`, () => {
    assert.equal(isSameObject({ ...JANE, ...known }, { ...JANE, ...now }, changes), same);
  });
