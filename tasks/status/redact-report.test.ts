import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScrub } from './redact-report.ts';

const scrub = createScrub({
  home: '/home/jane',
  dataFolder: '/home/jane/.stash/stash-sense',
  names: ['A day out', 'Ann Example', 'x'],
});

for (const [text, expected, remark] of [
  ['The data is in /home/jane/.stash/stash-sense.', 'The data is in <data>.', 'our folder'],
  ['<data>/models/fr_detect.onnx is missing', '<data>/models/fr_detect.onnx is missing', 'what is in it'],
  [
    'ffmpeg could not read /media/My Film 2.mp4: no frames',
    'ffmpeg could not read <path>: no frames',
    'spaces',
  ],
  ['C:\\Users\\jane\\Film.mp4 is no video', '<path>', 'Windows'],
  ['ffmpeg is /usr/bin/ffmpeg.', 'ffmpeg is /usr/bin/ffmpeg.', 'programs of the system'],
  ['Looking at A day out with Ann Example', 'Looking at … with …', 'known names'],
  ['Added "Bea Sample": start "Set up"', 'Added "…": start "Set up"', 'quotes that are not ours'],
  [
    'Stash at https://me:pw@nas.lan:9999/graphql?apikey=abcdef says no',
    'Stash at https://nas.lan:9999/… says no',
    'addresses',
  ],
  ['api_key: hunter2secret, ok', 'api_key: ***, ok', 'named secrets'],
  ['Cookie session=MTcwMDAwMDAwMHxEdi1CQkFFQ183 gone', 'Cookie *** gone', 'cookies'],
  ['got eyJhbGciOi.eyJ1aWQi.c2lnbmF0dXJl', 'got ***', 'web tokens'],
  ['key 4f8a1c9be07d4b21a9c3 was wrong', 'key *** was wrong', 'long words of letters and digits'],
  ['oshash:0011223344556677 failed', 'oshash:… failed', 'what names a file'],
  ['42 of 50 performers can be recognised.', '42 of 50 performers can be recognised.', 'plain words'],
] as const)
  test(`out of a report: ${remark}`, () => {
    assert.equal(scrub.text(text), expected);
  });

test('folders are told without the user they belong to, addresses without who may open them', () => {
  assert.equal(scrub.folder('/home/jane/.stash/stash-sense'), '~/.stash/stash-sense');
  assert.equal(scrub.folder('/home/otto/data'), '/home/…/data');
  assert.equal(scrub.folder('C:\\Users\\otto\\data'), 'C:\\Users\\…\\data');
  assert.equal(scrub.folder('/config/stash-sense'), '/config/stash-sense');
  assert.equal(scrub.address('https://me:pw@example.org/a/b?key=1#c'), 'https://example.org/a/b');
  assert.equal(scrub.address('/home/jane/channel'), 'a folder');
});
