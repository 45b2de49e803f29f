import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entry } from '../../test/ui/samples.ts';
import { groupByBatch } from './tab.tsx';

test('neighbours of one batch stand together, in the order they came', () => {
  const entries = [
    entry({ id: '1', batchId: 'a' }),
    entry({ id: '2', batchId: 'b' }),
    entry({ id: '3', batchId: 'b' }),
    entry({ id: '4', batchId: 'a' }),
  ];
  assert.deepEqual(
    groupByBatch(entries).map((batch) => batch.map(({ id }) => id)),
    [['1'], ['2', '3'], ['4']],
  );
});
