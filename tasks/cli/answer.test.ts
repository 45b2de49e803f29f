import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTable } from './answer.ts';

test('times closer than five seconds are one', () => {
  const person = {
    decision: 'match' as const,
    name: 'Jane Doe',
    confidence: 0.97,
    margin: 0.3,
    faces: 4,
    candidates: [],
  };
  const table = toTable({ file: 'a.mp4', seconds: 2, persons: [{ ...person, times: [1, 2.5, 5.9, 6, 61] }] });
  assert.match(table, /Jane Doe .* 4 faces\s+0:01 0:06 1:01$/m);
});
