import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  conditionsOf,
  filterChange,
  filterOf,
  hasConditions,
  isListed,
  offsetOf,
  placeChange,
  placeOf,
} from './filter.ts';
import { between } from './use-selection.ts';

test('the address keeps the filter; what makes no sense there counts as not given', () => {
  const asked =
    'state=rejected&kind=image&what=performer-seen&severity=error&days=7&studio=5&who=packs&q=jane&min=80&order=newest&performer=3';
  const filter = filterOf(new URLSearchParams(asked));
  assert.deepEqual(filter, {
    state: 'rejected',
    kind: 'image',
    what: 'performer-seen',
    severity: 'error',
    days: 7,
    studioId: '5',
    ofPacks: true,
    text: 'jane',
    min: 80,
    order: 'newest',
    performerId: '3',
  });
  const nonsense = filterOf(new URLSearchParams('state=x&kind=y&min=500&order=z&performer=1;drop'));
  assert.deepEqual(nonsense, { ...filterOf(new URLSearchParams()), performerId: null });
});

test('a changed filter begins at the start of the list', () => {
  assert.deepEqual(filterChange({ min: 0, state: 'open' }), {
    from: null,
    after: null,
    before: null,
    state: null,
    min: null,
  });
});

test('only what was asked for is a condition', () => {
  assert.deepEqual(conditionsOf(filterOf(new URLSearchParams('q=%20'))), { state: ['removed', 'open'] });
  assert.deepEqual(conditionsOf(filterOf(new URLSearchParams('min=95&kind=scene&performer=4'))), {
    state: ['removed', 'open'],
    entityKind: 'scene',
    minConfidence: 0.95,
    performerId: '4',
  });
});

test('people of packs are a kind of suggestion, and so a condition', () => {
  const filter = filterOf(new URLSearchParams('who=packs'));
  assert.deepEqual(conditionsOf(filter), { state: ['removed', 'open'], kind: 'pack-person-seen' });
  assert.equal(hasConditions(filter), true);
  assert.deepEqual(filterChange({ ofPacks: true }), { from: null, after: null, before: null, who: 'packs' });
  assert.deepEqual(filterChange({ ofPacks: false }), { from: null, after: null, before: null, who: null });
});

test('to decide is what is open and what was taken off since; any other state is itself', () => {
  const asked = ['', 'state=removed', 'state=accepted', 'state=rejected'].map((it) =>
    filterOf(new URLSearchParams(it)),
  );
  assert.deepEqual(
    asked.map((filter) => conditionsOf(filter).state),
    [['removed', 'open'], 'removed', 'accepted', 'rejected'],
  );
  const states = ['open', 'accepted', 'rejected', 'stale', 'removed'] as const;
  assert.deepEqual(
    asked.map((filter) => states.filter((state) => isListed(filter, state))),
    [['open', 'removed'], ['removed'], ['accepted'], ['rejected']],
  );
  assert.deepEqual(filterChange({ state: 'removed' }), {
    from: null,
    after: null,
    before: null,
    state: 'removed',
  });
});

test('each condition alone makes an empty list mean: nothing fits', () => {
  const asked = ['', 'order=newest', 'q=jane', 'min=75', 'kind=image', 'performer=3', 'state=rejected'];
  assert.deepEqual(
    asked.map((it) => hasConditions(filterOf(new URLSearchParams(it)))),
    [false, false, true, true, true, true, true],
  );
});

test('a broken offset is the beginning', () => {
  assert.deepEqual(
    ['80', '-3', 'x', ''].map((from) => offsetOf(new URLSearchParams({ from }))),
    [80, 0, 0, 0],
  );
});

test('a place in the address is read as it was written, and a broken one is none', () => {
  for (const place of [
    { after: { state: 'open', confidence: 0.1 + 0.2, id: '1234' } },
    { before: { state: 'removed', confidence: 1e-9, id: '7' } },
  ] as const) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(placeChange(40, place)))
      if (value !== null) query.set(name, value);
    assert.deepEqual(placeOf(new URLSearchParams(query.toString())), place);
    assert.equal(query.get('from'), '40');
  }
  for (const broken of ['', 'open', 'open_x_1', 'shut_0.5_1', 'open_1-1_1', 'open_0.5_x y'])
    assert.equal(placeOf(new URLSearchParams({ after: broken })), null, broken);
  assert.deepEqual(placeChange(0, null), { from: null, after: null, before: null });
});

test('shift and click take everything between, both ways; without a first one only the clicked', () => {
  const listed = ['a', 'b', 'c', 'd'];
  assert.deepEqual(between(listed, 'b', 'd'), ['b', 'c', 'd']);
  assert.deepEqual(between(listed, 'd', 'b'), ['b', 'c', 'd']);
  assert.deepEqual(between(listed, null, 'c'), ['c']);
  assert.deepEqual(between(listed, 'gone', 'c'), ['c']);
});
