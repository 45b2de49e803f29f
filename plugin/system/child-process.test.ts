import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { childEnvironment, killProcess, startProcess } from './child-process.ts';
import { findFfmpeg, runToEnd } from '../media/ffmpeg.ts';

const KEY = 'a-key-that-nobody-else-may-see';
const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-children-'));
after(() => rmSync(folder, { recursive: true }));

/** Poses as ffmpeg or ffprobe, and writes down what it sees. */
function putSpy(name: string, rest = ''): { program: string; seen: string } {
  const program = path.join(folder, name);
  const seen = path.join(folder, `${name}.seen`);
  writeFileSync(program, `#!/bin/sh\nenv >>'${seen}'\n${rest || `echo '${name} version 6.0'`}\n`);
  chmodSync(program, 0o755);
  return { program, seen };
}

test('only what is listed passes, in any case, and never what is called a secret', () => {
  const passed = childEnvironment({
    PATH: '/bin',
    Path: 'C:\\Windows',
    HOME: '/home/me',
    TMPDIR: '/tmp',
    LC_ALL: 'C',
    LD_LIBRARY_PATH: '/opt/lib',
    CUDA_VISIBLE_DEVICES: '0',
    NVIDIA_DRIVER_CAPABILITIES: 'all',
    LIBVA_DRIVER_NAME: 'iHD',
    SystemRoot: 'C:\\Windows',
    STASH_API_KEY: KEY,
    NVIDIA_API_KEY: KEY,
    CUDA_REPO_PASSWORD: KEY,
    AWS_SECRET_ACCESS_KEY: KEY,
    HTTPS_PROXY: `http://me:${KEY}@proxy`,
    NODE_OPTIONS: '--require /elsewhere.js',
    STASH_SENSE_LAUNCHER: '1',
    EMPTY: undefined,
  });
  assert.deepEqual(passed, {
    PATH: '/bin',
    Path: 'C:\\Windows',
    HOME: '/home/me',
    TMPDIR: '/tmp',
    LC_ALL: 'C',
    LD_LIBRARY_PATH: '/opt/lib',
    CUDA_VISIBLE_DEVICES: '0',
    NVIDIA_DRIVER_CAPABILITIES: 'all',
    LIBVA_DRIVER_NAME: 'iHD',
    SystemRoot: 'C:\\Windows',
    ORT_DISABLE_TELEMETRY: '1',
  });
});

test('ffmpeg and ffprobe see none of our secrets, whichever way they are started', async (t) => {
  process.env['STASH_API_KEY'] = KEY;
  t.after(() => delete process.env['STASH_API_KEY']);
  const spies = [putSpy('ffmpeg'), putSpy('ffprobe')];
  const found = await findFfmpeg({ pathVariable: folder });
  assert.deepEqual(
    found && [found.ffmpeg, found.ffprobe],
    spies.map((it) => it.program),
  );
  await runToEnd(spies[0]!.program, ['-i', 'x'], { maxBytes: 1000, timeoutMs: 10_000 });
  for (const { seen } of spies) {
    const environment = readFileSync(seen, 'utf8');
    assert.ok(environment.includes('ORT_DISABLE_TELEMETRY=1'));
    assert.ok(!environment.includes(KEY) && !environment.includes('STASH_API_KEY'));
  }
});

test('a wrapper that is killed is over at once, though its own child holds the pipes', async () => {
  const { program } = putSpy('wrapper', 'sleep 20 &\nsleep 20');
  const began = performance.now();
  await assert.rejects(
    runToEnd(program, [], { maxBytes: 1000, timeoutMs: 300 }),
    /wrapper gave no answer within 0\.3 s/,
  );
  const child = startProcess(program, [], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise((resolve) => void child.once('close', resolve));
  setTimeout(() => killProcess(child), 200);
  await closed;
  assert.ok(performance.now() - began < 10_000);
});
