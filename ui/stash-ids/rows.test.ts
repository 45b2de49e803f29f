import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PerformerLinks } from '../../core/contract/stash-box.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { rowOf } from './rows.ts';

const [A, B] = ['https://a.example/graphql', 'https://b.example/graphql'];

function link(id: string, endpoint: string): SuggestionView {
  return {
    id,
    kind: 'performer-stash-id',
    payload: { stashId: { endpoint, stashId: id } },
  } as SuggestionView;
}

function at(stashId: string): object {
  return { endpoint: A, stashId };
}

function repair(id: string, wrong: string, right: string | null): SuggestionView {
  const payload = { wrong: at(wrong), right: right === null ? null : at(right) };
  return { id, kind: 'stash-id-repair', payload } as SuggestionView;
}

function row(
  suggestions: SuggestionView[],
  states: Record<string, SuggestionView['state']>,
  pending: Record<string, 'accept' | 'reject'> = {},
) {
  const links: PerformerLinks = {
    performerId: '1',
    name: 'Ada',
    disambiguation: '',
    stashIds: [{ endpoint: A, stashId: 'old' }],
    missing: [{ endpoint: B, lookedUpAt: null, isWaiting: false }],
    suggestions,
  };
  const { stashIds, missing, undecided, free, over } = rowOf(links, {
    stateOf: ({ id }) => states[id] ?? 'open',
    outcomeOf: () => undefined,
    pending: new Map(Object.entries(pending)),
  });
  return {
    ids: stashIds.map(({ stashId }) => stashId),
    missing: missing.length,
    undecided: undecided.map(({ id }) => id),
    free: free.map(({ id }) => id),
    over: [...over.keys()],
  };
}

test('as long as nothing is decided a row is as it came', () => {
  assert.deepEqual(row([link('x', B), link('y', B)], {}), {
    ids: ['old'],
    missing: 1,
    undecided: ['x', 'y'],
    free: ['x', 'y'],
    over: [],
  });
});

test('who was linked has the id, and the others of that stash-box are over; the undo of it brings both back', () => {
  const suggestions = [link('x', B), link('y', B), repair('z', 'old', 'new')];
  assert.deepEqual(row(suggestions, { x: 'accepted' }), {
    ids: ['old', 'x'],
    missing: 0,
    undecided: ['z'],
    free: ['z'],
    over: ['y'],
  });
  assert.deepEqual(row(suggestions, { x: 'open' }).undecided, ['x', 'y', 'z']);
});

test('an id that was corrected is another one, or none', () => {
  assert.deepEqual(row([repair('z', 'old', 'new')], { z: 'accepted' }).ids, ['new']);
  assert.deepEqual(row([repair('z', 'old', null)], { z: 'accepted' }).ids, []);
});

test('who was refused leaves the others to be decided', () => {
  assert.deepEqual(row([link('x', B), link('y', B)], { x: 'rejected' }).undecided, ['y']);
});

test('while one is being refused the next can be decided, while one is being linked the others of its stash-box wait', () => {
  const suggestions = [link('x', B), link('y', B), link('z', A)];
  assert.deepEqual(row(suggestions, {}, { x: 'reject' }).free, ['y', 'z']);
  assert.deepEqual(row(suggestions, {}, { x: 'accept' }).free, ['z']);
  assert.deepEqual(row(suggestions, {}, { x: 'accept' }).undecided, ['x', 'y', 'z']);
});
