import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ERROR_POLICY,
  isRunWide,
  machineError,
  policyOf,
  SaidError,
  saidOf,
  StashSenseError,
  type ErrorCode,
} from './errors.ts';
import { isAccessDenied, toFileError } from './file-problem.ts';
import { logFault } from './log-fault.ts';
import { message, plain } from './messages/message.ts';

const system = (code: string): Error => Object.assign(new Error(`${code}: as Node says it`), { code });

test('every code says whether the run ends with it', () => {
  const runWide = Object.keys(ERROR_POLICY).filter((code) =>
    isRunWide(new StashSenseError(code as ErrorCode, plain(''))),
  );
  assert.deepEqual(runWide.toSorted(), [
    'busy',
    'exclusion-unknown',
    'machine-trouble',
    'model-mismatch',
    'model-missing',
    'runtime-missing',
    'stash-unreachable',
    'stopped',
    'store-unusable',
  ]);
});

test('what the system refuses is the trouble of the machine, raw or named, and never of the item', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO']) {
    assert.equal(policyOf(system(code)), ERROR_POLICY['machine-trouble'], code);
    const named = machineError(message('machine.writingTo', { folder: '/data' }), system(code));
    assert.match(named.message, /^Writing to \/data failed because [^\n]+: [^\n]+, then start again\.$/);
  }
  assert.equal(isRunWide(new TypeError('ours')), false);
  assert.equal(policyOf(new TypeError('ours')).retry, true);
  assert.equal(isRunWide(Object.assign(new Error(''), { code: 'constructor' })), false);
});

test('what another error says inside a sentence keeps its id, so that it is translated with the sentence', () => {
  const problem = message('file.isLink', { place: '/data/x' });
  const inner = new SaidError(problem);
  assert.equal(saidOf(inner), problem);
  const { said, message: text } = machineError(message('machine.whatWasAsked'), inner);
  assert.deepEqual(said.values?.['trouble'], message('machine.other', { reason: problem }));
  assert.match(
    text,
    /^What was asked for failed because of this: \/data\/x is a link, .*; see to it, then start again\.$/,
  );
});

test('a file of the library without permission, or on a disk that is gone, is tried again and ends no run', () => {
  for (const code of ['ENOENT', 'EACCES', 'EIO', 'ESTALE', 'ENOTCONN']) {
    const named = toFileError('/library/film.mp4', system(code));
    assert.deepEqual(policyOf(named), { scope: 'item', retry: true, nothingWritten: false }, code);
    assert.match(String(named), /\/library\/film\.mp4 [^\n]+, then try it again\.$/);
    assert.ok(isAccessDenied(named));
  }
  assert.equal(policyOf(toFileError('/library/film.mp4', system('EMFILE'))).scope, 'run');
  const ours = new TypeError('ours');
  assert.equal(toFileError('/library/film.mp4', ours), ours);
  assert.equal(isAccessDenied(new StashSenseError('file-missing', plain('it gave no answer'))), false);
});

test('only what was not thrown on purpose goes to the log, with its stack and those of its causes', () => {
  const said: string[] = [];
  const log = { error: (text: string) => void said.push(text) };
  for (const meant of [
    new StashSenseError('busy', plain('later')),
    system('ENOSPC'),
    new DOMException('', 'AbortError'),
  ])
    logFault(log, meant);
  assert.deepEqual(said, []);
  logFault(log, new TypeError('outer', { cause: new RangeError('inner') }));
  logFault(log, 'a text');
  assert.equal(said.length, 2);
  assert.match(said[0] ?? '', /TypeError: outer\n +at [^]*Caused by: RangeError: inner\n +at /);
});
