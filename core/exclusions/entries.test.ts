import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf, entryOf, meaningOf, toExclusionText } from './entries.ts';

test('entries are separated by ; or by lines, or are a JSON array', () => {
  for (const [text, entries] of [
    ['', []],
    [' ; ;', []],
    ['Private', ['Private']],
    ['Private; 12 ;Private', ['Private', '12']],
    ['one\ntwo\r\nthree', ['one', 'two', 'three']],
    ['["a; b", " c "]', ['a; b', 'c']],
    ['[brackets] begin it', ['[brackets] begin it']],
    ['[1, 2]', ['[1, 2]']],
  ] as const)
    assert.deepEqual(entriesOf(text), entries, text);
});

test('what is written as text is read as it was', () => {
  for (const entries of [
    [],
    ['a'],
    ['a', 'b, c'],
    ['a; b'],
    ['["x"]'],
    ['[1', 'b'],
    ['/media/a b;c', 'D:\\x'],
  ])
    assert.deepEqual(entriesOf(toExclusionText(entries)), entries);
});

test('an entry means an id, a name, or both', () => {
  assert.deepEqual(meaningOf(entryOf({ id: '12', name: 'Private' })), {
    id: '12',
    names: ['Private', 'Private [12]'],
  });
  assert.deepEqual(meaningOf('12'), { id: '12', names: ['12'] });
  assert.deepEqual(meaningOf('Private'), { id: null, names: ['Private'] });
  assert.deepEqual(meaningOf('Take [two]'), { id: null, names: ['Take [two]'] });
});
