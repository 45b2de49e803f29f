import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { startStashDouble } from '../double/stash-double.ts';
import { tempFolder } from '../fakes/context.ts';
import { bundle } from './plugin-process.ts';

/** What a home network's name server would know; one of the names is another machine's (an address kept for documents). */
const RESOLVER = `data:text/javascript,${encodeURIComponent(
  `import dns from 'node:dns'; const { lookup } = dns;
  const known = { 'nas.local': '127.0.0.1', 'other.local': '203.0.113.7' };
  dns.lookup = (name, options, done) => lookup(known[name] ?? name, options, done);`,
)}`;

for (const host of ['nas.local', 'localhost', '0.0.0.0', '', '127.0.0.1'])
  test(`the Stash that started us may say that it listens on "${host}" and have a certificate of its own`, async (t) => {
    assert.deepEqual(await listOf(t, { host, https: true }), {
      output: { total: 0, removed: 0, kinds: [], items: [] },
    });
  });

test('its session is not sent where its name leads to another machine', async (t) => {
  const answer = JSON.stringify(await listOf(t, { host: 'other.local', https: false }));
  assert.match(answer, /Stash says it listens on other\.local, which is another machine \(203\.0\.113\.7\)/);
});

/** What the plugin answers when its list of suggestions is asked for. */
async function listOf(t: TestContext, { host, https }: { host: string; https: boolean }): Promise<unknown> {
  const configDir = path.join(tempFolder(t), 'config');
  const auth = { username: 'me', password: 'secret' };
  const double = await startStashDouble({ configDir, https, auth });
  t.after(() => double.close());
  const child = spawn(process.execPath, ['--no-warnings', '--import', RESOLVER, bundle, '--stash'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(
    JSON.stringify({
      server_connection: {
        Scheme: https ? 'https' : 'http',
        Host: host,
        Port: Number(new URL(double.url).port),
        SessionCookie: { Name: 'session', Value: double.createCookie() },
        Dir: configDir,
      },
      args: { mode: 'suggestions.list', input: { state: 'open' } },
    }),
  );
  let out = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) out += chunk.toString();
  return JSON.parse(out);
}
