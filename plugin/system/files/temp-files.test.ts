import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { createScratch, scratchFolder, sweepScratch } from './temp-files.ts';
import { createOwner } from '../process-owner.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-scratch-'));
let data: string;
let folder: string;
let count = 0;

beforeEach(() => {
  data = path.join(root, `data ${++count}`);
  folder = scratchFolder(data);
});
after(() => rmSync(root, { recursive: true }));

test('a file is there while it is worked with, for this user only, and is gone afterwards with its folders', async () => {
  const scratch = createScratch(folder, createOwner());
  const read = async (name: string): Promise<string> =>
    await scratch.withFile(name, Buffer.from(name), async (file) => {
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return readFileSync(file, 'utf8');
    });
  const names = Array.from({ length: 20 }, (_, n) => `picture ${n}`);
  assert.deepEqual(await Promise.all(names.map(read)), names);
  assert.equal(existsSync(folder), false);
  await assert.rejects(
    scratch.withFile('one', Buffer.from(''), () => Promise.reject(new Error('as it came'))),
    {
      message: 'as it came',
    },
  );
  assert.equal(existsSync(folder), false);
});

test('several owners make and remove the folder they share without being in the way of each other', async () => {
  const owners = [1, 2, 3, 4].map((n) => createScratch(folder, `${n}@here:1:${n}`));
  await Promise.all(
    owners.map(async (it) => {
      for (let n = 0; n < 50; n++) await it.withFile('picture', Buffer.from('x'), () => Promise.resolve());
    }),
  );
  assert.equal(existsSync(folder), false);
});

test('what a dead process left is swept at once, what one elsewhere left after a while, and what is in use never', async () => {
  sweepScratch(folder, Date.now());
  const dead = createOwner().replace(/^\d+/, '999999999');
  for (const [name, minutes] of [
    [encodeURIComponent(dead), 0],
    [encodeURIComponent('12@another machine:1:2'), 1],
    [encodeURIComponent('13@another machine:1:2'), 11],
    ['stash-sense-preview-old', 11],
  ] as const) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'preview.mp4'), '');
    const then = new Date(Date.now() - 60_000 * minutes);
    utimesSync(path.join(folder, name), then, then);
  }
  const owner = createOwner();
  await createScratch(folder, owner).withFile('picture', Buffer.from('x'), (file) => {
    sweepScratch(folder, Date.now());
    assert.ok(existsSync(file));
    assert.deepEqual(
      readdirSync(folder).toSorted(),
      [encodeURIComponent('12@another machine:1:2'), encodeURIComponent(owner)].toSorted(),
    );
    return Promise.resolve();
  });
});

test('a link in place of the folder is neither written through nor swept', async () => {
  const elsewhere = path.join(root, 'elsewhere');
  mkdirSync(path.join(elsewhere, 'old'), { recursive: true });
  mkdirSync(data);
  symlinkSync(elsewhere, folder);
  sweepScratch(folder, Date.now() + 1e9);
  await assert.rejects(
    createScratch(folder, createOwner()).withFile('picture', Buffer.from('x'), () => Promise.resolve()),
    {
      code: 'machine-trouble',
      message:
        /is a link, and Stash Sense writes only to files and folders of its own; see to it, then start again\.$/,
    },
  );
  assert.deepEqual(readdirSync(elsewhere), ['old']);
});

test('a folder that cannot be made is the trouble of the machine, in one sentence', async () => {
  mkdirSync(data);
  writeFileSync(folder, '');
  await assert.rejects(
    createScratch(folder, createOwner()).withFile('picture', Buffer.from('x'), () => Promise.resolve()),
    {
      code: 'machine-trouble',
      message: /^[^\n]+\.$/,
    },
  );
});
