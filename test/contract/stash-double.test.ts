/** The double does what Stash was seen to do with plugins and jobs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { StashDouble } from '../double/stash-double.ts';
import { startedDouble, type Ask } from './started-double.ts';

const TASK =
  'mutation($t: String, $d: String, $a: Map) { id: runPluginTask(plugin_id: "stash-sense", task_name: $t, description: $d, args_map: $a) }';
const OPERATION = 'mutation($a: Map) { out: runPluginOperation(plugin_id: "stash-sense", args: $a) }';

async function run(double: StashDouble, ask: Ask, variables: object): Promise<{ id: string; log: string[] }> {
  const before = double.log.length;
  const { data } = await ask<{ id: string }>(TASK, variables);
  await double.idle();
  return { id: data.id, log: double.log.slice(before).map((it) => `${it.level} ${it.message}`) };
}

test("a task gets the connection, its default args as texts and the caller's with their types, in the order of Go", async (t) => {
  const { double, ask, plugin } = await startedDouble(t, { host: '0.0.0.0' });
  const { id, log } = await run(double, ask, {
    t: 'Echo',
    a: { count: 7, deep: { b: [true, null], a: 1 }, text: '<b>&"é' },
  });
  const { port } = new URL(double.url);
  const text = readFileSync(path.join(plugin, 'stdin.json'), 'utf8');
  const cookie = /"Value":"([^"]+)"/.exec(text)?.[1] ?? '';
  assert.equal(
    text,
    `{"server_connection":{"Scheme":"http","Host":"0.0.0.0","Port":${port},"SessionCookie":{"Name":"session","Value":"${cookie}","Quoted":false,"Path":"","Domain":"","Expires":"0001-01-01T00:00:00Z","RawExpires":"","MaxAge":0,"Secure":false,"HttpOnly":false,"SameSite":0,"Partitioned":false,"Raw":"","Unparsed":null},"Dir":"${double.configDir}","PluginDir":"${plugin}"},"args":{"count":7,"deep":{"a":1,"b":[true,null]},"flag":"true","mode":"echo","text":"\\u003cb\\u003e\\u0026\\"é"}}`,
  );
  assert.equal(
    log[0],
    `Debug Plugin Stash Sense started: sh ${plugin}/probe.sh --fixed --from-task ${plugin}/x`,
  );
  assert.equal(log.at(-1), 'Debug Plugin returned: map[mode:echo]');
  const { data } = await ask<{ findJob: object }>(
    'query($id: ID!) { findJob(input: { id: $id }) { status description progress error subTasks } }',
    { id },
  );
  assert.deepEqual(data.findJob, {
    status: 'FINISHED',
    description: 'Running plugin task: Echo',
    progress: 0,
    error: null,
    subTasks: null,
  });
});

test('a job is called by its description, its task or its plugin; without a task there are no default args', async (t) => {
  const { double, ask, plugin } = await startedDouble(t);
  const called = async (variables: object) =>
    double.findJob((await run(double, ask, variables)).id)?.description;
  assert.equal(await called({ t: 'Echo', d: 'Stash Sense: x' }), 'Running plugin task: Stash Sense: x');
  assert.equal(await called({ t: 'Echo' }), 'Running plugin task: Echo');
  assert.equal(await called({ a: { z: 1 } }), 'Running plugin task: stash-sense');
  assert.match(readFileSync(path.join(plugin, 'stdin.json'), 'utf8'), /"args":\{"z":1\}\}$/);
});

/** Mode of the probe, what an operation answers (an Error: its message), what a task leaves in the log. */
const OUTPUTS: readonly (readonly [string, unknown, string | null])[] = [
  ['nothing', '', 'Debug Plugin returned: 0xc000012345'],
  ['spaces', '  \n', 'Debug Plugin returned: 0xc000012345'],
  ['garbage', 'this is not json\n', 'Debug Plugin returned: 0xc000012345'],
  ['noise-before', 'loading…\n{"output":{"ok":true}}\n', 'Debug Plugin returned: 0xc000012345'],
  ['noise-after', '{"output":{"ok":true}}\nbye\n', 'Debug Plugin returned: 0xc000012345'],
  ['exit1', new Error('exit status 1'), 'Error Plugin returned error: exit status 1'],
  ['exit1-output', new Error('exit status 1'), 'Error Plugin returned error: exit status 1'],
  ['exit1-error', new Error('could not do it'), 'Error Plugin returned error: could not do it'],
  ['exit7-stderr', new Error('exit status 7'), 'Error Plugin returned error: exit status 7'],
  ['error', new Error('could not do it'), 'Error Plugin returned error: could not do it'],
  ['error-empty', new Error(''), 'Error Plugin returned error:'],
  ['error-object', new Error(''), 'Error Plugin returned error:'],
  ['error-and-output', new Error('could not do all'), 'Error Plugin returned error: could not do all'],
  ['array', '[1,2,3]', 'Debug Plugin returned: 0xc000012345'],
  ['number', '42', 'Debug Plugin returned: 0xc000012345'],
  ['string', '"hello"', 'Debug Plugin returned: 0xc000012345'],
  ['null', null, null],
  ['empty-object', null, null],
  ['output-null', null, null],
  ['output-string', 'text', 'Debug Plugin returned: text'],
  ['other-keys', null, null],
  ['capital-keys', { x: 1 }, 'Debug Plugin returned: map[x:1]'],
  ['kill-self', new Error('signal: killed'), 'Error Plugin returned error: signal: killed'],
  ['abort', new Error('signal: aborted'), 'Error Plugin returned error: signal: aborted'],
];

test('what a plugin prints and how it ends is read as Stash reads it', async (t) => {
  const { double, ask } = await startedDouble(t);
  for (const [mode, expected, logged] of OUTPUTS) {
    const { data, errors } = await ask<{ out: unknown }>(OPERATION, { a: { mode } });
    if (expected instanceof Error)
      assert.deepEqual([data.out, errors?.[0]?.message], [null, expected.message], mode);
    else assert.deepEqual([data.out, errors], [expected, undefined], mode);
    const { id, log } = await run(double, ask, { a: { mode } });
    assert.deepEqual([double.findJob(id)?.status, double.findJob(id)?.error], ['FINISHED', null], mode);
    assert.equal(log.at(-1), logged ?? 'Debug Plugin Stash Sense finished', mode);
  }
});

test('what could not be started is FAILED, with the reason', async (t) => {
  const { double, ask, plugin } = await startedDouble(t);
  const tried = async (plugin_id: string, task: string) => {
    const { data } = await ask<{ id: string }>(
      'mutation($p: ID!, $t: String) { id: runPluginTask(plugin_id: $p, task_name: $t) }',
      { p: plugin_id, t: task },
    );
    await double.idle();
    const job = double.findJob(data.id);
    return `${job?.status} ${job?.error}`;
  };
  assert.equal(await tried('nobody', 'Echo'), 'FAILED Error creating plugin task: no plugin with ID nobody');
  assert.equal(
    await tried('stash-sense', 'echo'),
    'FAILED Error creating plugin task: no task with name echo in plugin Stash Sense',
  );
  const program = path.join(path.dirname(plugin), 'no-exec/no-such-program');
  assert.equal(
    await tried('no-exec', 'Start'),
    `FAILED Error running plugin task: error running plugin: fork/exec ${program}: no such file or directory`,
  );
  const { data, errors } = await ask<{ out: null }>(
    'mutation { out: runPluginOperation(plugin_id: "bad-yaml") }',
  );
  assert.equal(data.out, null);
  assert.match(errors?.[0]?.message ?? '', /nil pointer dereference/);
});

test('stderr becomes log lines and progress; what has no prefix is as loud as errLog says', async (t) => {
  const { double, ask } = await startedDouble(t);
  const { id, log } = await run(double, ask, { a: { mode: 'levels' } });
  assert.deepEqual(
    log.filter((it) => it.includes('[Plugin')),
    [
      'Debug [Plugin / Stash Sense] d',
      'Info [Plugin / Stash Sense] i',
      'Warning [Plugin / Stash Sense] w',
      'Error [Plugin / Stash Sense] e',
      'Info [Plugin / Stash Sense] plain',
      'Error [Plugin / Stash Sense] Error parsing plugin progress value half',
    ],
  );
  assert.equal(double.findJob(id)?.progress, 1);
  const { data } = await ask<{ logs: { message: string }[] }>('{ logs { time level message } }');
  assert.match(data.logs[0]?.message ?? '', /Plugin Stash Sense finished/);
});

test('without errLog plain lines are errors', async (t) => {
  const { double, ask } = await startedDouble(t, { errLog: null });
  const { log } = await run(double, ask, { a: { mode: 'exit7-stderr' } });
  assert.ok(log.includes('Error [Plugin / Stash Sense] fatal: something broke'));
});

test('after a line of 70 000 characters nothing more of stderr is read', async (t) => {
  const { double, ask } = await startedDouble(t);
  const { log } = await run(double, ask, { a: { mode: 'long-line' } });
  assert.deepEqual(
    log.filter((it) => it.includes('[Plugin')),
    [],
  );
});

test('one job at a time, first come first served; stop kills the one that runs and takes the others out', async (t) => {
  const { double, ask } = await startedDouble(t);
  const queue = async (variables: object) => (await ask<{ id: string }>(TASK, variables)).data.id;
  const jobs = async () =>
    (await ask<{ jobQueue: { id: string; status: string }[] | null }>('{ jobQueue { id status } }')).data
      .jobQueue;
  const stop = (id: string) => ask('mutation($id: ID!) { stopJob(job_id: $id) }', { id });
  assert.equal(await jobs(), null);
  const [first, second, third] = [
    await queue({ t: 'Slow' }),
    await queue({ t: 'Slow' }),
    await queue({ t: 'Echo' }),
  ] as const;
  assert.deepEqual([first, second, third], ['1', '2', '3']);
  await waitFor(() => double.findJob(first)?.progress === 0.5);
  assert.deepEqual(await jobs(), [
    { id: '1', status: 'RUNNING' },
    { id: '2', status: 'READY' },
    { id: '3', status: 'READY' },
  ]);
  await stop(second);
  const [pid = 0] = double.processIds();
  assert.ok(isAlive(pid));
  await stop(first);
  await double.idle();
  await waitFor(() => !isAlive(pid));
  assert.deepEqual(
    ['1', '2', '3'].map((id) => double.findJob(id)?.status),
    ['CANCELLED', 'CANCELLED', 'FINISHED'],
  );
  assert.equal(double.findJob(first)?.progress, 0.5);
  assert.ok(double.log.some((it) => it.message === 'Plugin returned error: signal: killed'));
});

test('the last ten jobs are remembered; ids begin anew after a restart, and what ran lives on', async (t) => {
  const { double, ask } = await startedDouble(t);
  for (let i = 0; i < 11; i++) await run(double, ask, { a: { mode: 'null' } });
  assert.equal(double.findJob('1'), null);
  assert.equal(double.findJob('2')?.status, 'FINISHED');
  await ask(TASK, { t: 'Slow' });
  await waitFor(() => double.processIds().length === 1);
  const [pid = 0] = double.processIds();
  double.restart();
  assert.deepEqual(double.jobs(), []);
  assert.ok(isAlive(pid));
  assert.equal((await run(double, ask, { a: { mode: 'null' } })).id, '1');
});

test('a job ends with the plugin, unless a child of it holds its stdout', async (t) => {
  const { double, ask } = await startedDouble(t);
  // The child lives for seconds; the job does not wait for it.
  await run(double, ask, { a: { mode: 'child' } });
  await ask(TASK, { a: { mode: 'child-holds-stdout' } });
  await waitFor(() => double.processIds().length === 1);
  const [pid = 0] = double.processIds();
  await waitFor(() => !isAlive(pid));
  assert.equal(double.findJob('2')?.status, 'RUNNING');
  await double.idle();
  assert.equal(double.findJob('2')?.status, 'FINISHED');
});

test('an operation is outside the queue, and is killed when its asker goes away', async (t) => {
  const { double, ask } = await startedDouble(t);
  await ask(TASK, { t: 'Slow' });
  assert.deepEqual((await ask(OPERATION, { a: { mode: 'output-string' } })).data, { out: 'text' });
  const controller = new AbortController();
  const asked = fetch(`${double.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: OPERATION, variables: { a: { mode: 'slow' } } }),
    signal: controller.signal,
  }).catch(() => null);
  await waitFor(() => double.processIds().length === 2);
  const pid = double.processIds()[1] ?? 0;
  controller.abort();
  await asked;
  await waitFor(() => !isAlive(pid));
  assert.equal(double.processIds().length, 1);
});

test('a disabled plugin says so', async (t) => {
  const { double, ask } = await startedDouble(t);
  await ask('mutation { setPluginsEnabled(enabledMap: { stash_sense: true }) }');
  await ask('mutation($m: BoolMap!) { setPluginsEnabled(enabledMap: $m) }', { m: { 'stash-sense': false } });
  assert.equal((await ask(OPERATION)).errors?.[0]?.message, 'plugin stash-sense is disabled');
  const { data } = await ask<{ pluginTasks: { plugin: { id: string } }[] }>(
    '{ pluginTasks { name plugin { id } } }',
  );
  assert.deepEqual(
    data.pluginTasks.map((it) => it.plugin.id),
    ['no-exec'],
  );
  assert.equal((await fetch(`${double.url}/plugin/stash-sense/javascript`)).status, 400);
});

test('settings of a plugin are replaced, and absent until there are any', async (t) => {
  const { ask } = await startedDouble(t);
  const read = async () =>
    (
      await ask<{ configuration: { plugins: object } }>(
        '{ configuration { plugins(include: ["stash-sense"]) } }',
      )
    ).data.configuration.plugins;
  const write = (input: object) =>
    ask('mutation($i: Map!) { configurePlugin(plugin_id: "stash-sense", input: $i) }', { i: input });
  assert.deepEqual(await read(), {});
  await write({ a: 1, 'b.C': { d: [null] } });
  await write({ b: 'x' });
  assert.deepEqual(await read(), { 'stash-sense': { b: 'x' } });
  await write({});
  assert.deepEqual(await read(), {});
});

async function waitFor(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
