import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ambiguous, candidate, faces, person, unknown } from '../../test/ui/samples.ts';
import type { CandidateView, PersonView } from '../../core/contract/faces.ts';
import {
  isAsShown,
  performersElsewhere,
  selectableCandidates,
  undecidedFirst,
  stateOf,
  suggestionsAbove,
  withPerformer,
} from './person-state.ts';

test('what a card offers follows from what was written, then from what is there, then from what was said', () => {
  const rejected = { id: 's1', state: 'rejected' } as const;
  assert.equal(stateOf(person()), 'open');
  assert.equal(stateOf(person({ journalId: 'j1', present: true })), 'added');
  assert.equal(stateOf(person({ present: true, suggestion: rejected })), 'present');
  assert.equal(stateOf(person({ suggestion: rejected })), 'rejected');
  assert.equal(stateOf(ambiguous()), 'ambiguous');
  // Taken off in Stash since: to be decided again, also where nobody has noticed yet.
  assert.equal(stateOf(person({ suggestion: { id: 's1', state: 'removed' } })), 'removed');
  assert.equal(
    stateOf(person({ present: true, journalId: 'j1', suggestion: { id: 's1', state: 'removed' } })),
    'added',
  );
  assert.equal(stateOf(person({ journalId: 'j1', suggestion: { id: 's1', state: 'accepted' } })), 'open');
  // Said before it was the answer.
  assert.equal(
    stateOf(person({ suggestion: null, candidates: [candidate({ rejected: true })] })),
    'rejected',
  );
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
    undecidedFirst(persons).map(({ key }) => key),
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
      person({ key: 6, suggestion: { id: 's5', state: 'removed' } }),
    ],
  });
  assert.deepEqual(suggestionsAbove(view, 0.9), ['s1']);
  assert.deepEqual(suggestionsAbove(view, 0.8), ['s1', 's2']);
});

test('a change for a performer reaches each person who is that performer, and nobody else', () => {
  const view = faces({
    persons: [person({ key: 0 }), person({ key: 1 }), person({ key: 2, performerId: '9' })],
  });
  const changed = withPerformer(view, '1', { present: true, journalId: 'j1' });
  assert.deepEqual(
    changed.persons.map(({ present }) => present),
    [true, true, false],
  );
  const one = withPerformer(faces({ persons: [ambiguous()] }), '2', { present: true, journalId: 'j1' });
  const [ann, bea] = one.persons.flatMap(({ candidates }) => candidates);
  assert.deepEqual([ann?.present, ann?.journalId, bea?.present], [true, 'j1', undefined]);
});

test('beside an answer the likely others can be chosen, after a "no" all of them, after a "yes" none', () => {
  const candidates = [
    candidate(),
    candidate({ performerId: '2', confidence: 0.2 }),
    candidate({ performerId: '3', confidence: 0.02 }),
  ];
  const ids = (change: Parameters<typeof person>[0]): unknown =>
    selectableCandidates(person({ candidates, ...change }), new Set()).map(({ performerId }) => performerId);
  assert.deepEqual(ids({}), ['2']);
  assert.deepEqual(ids({ suggestion: { id: 's1', state: 'rejected' } }), ['2', '3']);
  assert.deepEqual(ids({ present: true, journalId: 'j1' }), []);
});

test('who was added and taken off since can be chosen at any person, and no longer counts as taken off once added', () => {
  const gone = candidate({ performerId: '3', confidence: 0, removed: true });
  for (const card of [
    unknown({ candidates: [candidate({ confidence: 0.02 }), gone] }),
    unknown({ candidates: [gone] }),
    person({ candidates: [candidate(), gone] }),
    person({ candidates: [candidate(), gone], present: true, journalId: 'j1' }),
    person({ candidates: [candidate(), gone], present: true }),
  ])
    assert.deepEqual(selectableCandidates(card, new Set()), [gone]);
  const view = faces({ persons: [unknown({ candidates: [gone] })] });
  const [added] = withPerformer(view, '3', { present: true, journalId: 'j1' }).persons;
  assert.equal(added?.candidates[0]?.removed, undefined);
});

test('who was added at another card is chosen here only where likely, and who was added here stays', () => {
  const added = { present: true, journalId: 'j1' } as const;
  const view = person({
    candidates: [
      candidate(),
      candidate({ performerId: '2', confidence: 0.3, ...added }),
      candidate({ performerId: '3', confidence: 0.01, ...added }),
    ],
  });
  const other = (performerId: string): PersonView => person({ key: 5, performerId, ...added });
  const ids = (persons: readonly PersonView[], change: Partial<PersonView> = {}): unknown =>
    selectableCandidates({ ...view, ...change }, performersElsewhere(persons, view)).map(
      ({ performerId }) => performerId,
    );
  assert.deepEqual(ids([view]), ['2', '3']);
  assert.deepEqual(ids([view, other('2'), other('3')]), ['2']);
  const rejected = { suggestion: { id: 's1', state: 'rejected' } } as const;
  assert.deepEqual(ids([view, other('3')], rejected), ['2']);
});

test('who has a card of their own is offered at another card only where likely, also when taken off since', () => {
  const removed = { id: 's3', state: 'removed' } as const;
  const own: readonly PersonView[] = [
    person({ key: 5, performerId: '3' }),
    person({ key: 5, performerId: '3', suggestion: removed }),
    person({ key: 5, performerId: '3', present: true }),
    person({ key: 5, performerId: '3', present: true, journalId: 'j1' }),
  ];
  const unlikely = candidate({ performerId: '3', confidence: 0.01, removed: true });
  const likely = { ...unlikely, confidence: 0.3 };
  for (const other of own) {
    for (const card of cards(unlikely)) assert.equal(offers(card, [other]), false, stateOf(card));
    for (const card of cards(likely)) assert.equal(offers(card, [other]), true, stateOf(card));
  }
  // Said to be somebody else there, so it is nobody's card.
  const refused = person({ key: 5, performerId: '3', suggestion: { id: 's3', state: 'rejected' } });
  for (const card of cards(unlikely)) {
    assert.equal(offers(card, []), true, stateOf(card));
    assert.equal(offers(card, [refused]), true, stateOf(card));
  }
});

test('the view is as shown when it has the same performers on the entity', () => {
  const view = faces({
    persons: [person({ present: true, candidates: [candidate({ present: true })] }), ambiguous()],
  });
  assert.equal(isAsShown(view, new Set(['1'])), true);
  assert.equal(isAsShown(view, new Set(['1', '99'])), true);
  assert.equal(isAsShown(view, new Set()), false);
  assert.equal(isAsShown(view, new Set(['1', '3'])), false);
});

/** A card of each state, with a third performer among its candidates. */
function cards(third: CandidateView): readonly PersonView[] {
  const candidates = [candidate(), third];
  return [
    person({ candidates }),
    person({ candidates, suggestion: { id: 's1', state: 'removed' } }),
    person({ candidates, suggestion: { id: 's1', state: 'rejected' } }),
    person({ candidates, present: true, journalId: 'j2' }),
    person({ candidates, present: true }),
    ambiguous({ candidates }),
    unknown({ candidates: [third] }),
  ];
}

function offers(card: PersonView, others: readonly PersonView[]): boolean {
  return selectableCandidates(card, performersElsewhere([card, ...others], card)).some(
    ({ performerId }) => performerId === '3',
  );
}
