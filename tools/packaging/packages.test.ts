import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { SAMPLE_PEOPLE } from '../../core/reference-packs/sample-people.ts';
import { writePackages } from './packages.ts';

test('the sample people are a package of their own where they were built, and no other package needs them', (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-packages-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [built, out] = [path.join(folder, 'built'), path.join(folder, 'out')];
  const put = (file: string): void => {
    mkdirSync(path.dirname(path.join(built, file)), { recursive: true });
    writeFileSync(path.join(built, file), file);
  };
  const written = (): { id: string; requires?: string[] }[] => {
    writePackages({ built, out, version: '1', date: new Date('2026-05-06T07:08:10Z') });
    return parse(readFileSync(path.join(out, 'index.yml'), 'utf8')) as { id: string; requires?: string[] }[];
  };
  put('stash-sense/main.mjs');
  put('stash-sense-faces/faces.onnx');
  assert.deepEqual(
    written().map(({ id }) => id),
    ['stash-sense', 'stash-sense-faces'],
  );
  put(`${SAMPLE_PEOPLE}/manifest.json`);
  put(`${SAMPLE_PEOPLE}/README.txt`);
  assert.deepEqual(
    written().map(({ id, requires = [] }) => ({ id, requires })),
    [
      { id: 'stash-sense', requires: ['stash-sense-faces'] },
      { id: 'stash-sense-faces', requires: [] },
      { id: SAMPLE_PEOPLE, requires: [] },
    ],
  );
  const zip = unzipSync(new Uint8Array(readFileSync(path.join(out, `${SAMPLE_PEOPLE}.zip`))));
  assert.deepEqual(Object.keys(zip), ['README.txt', 'manifest.json']);
});
