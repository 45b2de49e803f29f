/** Who starts and who ends the background scheduler. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { MessageId } from '../../../core/messages/message.ts';
import { type Mark, readMark, writeMark } from '../../../plugin/system/background/mark.ts';
import { createOwner } from '../../../plugin/system/process-owner.ts';
import { keepScheduler } from './keep.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };

type Parts = Parameters<typeof keepScheduler>[0];
type World = { -readonly [Name in keyof Parts]: Parts[Name] } & { starts: number; signals: number };

/** The one that runs is this process, of version 1; what looks after it is of version 2. */
function world(t: TestContext, mark: Mark | null): World {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-keep-'));
  const it: World = {
    starts: 0,
    signals: 0,
    dataFolder,
    version: '2',
    now: () => NOW,
    sleep: () => Promise.resolve(),
    log: SILENT,
    startScheduler() {
      it.starts++;
      return Promise.resolve();
    },
  };
  const count = (): void => void it.signals++;
  process.on('SIGTERM', count);
  t.after(() => {
    process.off('SIGTERM', count);
    rmSync(dataFolder, { recursive: true });
  });
  if (mark) writeMark(dataFolder, mark);
  return it;
}

const running = (version: string): Mark => ({
  state: 'running',
  owner: createOwner(),
  pid: process.pid,
  startedAt: NOW,
  version,
});
const ended = (id: MessageId, minutesAgo: number, ranMs: number): Mark => ({
  state: 'ended',
  at: NOW - minutesAgo * MINUTE,
  why: { id },
  ranMs,
});

test('one of another version is not ended by what it may be asking, but finds the new one named', async (t) => {
  const old = running('1');
  const it = world(t, old);
  const next = running('2');
  it.startScheduler = () => {
    it.starts++;
    assert.deepEqual(readMark(it.dataFolder), old);
    writeMark(it.dataFolder, next);
    return Promise.resolve();
  };
  await keepScheduler(it, { background: true });
  await keepScheduler(it, { background: true });
  await setTimeout(100);
  assert.deepEqual([it.starts, it.signals], [1, 0]);
  assert.deepEqual(readMark(it.dataFolder), next);
});

test('whoever cannot start one ends none that is switched on', async (t) => {
  const old = running('1');
  const it = { ...world(t, old), startScheduler: null };
  await keepScheduler(it, { background: true });
  await setTimeout(100);
  assert.equal(it.signals, 0);
  assert.deepEqual(readMark(it.dataFolder), old);
});

test('switched off it is ended, also by who cannot start one, and why an earlier one ended is forgotten', async (t) => {
  const it = world(t, running('1'));
  it.startScheduler = null;
  await keepScheduler(it, { background: false });
  assert.equal(readMark(it.dataFolder), null);
  for (let waited = 0; it.signals === 0 && waited < 10_000; waited += 10) await setTimeout(10);
  assert.equal(it.signals, process.platform === 'linux' ? 1 : 0);
  writeMark(it.dataFolder, ended('schedule.ended.refused', 0, 0));
  await keepScheduler(it, { background: false });
  assert.equal(readMark(it.dataFolder), null);
});

for (const [what, mark, starts] of [
  ['just now, after hours', ended('schedule.ended.refused', 0.5, 200 * MINUTE), 0],
  ['a while ago, after hours', ended('schedule.ended.refused', 1.5, 200 * MINUTE), 1],
  ['a while ago, at once', ended('schedule.ended.failed', 9, 1000), 0],
  ['long ago, at once', ended('schedule.ended.failed', 11, 1000), 1],
  ['by an update', ended('schedule.ended.updated', 0, 1000), 1],
  ['by a clock that is ahead by a day', ended('schedule.ended.away', -24 * 60, 1000), 1],
] as const)
  test(`one that ended ${what} is ${starts === 1 ? 'started' : 'left alone'}`, async (t) => {
    const it = world(t, mark);
    await keepScheduler(it, { background: true });
    assert.equal(it.starts, starts);
  });
