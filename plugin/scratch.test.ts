import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { SCRATCH, sweepScratch } from './scratch.ts';

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
