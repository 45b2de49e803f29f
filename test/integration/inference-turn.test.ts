import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { createInferenceTurn, INFERENCE, withInference } from '../../tasks/runs/inference-lock.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';

test('a turn keeps the lock from one picture to the next, and nobody is inside together', async (t) => {
  const [pictures] = await contexts(t);
  const turn = createInferenceTurn(pictures);
  await turn.run(() => Promise.resolve());
  assert.equal(await isFree(pictures), false);
  await turn.end();
  assert.equal(await isFree(pictures), true);
});

test('a turn without more pictures gives the lock up by itself, and after a failure at once', async (t) => {
  const [pictures] = await contexts(t);
  const turn = createInferenceTurn(pictures);
  await turn.run(() => Promise.resolve());
  for (let waited = 0; !(await isFree(pictures)); waited += 20) {
    assert.ok(waited < 10_000);
    await sleep(20);
  }
  await assert.rejects(
    turn.run(() => Promise.reject(new Error('a bad picture'))),
    /a bad picture/,
  );
  assert.equal(await isFree(pictures), true);
});

test('who waits for a turn gets in: a person after the current picture, background work after two seconds', async (t) => {
  for (const waiting of ['for a person', 'in the background'] as const) {
    const [pictures, other] = await contexts(t);
    const turn = createInferenceTurn(pictures);
    let inside = 0;
    const alone = async (): Promise<void> => {
      assert.equal(++inside, 1);
      await sleep(2);
      inside--;
    };
    const began = performance.now();
    let wait: Promise<void> | null = null;
    const entered: string[] = [];
    while (entered.length === 0) {
      await turn.run(alone);
      wait ??= withInference(other, waiting, async () => {
        await alone();
        entered.push(waiting);
      });
      assert.ok(performance.now() - began < 30_000);
    }
    await wait;
    await turn.end();
  }
});

test('two in the background that wait for a third do not wait for one another', async (t) => {
  const folder = tempFolder(t);
  const [holder, one, other] = [await within(t, folder), await within(t, folder), await within(t, folder)];
  const order: string[] = [];
  const held = withInference(holder, 'in the background', async () => {
    await sleep(2500);
    order.push('holder');
  });
  while (await isFree(holder)) await sleep(1);
  const both = [one, other].map((context) =>
    withInference(context, 'in the background', () => Promise.resolve(order.push('other'))),
  );
  await Promise.all([held, ...both]);
  assert.deepEqual(order, ['holder', 'other', 'other']);
});

async function contexts(t: TestContext): Promise<[FakeContext, FakeContext]> {
  const folder = tempFolder(t);
  return [await within(t, folder), await within(t, folder)];
}

/** Another process at the same store, which waits no longer than a moment each time. */
async function within(t: TestContext, folder: string): Promise<FakeContext> {
  const limits = { ...FAST, leaseMs: 20_000, heartbeatMs: 1000 };
  return await fakeContext(t, memoryStash(), { folder, limits, sleep: async () => await sleep(5) });
}

async function isFree({ store }: FakeContext): Promise<boolean> {
  const lock = await store.locks.acquire(INFERENCE, 'somebody else', 20_000);
  if (lock !== null) await store.locks.release(INFERENCE, 'somebody else');
  return lock !== null;
}
