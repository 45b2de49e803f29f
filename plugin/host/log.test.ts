import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createStashLog, createTerminalLog } from './log.ts';
import { createSecrets } from '../system/redactor.ts';

function sink(options: { isTTY?: boolean } = {}) {
  const written: string[] = [];
  const stream = {
    ...options,
    write: (text: string | Uint8Array) => written.push(String(text)) > 0,
    on() {
      return this;
    },
  };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

test('each physical line has its own prefix, for Stash takes the others for errors', () => {
  const { written, stream } = sink();
  const log = createStashLog(createSecrets(), stream);
  log.info('one\ntwo\r\n\nthree');
  log.debug('d');
  log.warn('w');
  log.error('e');
  assert.equal(
    written.join(''),
    '\u0001i\u0002one\n\u0001i\u0002two\n\u0001i\u0002three\n\u0001d\u0002d\n\u0001w\u0002w\n\u0001e\u0002e\n',
  );
});

test('no line comes near the 64 KiB at which Stash stops reading for good', () => {
  const { written, stream } = sink();
  createStashLog(createSecrets(), stream).info('字'.repeat(70_000));
  assert.equal(written.length, 1);
  assert.ok(Buffer.byteLength(written[0]!) < 32_768);
  assert.ok(written[0]!.endsWith('…\n'));
});

test('control characters in a file name cannot forge a line', () => {
  const { written, stream } = sink();
  createStashLog(createSecrets(), stream).info('a\u0001e\u0002b\u001b[31m.mp4');
  assert.deepEqual(written, ['\u0001i\u0002a e b [31m.mp4\n']);
});

test('neither log lets a name move the cursor or reorder the line', () => {
  const name = 'a\u001b[2J\u009b31m\u202egpj\tb';
  const [forStash, forTerminal] = [sink(), sink({ isTTY: true })];
  createStashLog(createSecrets(), forStash.stream).warn(name);
  createTerminalLog(createSecrets(), {}, forTerminal.stream).warn(name);
  assert.deepEqual(forStash.written, ['\u0001w\u0002a [2J 31m gpj b\n']);
  assert.deepEqual(forTerminal.written, ['warning: a\\u001b[2J\\u009b31m\\u202egpj\\tb\n']);
});

test('progress is throttled, repeated every second, and clamped', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { written, stream } = sink();
  const log = createStashLog(createSecrets(), stream);
  for (let i = 0; i <= 100; i++) log.progress(i / 100);
  log.progress(Number.NaN);
  assert.deepEqual(written, ['\u0001p\u00020.0000\n']);
  t.mock.timers.tick(1000);
  assert.deepEqual(written, ['\u0001p\u00020.0000\n', '\u0001p\u00021.0000\n']);
  log.progress(7);
  assert.equal(written.at(-1), '\u0001p\u00021.0000\n');
});

test('keys and cookies are blacked out, also those inside URLs and those nobody named', () => {
  const { written, stream } = sink();
  const secrets = createSecrets();
  secrets.add('MTc2NAkook+/ie==');
  const log = createStashLog(secrets, stream);
  log.info('cookie MTc2NAkook+/ie== and MTc2NAkook%2B%2Fie%3D%3D');
  log.info('GET /scene/7/stream?apikey=abcdef123&t=1');
  log.info('key eyJhbGciOi.eyJ1aWQi.c2lnbmF0dXJl end');
  log.info('{"ApiKey":"topsecret"}, Cookie: session=MTc3; x');
  assert.deepEqual(
    written.map((it) => it.slice(3, -1)),
    [
      'cookie *** and ***',
      'GET /scene/7/stream?apikey=***&t=1',
      'key *** end',
      '{"ApiKey":"***"}, Cookie: session=***; x',
    ],
  );
});

test('nobody reading stderr does not end the process', async () => {
  const source = `import { createStashLog } from ${JSON.stringify(import.meta.resolve('./log.ts'))};
    import { createSecrets } from ${JSON.stringify(import.meta.resolve('../system/redactor.ts'))};
    const log = createStashLog(createSecrets());
    for (let i = 0; i < 50; i++) { log.info('x'.repeat(5000)); log.progress(i / 50); await new Promise((r) => setTimeout(r, 5)); }
    process.stdout.write('done');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
  child.stderr.destroy();
  let out = '';
  child.stdout.on('data', (it: Buffer) => (out += it.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  assert.deepEqual([status, out], [0, 'done']);
});

test('at a terminal the progress line is written over and taken away before other lines', () => {
  const { written, stream } = sink({ isTTY: true });
  const log = createTerminalLog(createSecrets(), {}, stream);
  log.progress(0.5);
  log.info('found');
  log.debug('not shown');
  log.warn('odd');
  assert.deepEqual(written, ['\r\u001b[K50 %', '\r\u001b[K', 'found\n', 'warning: odd\n']);
});

test('in a file the progress is one line for each tenth', () => {
  const { written, stream } = sink();
  const log = createTerminalLog(createSecrets(), { verbose: true }, stream);
  for (let i = 0; i <= 100; i++) log.progress(i / 100);
  assert.equal(written.length, 11);
  assert.equal(written[1], '10 %\n');
});
