import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ambiguous, faces, person, unknown } from '../../test/ui/samples.ts';
import { inOrder, stateOf, suggestionsAbove, withPerformer } from './person-state.ts';

test('what a card offers follows from what was written, then from what is there, then from what was said', () => {
  const rejected = { id: 's1', state: 'rejected' } as const;
  assert.equal(stateOf(person()), 'open');
  assert.equal(stateOf(person({ journalId: 'j1', present: true })), 'added');
  assert.equal(stateOf(person({ present: true, suggestion: rejected })), 'present');
  assert.equal(stateOf(person({ suggestion: rejected })), 'rejected');
  assert.equal(stateOf(ambiguous()), 'ambiguous');
  assert.equal(stateOf(ambiguous({ journalId: 'j1' })), 'added');
  assert.equal(stateOf(unknown()), 'unknown');
});

test('what is to be decided comes first; otherwise the order stays', () => {
  const persons = [
    unknown({ key: 0 }),
    person({ key: 1, present: true }),
    person({ key: 2 }),
    ambiguous({ key: 3 }),
    person({ key: 4 }),
  ];
  assert.deepEqual(
    inOrder(persons).map(({ key }) => key),
    [2, 4, 3, 1, 0],
  );
});

test('"add all above" takes each open suggestion once, and nothing below the bar', () => {
  const view = faces({
    persons: [
      person({ key: 0, confidence: 0.97 }),
      person({ key: 1, confidence: 0.95 }),
      person({ key: 2, confidence: 0.8, suggestion: { id: 's2', state: 'open' } }),
      person({ key: 3, suggestion: { id: 's3', state: 'rejected' } }),
      person({ key: 4, suggestion: { id: 's4', state: 'open' }, present: true }),
      ambiguous({ key: 5 }),
    ],
  });
  assert.deepEqual(suggestionsAbove(view, 0.9), ['s1']);
  assert.deepEqual(suggestionsAbove(view, 0.8), ['s1', 's2']);
});

test('a change for a performer reaches each person who is that performer, and nobody else', () => {
  const view = faces({
    persons: [person({ key: 0 }), person({ key: 1 }), person({ key: 2, performerId: '9' })],
  });
  const changed = withPerformer(view, '1', { present: true });
  assert.deepEqual(
    changed.persons.map(({ present }) => present),
    [true, true, false],
  );
});
