import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ask, Output } from '../../../core/contract/operations.ts';
import type { ask } from '../../stash/operations.ts';
import { acceptInCalls } from './accept-in-calls.ts';
import { plain } from '../../../core/messages/message.ts';

const ALL = { state: 'open', minConfidence: 0.9 } as const;
const going = { onProgress: () => undefined, isStopped: () => false };

test('all are accepted, call after call as one batch; what is refused is passed over', async () => {
  const { ask, inputs } = listOf(100, { refusing: (n) => n % 10 === 0 });
  const said: number[] = [];
  const report = await acceptInCalls(ask, ALL, { ...going, onProgress: (accepted) => said.push(accepted) });
  assert.deepEqual(report, { accepted: 90, refused: 10, dryRun: false, wasStopped: false, problem: null });
  assert.deepEqual(said, [36, 72, 90]);
  assert.deepEqual(inputs, [
    { all: ALL, limit: 40, offset: 0 },
    { all: ALL, limit: 40, offset: 4, batchId: 'b1' },
    { all: ALL, limit: 40, offset: 8, batchId: 'b1' },
  ]);
});

test('stopped, it makes no further call and says how many there are', async () => {
  const { ask, inputs } = listOf(1000);
  let isStopped = false;
  const report = await acceptInCalls(ask, ALL, {
    onProgress: (accepted) => {
      isStopped = accepted >= 80;
    },
    isStopped: () => isStopped,
  });
  assert.deepEqual([report.accepted, report.wasStopped, inputs.length], [80, true, 2]);
});

test('an error in the middle keeps what was accepted before', async () => {
  const { ask } = listOf(1000, { failsAt: 3 });
  const { accepted, problem } = await acceptInCalls(ask, ALL, going);
  assert.deepEqual([accepted, problem], [80, 'Stash does not answer.']);
});

test('a dry run goes through the whole list once', async () => {
  const { ask } = listOf(100, { isDry: true });
  const { accepted, dryRun } = await acceptInCalls(ask, ALL, going);
  assert.deepEqual([accepted, dryRun], [100, true]);
});

/** A Node side with so many open suggestions. */
function listOf(
  many: number,
  {
    refusing = () => false,
    failsAt = Infinity,
    isDry = false,
  }: {
    refusing?: (n: number) => boolean;
    failsAt?: number;
    isDry?: boolean;
  } = {},
): { ask: typeof ask; inputs: unknown[] } {
  let open = Array.from({ length: many }, (_, n) => n);
  const inputs: unknown[] = [];
  const answer = (input: Ask<'suggestions.accept'>): Output<'suggestions.accept'> => {
    inputs.push(input);
    if (inputs.length === failsAt) throw new Error('Stash does not answer.');
    if (!('all' in input)) throw new Error('asked by ids');
    const { limit = 500, offset = 0 } = input;
    const taken = open.slice(offset, offset + limit);
    const refused = taken.filter(refusing);
    const accepted = taken.filter((n) => !refusing(n));
    if (!isDry) open = open.filter((n) => !accepted.includes(n));
    return {
      accepted: accepted.map((n) => ({ id: String(n), journalId: null })),
      refused: refused.map((n) => ({ id: String(n), reason: plain('The performer is gone.') })),
      dryRun: isDry,
      batchId: 'b1',
    };
  };
  const asked = async (_name: string, input: Ask<'suggestions.accept'>): Promise<unknown> =>
    await Promise.resolve(input).then(answer);
  return { ask: asked as unknown as typeof ask, inputs };
}
