import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFirstOf } from './first-of.ts';

test('of several only the first shows itself, and the next when it leaves', () => {
  const said: string[] = [];
  const places = createFirstOf();
  const leave = places.enter((isFirst) => said.push(`a ${isFirst}`));
  places.enter((isFirst) => said.push(`b ${isFirst}`));
  leave();
  assert.deepEqual(said, ['a true', 'b false', 'b true']);
});
