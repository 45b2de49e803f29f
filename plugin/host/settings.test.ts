import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readSettings, SETTING_NAMES } from './settings.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message } from '../../core/messages/message.ts';

const DEFAULTS = {
  scanScope: 'all',
  scanImages: false,
  scanGalleries: false,
  excludedTags: '',
  excludedPerformers: '',
  excludedFolders: '',
  identifyTag: 'Identify faces',
  sliceMinutes: 10,
  schedule: '',
  autoAcceptConfidence: 0,
  autoAcceptTag: '',
  matchConfidence: 0,
  cropsPerPerson: 4,
  dataFolder: '',
  channel: '',
  packChannel: '',
  threads: 0,
  dryRun: false,
};

for (const raw of [undefined, null, {}, [], 'text', 7])
  test(`${JSON.stringify(raw)} is a Stash where nothing was touched`, () => {
    assert.deepEqual(readSettings(raw), { settings: DEFAULTS, problems: [] });
  });

test('empty text, 0 and false are what Stash stores of a setting that was emptied', () => {
  const emptied = Object.fromEntries(
    Object.entries(DEFAULTS).map(([key, value]) => [
      key,
      typeof value === 'number' ? 0 : typeof value === 'boolean' ? false : '',
    ]),
  );
  assert.deepEqual(readSettings(emptied), { settings: DEFAULTS, problems: [] });
});

test('numbers may be text, and keys of other versions are left alone', () => {
  const { settings, problems } = readSettings({ sliceMinutes: ' 20 ', cropsPerPerson: 6, shiny: {} });
  assert.deepEqual([settings.sliceMinutes, settings.cropsPerPerson, problems], [20, 6, []]);
});

test('each bad value is one sentence and stops none of the others', () => {
  const { settings, problems } = readSettings({
    sliceMinutes: 9999,
    cropsPerPerson: 'many',
    matchConfidence: -3,
    scanScope: { all: true },
    identifyTag: 'Who',
  });
  assert.deepEqual(settings, { ...DEFAULTS, identifyTag: 'Who' });
  assert.deepEqual(problems.map(inEnglish), [
    'The setting "Scan - which scenes" is {"all":true} and cannot be read: all is used.',
    'The setting "Scan - minutes per turn" is 9999 and must be at most 240: 10 is used.',
    'The setting "Match - lowest confidence (percent)" is -3 and must be at least 0: it counts as not set.',
    'The setting "Storage - face crops per person" is "many" and must be a number: 4 is used.',
  ]);
});

test('what is neither on nor off is told, and nothing is written to Stash where a dry run was meant', () => {
  const { settings, problems } = readSettings({ scanImages: 'yes', scanGalleries: 'true', dryRun: 'please' });
  assert.deepEqual(settings, { ...DEFAULTS, scanGalleries: true, dryRun: true });
  assert.deepEqual(problems.map(inEnglish), [
    'The setting "Scan - images too" is "yes" and must be on or off: it counts as off.',
    'The setting "Dry run" is "please" and must be on or off: it counts as on.',
  ]);
});

test('an exclusion that cannot be read excludes what Stash does not have, and is told as the Settings tab calls it', () => {
  const { settings, problems } = readSettings({ excludedTags: { all: true } });
  assert.deepEqual(settings, { ...DEFAULTS, excludedTags: '["{\\"all\\":true}"]' });
  assert.deepEqual(problems.map(inEnglish), [
    'The setting "Never - tags" cannot be read: nothing is looked at until it is corrected on the Settings tab.',
  ]);
});

test('settings are called what the manifest calls them', () => {
  const manifest = parse(readFileSync('stash-sense.yml', 'utf8')) as {
    settings: Record<string, { displayName: string }>;
  };
  const names = Object.fromEntries(
    Object.entries(manifest.settings).map(([key, { displayName }]) => [key, displayName]),
  );
  assert.deepEqual(names, { ...SETTING_NAMES });
  // The Settings tab and our sentences call a setting as Stash's own page does.
  for (const [key, name] of Object.entries(SETTING_NAMES))
    assert.equal(inEnglish(message(`settings.label.${key as keyof typeof SETTING_NAMES}`)), name);
});

test('a folder or an address that cannot be one is told, and what is secret in it is not', () => {
  const { settings, problems } = readSettings({
    dataFolder: 'mydata',
    channel: 'https://me:sesame@example.org/x',
  });
  assert.deepEqual([settings.dataFolder, settings.channel], ['', 'https://me:sesame@example.org/x']);
  assert.equal(problems.length, 2);
  assert.match(
    inEnglish(problems[0]!),
    /^The setting "Storage - data folder" is "mydata" and must be a whole path, from the root on, such as .+: it counts as not set\.$/,
  );
  assert.match(inEnglish(problems[1]!), /^The setting "Channel" holds a user name or a password, .+\.$/);
  for (const value of ['smb://me:sesame@nas/data', 'me:sesame@example.org'])
    for (const key of ['dataFolder', 'channel'])
      assert.doesNotMatch(
        JSON.stringify(readSettings({ [key]: value }).problems),
        /sesame/,
        `${key} ${value}`,
      );
});
