/** The background scheduler as it really runs: a process beside a double of Stash that starts the built plugin. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { ScheduleView } from '../../core/contract/schedule/view.ts';
import { startSchedulerProcess } from '../../plugin/host/start-scheduler.ts';
import { readMark, writeMark } from '../../plugin/system/background/mark.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { becomesSo } from '../fixtures/wait.ts';

/** A loaded machine takes its time to start a process. */
const SECONDS = 60;
const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-scheduler-'));
const plugin = path.join(folder, 'stash-sense');
const bundle = path.join(plugin, 'main.mjs');
const configDir = path.join(folder, 'config');
const data = path.join(configDir, 'stash-sense');
let double: StashDouble;
const cookies: string[] = [];

before(async () => {
  if (!existsSync('dist/stash-sense/main.mjs')) throw new Error('run npm run build first');
  cpSync('dist/stash-sense', plugin, { recursive: true });
  double = await startStashDouble({
    configDir,
    pluginDirs: [plugin],
    auth: { username: 'somebody', password: 'a password' },
  });
});
after(async () => {
  await ask('schedule.background', { on: false });
  await double.close();
  rmSync(folder, { recursive: true });
});

async function ask<Answer = ScheduleView>(mode: string, input: object = {}): Promise<Answer> {
  const cookie = double.createCookie();
  cookies.push(cookie);
  const response = await fetch(`${double.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: `session=${cookie}` },
    body: JSON.stringify({
      query: 'mutation($args: Map) { answer: runPluginOperation(plugin_id: "stash-sense", args: $args) }',
      variables: { args: { mode, input } },
    }),
  });
  const { data: answered, errors } = (await response.json()) as {
    data: { answer: Answer } | null;
    errors?: unknown;
  };
  assert.equal(errors, undefined);
  return answered!.answer;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended and was not collected yet is there too.
    return process.platform !== 'linux' || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const ended = async (pid: number): Promise<void> =>
  assert.ok(await becomesSo(() => !isAlive(pid), SECONDS), `${pid} has ended`);

async function running(view: ScheduleView): Promise<number> {
  const { pid } = view.scheduler.running ?? { pid: 0 };
  assert.ok(pid !== 0 && isAlive(pid), JSON.stringify(view.scheduler));
  return pid;
}

test('it runs when it is switched on, keeps its session to itself, and starts what is due', async () => {
  assert.equal((await ask('schedule.get')).scheduler.running, null);
  const pid = await running(await ask('schedule.background', { on: true }));
  // Every third second, so that it need not be waited for.
  await ask('schedule.set', { expressions: { 'link-scenes': '*/3 * * * * *' } });
  const started = (): boolean => double.log.some(({ message }) => /"Link scenes.*was due/.test(message));
  assert.ok(await becomesSo(started, SECONDS), 'it was started');
  await ask('schedule.set', { expressions: { 'link-scenes': '' } });
  await double.idle();

  const seen = [...double.log.map(({ message }) => message), ...filesOf(data)];
  if (process.platform === 'linux')
    seen.push(...['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1')));
  for (const cookie of cookies) assert.ok(seen.every((text) => !text.includes(cookie)));
  // Nor the one that Stash made for the process.
  assert.ok(seen.every((text) => !/session=|SessionCookie/.test(text)));
  if (process.platform !== 'win32')
    assert.equal(statSync(path.join(data, 'scheduler.json')).mode & 0o777, 0o600);
});

test('one that was killed is started by the next that asks', async () => {
  const pid = await running(await ask('schedule.get'));
  process.kill(pid, 'SIGKILL');
  await ended(pid);
  assert.notEqual(await running(await ask('schedule.get')), pid);
});

test('of two that run at once one is left', async () => {
  const pid = await running(await ask('schedule.get'));
  const cookie = { name: 'session', value: double.createCookie() };
  await startSchedulerProcess(bundle, { baseUrl: double.url, cookie, configDir, dataFolder: data });
  await ended(pid);
  const mark = readMark(data);
  assert.ok(mark?.state === 'running' && mark.pid !== pid && isAlive(mark.pid));
  assert.equal(await running(await ask('schedule.get')), mark.pid);
});

test('one that Stash refuses ends, says so, is left alone for a while, and then started by the next that asks', async () => {
  const pid = await running(await ask('schedule.get'));
  const { maxSessionAgeSeconds } = double.credentials;
  double.credentials.maxSessionAgeSeconds = -1;
  // As if something had changed, so that it asks now.
  utimesSync(path.join(data, 'scheduler.json'), 1, 1);
  await ended(pid);
  double.credentials.maxSessionAgeSeconds = maxSessionAgeSeconds;
  const mark = readMark(data);
  assert.ok(mark?.state === 'ended');
  assert.equal(mark.why.id, 'schedule.ended.refused');
  const { scheduler } = await ask('schedule.get');
  assert.deepEqual([scheduler.running, scheduler.ended?.id], [null, 'schedule.ended.refused']);
  writeMark(data, { ...mark, at: mark.at - 11 * 60_000 });
  await running(await ask('schedule.get'));
});

test('an update of the plugin ends it, and another one runs', async () => {
  const pid = await running(await ask('schedule.get'));
  const later = Date.now() / 1000 + 60;
  utimesSync(bundle, later, later);
  await ended(pid);
  await running(await ask('schedule.get'));
});

test('a restart of Stash leaves it at work', async () => {
  const pid = await running(await ask('schedule.get'));
  double.restart();
  assert.equal(await running(await ask('schedule.get')), pid);
});

test('switched off on the page it is gone, and nobody starts it again', async () => {
  const pid = await running(await ask('schedule.get'));
  const view = await ask('schedule.background', { on: false });
  assert.deepEqual([view.scheduler.isOn, view.scheduler.running], [false, null]);
  await ended(pid);
  assert.equal((await ask('schedule.get')).scheduler.running, null);
  assert.equal(readMark(data), null);
});

/** All files below it as text; of a database too. */
function filesOf(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(place, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'));
}
