import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../core/contract/operations.ts';
import { explainFailure, outlivesPage } from './operations.ts';

const CASES: readonly (readonly [string, RegExp])[] = [
  [
    'Internal system error. Error <runtime error: invalid memory address or nil pointer dereference>',
    /has not loaded the plugin.*Settings > Plugins/,
  ],
  ['plugin stash-sense is disabled', /switched off: switch it on/],
  ['Failed to fetch', /Stash does not answer/],
  ['Response not successful: Received status code 401', /log in again/],
  ['Response not successful: Received status code 504', /gave up waiting .*\(504\).*press the button again/],
  ['Response not successful: Received status code 502', /gave up waiting .*\(502\).*press the button again/],
  ['signal: killed', /ended before it was done/],
  ['exit status 1', /\(exit status 1\): Settings > Logs/],
];

for (const [message, sentence] of CASES)
  test(`"${message.slice(0, 40)}" is explained`, () => {
    assert.match(explainFailure(new Error(message)), sentence);
  });

test('a sentence of our own side is passed on as it is', () => {
  assert.equal(explainFailure(new Error('The scene is gone.')), 'The scene is gone.');
});

test('all that decides, writes or starts something is completed when the page is left', () => {
  const verbs =
    /\.(accept|add|apply|background|build|choose|clear|consent|create|export|fetch|find|former|give|goBack|hide|identify|install|measure|move|name|reject|remove|reopen|retry|set|start|take|tellApart|tellPlaying|tick|told|undo|unhide|unname|use|usePicture)$|^stop$|^stashIds\.list$/;
  const names = Object.keys(operations);
  assert.deepEqual(
    names.filter((name) => outlivesPage(name) !== verbs.test(name)),
    [],
  );
});
