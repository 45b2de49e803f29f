/** What a process holds stays its own while it lives and works, and is another's once it does not. Real processes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../core/ports/store.ts';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { startHeartbeat } from '../../plugin/store/heartbeat.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';
import { offered } from '../contract/store-samples.ts';
import { HEARTBEAT_MS, LEASE_MS, takeAll } from './lease-child.ts';
import { until } from '../fixtures/wait.ts';
import { bundleChild } from './store-bundle.ts';

const HOUR_MS = 3_600_000;
const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-leases-'));
let child = '';
before(async () => {
  child = await bundleChild('lease-child.ts', root);
});
const started: ChildProcess[] = [];
after(() => {
  // Also of a test that failed.
  for (const it of started) it.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

const ALL = ['run 1', 'lock write', 'item 1'];

test('a process whose main thread is blocked for many leases loses nothing; killed, it does after one lease', async () => {
  // Only the lease counts, as for a process of another PID namespace.
  const store = await storeWithOneItem('blocked', () => true);
  const holder = start(store.folder, 'block', '60000');
  await lines(holder, 2);
  const end = Date.now() + 3 * LEASE_MS;
  while (Date.now() < end) {
    assert.deepEqual(await takeAll(store, createOwner(), LEASE_MS), []);
    await sleep(HEARTBEAT_MS);
  }
  const killedAt = Date.now();
  await kill(holder);
  assert.deepEqual(await takeAll(store, createOwner(), LEASE_MS), [], 'just killed');
  const owner = createOwner();
  let got: string[] = [];
  while (got.length === 0 && Date.now() < killedAt + 10 * LEASE_MS) {
    await sleep(20);
    got = await takeAll(store, owner, LEASE_MS);
  }
  assert.deepEqual(got, ALL);
  assert.ok(Date.now() - killedAt > LEASE_MS / 2, `${Date.now() - killedAt} ms`);
  await store.close();
});

test('what is kept does not keep its process alive', async () => {
  const store = await storeWithOneItem('left');
  const [code] = (await once(start(store.folder, 'leave'), 'exit')) as [number | null];
  assert.equal(code, 0);
  assert.deepEqual(await takeAll(store, createOwner(), HOUR_MS), ALL);
  await store.close();
});

test('a main thread that hangs for longer than its bound is no longer spoken for', async () => {
  const store = await storeWithOneItem('hung');
  const file = path.join(store.folder, 'stash-sense.sqlite');
  const owner = createOwner();
  await store.locks.acquire('write', owner, LEASE_MS);
  const database = await openDatabase(file);
  const heartbeatAt = (): number =>
    Number(database.raw.get(`SELECT heartbeat_at AS at FROM locks WHERE name = 'write'`)?.['at']);
  const heard: number[] = [];
  const heartbeat = startHeartbeat({
    file,
    now: Date.now,
    onRows: (key) => heard.push(key),
    renewHere: () => Promise.resolve(),
    report: (problem) => assert.fail(problem),
    hungMs: 1000,
  });
  heartbeat.add(
    7,
    { renew: 'UPDATE locks SET heartbeat_at = ?1 WHERE name = ?2 RETURNING name', values: ['write'] },
    50,
  );
  while (heard.length < 3) await sleep(10);
  const blockedAt = Date.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500);
  const last = heartbeatAt();
  assert.ok(last > blockedAt && last < blockedAt + 3000, `${last - blockedAt} ms`);
  await until(() => heartbeatAt() > blockedAt + 3500, 'the heartbeat goes on', 10); // It turns again.
  await heartbeat.close();
  await database.close();
  await store.close();
});

test('what cannot be renewed is reported once and keeps nothing else from being renewed', async () => {
  const store = await storeWithOneItem('reported');
  const heard: number[] = [];
  const reported: string[] = [];
  const heartbeat = startHeartbeat({
    file: path.join(store.folder, 'stash-sense.sqlite'),
    now: Date.now,
    onRows: (key) => heard.push(key),
    renewHere: () => Promise.resolve(),
    report: (problem) => reported.push(problem),
  });
  heartbeat.add(1, { renew: 'UPDATE nowhere SET at = ?1', values: [] }, 20);
  heartbeat.add(2, { renew: 'UPDATE locks SET heartbeat_at = ?1', values: [] }, 20);
  await until(() => heard.length >= 3, 'the other row is renewed', 10);
  assert.deepEqual(new Set(heard), new Set([2]));
  assert.deepEqual(reported, ['no such table: nowhere']);
  await heartbeat.close();
  await store.close();
});

test('where the data was moved away the heartbeat makes no new file and ends nothing', async () => {
  const store = await storeWithOneItem('moved away');
  const owner = createOwner();
  const lock = await store.locks.acquire('write', owner, LEASE_MS);
  rmSync(store.folder, { recursive: true });
  const lease = store.leases.keep(lock!, 20);
  await sleep(400);
  assert.throws(() => rmSync(store.folder), /ENOENT/);
  assert.equal(lease.lost, false);
  await store.close();
});

test('a stop that is asked for, and a loss, are heard of', async () => {
  const store = await storeWithOneItem('heard');
  const owner = createOwner();
  const { run } = await store.runs.begin('scan', owner, {}, LEASE_MS);
  const kept = store.leases.keep({ run, owner }, 20);
  const other = await openStore({ folder: store.folder });
  await sleep(100);
  assert.deepEqual([kept.wanted, kept.lost], ['run', false]);
  await other.runs.askStop('scan');
  await until(() => kept.wanted === 'stop', 'the stop is seen', 10);
  await other.runs.begin('scan', createOwner(), {}, 0);
  await until(() => kept.lost, 'the loss is seen', 10);
  await assert.rejects(store.leases.check(), { code: 'busy' });
  kept.end();
  await store.leases.check();
  await other.close();
  await store.close();
});

/** A container with the host's network has the host's name and pids of its own. */
test(
  'a process in another PID namespace takes nothing from a living one',
  { skip: cannotUnshare() },
  async () => {
    const store = await storeWithOneItem('namespaces');
    assert.deepEqual(await takeAll(store, createOwner(), HOUR_MS), ALL);
    // There is no such pid over there.
    assert.deepEqual(await answerOf(startApart(store.folder, 'try', String(HOUR_MS))), []);
    assert.deepEqual(await answerOf(startApart(store.folder, 'try', '0')), ['run 1', 'lock write', 'item 1']);
    await store.close();

    // The other way round: a pid that does not exist here.
    const apart = await storeWithOneItem('apart');
    const holder = startApart(apart.folder, 'block', '60000');
    await lines(holder, 2);
    assert.deepEqual(await takeAll(apart, createOwner(), HOUR_MS), []);
    await kill(holder);
    await apart.close();
  },
);

async function storeWithOneItem(
  name: string,
  isAlive?: () => boolean,
): Promise<Store & { readonly folder: string }> {
  const folder = path.join(root, name);
  const store = await openStore({ folder, ...(isAlive && { isAlive }) });
  await store.work.enqueue('scan', [offered(1)]);
  return Object.assign(store, { folder });
}

function start(...args: readonly string[]): ChildProcess {
  return remembered(
    spawn(process.execPath, ['--no-warnings', child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}

function remembered(process: ChildProcess): ChildProcess {
  started.push(process);
  return process;
}

/** In a PID namespace of its own, with a pid that nobody has here; killed, all in it is. */
function startApart(...args: readonly string[]): ChildProcess {
  const script =
    'echo $(($(cat /proc/sys/kernel/pid_max) - 50)) > /proc/sys/kernel/ns_last_pid; "$@"; exit $?';
  return remembered(
    spawn(
      'unshare',
      [
        '--pid',
        '--fork',
        '--kill-child',
        '--mount-proc',
        'sh',
        '-c',
        script,
        'sh',
        process.execPath,
        '--no-warnings',
        child,
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    ),
  );
}

function cannotUnshare(): string | false {
  const tried = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']);
  return tried.status === 0 ? false : 'needs the right to make a PID namespace';
}

async function answerOf(process: ChildProcess): Promise<unknown> {
  const [line] = await lines(process, 1);
  await once(process, 'exit');
  return JSON.parse(line ?? 'null');
}

async function lines(process: ChildProcess, count: number): Promise<string[]> {
  let text = '';
  for await (const part of process.stdout!.iterator({ destroyOnReturn: false })) {
    text += String(part);
    if (text.split('\n').length > count) break;
  }
  return text.split('\n').slice(0, count);
}

async function kill(process: ChildProcess): Promise<void> {
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}
