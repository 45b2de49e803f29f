import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { plain } from '../../../core/messages/message.ts';
import type { ask as askNode } from '../../stash/operations.ts';
import { undoNamed } from './undo-named.ts';

const SCENE = { kind: 'scene', id: '7' } as const;
const FACE = { entity: SCENE, personKey: 2 };
const NAMED: Output<'faces.name'> = {
  performerId: '3',
  batchId: 'b1',
  added: [SCENE],
  there: [],
  learnt: 1,
  refused: [],
  wereHidden: [FACE],
  dryRun: false,
};

test('who was nobody of interest before the name is that again once it is taken back', async () => {
  const { asked, ask } = recorded([]);
  assert.deepEqual(await undoNamed(ask, NAMED, [FACE]), { refusal: null, failures: [] });
  assert.deepEqual(asked, [
    ['journal.undo', { batchId: 'b1' }],
    ['faces.hide', FACE],
  ]);
});

test('whoever stays named is not hidden', async () => {
  const reason = plain('changed since');
  const { asked, ask } = recorded([{ id: '1', reason }]);
  assert.deepEqual(await undoNamed(ask, NAMED, [FACE]), { refusal: reason, failures: [] });
  assert.deepEqual(asked, [['journal.undo', { batchId: 'b1' }]]);
});

function recorded(refused: Output<'journal.undo'>['refused']): { asked: unknown[]; ask: typeof askNode } {
  const asked: unknown[] = [];
  const ask = (name: string, input: unknown): Promise<unknown> => {
    asked.push([name, input]);
    return Promise.resolve({ undone: [], refused });
  };
  return { asked, ask: ask as unknown as typeof askNode };
}
