/** What stands in stash-sense.yml is what the code declares: Stash reads the one, everything else the other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { english } from '../core/messages/catalogue.ts';
import { INSTALL_NODE, LIST_NAMES, TASK_MODES, TASKS } from '../core/runs/tasks.ts';
import { taskArgsSchema } from '../core/runs/task-args.ts';
import { tasks } from '../tasks/compose/registry.ts';

type ManifestTask = {
  name: string;
  description: string;
  execArgs?: string[];
  defaultArgs: { mode: string };
};
const manifest = parse(readFileSync('stash-sense.yml', 'utf8')) as {
  tasks: ManifestTask[];
  settings: Record<string, { displayName: string }>;
};

test('the page and the command line call a task in English as the Tasks menu does', () => {
  for (const mode of TASK_MODES) {
    assert.equal(english[`task.name.${mode}`], TASKS[mode].name);
    assert.equal(english[`task.about.${mode}`], TASKS[mode].description);
  }
});

test('the Tasks menu is the declaration, in its order', () => {
  assert.deepEqual(manifest.tasks, [
    ...TASK_MODES.map((mode) => ({
      name: TASKS[mode].name,
      description: TASKS[mode].description,
      // By it the launcher knows that this is no question of the page.
      execArgs: ['--task'],
      defaultArgs: { mode },
    })),
    {
      name: INSTALL_NODE.name,
      description: INSTALL_NODE.description,
      defaultArgs: { mode: INSTALL_NODE.mode },
    },
  ]);
});

test('the README has a line for each setting, by the name that Stash shows', () => {
  const { settings } = manifest;
  const readme = readFileSync('README.md', 'utf8');
  assert.deepEqual(
    Object.values(settings)
      .map(({ displayName }) => displayName)
      .filter((name) => !readme.includes(`| ${name} |`)),
    [],
  );
});

test('each declared task is registered under its own mode', () => {
  assert.deepEqual(
    Object.entries(tasks).map(([mode, task]) => [mode, task.mode]),
    TASK_MODES.map((mode) => [mode, mode]),
  );
});

test('every list of the work queue belongs to a task', () => {
  const worked = new Set<string>(TASK_MODES.flatMap((mode) => TASKS[mode].lists));
  assert.deepEqual([...LIST_NAMES].toSorted(), [...worked].toSorted());
});

const force = (given: unknown): unknown => taskArgsSchema('identify').parse({ force: given }).force;
const ids = (given: unknown): unknown => taskArgsSchema('identify').parse({ scene_ids: given }).scene_ids;

test('ids come as a list, as its JSON text, with commas between, or as one number', () => {
  assert.deepEqual(ids(['1', 2]), ['1', '2']);
  assert.deepEqual(ids('["1","2"]'), ['1', '2']);
  assert.deepEqual(ids('1, 2'), ['1', '2']);
  assert.deepEqual(ids(7), ['7']);
  assert.equal(ids(undefined), undefined);
  assert.throws(() => ids('1,x'), /an id of Stash is a number/);
});

test('a flag may be text, is false where absent, and nothing else', () => {
  assert.deepEqual(['true', 'false', true, undefined].map(force), [true, false, true, false]);
  assert.throws(() => force('yes'));
});

test('"Update people" takes `only: match` and no other word', () => {
  assert.deepEqual(taskArgsSchema('people').parse({ only: 'match' }), { only: 'match' });
  assert.throws(() => taskArgsSchema('people').parse({ only: 'learn' }));
});
