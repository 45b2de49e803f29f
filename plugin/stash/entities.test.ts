import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemAnswer } from './queries.ts';
import { toItem, toPerformer, toServerPath } from './entities.ts';

for (const [url, expected, why] of [
  ['http://127.0.0.1:9999/scene/7/screenshot?t=17', '/scene/7/screenshot?t=17', 'its own address'],
  [
    'https://my.site/stash/scene/7/screenshot?t=17',
    '/scene/7/screenshot?t=17',
    'an external host with a path',
  ],
  ['http://h/scene/7/preview?apikey=abc', '/scene/7/preview', 'a key'],
  ['http://h/image/3/image?apikey=abc&t=5', '/image/3/image?t=5', 'a key before another'],
  ['/performer/4/image?t=1', '/performer/4/image?t=1', 'a relative URL'],
  ['', null, 'nothing'],
  [null, null, 'null'],
  ['http://[', null, 'no URL'],
] as const)
  test(`of ${why} only the path of Stash's own route is used`, () =>
    assert.equal(toServerPath(url), expected));

const FILE = {
  id: '11',
  path: '/media/a/clip.mp4',
  size: 5,
  mod_time: '2026-01-01T00:00:00Z',
  fingerprints: [{ type: 'oshash', value: 'ff' }],
};
const ANSWER: ItemAnswer = {
  id: '7',
  title: '',
  updated_at: '2026-01-02T00:00:00Z',
  files: [{ ...FILE, duration: 12.3456, width: 640, height: 360, zip_file: null }],
  paths: { screenshot: 'http://h/scene/7/screenshot?t=1', preview: 'http://h/scene/7/preview' },
  performers: [{ id: '2' }],
  tags: [],
};

test('a scene without a title is called by its file, as on the pages of Stash', () => {
  assert.deepEqual(toItem('scene', ANSWER), {
    kind: 'scene',
    id: '7',
    title: 'clip.mp4',
    files: [
      {
        id: '11',
        path: '/media/a/clip.mp4',
        sizeBytes: 5,
        modTime: '2026-01-01T00:00:00Z',
        durationMs: 12346,
        width: 640,
        height: 360,
        zipPath: null,
        fingerprints: { oshash: 'ff' },
      },
    ],
    performerIds: ['2'],
    tagIds: [],
    updatedAt: '2026-01-02T00:00:00Z',
    coverPath: '/scene/7/screenshot?t=1',
    previewPath: '/scene/7/preview',
  });
});

test('a gallery of a folder has no file and is called by its folder; nothing at all has its id', () => {
  const gallery = {
    ...ANSWER,
    files: [],
    folder: { path: 'C:\\pictures\\set 1' },
    paths: { cover: 'http://h/gallery/7/cover' },
  };
  assert.equal(toItem('gallery', gallery).title, 'set 1');
  assert.equal(toItem('gallery', { ...gallery, folder: null }).title, 'gallery 7');
});

test('the zip of a file is named, before 0.29 out of its path', () => {
  assert.equal(zipped({ zip_file: { path: '/m/set.zip' } })?.zipPath, '/m/set.zip');
  assert.equal(zipped({ zip_file_id: '9' })?.zipPath, '/m/set.zip');
  assert.equal(zipped({ zip_file_id: null })?.zipPath, null);
  assert.equal(zipped({})?.durationMs, null);
});

test('a performer whose picture Stash would draw has none', () => {
  const performer = {
    id: '3',
    name: 'Ada',
    disambiguation: '',
    alias_list: ['A'],
    stash_ids: [{ endpoint: 'https://box', stash_id: 'x' }],
    image_path: 'http://h/performer/3/image?t=9&default=true',
  };
  assert.equal(toPerformer(performer).imagePath, null);
  assert.deepEqual(toPerformer({ ...performer, image_path: 'http://h/performer/3/image?t=9' }), {
    id: '3',
    name: 'Ada',
    disambiguation: '',
    aliases: ['A'],
    stashIds: [{ endpoint: 'https://box', stashId: 'x' }],
    imagePath: '/performer/3/image?t=9',
  });
});

function zipped(file: object) {
  return toItem('image', { ...ANSWER, files: [{ ...FILE, path: '/m/set.zip/x/1.jpg', ...file }] }).files[0];
}
