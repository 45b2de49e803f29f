import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CALIBRATION } from '../../../test/fixtures/calibration.ts';
import { tempFolder } from '../../../test/fakes/context.ts';
import { createLook } from './look.ts';
import { readPeopleFolder } from './folder.ts';

const skip = process.platform === 'win32' && 'Windows has no named pipes of that kind';

test(
  'a file that is no picture is nobody, and each file is named once in what is said of it',
  { skip },
  async (t) => {
    const folder = tempFolder(t);
    const jpeg = Buffer.from('\u00ff\u00d8\u00ff\u00e0', 'latin1');
    writeFileSync(path.join(folder, 'notes.txt'), 'to do');
    writeFileSync(path.join(folder, 'Jane.jpg'), jpeg);
    mkdirSync(path.join(folder, 'Joan'));
    writeFileSync(path.join(folder, 'Joan/a.jpg'), jpeg);
    assert.equal(spawnSync('mkfifo', [path.join(folder, 'Joan/pipe.jpg')]).status, 0);
    const said: string[] = [];
    const persons = await readPeopleFolder(
      folder,
      {
        calibration: CALIBRATION.references,
        look: createLook({
          analyzer: { calibration: CALIBRATION, find: () => Promise.resolve([]) },
          codec: { decodeFrames: () => Promise.resolve([{ width: 1, height: 1, data: new Uint8Array(3) }]) },
        }),
      },
      (sentence) => said.push(sentence),
    );
    assert.deepEqual(persons, []);
    assert.deepEqual(
      said.map((sentence) => sentence.replace(`${folder}/`, '')),
      [
        'Jane.jpg is not used: no face was found that is clear enough.',
        'Jane cannot be recognised: there is no picture that can be used.',
        'Joan/a.jpg is not used: no face was found that is clear enough.',
        'Joan/pipe.jpg is not used: it cannot be read: it is a named pipe and no file.',
        'Joan cannot be recognised: there is no picture that can be used.',
        'notes.txt is not used: it is no picture.',
      ],
    );
  },
);
