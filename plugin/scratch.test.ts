import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { dropScratch, SCRATCH, sweepScratch } from './scratch.ts';

test('what a killed process left is swept away, and not what another one is looking at', (t) => {
  const data = mkdtempSync(path.join(tmpdir(), 'stash-sense-scratch-'));
  t.after(() => rmSync(data, { recursive: true }));
  sweepScratch(data, Date.now());
  for (const [name, minutes] of [
    ['left', 11],
    ['at work', 1],
  ] as const) {
    const folder = path.join(data, SCRATCH, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'preview.mp4'), '');
    const then = new Date(Date.now() - 60_000 * minutes);
    utimesSync(folder, then, then);
  }
  sweepScratch(data, Date.now());
  assert.deepEqual(readdirSync(path.join(data, SCRATCH)), ['at work']);
});

test('behind a link nothing is swept', { skip: process.platform === 'win32' }, (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-scratch-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(path.join(root, 'mine/old'), { recursive: true });
  utimesSync(path.join(root, 'mine/old'), 1, 1);
  mkdirSync(path.join(root, 'data'));
  symlinkSync(path.join(root, 'mine'), path.join(root, 'data', SCRATCH));
  sweepScratch(path.join(root, 'data'), Date.now());
  dropScratch(path.join(root, 'data'));
  assert.equal(existsSync(path.join(root, 'mine/old')), true);
});
