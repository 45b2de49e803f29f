/** `identify` with more files than a command line holds. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { photograph } from '../fixtures/models.ts';
import { bundle } from './plugin-process.ts';

const COUNT = 3000;
let folder: string;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-list-'));
  mkdirSync(path.join(folder, 'people'));
  // One person, whose name is written with an accent in either way.
  for (const name of ['José'.normalize('NFC'), 'José'.normalize('NFD')])
    writeFileSync(path.join(folder, 'people', `${name}.jpg`), photograph('franck_02221.jpg'));
  writeFileSync(path.join(folder, 'he is here.jpg'), photograph('franck_02221.jpg'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const names = (): string[] => [
  path.join(folder, 'he is here.jpg'),
  ...Array.from({ length: COUNT - 1 }, (_, n) =>
    path.join(folder, `a file that is not there, number ${n}.mp4`),
  ),
];

for (const [what, separator, end] of [
  ['a line each', '\n', '\n'],
  ['a line each as Windows writes them', '\r\n', ''],
  ['separated by NUL', '\0', '\0'],
] as const)
  test(`${COUNT} files from standard input, ${what}`, () => {
    const answers = identify(['--files-from', '-'], names().join(separator) + end);
    assertAll(answers);
  });

test(`${COUNT} files from a list, and as arguments`, () => {
  writeFileSync(path.join(folder, 'list.txt'), names().join('\n'));
  assertAll(identify(['--files-from', path.join(folder, 'list.txt')]));
  assertAll(identify(names()));
});

test('a list that cannot be read is named in one sentence', () => {
  const { status, stderr } = run(['--files-from', path.join(folder, 'none.txt')]);
  assert.equal(status, 2);
  assert.match(stderr, /^--files-from names no list that can be read: .*none\.txt \(ENOENT/);
});

/** Each file has its answer in its place; the two spellings of the name are one person, so nothing is ambiguous. */
function assertAll(
  answers: readonly { file: string; persons: { decision: string; name: string }[]; error?: string }[],
): void {
  assert.deepEqual(
    answers.map(({ file }) => file),
    names(),
  );
  assert.deepEqual(
    answers[0]?.persons.map(({ decision, name }) => [decision, name]),
    [['match', 'José'.normalize('NFC')]],
  );
  assert.ok(answers.slice(1).every(({ error }) => error !== undefined));
}

function identify(args: readonly string[], input = ''): Parameters<typeof assertAll>[0] {
  const { status, stdout, stderr } = run(args, input);
  assert.equal(status, 0, stderr.slice(-500));
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReturnType<typeof identify>[number]);
}

function run(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(
    process.execPath,
    [bundle, 'identify', ...args, '--people', path.join(folder, 'people'), '--json'],
    {
      input,
      encoding: 'utf8',
      maxBuffer: 100e6,
    },
  );
}
