/** `identify` with another face pack, and the files of its models in a folder. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { catalog, packOf } from '../../models/catalog/catalog.ts';
import { photograph } from '../fixtures/models.ts';
import { bundle } from './plugin-process.ts';

const SHARED = path.resolve('../shared/assets/weights');
const { file, bytes, download } = packOf(catalog, 'portable-2').adds[0]!.embedder;
const skip = existsSync(path.join(SHARED, file)) ? false : `${file} lies in ../shared, which is not here`;

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-pack-'));
  mkdirSync(path.join(folder, 'people'));
  for (const [name, picture] of [
    ['Franck', 'franck_02221.jpg'],
    ['Audrey', 'audrey.jpg'],
  ] as const)
    writeFileSync(path.join(folder, 'people', `${name}.jpg`), photograph(picture));
  writeFileSync(path.join(folder, 'him.jpg'), photograph('franck_04000.jpg'));
  writeFileSync(path.join(folder, 'her.jpg'), photograph('cage.jpg'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (...options: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(
    process.execPath,
    [
      bundle,
      'identify',
      path.join(folder, 'him.jpg'),
      path.join(folder, 'her.jpg'),
      '--people',
      path.join(folder, 'people'),
      '--json',
      '--cache',
      path.join(folder, 'cache'),
      ...options,
    ],
    { encoding: 'utf8' },
  );

test('a pack that is not there is wrong usage, and those that are there are named', () => {
  const { status, stderr } = run('--pack', 'portable-9');
  assert.equal(status, 2);
  assert.match(stderr, /^--pack is one of portable-1, portable-2, not "portable-9"\.\n/);
});

test('a model that is not there is told in one sentence, with where its publisher offers it', () => {
  const { status, stdout, stderr } = run('--pack', 'portable-2');
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^The model sface is missing: put its file .+\.onnx into the folder .+ at https:.+\.\n$/,
  );
  assert.ok(stderr.includes(download!));
});

for (const [what, content] of [
  ['another file under its name', 'no model'],
  ['another file of its length', new Uint8Array(bytes)],
] as const)
  test(`${what} is not opened, and named`, () => {
    const models = path.join(folder, 'wrong models');
    mkdirSync(models, { recursive: true });
    writeFileSync(path.join(models, file), content);
    const { status, stdout, stderr } = run('--pack', 'portable-2', '--models', models);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.ok(stderr.startsWith(`${path.join(models, file)} is not the model sface`), stderr);
    assert.equal(stderr.trim().split('\n').length, 1);
  });

test('who is known is found by either pack, and a stranger by none', { skip }, () => {
  for (const options of [
    ['--pack', 'portable-1'],
    ['--pack', 'portable-2', '--models', SHARED],
  ]) {
    const { status, stdout, stderr } = run(...options);
    assert.equal(status, 0, stderr);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { persons: { decision: string; name: string | null }[] });
    assert.deepEqual(
      answers.map(({ persons }) => persons.map(({ decision, name }) => [decision, name])),
      [[['match', 'Franck']], [['unknown', null]]],
    );
  }
});
