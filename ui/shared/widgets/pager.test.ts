import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextOffset, previousOffset } from './pager.tsx';

test('what was decided on a page moves the next page up by as many', () => {
  assert.equal(nextOffset(40, 40, 0), 80);
  assert.equal(nextOffset(40, 40, 15), 65);
  assert.equal(nextOffset(0, 40, 40), 0);
  assert.equal(previousOffset(25, 40), 0);
});
