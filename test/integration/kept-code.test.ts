/** The program is loaded with the code that was compiled for an earlier question, and without what is not as it was written. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startStashDouble } from '../double/stash-double.ts';
import { tempFolder } from '../fakes/context.ts';
import { bundle, runPlugin } from './plugin-process.ts';

/** Bytes before the code. */
const HEADER = 1024;

test('code is kept and used again; damaged, or of a half updated plugin, it is not, and the answer is the same', async (t) => {
  const folder = tempFolder(t);
  const [plugin, cache, configDir] = ['stash-sense', 'cache', 'config'].map((name) => {
    mkdirSync(path.join(folder, name));
    return path.join(folder, name);
  }) as [string, string, string];
  cpSync(path.dirname(bundle), plugin, { recursive: true });
  const double = await startStashDouble({ configDir });
  t.after(() => double.close());
  const ask = async (mode = 'settings.get'): Promise<unknown> => {
    const env = { STASH_SENSE_COMPILE_CACHE: cache };
    const options = { bundle: path.join(plugin, 'main.mjs') };
    const ended = await runPlugin({ stashUrl: double.url, configDir, env }, { mode }, null, options);
    assert.equal(ended.error, null);
    return ended.output;
  };
  const served = (): string[] =>
    readFileSync(file, 'latin1').slice(0, HEADER).trim().split(' ').slice(1).toSorted();

  const expected = await ask();
  const program = path.join(plugin, 'program.js');
  const text = readFileSync(program, 'utf8');
  const hash = /\/\/([0-9a-f]{16})\n$/.exec(text)?.[1];
  const name = `${hash}-${process.version}-${process.arch}.code`;
  const file = path.join(cache, name);
  assert.deepEqual(readdirSync(cache), [name]);
  assert.deepEqual(served(), ['settings.get']);
  const whole = readFileSync(file);
  assert.deepEqual(await ask(), expected);
  assert.deepEqual(readFileSync(file), whole, 'it is used as it is');
  await ask('status');
  assert.deepEqual(served(), ['settings.get', 'status'], 'the one is added to the other');

  // V8 would take the first: it looks at the length alone.
  for (const damaged of [
    Buffer.from(whole).fill(0, 200_000, 400_000),
    whole.subarray(0, 5000),
    Buffer.alloc(0),
  ]) {
    writeFileSync(file, damaged);
    assert.deepEqual(await ask(), expected);
    assert.deepEqual(served(), ['settings.get'], 'it was compiled anew');
  }
  const before = readFileSync(file);
  writeFileSync(program, text.slice(0, text.lastIndexOf('//')));
  assert.deepEqual(await ask('settings.get'), expected);
  await ask('status');
  assert.deepEqual(readFileSync(file), before, 'nothing is kept of it');
});
