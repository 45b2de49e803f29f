/** The bundle as Stash starts it, with a data folder in the settings that cannot be used. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { openToOthers } from '../fixtures/modes.ts';
import { type Ended, runPlugin } from './plugin-process.ts';
import { inEnglish } from '../../core/messages/english.ts';

const skip = process.platform === 'win32' && 'Windows has no such folders';

let root: string;
let configDir: string;
let double: StashDouble;

before(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'stash sense data-'));
  configDir = path.join(root, 'config');
  mkdirSync(configDir);
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
});

after(async () => {
  await double.close();
  rmSync(root, { recursive: true, force: true });
});

/** Killed, which is no answer, when it takes longer than the page waits. */
const ask = (mode: string, input: unknown = {}): Promise<Ended> =>
  runPlugin({ stashUrl: double.url, configDir }, { mode, input }, { afterMs: 20_000 });

const stored = (): Record<string, unknown> => double.config.plugins['stash-sense'] ?? {};

test('where the data folder cannot be used the settings can be read and put right', { skip }, async () => {
  const file = path.join(root, 'a file');
  writeFileSync(file, 'mine');
  const open = path.join(root, 'open');
  mkdirSync(open, { mode: 0o755 });
  writeFileSync(path.join(open, 'holiday.jpg'), 'mine');
  const linked = path.join(root, 'linked');
  mkdirSync(linked, { mode: 0o700 });
  symlinkSync(path.join(root, 'elsewhere'), path.join(linked, 'stash-sense.sqlite'));
  symlinkSync('/proc', path.join(root, 'proc'));
  for (const folder of [file, path.join(file, 'x'), open, linked, path.join(root, 'proc/x')]) {
    double.config.plugins['stash-sense'] = { dataFolder: folder };
    const failed = await ask('status');
    assert.match(failed.error ?? '', /^The (data folder|store) [^\n]+ cannot be used: [^\n]+\.$/, folder);
    const got = await ask('settings.get');
    assert.equal((got.output as Output<'settings.get'>).settings['dataFolder'], folder, got.error ?? '');
    const set = await ask('settings.set', { changes: { dataFolder: path.join(root, 'good') } });
    assert.deepEqual(set.output, { problems: [], saved: ['dataFolder'] }, folder);
    assert.equal((await ask('status')).error, null, folder);
  }
  assert.equal(existsSync(path.join(root, 'elsewhere')), false);
});

test('a folder of the system, stored past us, is told and the default is used', { skip }, async () => {
  for (const folder of ['/proc/stash-sense', 'mydata', '/']) {
    double.config.plugins['stash-sense'] = { dataFolder: folder };
    const { output, error } = await ask('status');
    assert.equal(error, null);
    assert.equal((output as Output<'status'>).data.folder, path.join(configDir, 'stash-sense'));
    const { problems } = (await ask('settings.get')).output as Output<'settings.get'>;
    assert.match(
      problems.map(inEnglish).join(),
      /"Storage - data folder" is .+ and must .+: it counts as not set\.$/,
    );
  }
});

test('a setting that cannot be used is refused when it is set, and those beside it are stored', async () => {
  double.library.addStudio({ name: 'North' });
  for (const [name, value, words] of [
    ['dataFolder', 'mydata', /must be a whole path/],
    ['dataFolder', '~/data', /must be a whole path/],
    ['dataFolder', path.parse(root).root, /folder of the system/],
    ...(skip === false
      ? ([
          ['dataFolder', '/proc/x', /folder of the system/],
          ['dataFolder', '/etc', /folder of the system/],
        ] as const)
      : []),
    ['dataFolder', `${root}/x\0y`, /control character/],
    ['channel', 'https://me:sesame@example.org/', /user name or a password/],
    ['channel', 'ftp://example.org/', /must be an address/],
    ['channel', path.join(root, 'gone'), /names the folder .*gone, which is not there/],
    [
      'packChannel',
      path.join(root, 'gone'),
      /"Reference packs - channel" names the folder .*gone, which is not there/,
    ],
    ['channel', pathToFileURL(path.join(root, 'gone')).href, /which is not there/],
    ['scanScope', 'studio: Nowhere', /has no studio "Nowhere", .+"Scan - which scenes"/],
    ['scanScope', 'filter: Nothing', /has no saved scene filter "Nothing"/],
    ['scanScope', 'everything', /write all, without performers/],
    ['schedule', 'at night', /is no cron expression/],
    ['dryRun', 'perhaps', /must be on or off/],
  ] as const) {
    double.config.plugins['stash-sense'] = {};
    const { output, error } = await ask('settings.set', { changes: { [name]: value, scanImages: true } });
    assert.equal(error, null);
    const { problems } = output as Output<'settings.set'>;
    assert.equal(problems.length, 1, `${name} ${value}`);
    assert.match(inEnglish(problems[0]!), words);
    assert.doesNotMatch(inEnglish(problems[0]!), /sesame/);
    assert.deepEqual((output as Output<'settings.set'>).saved, ['scanImages']);
    assert.deepEqual(stored(), { scanImages: true });
    // Stored past us, it is among the problems too.
    double.config.plugins['stash-sense'] = { [name]: value };
    const got = (await ask('settings.get')).output as Output<'settings.get'>;
    assert.match(got.problems.map(inEnglish).join('\n'), words);
  }
  double.config.plugins['stash-sense'] = {};
  for (const [name, value] of [
    ['scanScope', 'Studio: north'],
    ['channel', root],
  ] as const) {
    const { output } = await ask('settings.set', { changes: { [name]: value } });
    assert.deepEqual(output, { problems: [], saved: [name] });
  }
});

test("what tasks write is for Stash's user only, whatever the umask", { skip }, async () => {
  for (const umask of [0o000, 0o077]) {
    const folder = path.join(root, `umask ${umask}`);
    double.config.plugins['stash-sense'] = { dataFolder: folder };
    const umaskBefore = process.umask(umask);
    try {
      for (const mode of ['set-up', 'people', 'scan', 'status']) {
        const { error, killed } = await runPlugin({ stashUrl: double.url, configDir }, { mode });
        assert.deepEqual([error, killed], [null, false], mode);
        assert.deepEqual(openToOthers(folder), [], mode);
      }
    } finally {
      process.umask(umaskBefore);
    }
  }
});

test('what every object has is no setting', async () => {
  double.config.plugins['stash-sense'] = {};
  for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'shiny']) {
    const changes: unknown = JSON.parse(`{ "${name}": "x" }`);
    const { output, error } = await ask('settings.set', { changes });
    assert.equal(output, null);
    assert.ok(error?.includes(name), `${name}: ${error}`);
    assert.deepEqual(stored(), {});
  }
});
