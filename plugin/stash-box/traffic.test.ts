import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State, Store } from '../../core/ports/store.ts';
import { createTraffic, type Lane, type Traffic } from './traffic.ts';

const MINUTE_MS = 60_000;
const BOX = { endpoint: 'https://box.example/graphql', name: 'The box' };

/** Time that passes only when everybody sleeps, to the first who wakes. */
function virtualTime(at = 1_700_000_000_000) {
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => at,
    sleep: (ms: number) =>
      new Promise<void>((wake) => void sleepers.push({ until: at + Math.max(0, ms), wake })),
    turn(ms: number) {
      at += ms;
    },
    /** Until `work` is done. */
    async run(work: Promise<unknown>): Promise<void> {
      const state = { isDone: false };
      const watch = async (): Promise<void> => {
        await Promise.allSettled([work]);
        state.isDone = true;
      };
      const ended = watch();
      while (!state.isDone) {
        for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
        const first = sleepers.toSorted((a, b) => a.until - b.until)[0];
        if (state.isDone || first === undefined) continue;
        sleepers.splice(sleepers.indexOf(first), 1);
        at = Math.max(at, first.until);
        first.wake();
      }
      await ended;
      await work;
    },
  };
}

/** As several processes see it: one transaction after the other. */
function sharedStore(): Pick<Store, 'state' | 'transaction'> {
  const values = new Map<string, unknown>();
  let last: Promise<unknown> = Promise.resolve();
  const state: State = {
    get: (key) => Promise.resolve((values.get(key) ?? null) as never),
    set: (key, value) => Promise.resolve(void values.set(key, structuredClone(value))),
    delete: (key) => Promise.resolve(void values.delete(key)),
  };
  return {
    state,
    transaction: <T>(work: () => Promise<T>) => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function world(count: number, { perMinute = 240, at = undefined as number | undefined } = {}) {
  const time = virtualTime(at);
  const store = sharedStore();
  const processes = Array.from({ length: count }, () =>
    createTraffic({ store, ...time, random: () => 0.5 }, { ...BOX, maxRequestsPerMinute: perMinute }),
  );
  return { time, store, processes };
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + MINUTE_MS).length));
}

for (const [processCount, perMinute] of [
  [1, 240],
  [2, 240],
  [5, 240],
  [2, 60],
  [3, 7],
] as const)
  test(`${processCount} processes send ${perMinute} requests a minute together, and hardly fewer`, async () => {
    const { time, processes } = world(processCount, { perMinute });
    const sent: number[] = [];
    const each = Math.ceil((3 * perMinute) / processCount);
    const begin = time.now();
    await time.run(
      Promise.all(
        processes.flatMap((traffic) =>
          // Several wait at once in each.
          Array.from({ length: each }, async () => {
            await traffic.turn('requests', 1000);
            sent.push(time.now());
          }),
        ),
      ),
    );
    assert.ok(mostInAMinute(sent) <= perMinute, `${mostInAMinute(sent)} in a minute`);
    assert.ok(time.now() - begin < ((each * processCount) / perMinute) * MINUTE_MS * 1.05);
  });

test('processes take turns: who asks once does not wait behind hundreds of another', async () => {
  const { time, processes } = world(2);
  const [busy, other] = processes as [Traffic, Traffic];
  let sent = 0;
  const work = Array.from({ length: 300 }, async () => {
    await busy.turn('requests', 1000);
    sent++;
  });
  const begin = time.now();
  await time.run(other.turn('requests', 1000));
  assert.ok(time.now() - begin < 1000, `waited ${time.now() - begin} ms`);
  await time.run(Promise.all(work));
  assert.equal(sent, 300);
});

test('pictures have a share of their own', async () => {
  const { time, processes } = world(1, { perMinute: 60 });
  const sent: Record<Lane, number[]> = { requests: [], pictures: [] };
  await time.run(
    Promise.all(
      (['requests', 'pictures'] as const).flatMap((lane) =>
        Array.from({ length: 120 }, async () => {
          await processes[0]!.turn(lane, 1000);
          sent[lane].push(time.now());
        }),
      ),
    ),
  );
  assert.ok(mostInAMinute(sent.requests) <= 60 && mostInAMinute(sent.pictures) <= 60);
  assert.ok(mostInAMinute([...sent.requests, ...sent.pictures]) > 100);
});

test('a pause that the box asks for holds for all processes, and is waited for where there is patience', async () => {
  const { time, processes } = world(2);
  const [one, other] = processes as [Traffic, Traffic];
  await one.pause(30_000);
  const begin = time.now();
  await assert.rejects(other.turn('requests', 5000), {
    code: 'stash-box-unreachable',
    message: 'The box asks for a pause: it can be asked again in 1 min.',
  });
  await time.run(other.turn('pictures', 120_000));
  assert.equal(time.now() - begin, 30_000);
});

test('a pause that begins while a request waits for its turn holds for it too', async () => {
  const { time, processes } = world(2, { perMinute: 2 });
  const [one, other] = processes as [Traffic, Traffic];
  await time.run(one.turn('requests', 1000));
  const begin = time.now();
  const waiting = other.turn('requests', 120_000);
  await one.pause(100_000);
  await time.run(waiting);
  assert.ok(time.now() - begin >= 100_000);
});

test('a box that fails is left alone by all processes, and asked again after a while by one of them', async () => {
  const { time, processes } = world(2);
  const [one, other] = processes as [Traffic, Traffic];
  const ask = (traffic: Traffic): Promise<void> => time.run(traffic.turn('requests', 1000));
  for (let n = 0; n < 4; n++) await one.failed('requests');
  await ask(other);
  await other.failed('requests');
  for (const traffic of processes)
    await assert.rejects(ask(traffic), {
      code: 'stash-box-unreachable',
      message:
        'The box did not answer as it should 5 times in a row: it is left alone, and can be asked again in 1 min.',
    });
  // Pictures may come from elsewhere.
  await time.run(one.turn('pictures', 1000));
  time.turn(31_000);
  await ask(one);
  await assert.rejects(ask(other), { code: 'stash-box-unreachable' });
  await one.failed('requests');
  // Longer each time, and never longer than some minutes.
  time.turn(31_000);
  await assert.rejects(ask(one), { code: 'stash-box-unreachable' });
  for (let n = 0; n < 30; n++) await one.failed('requests');
  time.turn(13 * MINUTE_MS);
  await ask(other);
  await other.worked('requests');
  await ask(one);
  await ask(other);
});

/** A box that has been left alone, and which the first of the processes asks whether it is back; the others have turns of theirs to wait for. */
async function beingTried(count: number) {
  const { time, processes } = world(count);
  const [first] = processes as [Traffic];
  for (let n = 0; n < 5; n++) await first.failed('requests');
  time.turn(40_000);
  await time.run(first.turn('requests', 5000));
  const ended: string[] = [];
  const waiting = Promise.all(
    processes.flatMap((traffic) =>
      [1, 2, 3].map(() =>
        traffic.turn('requests', 5000).then(
          () => void ended.push('turn'),
          (error: { code: string }) => void ended.push(error.code),
        ),
      ),
    ),
  );
  const pass = (ms: number): Promise<void> => time.run(time.sleep(ms));
  await pass(2000);
  assert.deepEqual(ended, []);
  return { first, ended, waiting: () => time.run(waiting), pass, now: time.now };
}

test('while a box is asked whether it is back all others wait for the outcome: it is', async () => {
  const { first, ended, waiting } = await beingTried(2);
  await first.worked('requests');
  await waiting();
  assert.deepEqual(ended, Array(6).fill('turn'));
});

test('while a box is asked whether it is back all others wait for the outcome: it is not, and nobody waits further', async () => {
  const { first, ended, waiting, now } = await beingTried(2);
  const at = now();
  await first.failed('requests');
  await waiting();
  assert.deepEqual(ended, Array(6).fill('stash-box-unreachable'));
  assert.ok(now() - at <= 200, `${now() - at} ms`);
});

test('while a box is asked whether it is back nobody waits longer than their patience', async () => {
  const { ended, waiting, now } = await beingTried(2);
  const at = now();
  await waiting();
  assert.deepEqual(ended, Array(6).fill('stash-box-unreachable'));
  assert.ok(now() - at <= 3200, `${now() - at} ms`);
});

test('an answer that does not tell whether the box is back lets one of those who wait find it out', async () => {
  const { first, ended, waiting, pass } = await beingTried(2);
  await first.undecided('requests');
  await pass(1000);
  assert.deepEqual(ended, ['turn']);
  await first.worked('requests');
  await waiting();
  assert.deepEqual(ended, Array(6).fill('turn'));
});

test('one more request of the one that finds out is not held up by those who wait for it', async () => {
  const { first, ended, waiting, now } = await beingTried(1);
  const at = now();
  await first.nextTurn('requests', 5000);
  assert.ok(now() - at <= 300, `${now() - at} ms`);
  await first.worked('requests');
  await waiting();
  assert.deepEqual(ended, Array(3).fill('turn'));
});

test('the one that is to find out and wakes too late for its turn takes another, and is not refused by its own claim', async () => {
  const { time, processes } = world(2);
  const [one, other] = processes as [Traffic, Traffic];
  for (let n = 0; n < 5; n++) await one.failed('requests');
  await one.pause(60_000);
  time.turn(50_000);
  const late = one.turn('requests', 120_000);
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
  // The machine slept, or the event loop was busy.
  time.turn(20_000);
  await time.run(late);
  await assert.rejects(time.run(other.turn('requests', 1000)), { code: 'stash-box-unreachable' });
});

test('one more request of somebody who had a turn is spaced like all, and not refused while the box is left alone', async () => {
  const { time, processes } = world(2, { perMinute: 60 });
  const [one, other] = processes as [Traffic, Traffic];
  for (let n = 0; n < 5; n++) await one.failed('pictures');
  time.turn(31_000);
  await time.run(one.turn('pictures', 1000));
  const sent = [time.now()];
  for (let n = 0; n < 70; n++) {
    await time.run(one.nextTurn('pictures', 1000));
    sent.push(time.now());
  }
  assert.ok(mostInAMinute(sent) <= 60, `${mostInAMinute(sent)} in a minute`);
  await one.failed('pictures');
  await assert.rejects(time.run(other.turn('pictures', 1000)), { code: 'stash-box-unreachable' });
  // The pause that the box asks for holds for it too.
  await other.pause(30_000);
  await assert.rejects(one.nextTurn('pictures', 5000), { code: 'stash-box-unreachable' });
});

test('the process that was to find out and died holds nobody up for long', async () => {
  const { time, processes } = world(2);
  const [one, other] = processes as [Traffic, Traffic];
  for (let n = 0; n < 5; n++) await one.failed('requests');
  time.turn(40_000);
  await time.run(one.turn('requests', 1000));
  time.turn(40_000);
  await time.run(other.turn('requests', 1000));
});

test('a clock that was set back holds nobody up', async () => {
  const { time, processes } = world(1);
  await time.run(processes[0]!.turn('requests', 1000));
  await processes[0]!.pause(3_000_000);
  time.turn(-86_400_000);
  const begin = time.now();
  await time.run(processes[0]!.turn('requests', 1000));
  assert.equal(time.now(), begin);
});
