import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { startStashDouble } from '../double/stash-double.ts';
import { tempFolder } from '../fakes/context.ts';
import { bundle } from './plugin-process.ts';

/** What a home network's name server would know. */
const RESOLVER = `data:text/javascript,${encodeURIComponent(
  `import dns from 'node:dns'; const { lookup } = dns;
  dns.lookup = (name, options, done) => lookup(name === 'nas.local' ? '127.0.0.1' : name, options, done);`,
)}`;

test('the Stash that started us may call itself as it likes and have a certificate of its own', async (t) => {
  const configDir = path.join(tempFolder(t), 'config');
  const double = await startStashDouble({ configDir, https: true });
  t.after(() => double.close());
  const child = spawn(process.execPath, ['--no-warnings', '--import', RESOLVER, bundle, '--stash'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(
    JSON.stringify({
      server_connection: {
        Scheme: 'https',
        Host: 'nas.local',
        Port: Number(new URL(double.url).port),
        Dir: configDir,
      },
      args: { mode: 'suggestions.list', input: { state: 'open' } },
    }),
  );
  let out = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) out += chunk.toString();
  assert.deepEqual(JSON.parse(out), { output: { total: 0, items: [] } });
});
