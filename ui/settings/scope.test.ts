import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeOf, settingOf } from './scope.ts';

for (const [setting, which, name] of [
  ['all', 'all', ''],
  ['All', 'all', ''],
  ['without performers', 'unnamed', ''],
  ['studio: Box & Co', 'studio', 'Box & Co'],
  ['Filter:new ones', 'filter', 'new ones'],
  ['filter: ', 'filter', ''],
  ['everything', 'filter', 'everything'],
] as const)
  test(`"${setting}" is shown as ${which} ${name}`, () => {
    assert.deepEqual(scopeOf(setting), { which, name });
    assert.deepEqual(scopeOf(settingOf({ which, name })), { which, name }, 'and written so');
  });
