import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { sessionCookie } from '../../test/double/plugins/process.ts';
import { readPluginInput } from './input.ts';

const COOKIE = sessionCookie('MTc2NA');

function stdin(server: Record<string, unknown> = {}, args: unknown = {}): Readable {
  return Readable.from([
    JSON.stringify({
      server_connection: {
        Scheme: 'http',
        Host: '0.0.0.0',
        Port: 9999,
        SessionCookie: COOKIE,
        Dir: '/config',
        PluginDir: '/config/plugins/stable/stash-sense',
        ...server,
      },
      args,
    }),
  ]);
}

test('what Stash writes to a task is read', async () => {
  const input = await readPluginInput(stdin({}, { mode: 'scan', scene_ids: [1] }));
  assert.deepEqual(input, {
    baseUrl: 'http://127.0.0.1:9999',
    cookie: { name: 'session', value: 'MTc2NA' },
    configDir: '/config',
    args: { mode: 'scan', scene_ids: [1] },
  });
});

for (const [host, scheme, url] of [
  ['0.0.0.0', 'http', 'http://127.0.0.1:9999'],
  ['', 'https', 'https://127.0.0.1:9999'],
  [null, 'http', 'http://127.0.0.1:9999'],
  ['::', 'http', 'http://[::1]:9999'],
  ['[::]', 'http', 'http://[::1]:9999'],
  ['fe80::7', 'https', 'https://[fe80::7]:9999'],
  ['fe80::1%eth0', 'http', 'http://[fe80::1]:9999'],
  ['[fe80::1%25en0]', 'https', 'https://[fe80::1]:9999'],
  ['192.168.1.5', 'http', 'http://192.168.1.5:9999'],
] as const)
  test(`a Stash that listens on "${host}" is reached at ${url}`, async () => {
    const { baseUrl } = await readPluginInput(stdin({ Host: host, Scheme: scheme }));
    assert.equal(baseUrl, url);
    assert.equal(new URL(baseUrl).origin, url);
  });

test('no cookie is no error', async () => {
  assert.equal((await readPluginInput(stdin({ SessionCookie: null }))).cookie, null);
});

test('a quoted cookie goes back in its quotes', async () => {
  const input = await readPluginInput(stdin({ SessionCookie: { ...COOKIE, Quoted: true } }));
  assert.equal(input.cookie?.value, '"MTc2NA"');
});

test('a relative config folder is taken from where Stash was started', async () => {
  assert.equal((await readPluginInput(stdin({ Dir: 'conf' }))).configDir, path.resolve('conf'));
});

test('fields of newer versions do not matter, and missing args are none', async () => {
  const input = await readPluginInput(stdin({ SessionCookie: { ...COOKIE, Shiny: [1] }, Extra: true }, null));
  assert.deepEqual(input.args, {});
});

for (const [came, text, says] of [
  ['nothing', '', /got nothing/],
  ['noise', 'hello', /text that is no JSON/],
  ['half a JSON', '{"server_connection":{"Scheme":"ht', /text that is no JSON/],
  ['a JSON of another sort', '{"args":{}}', /server_connection: /],
  ['a port that is none', '{"server_connection":{"Scheme":"http","Port":0,"Dir":"/c"}}', /Port/],
] as const)
  test(`${came} on stdin is one sentence`, async () => {
    await assert.rejects(readPluginInput(Readable.from([text])), (error: Error) => {
      assert.match(error.message, says);
      assert.match(error.message, /start it from Stash/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });

test('more than 32 MB on stdin is refused before it fills the memory', async () => {
  const chunk = Buffer.alloc(1 << 20, 32);
  let given = 0;
  async function* endless() {
    for (; given < 1000; given++) yield chunk;
  }
  await assert.rejects(readPluginInput(endless()), /more than 32 MB/);
  assert.ok(given < 40);
});

test('a terminal is not waited for', async () => {
  const terminal = Object.assign(Readable.from([]), { isTTY: true });
  await assert.rejects(readPluginInput(terminal), /got a terminal/);
});

/** How many bytes a process of its own reads of its stdin. */
async function readOf(
  from: 'pipe' | number,
  write?: (to: NodeJS.WritableStream) => Promise<void>,
): Promise<string> {
  const source = `
    import { inputFromStash } from ${JSON.stringify(import.meta.resolve('./input.ts'))};
    let bytes = 0;
    for await (const chunk of inputFromStash()) bytes += chunk.length;
    console.log(bytes);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    stdio: [from, 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  if (child.stdin !== null) await write?.(child.stdin);
  await ended;
  return said.trim();
}

test('what comes late and in pieces is read to its end', async () => {
  const read = await readOf('pipe', async (to) => {
    await sleep(300);
    to.write('x'.repeat(200_000));
    await sleep(100);
    to.end('y');
  });
  assert.equal(read, '200001');
});

test('a pipe that is closed at once, and a device, hold nothing', async () => {
  assert.equal(await readOf('pipe', (to) => Promise.resolve(void to.end())), '0');
  if (process.platform !== 'win32') assert.equal(await readOf(openSync('/dev/null', 'r')), '0');
});
