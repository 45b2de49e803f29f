/** The user's Stash as the rest of us sees it, over real HTTP against the double. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import type { Log } from '../../core/ports.ts';
import { createSecrets } from '../../plugin/secrets.ts';
import { openStash, type Stash } from '../../plugin/stash.ts';
import { startStashDouble, type StashDouble, type StashDoubleOptions } from '../double/stash-double.ts';

const LOG: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

type Options = Partial<StashDoubleOptions> & { as?: 'cookie' | 'key' | 'nobody' };

async function open(
  t: TestContext,
  options: Options = {},
): Promise<{ double: StashDouble; stash: Stash; folder: string }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-library-'));
  const double = await startStashDouble({ configDir: path.join(folder, 'config'), ...options });
  const stash = openStash({
    baseUrl: double.url,
    cookie: (options.as ?? 'cookie') === 'cookie' ? { name: 'session', value: double.createCookie() } : null,
    apiKey: options.as === 'key' ? double.credentials.apiKey : null,
    secrets: createSecrets(),
    log: LOG,
    retryDelaysMs: [1, 2, 5],
  });
  t.after(async () => {
    stash.close();
    await double.close();
    rmSync(folder, { recursive: true });
  });
  return { double, stash, folder };
}

function addScenes({ library }: StashDouble, count: number): void {
  for (let i = 1; i <= count; i++) {
    const file = library.addFile({
      kind: 'video',
      path: `/media/${i}.mp4`,
      duration: i,
      width: 640,
      height: 360,
      size: 5e9,
    });
    library.addScene({ fileIds: [file.id] });
  }
}

async function allIds(stash: Stash, limit: number, filter = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let after = '0'; ; after = ids.at(-1)!) {
    const items = await stash.library.itemsAfter('scene', after, limit, filter);
    if (items.length === 0) return ids;
    ids.push(...items.map((it) => it.id));
  }
}

test('the environment of Stash is read, with absolute folders', async (t) => {
  const { stash, double } = await open(t, { ffmpegPath: '/usr/bin/ffmpeg', ffprobePath: '' });
  double.config.generatedPath = 'gen';
  assert.deepEqual(await stash.library.environment(), {
    version: 'v0.30.1',
    ffmpegPath: '/usr/bin/ffmpeg',
    ffprobePath: null,
    configDir: double.configDir,
    generatedPath: path.resolve('gen'),
    fileNaming: 'oshash',
  });
});

test('paging by id names each scene once, also while scenes come, go and change', async (t) => {
  const { stash, double } = await open(t);
  addScenes(double, 25);
  const first = await stash.library.itemsAfter('scene', '0', 10);
  double.library.scenes.delete('3');
  double.library.scenes.delete('12');
  for (const scene of double.library.scenes.all()) scene.updatedAt += 100;
  addScenes(double, 1);
  const second = await stash.library.itemsAfter('scene', first.at(-1)!.id, 10);
  const third = await stash.library.itemsAfter('scene', second.at(-1)!.id, 10);
  assert.deepEqual(
    [...first, ...second, ...third].map((it) => Number(it.id)),
    Array.from({ length: 26 }, (_, i) => i + 1).filter((it) => it !== 12),
  );
  assert.deepEqual(await stash.library.itemsAfter('scene', '26', 10), []);
  assert.equal(await stash.library.countItems('scene'), 24);
});

test('a scene comes with its files, paths of its own and what is on it', async (t) => {
  const { stash, double } = await open(t, { externalUrl: 'https://my.site/stash' });
  const { library } = double;
  const performer = library.addPerformer({ name: 'Ada' });
  const tag = library.addTag({ name: 'Seen' });
  const file = library.addFile({
    kind: 'video',
    path: '/media/a b.mp4',
    size: 5_000_000_000,
    duration: 61.5,
    width: 1920,
    height: 1080,
    fingerprints: [{ type: 'oshash', value: '00ff' }],
    modTime: '2026-01-02T03:04:05Z',
  });
  const scene = library.addScene({
    fileIds: [file.id],
    performerIds: [performer.id],
    tagIds: [tag.id],
    updatedAt: 1_700_000_000,
  });
  assert.deepEqual(await stash.library.item({ kind: 'scene', id: scene.id }), {
    kind: 'scene',
    id: scene.id,
    title: 'a b.mp4',
    files: [
      {
        id: file.id,
        path: '/media/a b.mp4',
        sizeBytes: 5_000_000_000,
        modTime: '2026-01-02T03:04:05Z',
        durationMs: 61_500,
        width: 1920,
        height: 1080,
        zipPath: null,
        fingerprints: { oshash: '00ff' },
      },
    ],
    performerIds: [performer.id],
    tagIds: [tag.id],
    updatedAt: '2023-11-14T22:13:20Z',
    coverPath: `/scene/${scene.id}/screenshot?t=1700000000`,
    previewPath: `/scene/${scene.id}/preview`,
  });
  assert.equal(await stash.library.item({ kind: 'scene', id: '999' }), null);
});

for (const version of ['v0.28.1', 'v0.30.1'] as const)
  test(`images and galleries of ${version}: pictures in zips, animated ones, folders`, async (t) => {
    const { stash, double } = await open(t, { version });
    const { library } = double;
    const zip = library.addFile({ kind: 'gallery', path: '/media/set.zip' });
    const gallery = library.addGallery({ fileIds: [zip.id] });
    const folder = library.addGallery({ folder: '/media/folder of pictures' });
    const inZip = library.addFile({
      kind: 'image',
      path: '/media/set.zip/1.jpg',
      zipFileId: zip.id,
      width: 10,
      height: 20,
    });
    const gif = library.addFile({ kind: 'video', path: '/media/moves.gif', duration: 2 });
    library.addImage({ fileIds: [inZip.id], galleryIds: [gallery.id] });
    library.addImage({ fileIds: [gif.id] });

    const [one, two] = await stash.library.itemsAfter('image', '0', 10);
    assert.deepEqual(
      [one?.files[0]?.zipPath, one?.files[0]?.durationMs, one?.files[0]?.height],
      ['/media/set.zip', null, 20],
    );
    assert.match(one?.coverPath ?? '', /^\/image\/1\/image\?t=\d+$/);
    assert.match(one?.previewPath ?? '', /^\/image\/1\/thumbnail\?t=\d+$/);
    assert.deepEqual([two?.files[0]?.zipPath, two?.files[0]?.durationMs], [null, 2000]);

    const galleries = await stash.library.itemsAfter('gallery', '0', 10);
    assert.deepEqual(
      galleries.map((it) => [it.title, it.files.length]),
      [
        ['set.zip', 1],
        ['folder of pictures', 0],
      ],
    );
    assert.match(galleries[0]?.coverPath ?? '', /^\/gallery\/1\/cover\?t=\d+$/);
    assert.equal(folder.id, '2');
    assert.deepEqual(
      (await stash.library.itemsAfter('image', '0', 10, { galleryId: gallery.id })).map((it) => it.id),
      ['1'],
    );
  });

test('each narrower scope asks Stash for just that', async (t) => {
  const { stash, double } = await open(t);
  const { library } = double;
  addScenes(double, 6);
  const ada = library.addPerformer({ name: 'Ada' });
  const ben = library.addPerformer({ name: 'Ben' });
  const network = library.addStudio({ name: 'Network' });
  const studio = library.addStudio({ name: 'Studio', parentIds: [network.id] });
  const tag = library.addTag({ name: 'Identify faces' });
  const scene = (id: string) => library.scenes.get(id)!;
  scene('1').performerIds = [ada.id];
  scene('2').studioId = network.id;
  scene('3').studioId = studio.id;
  scene('4').tagIds = [tag.id];
  scene('5').performerIds = [ada.id, ben.id];
  assert.deepEqual(await allIds(stash, 2, { withoutPerformers: true }), ['2', '3', '4', '6']);
  assert.deepEqual(await allIds(stash, 2, { studioId: network.id }), ['2', '3']);
  assert.deepEqual(await allIds(stash, 2, { studioId: studio.id }), ['3']);
  assert.deepEqual(await allIds(stash, 2, { tagId: tag.id }), ['4']);
  assert.deepEqual(await allIds(stash, 2, { onlyPerformerId: ada.id }), ['1']);
  assert.deepEqual(await allIds(stash, 2, { tagId: tag.id, withoutPerformers: true }), ['4']);
  assert.equal(await stash.library.countItems('scene', { withoutPerformers: true }), 4);
});

test('a saved filter of the page means the same to us, also together with a scope that speaks of the same', async (t) => {
  const { stash, double } = await open(t);
  const { library } = double;
  addScenes(double, 9);
  const tag = library.addTag({ name: 'Outdoors' });
  for (const id of ['2', '4', '6']) library.scenes.get(id)!.tagIds = [tag.id];
  library.scenes.get('4')!.organized = true;
  library.scenes.get('6')!.performerIds = [library.addPerformer({ name: 'Ada' }).id];
  const { id } = library.addSceneFilter('Out, not done', {
    tags: {
      modifier: 'INCLUDES_ALL',
      value: { items: [{ id: tag.id, label: 'Outdoors' }], excluded: [], depth: 0 },
    },
    organized: { modifier: 'EQUALS', value: 'false' },
  });
  assert.equal(await stash.library.findSavedFilter('out, NOT done'), id);
  assert.equal(await stash.library.findSavedFilter(id), id);
  assert.equal(await stash.library.findSavedFilter('no such'), null);
  assert.deepEqual(await allIds(stash, 1, { savedFilterId: id }), ['2', '6']);
  assert.deepEqual(await allIds(stash, 1, { savedFilterId: id, withoutPerformers: true }), ['2']);
  assert.deepEqual(await allIds(stash, 1, { savedFilterId: id, tagId: tag.id }), ['2', '6']);
  assert.equal(await stash.library.countItems('scene', { savedFilterId: id }), 2);

  const search = library.addSceneFilter('Search', {}, '3.mp4');
  assert.deepEqual(await allIds(stash, 5, { savedFilterId: search.id }), ['3']);

  library.savedFilters.delete(id);
  await assert.rejects(stash.library.countItems('scene', { savedFilterId: id }), { code: 'not-found' });
});

test('performers are paged by id, also when one is deleted or merged between two pages', async (t) => {
  const { stash, double } = await open(t);
  for (let i = 1; i <= 9; i++) double.library.addPerformer({ name: `P${10 - i}` });
  const first = await stash.library.performersAfter('0', 4);
  double.library.deletePerformer('2');
  double.library.mergePerformers('6', '1');
  const second = await stash.library.performersAfter(first.at(-1)!.id, 4);
  const third = await stash.library.performersAfter(second.at(-1)!.id, 4);
  assert.deepEqual(
    [first, second, third].map((page) => page.map((it) => it.id)),
    [['1', '2', '3', '4'], ['5', '7', '8', '9'], []],
  );
  assert.equal(await stash.library.countPerformers(), 7);
  assert.equal(await stash.library.performer('6'), null);
  // A walk that was broken off goes on in another process.
  const other = openStash({ baseUrl: double.url, secrets: createSecrets(), log: LOG });
  assert.deepEqual(
    (await other.library.performersAfter('5', 10)).map((it) => it.id),
    ['7', '8', '9'],
  );
});

test('tags and studios are found by name or alias in any case, and by nothing that is only like it', async (t) => {
  const { stash, double } = await open(t);
  const { library } = double;
  const wild = library.addTag({ name: 'a_c' });
  const plain = library.addTag({ name: 'abc', aliases: ['Alphabet'] });
  const percent = library.addTag({ name: '100%' });
  const studio = library.addStudio({ name: '42', aliases: ['Answer'] });
  assert.deepEqual(
    await Promise.all(
      ['A_C', 'ABC', 'alphabet', ' abc ', '100%', '10', 'a%'].map((it) => stash.library.findTag(it)),
    ),
    [wild.id, plain.id, plain.id, plain.id, percent.id, null, null],
  );
  assert.deepEqual(
    await Promise.all([studio.id, '42', 'ANSWER', '43'].map((it) => stash.library.findStudio(it))),
    [studio.id, studio.id, studio.id, null],
  );
});

test('performers and tags are added and removed, and what others wrote meanwhile stays', async (t) => {
  const { stash, double } = await open(t);
  const { library } = double;
  addScenes(double, 1);
  const [a, b, c] = ['A', 'B', 'C'].map((name) => library.addPerformer({ name }).id) as [
    string,
    string,
    string,
  ];
  const [x, y] = ['X', 'Y'].map((name) => library.addTag({ name }).id) as [string, string];
  const scene = library.scenes.get('1')!;
  scene.performerIds = [c];
  await stash.writer.change({ kind: 'scene', id: '1' }, { add: { performerIds: [a, b], tagIds: [x] } });
  assert.deepEqual([scene.performerIds, scene.tagIds], [[c, a, b], [x]]);
  // One call where it can be one.
  const before = double.calls.length;
  await stash.writer.change(
    { kind: 'scene', id: '1' },
    { add: { tagIds: [y] }, remove: { performerIds: [a] } },
  );
  assert.equal(double.calls.length, before + 1);
  await stash.writer.change(
    { kind: 'scene', id: '1' },
    { add: { performerIds: [a] }, remove: { performerIds: [b, c], tagIds: [x, y] } },
  );
  assert.deepEqual([scene.performerIds, scene.tagIds], [[a], []]);
  await stash.writer.change({ kind: 'scene', id: '1' }, {});

  for (const kind of ['image', 'gallery'] as const) {
    const row = kind === 'image' ? library.addImage() : library.addGallery();
    await stash.writer.change({ kind, id: row.id }, { add: { performerIds: [b] } });
    assert.deepEqual(row.performerIds, [b]);
    await stash.writer.change({ kind, id: row.id }, { remove: { performerIds: [b] } });
    assert.deepEqual(row.performerIds, []);
  }
});

test('a write about something that is gone names it, and changes nothing', async (t) => {
  const { stash, double } = await open(t);
  addScenes(double, 1);
  const { id } = double.library.addPerformer({ name: 'A' });
  await assert.rejects(
    stash.writer.change({ kind: 'scene', id: '1' }, { add: { performerIds: [id, '99'] } }),
    { code: 'not-found', message: 'Performer 99 is no longer in Stash: nothing was changed.' },
  );
  await assert.rejects(stash.writer.change({ kind: 'scene', id: '1' }, { add: { tagIds: ['77'] } }), {
    code: 'not-found',
    message: 'Tag 77 is no longer in Stash: nothing was changed.',
  });
  await assert.rejects(stash.writer.change({ kind: 'scene', id: '5' }, { add: { performerIds: [id] } }), {
    code: 'not-found',
    message: 'scene 5 is no longer in Stash: nothing was changed.',
  });
  await assert.rejects(stash.writer.change({ kind: 'image', id: '5' }, { remove: { performerIds: [id] } }), {
    code: 'not-found',
    message: 'image 5 is no longer in Stash: nothing was changed.',
  });
  assert.deepEqual(double.library.scenes.get('1')!.performerIds, []);
});

test('a tag is made once, whoever else makes it at the same moment', async (t) => {
  const { stash, double } = await open(t);
  const other = openStash({ baseUrl: double.url, secrets: createSecrets(), log: LOG });
  const ids = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      (i % 2 ? stash : other).writer.ensureTag(i % 3 ? 'Faces' : ' faces '),
    ),
  );
  assert.deepEqual(new Set(ids), new Set(['1']));
  assert.equal(double.library.tags.size, 1);
  double.library.tags.get('1')!.aliases = ['Seen'];
  assert.equal(await stash.writer.ensureTag('seen'), '1');
  await assert.rejects(stash.writer.ensureTag(''), { code: 'stash-refused', message: /must not be blank/ });
});

test('a lost answer to a write is no second write', async (t) => {
  const { stash, double } = await open(t);
  addScenes(double, 1);
  const { id } = double.library.addPerformer({ name: 'A' });
  double.addFault({ kind: 'cut', where: /bulkSceneUpdate/, times: 1, afterwards: true });
  await assert.rejects(stash.writer.change({ kind: 'scene', id: '1' }, { add: { performerIds: [id] } }), {
    code: 'stash-unreachable',
    message: /no clear answer/,
  });
  assert.deepEqual(double.library.scenes.get('1')!.performerIds, [id]);
  assert.equal(double.calls.filter((it) => it.operationName === 'Change').length, 1);
});

test('settings are changed one by one, although Stash knows only all of them', async (t) => {
  const { stash, double } = await open(t);
  assert.deepEqual(await stash.library.settings(), {});
  await stash.library.changeSettings({ sliceMinutes: 5, schedule: '0 3 * * *' });
  double.config.plugins['other'] = { a: 1 };
  await stash.library.changeSettings({ sliceMinutes: 7, dryRun: true });
  await stash.library.changeSettings({ dryRun: undefined });
  assert.deepEqual(await stash.library.settings(), { sliceMinutes: 7, schedule: '0 3 * * *' });
  assert.deepEqual(double.config.plugins['other'], { a: 1 });
});

test('with nothing in the queue there are no jobs; ours is queued under its name and can be stopped', async (t) => {
  const { stash, double } = await open(t);
  assert.deepEqual(await stash.library.jobs(), []);
  writeFileSync(
    path.join(double.configDir, 'plugins/stash-sense.yml'),
    "name: Probe\nexec: [sh, -c, 'exec sleep 30']\ntasks: [{ name: Scan library }]\n",
  );
  // As after an installation.
  await fetch(`${double.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"query":"mutation { reloadPlugins }"}',
  });
  const first = await stash.library.startTask('Scan library', { fromStart: true });
  const second = await stash.library.startTask('Scan library', {});
  await sleep(100);
  assert.deepEqual(await stash.library.jobs(), [
    { id: first, status: 'RUNNING', description: 'Running plugin task: Stash Sense: Scan library' },
    { id: second, status: 'READY', description: 'Running plugin task: Stash Sense: Scan library' },
  ]);
  await stash.library.stopJob(second);
  await stash.library.stopJob(first);
  assert.deepEqual(await stash.library.jobs(), []);
  await stash.library.stopJob('999');
});

test('pictures: the bytes of what there is, nothing where Stash would draw', async (t) => {
  const { stash, double } = await open(t, { externalUrl: 'https://elsewhere.example/stash' });
  const { library } = double;
  addScenes(double, 2);
  library.scenes.get('1')!.cover = JPEG;
  const ada = library.addPerformer({ name: 'Ada', image: JPEG });
  const ben = library.addPerformer({ name: 'Ben' });
  const fetched = async (place: string | null | undefined) =>
    place ? await stash.library.fetchMedia(place, 100) : null;
  const cover = async (id: string) => (await stash.library.item({ kind: 'scene', id }))?.coverPath;
  assert.deepEqual(Buffer.from((await fetched(await cover('1')))!), JPEG);
  assert.equal(await fetched(await cover('2')), null);
  assert.equal(await fetched('/scene/2/preview'), null);
  assert.equal(await fetched('/scene/99/screenshot'), null);
  assert.deepEqual(Buffer.from((await fetched((await stash.library.performer(ada.id))?.imagePath))!), JPEG);
  assert.equal((await stash.library.performer(ben.id))?.imagePath, null);
  await assert.rejects(stash.library.fetchMedia(`/performer/${ada.id}/image`, 5), {
    code: 'unreadable-media',
  });
});

test('behind a password the session lives as long as it is used, and its end is said', async (t) => {
  let now = Date.now();
  const auth = { username: 'me', password: 'secret', maxSessionAgeSeconds: 60 };
  const { stash, double } = await open(t, { auth, now: () => now });
  addScenes(double, 1);
  double.library.scenes.get('1')!.cover = JPEG;
  for (let i = 0; i < 5; i++) {
    now += 50_000;
    assert.equal(await stash.library.countItems('scene'), 1);
    now += 50_000;
    assert.ok(await stash.library.fetchMedia('/scene/1/screenshot', 100));
  }
  now += 61_000;
  for (const ask of [
    () => stash.library.countItems('scene'),
    () => stash.library.fetchMedia('/scene/1/screenshot', 100),
  ])
    await assert.rejects(ask, { code: 'stash-unreachable', message: /session has run out/ });
});

test('long work switches to the API key, which outlives the session', async (t) => {
  let now = Date.now();
  const auth = { username: 'me', password: 'secret', maxSessionAgeSeconds: 60, apiKey: 'the-api-key' };
  const { stash } = await open(t, { auth, now: () => now });
  await stash.useApiKey();
  now += 86_400_000;
  assert.equal(await stash.library.countItems('scene'), 0);
});

test('a Stash without an API key is gone on with by cookie', async (t) => {
  const { stash } = await open(t, { auth: { username: 'me', password: 'secret' } });
  await stash.useApiKey();
  assert.equal(await stash.library.countItems('scene'), 0);
});

test('from the command line the API key alone opens it, and nobody without one', async (t) => {
  const auth = { username: 'me', password: 'secret', apiKey: 'the-api-key' };
  const { stash } = await open(t, { auth, as: 'key' });
  assert.equal(await stash.library.countItems('scene'), 0);
  const { stash: nobody } = await open(t, { auth, as: 'nobody' });
  await assert.rejects(nobody.library.countItems('scene'), {
    code: 'stash-unreachable',
    message: /none was given/,
  });
});

test('https with a certificate of its own is taken from this machine', async (t) => {
  const { stash, double } = await open(t, { https: true });
  assert.match(double.url, /^https:/);
  double.library.addPerformer({ name: 'Ada', image: JPEG });
  assert.equal(await stash.library.countPerformers(), 1);
  assert.ok(await stash.library.fetchMedia('/performer/1/image', 100));
  await stash.library.changeSettings({ a: 1 });
});

test('a walk over a large library survives a Stash that stumbles all the time', async (t) => {
  const { stash, double } = await open(t);
  addScenes(double, 60);
  const ids: string[] = [];
  for (const kind of ['status', 'cut', 'half', 'page'] as const) {
    double.addFault({ kind, where: /Items/, times: 3, status: 502 });
    const items = await stash.library.itemsAfter('scene', ids.at(-1) ?? '0', 15);
    ids.push(...items.map((it) => it.id));
  }
  assert.deepEqual(
    ids,
    double.library.scenes.all().map((it) => it.id),
  );
});
