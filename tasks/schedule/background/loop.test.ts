/** The scheduler's loop under a clock that only its sleeping moves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { message, plain } from '../../../core/messages/message.ts';
import { keepTime, type LoopParts, type Tick } from './loop.ts';

const MINUTE = 60_000;
const BEGIN = 1_800_000_000_000;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type World = Mutable<LoopParts> & {
  clock: number;
  /** When it asked, in minutes since the beginning, and whether for new scenes. */
  readonly asked: [number, boolean][];
  tick: () => Tick;
  scenes: { highest: number; isIdle: boolean };
  /** Called before each sleep. */
  step: (minute: number) => void;
};

function world(minutes: number, change: Partial<World> = {}): World {
  const asked: [number, boolean][] = [];
  const it: World = {
    clock: BEGIN,
    asked,
    scenes: { highest: 5, isIdle: true },
    tick: () => ({ version: '1', nextAskAt: null }),
    step: () => undefined,
    ask(newScenes) {
      asked.push([Math.round((it.clock - BEGIN) / MINUTE), newScenes]);
      return new Promise((resolve) => resolve(it.tick()));
    },
    newestScene: () => Promise.resolve(it.scenes),
    isWanted: () => it.clock < BEGIN + minutes * MINUTE,
    changed: () => null,
    stamp: () => 'old',
    version: '1',
    patienceMs: 10 * MINUTE,
    now: () => it.clock,
    sleep(ms) {
      it.clock += ms;
      it.step((it.clock - BEGIN) / MINUTE);
      return Promise.resolve();
    },
    log: { info: () => undefined, warn: () => undefined },
    ...change,
  };
  return it;
}

const REFUSED = (reason: string): StashSenseError =>
  new StashSenseError('stash-refused', message('stash.refused', { reason }));

function failing(): never {
  throw new StashSenseError('stash-unreachable', message('schedule.noTick'));
}

function unreachable(): never {
  throw new StashSenseError('stash-unreachable', plain('ECONNREFUSED'));
}

test('it asks at its beginning, when something is due, and every half hour besides', async () => {
  const it = world(60);
  it.tick = () => ({ version: '1', nextAskAt: it.clock < BEGIN + 10 * MINUTE ? BEGIN + 10 * MINUTE : null });
  assert.equal(await keepTime(it), null);
  assert.deepEqual(it.asked, [
    [0, false],
    [10, false],
    [40, false],
  ]);
});

test('a change of the schedule is asked about at once', async () => {
  let mark = 1;
  const it = world(8, { changed: () => mark });
  it.step = (minute) => {
    if (minute >= 5) mark = 2;
  };
  await keepTime(it);
  assert.deepEqual(it.asked, [
    [0, false],
    [5, false],
  ]);
});

test('new scenes are told once no more come and the queue is empty', async () => {
  const it = world(20);
  it.step = (minute) => {
    // Stash scans from the third to the sixth minute, and generates until the ninth.
    const highest = minute < 3 ? 5 : minute < 6 ? 5 + Math.floor(minute * 10) : 70;
    it.scenes = { highest, isIdle: minute < 3 || minute >= 9 };
  };
  await keepTime(it);
  assert.deepEqual(
    it.asked.map(([, newScenes]) => newScenes),
    [false, true],
  );
  const told = it.asked[1]![0];
  assert.ok(told >= 9 && told <= 10, `told in minute ${told}`);
});

test('a machine that slept asks when it wakes, once; a clock that was set back does not stop it', async () => {
  const it = world(24 * 60);
  it.tick = () => ({ version: '1', nextAskAt: BEGIN + 3 * 60 * MINUTE });
  let slept = false;
  it.step = (minute) => {
    if (minute >= 5 && !slept) {
      slept = true;
      it.clock = BEGIN + 8 * 60 * MINUTE;
      it.tick = () => ({ version: '1', nextAskAt: BEGIN + 27 * 60 * MINUTE });
    }
    if (it.asked.length >= 2 && it.clock > BEGIN + 8 * 60 * MINUTE + 2 * MINUTE) it.isWanted = () => false;
  };
  it.isWanted = () => true;
  await keepTime(it);
  assert.deepEqual(it.asked, [
    [0, false],
    [8 * 60, false],
  ]);

  const back = world(0, { isWanted: () => back.asked.length < 2 });
  back.tick = () => ({ version: '1', nextAskAt: BEGIN + 60 * MINUTE });
  back.step = () => {
    if (back.asked.length === 1) back.clock = BEGIN - 300 * 24 * 60 * MINUTE;
  };
  await keepTime(back);
  assert.equal(back.asked.length, 2);
});

test('a Stash that is away is waited for, and left alone after that', async () => {
  const gone = new StashSenseError('stash-unreachable', plain('ECONNREFUSED'));
  const it = world(600);
  it.newestScene = () => Promise.reject(gone);
  const why = await keepTime(it);
  assert.equal(why?.id, 'schedule.ended.away');
  assert.ok(it.clock - BEGIN < 13 * MINUTE);

  // A restart takes less.
  const restarted = world(30);
  restarted.newestScene = () =>
    restarted.clock < BEGIN + 8 * MINUTE ? Promise.reject(gone) : Promise.resolve(restarted.scenes);
  assert.equal(await keepTime(restarted), null);
});

for (const [what, error] of [
  [
    'a session that has ended',
    new StashSenseError('stash-unreachable', message('stash.sessionEnded', { address: 'x' })),
  ],
  [
    'a key that was changed',
    new StashSenseError('stash-unreachable', message('stash.unknownKey', { address: 'x' })),
  ],
  ['a plugin that is switched off', REFUSED('plugin stash-sense is disabled')],
] as const)
  test(`${what} ends it at once, and it says why`, async () => {
    const it = world(60, { ask: () => Promise.reject(error) });
    assert.equal((await keepTime(it))?.id, 'schedule.ended.refused');
    assert.equal(it.clock, BEGIN);
  });

test('an update of the plugin ends it, after the new one was asked to start another', async () => {
  const it = world(60);
  // Nothing is there for a while, and then half of it.
  it.stamp = () => {
    const seconds = (it.clock - BEGIN) / 1000 - 5 * 60;
    return seconds < 0 ? 'old' : seconds < 20 ? null : seconds < 30 ? `${seconds}` : 'new';
  };
  it.step = () => {
    if (it.stamp() === 'new' && it.clock < BEGIN + 5.6 * MINUTE) it.tick = failing;
    else it.tick = () => ({ version: '2', nextAskAt: null });
  };
  assert.equal((await keepTime(it))?.id, 'schedule.ended.updated');
  assert.equal(it.asked.length, 3, 'once as ever, once of what did not answer yet, once of what did');
  assert.ok(it.clock < BEGIN + 6 * MINUTE);

  const away = world(60);
  away.stamp = () => (away.clock < BEGIN + 5 * MINUTE ? 'old' : null);
  assert.equal((await keepTime(away))?.id, 'schedule.ended.updated');
  assert.ok(
    away.clock > BEGIN + 6 * MINUTE - 1 && away.clock < BEGIN + 6.2 * MINUTE,
    'it may be long about it',
  );

  const other = world(60, { version: '0' });
  assert.equal((await keepTime(other))?.id, 'schedule.ended.updated');
});

test('a plugin that is unpacked and then as it was is no update', async () => {
  const it = world(20);
  it.stamp = () => (it.clock >= BEGIN + 5 * MINUTE && it.clock < BEGIN + 5.5 * MINUTE ? null : 'old');
  assert.equal(await keepTime(it), null);
  assert.equal(it.asked.length, 1);
});

test('where any version may answer, another one does not end it', async () => {
  const it = world(60, { version: null });
  it.tick = () => ({ version: '7', nextAskAt: null });
  assert.equal(await keepTime(it), null);
  assert.equal(it.asked.length, 2);
});

test('a question that fails is asked again later and later, and not for ever', async () => {
  const it = world(600, { tick: failing });
  assert.equal((await keepTime(it))?.id, 'schedule.ended.away');
  assert.deepEqual(
    it.asked.map(([minute]) => minute),
    [0, 1, 3, 7, 15],
  );

  const patient = world(180, { tick: failing, patienceMs: Infinity });
  assert.equal(await keepTime(patient), null);
  assert.deepEqual(
    patient.asked.map(([minute]) => minute),
    [0, 1, 3, 7, 15, 31, 61, 91, 121, 151],
  );
});

test('one crash of the plugin does not end it, and new scenes are told when it is well again', async () => {
  const it = world(20);
  it.step = (minute) => {
    it.scenes = { highest: minute < 3 ? 5 : 6, isIdle: true };
    it.tick =
      minute >= 4 && minute < 6
        ? () => {
            throw REFUSED('exit status 1');
          }
        : () => ({ version: '1', nextAskAt: null });
  };
  assert.equal(await keepTime(it), null);
  assert.deepEqual(
    it.asked.map(([, newScenes]) => newScenes),
    [false, true, true, true],
  );
});

test('what Stash did not answer while it was away is asked as soon as it is back', async () => {
  const it = world(20);
  it.tick = unreachable;
  it.newestScene = () =>
    it.clock < BEGIN + 4.5 * MINUTE ? new Promise(unreachable) : Promise.resolve(it.scenes);
  it.step = (minute) => {
    if (minute >= 4.5) it.tick = () => ({ version: '1', nextAskAt: null });
  };
  assert.equal(await keepTime(it), null);
  assert.deepEqual(
    it.asked.map(([minute]) => minute),
    [0, 1, 3, 5],
  );
});
