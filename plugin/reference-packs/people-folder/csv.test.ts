import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from './csv.ts';

for (const [text, rows] of [
  [
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,"b, ""c""\nd"\n\n"",\n x , y',
    [
      ['a', 'b, "c"\nd'],
      ['x', 'y'],
    ],
  ],
  ['a,', [['a']]],
  ['"never closed,\n1', [['never closed,\n1']]],
  ['"a" b,c', [['a b', 'c']]],
  ['', []],
] as const)
  test(`${JSON.stringify(text)} is read as a spreadsheet does`, () => {
    assert.deepEqual(parseCsv(text), rows);
  });

test('a field of some megabytes, and as many fields, are read', () => {
  assert.equal(parseCsv(`"${'""'.repeat(2e6)}`)[0]![0]!.length, 2e6);
  assert.equal(parseCsv('a,'.repeat(1e6))[0]!.length, 1e6);
});
