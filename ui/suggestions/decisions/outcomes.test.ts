import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { acceptedSteps } from './outcomes.ts';

const aSuggestion = (id: string): SuggestionView => ({ id }) as unknown as SuggestionView;

test('what was written is undone by its entries, the newest first, and what was only learnt or told is opened again', () => {
  const [written, learnt, byAnother] = [aSuggestion('1'), aSuggestion('2'), aSuggestion('3')];
  const accepted = [
    { id: '1', journalId: '7' },
    { id: '2', journalId: null },
    // Of an older batch: it was accepted elsewhere, or by a process that was killed.
    { id: '3', journalId: '5' },
  ];
  assert.deepEqual(acceptedSteps([written, learnt, byAnother], accepted), [
    { kind: 'settled', items: [learnt] },
    { kind: 'accepted', items: [written, byAnother], journalIds: ['5', '7'] },
  ]);
  assert.deepEqual(acceptedSteps([learnt], [{ id: '2', journalId: null }]), [
    { kind: 'settled', items: [learnt] },
  ]);
});
