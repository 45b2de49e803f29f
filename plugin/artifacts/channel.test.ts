import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { findChannel, shownUrl } from './channel.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stash sense channel-'));
after(() => rmSync(folder, { recursive: true }));

const manifest = (lines: string): void => writeFileSync(path.join(folder, 'manifest'), lines);
const find = async (setting: string, builtIn: string | null = null): Promise<string | null> => {
  const found = await findChannel({ setting, builtIn, pluginDir: folder });
  return found && `${found.from} ${found.base.href}`;
};

const installed =
  'id: stash-sense\nname: Stash Sense\nsource_repository: http://127.0.0.1:1234/some/place/index.yml\nfiles:\n- main.mjs\n';

test('the setting comes before what was built in, and that before the index it was installed from', async () => {
  manifest(installed);
  const builtIn = 'https://example.org/built/in';
  assert.equal(await find(' https://example.org/mine ', builtIn), 'setting https://example.org/mine/');
  assert.equal(await find('', builtIn), 'package https://example.org/built/in/');
  assert.equal(await find(''), 'index http://127.0.0.1:1234/some/place/');
});

for (const [name, line, expected] of [
  ['single quotes', "source_repository: 'https://example.org/it''s/index.yml'", "https://example.org/it's/"],
  ['double quotes', 'source_repository: "https://example.org/a/index.yml"  ', 'https://example.org/a/'],
  ['a query', 'source_repository: https://example.org/a/index.yml?x=1', 'https://example.org/a/'],
  ['a file', 'source_repository: file:///srv/some%20where/index.yml', 'file:///srv/some%20where/'],
  ['line ends of Windows', 'source_repository: https://example.org/a/index.yml\r', 'https://example.org/a/'],
] as const)
  test(`the index is found in a manifest with ${name}`, async () => {
    manifest(`id: stash-sense\n${line}\nfiles: []\n`);
    assert.equal(await find(''), `index ${expected}`);
  });

for (const line of [
  '',
  'source_repository:',
  'source_repository: ftp://example.org/index.yml',
  'source_repository: [1]',
])
  test(`there is no channel with ${line || 'no such line'}`, async () => {
    manifest(`id: stash-sense\n${line}\n`);
    assert.equal(await find(''), null);
  });

test('there is no channel for a plugin that was copied in by hand', async () => {
  rmSync(path.join(folder, 'manifest'), { force: true });
  assert.equal(await find(''), null);
});

for (const [setting, expected] of [
  ['/mnt/offline copy', 'file:///mnt/offline%20copy/'],
  ['/mnt/100% mine/', 'file:///mnt/100%25%20mine/'],
  ['file:///mnt/x/channel.json', 'file:///mnt/x/'],
  ['https://example.org/x/index.yml', 'https://example.org/x/'],
] as const)
  test(`the setting may be ${setting}`, async () => {
    assert.equal(await find(setting), `setting ${expected}`);
  });

for (const setting of ['some/folder', 'ftp://example.org/', 'example.org', 'javascript:1', 'https://'])
  test(`the setting may not be ${setting}`, async () => {
    await assert.rejects(
      find(setting),
      (error: unknown) => error instanceof StashSenseError && error.message.includes(`"${setting}"`),
    );
  });

test('a password in the setting is refused and not repeated', async () => {
  await assert.rejects(
    find('https://me:sesame@example.org/x'),
    (error: unknown) => error instanceof StashSenseError && !error.message.includes('sesame'),
  );
});

test('an address is shown without its password and its query', () => {
  assert.equal(
    shownUrl(new URL('https://me:sesame@example.org/x/y.gz?token=1')),
    'https://example.org/x/y.gz',
  );
  assert.equal(shownUrl(new URL('file:///mnt/some%20where/')), '/mnt/some where/');
});
