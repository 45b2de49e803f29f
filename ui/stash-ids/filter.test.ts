import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionsOf, filterChange, filterOf, placeOf, START } from './filter.ts';

const LIST = '0123456789abcdef';
const BOX = 'https://box.example/graphql';

function filterIn(query: string) {
  return filterOf(new URLSearchParams(query));
}

test('the address keeps the filter; what makes no sense there counts as not given', () => {
  const query = `list=${LIST}&whom=${encodeURIComponent(`without:${BOX}`)}&box=${BOX}&q=ada&min=80`;
  const filter = filterIn(query);
  assert.deepEqual(filter, { whom: `without:${BOX}`, list: LIST, box: BOX, text: 'ada', least: 80 });
  assert.deepEqual(filterIn('list=1;drop&whom=x&min=500'), filterIn(''));
  assert.equal(filterIn(`list=${LIST}&whom=x`).whom, 'sent');
  const { past: _, after: __, ...kept } = filterChange(filter);
  const again = new URLSearchParams(Object.entries(kept).flatMap(([k, v]) => (v === null ? [] : [[k, v]])));
  assert.deepEqual(filterOf(again), filter);
});

test('a changed filter begins at the start of the list', () => {
  assert.deepEqual(filterChange({ box: null }), { after: null, past: null, box: null });
});

test('everybody of a list is asked for until something is asked of the suggestions', () => {
  assert.deepEqual(conditionsOf(filterIn('')), {});
  assert.deepEqual(conditionsOf(filterIn(`list=${LIST}`)), { performerList: LIST });
  assert.deepEqual(conditionsOf(filterIn(`list=${LIST}&min=0`)), { performerList: LIST, minConfidence: 0 });
  assert.deepEqual(conditionsOf(filterIn(`min=90&q=%20ada%20&box=${BOX}`)), {
    endpoint: BOX,
    text: 'ada',
    minConfidence: 0.9,
  });
});

test('a broken place is the beginning', () => {
  assert.deepEqual(placeOf(new URLSearchParams('after=0.9 12&past=20')), { after: '0.9 12', from: 20 });
  for (const query of ['', 'past=20', 'after=7&past=-1', 'after=7&past=x'])
    assert.deepEqual(placeOf(new URLSearchParams(query)), START, query);
});
