import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgressLine } from './progress-line.ts';

function terminal(): { written: string[]; stream: NodeJS.WriteStream } {
  const written: string[] = [];
  const stream = { isTTY: true, write: (text: string) => written.push(text) > 0 };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

test('the line is written over, and only by us: names in it cannot move the cursor', () => {
  const { written, stream } = terminal();
  const line = createProgressLine(stream);
  line.say('1 of 2 \u001b[2J\r');
  line.note('a\u009b31m\nerror: forged');
  line.clear();
  assert.deepEqual(written, ['1 of 2 \\u001b[2J\\r', '\r\u001b[2K', 'a\\u009b31m\\nerror: forged\n']);
});
