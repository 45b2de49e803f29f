import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecisionQueue, type Decision } from './decision-queue.ts';

test('one question is under way, and what is decided meanwhile goes together in the next', async () => {
  const { sent, add, answer } = opened();
  add('accept', 'a');
  add('accept', 'b');
  add('accept', 'c');
  add('reject', 'd');
  assert.deepEqual(sent, ['accept a']);
  await answer();
  assert.deepEqual(sent, ['accept a', 'accept b c']);
  await answer();
  assert.deepEqual(sent, ['accept a', 'accept b c', 'reject d']);
  await answer();
  add('accept', 'e');
  assert.deepEqual(sent.at(-1), 'accept e');
});

test('an undo comes after what was decided before it, and before what was decided after it', async () => {
  const { sent, add, answer } = opened();
  add('accept', 'a');
  add('accept', 'b');
  add('undo', 'last');
  add('undo', 'last');
  add('accept', 'c');
  for (let n = 0; n < 4; n++) await answer();
  assert.deepEqual(sent, ['accept a', 'accept b', 'undo last', 'undo last', 'accept c']);
});

function opened(): {
  sent: string[];
  add: (kind: Decision<string>['kind'], item: string) => void;
  answer: () => Promise<void>;
} {
  const queue = createDecisionQueue<string>();
  const sent: string[] = [];
  const held: (() => void)[] = [];
  return {
    sent,
    add(kind, item) {
      const send = async (items: readonly string[]): Promise<void> => {
        sent.push(`${kind} ${items.join(' ')}`);
        await new Promise<void>((resolve) => held.push(resolve));
      };
      queue.add({ kind, items: [item], send });
    },
    async answer() {
      held.pop()?.();
      for (let n = 0; n < 5; n++) await Promise.resolve();
    },
  };
}
