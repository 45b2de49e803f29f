import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBlankedLine, toPrintable, toPrintableJson, toPrintableLine } from './printable.ts';

const every = (from: number, to: number): string =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
const UNSAFE =
  every(0, 0x1f) + every(0x7f, 0x9f) + '\u2028\u2029' + every(0x202a, 0x202e) + every(0x2066, 0x2069);
const NAMES = 'Zoë Müller-Łukasz 山田 שלום 👩‍👧 a\\b "quoted"';

test('no control character and no bidirectional override is left, and each can be read back', () => {
  const line = toPrintableLine(UNSAFE);
  assert.match(line, /^[\x20-\x7e]*$/);
  assert.equal(JSON.parse(`"${line}"`), UNSAFE);
});

test('in the place of each stands a blank', () => {
  assert.equal(toBlankedLine(`a${UNSAFE}b`), `a${' '.repeat(UNSAFE.length)}b`);
  assert.equal(toBlankedLine('a\ud83d b \ud83d\ude00'), 'a\ufffd b \ud83d\ude00');
});

test('names in any script stay as they are', () => {
  assert.equal(toPrintableLine(NAMES), NAMES);
  assert.equal(toPrintable(NAMES), NAMES);
});

test('a text of several lines keeps its line feeds and nothing else', () => {
  assert.equal(toPrintable('one\ntwo\r\u001b[2J'), 'one\ntwo\\r\\u001b[2J');
});

test('JSON stays the same value on one line', () => {
  const value = { file: `a${UNSAFE}b`, [UNSAFE]: [NAMES, 1, null] };
  const json = toPrintableJson(value);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  assert.doesNotMatch(json, /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  assert.deepEqual(JSON.parse(json), value);
});
