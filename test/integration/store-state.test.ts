import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { plain } from '../../core/messages/message.ts';
import { STATE_KEYS, type StateKey } from '../../core/state-keys.ts';
import { openStore } from '../../plugin/store/store.ts';
import { STATE_SAMPLES } from './state-samples.ts';

const root = mkdtempSync(path.join(tmpdir(), 'state '));
after(() => rmSync(root, { recursive: true, force: true }));

test('a value of each key comes back as it was set', async () => {
  const { store } = await opened('each key');
  for (const [key, value] of Object.entries(STATE_SAMPLES) as [StateKey, never][]) {
    await store.state.set(key, value);
    assert.deepEqual(await store.state.get(key), value, key);
  }
  await store.close();
});

for (const [what, text] of [
  ['of another shape', '{"value":{"of":["an","older","version"]}}'],
  ['of another type', '{"value":[{}]}'],
  ['null', '{"value":null}'],
  ['cut off', '{"value":'],
  ['empty', ''],
  ['no JSON', 'x'],
] as const)
  test(`a stored value that is ${what} counts as none, whatever its key, and the log says so`, async () => {
    const { store, file, logged } = await opened(what);
    const keys = Object.keys(STATE_KEYS) as StateKey[];
    for (const key of keys) put(file, key, text);
    for (const key of keys) assert.equal(await store.state.get(key), null, key);
    assert.equal(logged.length, keys.length);
    for (const [index, key] of keys.entries())
      assert.match(logged[index]!, new RegExp(`^The stored state "${key}" does not fit .+`));
    await store.state.set('schedule', { expression: '@daily', nextAt: null });
    assert.deepEqual(await store.state.get('schedule'), { expression: '@daily', nextAt: null });
    await store.close();
  });

test('a sentence of an older version is read as a message', async () => {
  const { store, file } = await opened('older');
  put(
    file,
    'last-set-up',
    '{"value":{"at":1,"checks":[{"id":"engine","ok":true,"message":"All is well."}]}}',
  );
  assert.deepEqual(await store.state.get('last-set-up'), {
    at: 1,
    checks: [{ id: 'engine', ok: true, message: plain('All is well.') }],
  });
  await store.close();
});

async function opened(name: string) {
  const folder = path.join(root, name);
  const logged: string[] = [];
  const store = await openStore({ folder, log: { debug: (text) => void logged.push(text) } });
  return { store, logged, file: path.join(folder, 'stash-sense.sqlite') };
}

/** As another version of the plugin, or a damaged disk, would have left it. */
function put(file: string, key: string, text: string): void {
  const database = new DatabaseSync(file);
  database.prepare('INSERT INTO state (key, value) VALUES (?, ?)').run(key, text);
  database.close();
}
