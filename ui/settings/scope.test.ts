import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeScanScope } from '../../core/scan-scope.ts';
import { scopeOf } from './scope.ts';

for (const [setting, which, name] of [
  ['all', 'all', ''],
  ['All', 'all', ''],
  ['without performers', 'withoutPerformers', ''],
  ['studio: Box & Co', 'studio', 'Box & Co'],
  ['Filter:new ones', 'filter', 'new ones'],
  ['filter: ', 'filter', ''],
  ['everything', 'filter', 'everything'],
] as const)
  test(`"${setting}" is shown as ${which} ${name}`, () => {
    assert.deepEqual(scopeOf(setting), { which, name });
    assert.deepEqual(scopeOf(writeScanScope({ which, name })), { which, name }, 'and written so');
  });
