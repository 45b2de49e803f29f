import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

/** Runs the code in a process of its own, with everything of output.ts imported. */
function run(
  code: string,
  options: { closeStdout?: boolean } = {},
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  const source = `import { writeResult, keepStdoutForResult } from ${JSON.stringify(import.meta.resolve('./output.ts'))};\n${code}`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    if (options.closeStdout) child.stdout.destroy();
    else child.stdout.on('data', (it: Buffer) => out.push(it));
    child.stderr.on('data', (it: Buffer) => err.push(it));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), status }),
    );
  });
}

test('five megabytes arrive whole', async () => {
  const { stdout, status } = await run(`await writeResult({ output: 'x'.repeat(5_000_000) });`);
  assert.equal(status, 0);
  assert.equal((JSON.parse(stdout) as { output: string }).output.length, 5_000_000);
});

test('an error is an answer too: the status stays 0, or Stash would throw the words away', async () => {
  assert.deepEqual(await run(`await writeResult({ error: 'no weights' });`), {
    stdout: '{"error":"no weights"}',
    stderr: '',
    status: 0,
  });
});

test('an error without words gets some, and nothing to say is null', async () => {
  assert.match((await run(`await writeResult({ error: ' ' });`)).stdout, /"error":"Stash Sense failed/);
  assert.equal((await run(`await writeResult({});`)).stdout, '{"output":null}');
});

test('what cannot be JSON becomes an error and not a broken answer', async () => {
  assert.match(
    (await run(`await writeResult({ output: { id: 7n } });`)).stdout,
    /^\{"error":"The answer could not/,
  );
});

test('whatever else is written to stdout goes to stderr, so that Stash reads one JSON', async () => {
  const { stdout, stderr } = await run(`keepStdoutForResult();
    console.log('noise %d', 1); console.info({ a: 1 }); process.stdout.write('raw noise\\n');
    await writeResult({ output: { ok: true } });
    console.log('late noise'); process.stdout.write('late raw noise\\n');`);
  assert.equal(stdout, '{"output":{"ok":true}}');
  assert.equal(stderr, 'noise 1\n{ a: 1 }\nraw noise\nlate noise\nlate raw noise\n');
});

test('a second result is a mistake of ours', async () => {
  const { stdout, status } = await run(`await writeResult({ output: 1 });
    await writeResult({ output: 2 }).catch((error) => { process.exitCode = error.message.includes('already') ? 0 : 9; });`);
  assert.equal(stdout, '{"output":1}');
  assert.equal(status, 0);
});

test('nobody reading stdout does not break the process', async () => {
  const { stderr, status } = await run(
    `await new Promise((resolve) => setTimeout(resolve, 100));
    await writeResult({ output: 'x'.repeat(1_000_000) }); process.stderr.write('went on');`,
    { closeStdout: true },
  );
  assert.equal(stderr, 'went on');
  assert.equal(status, 0);
});
