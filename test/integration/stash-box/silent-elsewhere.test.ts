/** How long an id waits for another stash-box that does not answer whether it is theirs. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { message, plain } from '../../../core/messages/message.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, severalBoxes, type MemoryBox } from '../../fakes/memory-box.ts';
import { aPerformer, memoryStash } from '../../fakes/memory-stash.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { link, wrongOnes } from './linking.ts';

const OTHER = 'https://other.example/graphql';
const MINUTES = 10;

test('a box that answered its own run in between has not been silent since', async (t) => {
  const { context, other } = await opened(t);
  other.before = isSilent;
  assert.equal(await wrongAfter(context, 0), 0);
  other.before = () => undefined;
  await link(context, { endpoint: OTHER });
  assert.notEqual(other.calls.length, 0);
  other.before = isSilent;
  assert.equal(await wrongAfter(context, 3), 0);
  assert.equal(await wrongAfter(context, 6), 1);
});

test('a box that asks for a pause is not silent', async (t) => {
  const { context, other } = await opened(t);
  other.before = () => {
    const said = message('stashBox.asksToWait', { name: 'Other', minutes: MINUTES });
    throw new StashSenseError('stash-box-unreachable', said);
  };
  assert.equal(await wrongAfter(context, 0), 0);
  assert.equal(await wrongAfter(context, 3), 0);
});

function isSilent(): never {
  throw new StashSenseError('stash-box-unreachable', plain('no answer'));
}

/** Of a performer whose id the stash-box does not know. */
async function opened(t: TestContext): Promise<{ readonly context: FakeContext; readonly other: MemoryBox }> {
  const stash = memoryStash();
  const other = memoryBox(OTHER, 'Other');
  const stashBoxes = severalBoxes([memoryBox(), other]);
  stash.performers.set('1', aPerformer(1, { stashIds: [{ endpoint: BOX, stashId: boxId(9) }] }));
  return { context: await fakeContext(t, stash, { vision: fakeVision(), stashBoxes }), other };
}

/** How many ids are said to be wrong by a run after so many days. */
async function wrongAfter(context: FakeContext, days: number): Promise<number> {
  const now = (): number => Date.now() + days * 86_400_000;
  await link({ ...context, now }, { endpoint: BOX, force: true });
  return (await wrongOnes(context)).length;
}
