import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { folderOfStash, readPathOption, readProgramOption } from './paths.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stash sense paths-'));
after(() => rmSync(folder, { recursive: true }));
const here = process.cwd();

for (const [value, wanted] of [
  ['mydata', path.join(here, 'mydata')],
  ['./my data', path.join(here, 'my data')],
  ['a/../b', path.join(here, 'b')],
  ['..', path.dirname(here)],
  ['/data/stash sense', '/data/stash sense'],
  ['/data//x/', '/data/x'],
  [' lead and trail ', path.join(here, ' lead and trail ')],
  ['~', os.homedir()],
  ['~/my data', path.join(os.homedir(), 'my data')],
  // A folder may be called so.
  ['~me/data', path.join(here, '~me/data')],
  ['./~', path.join(here, '~')],
  ['-x', path.join(here, '-x')],
] as const)
  test(`the path ${JSON.stringify(value)} of an option is ${wanted.replace(here, '<here>')}`, () => {
    assert.equal(readPathOption('data', value), wanted);
  });

for (const value of ['', ' ', '\t \n'])
  test(`the path ${JSON.stringify(value)} of an option is none`, () => {
    assert.throws(() => readPathOption('data', value), {
      code: 'bad-input',
      message: '--data needs a path, and got nothing: name one.',
    });
  });

test('a program is a file that may be started', async () => {
  const program = path.join(folder, 'my ffmpeg');
  writeFileSync(program, '#!/bin/sh\n');
  await assert.rejects(readProgramOption('ffmpeg', program), /is none that may be started/);
  chmodSync(program, 0o755);
  assert.equal(await readProgramOption('ffmpeg', path.relative(here, program)), program);
  mkdirSync(path.join(folder, 'folder'));
  await assert.rejects(
    readProgramOption('ffmpeg', path.join(folder, 'folder')),
    /is none that may be started/,
  );
  await assert.rejects(
    readProgramOption('ffmpeg', path.join(folder, 'gone')),
    /gone is not there: name another/,
  );
  await assert.rejects(readProgramOption('ffmpeg', ''), /--ffmpeg needs a path/);
});

for (const [url, configDir, isTaken] of [
  ['http://127.0.0.1:9999', folder, true],
  ['http://[::1]:9999', folder, true],
  ['http://localhost:9999/stash', folder, true],
  ['http://127.0.0.1:9999', path.join(folder, 'gone'), false],
  ['http://127.0.0.1:9999', path.relative(here, folder), false],
  // Documentation's own addresses and names: never this machine.
  ['http://192.0.2.7:9999', folder, false],
  ['https://stash.invalid', folder, false],
] as const)
  test(`the folder ${path.basename(configDir)} of the Stash at ${url} is ${isTaken ? '' : 'not '}used`, async () => {
    const library = {
      environment: async () => ({
        version: 'v0.31.0',
        ffmpegPath: null,
        ffprobePath: null,
        configDir,
        generatedPath: null,
        fileNaming: 'oshash' as const,
      }),
    };
    if (isTaken) assert.equal(await folderOfStash(url, library), configDir);
    else
      await assert.rejects(folderOfStash(url, library), {
        code: 'bad-input',
        message: /is not on this machine: say with --data DIR/,
      });
  });
