/** What a question of the page costs before it is answered: what of Node it loads. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startStashDouble } from '../double/stash-double.ts';
import { tempFolder } from '../fakes/context.ts';
import { runPlugin } from './plugin-process.ts';

/** Each takes some milliseconds to load: a click starts a process of its own. */
const HEAVY =
  /^(?:crypto|tls|https|http2|child_process|worker_threads|internal\/crypto\/.*|internal\/deps\/undici.*)$/;

test('a question of the page loads none of the large modules of Node, and asks Stash for little', async (t) => {
  const folder = tempFolder(t);
  const [hook, list] = [path.join(folder, 'hook.cjs'), path.join(folder, 'loaded.json')];
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)));`,
  );
  const double = await startStashDouble({ configDir: folder });
  t.after(() => double.close());
  const scene = double.library.addScene({ title: 'One', fileIds: [] });
  for (const [mode, input, most] of [
    ['status', {}, 2],
    ['scene.faces', { sceneId: scene.id }, 3],
    ['suggestions.list', {}, 1],
    ['settings.get', {}, 1],
  ] as const) {
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(hook)}` };
    const stash = { stashUrl: double.url, configDir: folder, env };
    const { error, requests } = await runPlugin(stash, { mode, input });
    assert.equal(error, null);
    assert.ok(requests <= most, `${mode}: ${requests} requests`);
    const loaded = (JSON.parse(readFileSync(list, 'utf8')) as string[]).flatMap((name) =>
      name.startsWith('NativeModule ') ? [name.slice('NativeModule '.length)] : [],
    );
    assert.ok(loaded.includes('fs'), 'the list is one of modules');
    assert.deepEqual(
      loaded.filter((name) => HEAVY.test(name)),
      [],
      mode,
    );
  }
});
