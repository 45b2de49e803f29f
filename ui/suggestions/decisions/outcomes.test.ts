import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { acceptedSteps } from './outcomes.ts';

const aSuggestion = (id: string): SuggestionView => ({ id }) as unknown as SuggestionView;

test('what was written is undone by its batch, and what was only learnt or told is opened again', () => {
  const [written, learnt] = [aSuggestion('1'), aSuggestion('2')];
  const accepted = [
    { id: '1', journalId: '7' },
    { id: '2', journalId: null },
  ];
  assert.deepEqual(acceptedSteps([written, learnt], { accepted, batchId: 'b' }), [
    { kind: 'settled', items: [learnt] },
    { kind: 'accepted', items: [written], batchId: 'b' },
  ]);
  assert.deepEqual(acceptedSteps([learnt], { accepted, batchId: 'b' }), [
    { kind: 'settled', items: [learnt] },
  ]);
});
