/** What the rest may read of the user's Stash, over real HTTP against the double. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { openStash, type Stash } from '../../plugin/stash/client.ts';
import { addScenes, JPEG, LOG, openedStash } from './opened-stash.ts';

test('the environment of Stash is read, with absolute folders', async (t) => {
  const { stash, double } = await openedStash(t, { ffmpegPath: '/usr/bin/ffmpeg', ffprobePath: '' });
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
  const { stash, double } = await openedStash(t);
  addScenes(double, 25);
  const first = await stash.library.entitiesAfter('scene', '0', 10);
  double.library.scenes.delete('3');
  double.library.scenes.delete('12');
  for (const scene of double.library.scenes.all()) scene.updatedAt += 100;
  addScenes(double, 1);
  const second = await stash.library.entitiesAfter('scene', first.at(-1)!.id, 10);
  const third = await stash.library.entitiesAfter('scene', second.at(-1)!.id, 10);
  assert.deepEqual(
    [...first, ...second, ...third].map((it) => Number(it.id)),
    Array.from({ length: 26 }, (_, i) => i + 1).filter((it) => it !== 12),
  );
  assert.deepEqual(await stash.library.entitiesAfter('scene', '26', 10), []);
  assert.equal(await stash.library.countEntities('scene'), 24);
});

test('fields of many are read together, without those that Stash has no more', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  addScenes(double, 1100);
  const performer = library.addPerformer({ name: 'Ada' });
  const tag = library.addTag({ name: 'Seen' });
  const scene = library.scenes.get('7')!;
  scene.performerIds = [performer.id];
  scene.tagIds = [tag.id];
  const ids = Array.from({ length: 1100 }, (_, n) => String(n + 1));
  const gone = ['1', '2', '500', '501', '777', '1100'];
  for (const id of gone) library.scenes.delete(id);
  const found = await stash.library.fieldsOf('scene', [...ids, '7'], ['performers', 'title']);
  assert.deepEqual(
    [...found.keys()].toSorted(byNumber),
    ids.filter((id) => !gone.includes(id)),
  );
  assert.deepEqual(found.get('7'), { performers: [performer.id], title: null });
  assert.deepEqual(found.get('8')?.['performers'], []);
  assert.deepEqual(await stash.library.fieldsOf('scene', gone, ['tags']), new Map());
  assert.deepEqual(await stash.library.fieldsOf('scene', [], ['tags']), new Map());
  assert.deepEqual(
    await stash.library.fieldsOf('performer', [performer.id, '99'], []),
    new Map([[performer.id, {}]]),
  );
  assert.deepEqual(await stash.library.fieldsOf('tag', ['98', tag.id], []), new Map([[tag.id, {}]]));
});

test('performers are found by name, alias or stash ID', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  const endpoint = 'https://box.example/graphql';
  library.addPerformer({ name: 'Ada' });
  library.addPerformer({ name: 'Bea', aliases: ['ADA'] });
  library.addPerformer({ name: 'Cleo', stashIds: [{ endpoint, stash_id: 'a', updatedAt: 0 }] });
  library.addPerformer({ name: 'Dora', stashIds: [{ endpoint, stash_id: 'b', updatedAt: 0 }] });
  const like = async (name: string, ...ids: string[]): Promise<string[]> => {
    const stashIds = ids.map((stashId) => ({ endpoint, stashId }));
    return (await stash.library.performersLike({ name, stashIds })).map((one) => one.name).toSorted(byName);
  };
  assert.deepEqual(await like('ada'), ['Ada', 'Bea']);
  assert.deepEqual(await like('Ada', 'a'), ['Ada', 'Bea', 'Cleo']);
  assert.deepEqual(await like('nobody', 'x', 'b'), ['Dora']);
  assert.deepEqual(await like('nobody'), []);
});

test('performers are found by any of the stash IDs of several stash-boxes, also of one with a quote in its address', async (t) => {
  const { stash, double } = await openedStash(t);
  const [first, second, odd] = ['https://box.example', 'https://other.example', "https://o'dd.example"];
  const add = (name: string, endpoint: string, id: string): void =>
    void double.library.addPerformer({ name, stashIds: [{ endpoint, stash_id: id, updatedAt: 0 }] });
  add('Ada', first, 'a');
  add('Bea', second, 'b');
  add('Cleo', odd, 'c');
  add('Dora', first, 'c');
  const stashIds = [
    { endpoint: first, stashId: 'x' },
    { endpoint: second, stashId: 'b' },
    { endpoint: odd, stashId: 'c' },
  ];
  const wanted = { name: 'nobody', stashIds };
  const like = await stash.library.performersLike(wanted);
  assert.deepEqual(like.map(({ name }) => name).toSorted(byName), ['Bea', 'Cleo']);
  const [alike] = await stash.library.performersAlike([wanted]);
  assert.deepEqual(alike?.performers, like);
});

test('scenes of performers that a stash-box has too are read in few requests, with who is in them', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  const endpoint = 'https://box.example/graphql';
  const at = (stashId: string, of = endpoint) => [{ endpoint: of, stash_id: stashId, updatedAt: 0 }];
  const ids = Array.from({ length: 30 }, (_, n) => library.addPerformer({ name: `Person ${n}` }).id);
  const linked = library.addPerformer({ name: 'Linked', stashIds: at('p') });
  const [first = '', second = ''] = ids;
  const add = (performerIds: string[], stashIds: ReturnType<typeof at>): void =>
    void library.addScene({ fileIds: [], performerIds, stashIds });
  add([first, second, linked.id], at('three'));
  add([first], at('one'));
  add([first, second], at('two'));
  add([first], at('elsewhere', 'https://other.example/graphql'));
  add([first], []);
  const asked = double.calls.length;
  const found = await stash.library.linkedScenes(ids, endpoint, 2);
  assert.equal(double.calls.length - asked, 2);
  assert.deepEqual([...found.keys()], ids);
  assert.deepEqual(found.get(first), [
    { stashId: 'one', performers: [{ id: first, stashIds: [] }] },
    {
      stashId: 'two',
      performers: [first, second].map((id) => ({ id, stashIds: [] })),
    },
  ]);
  const three = found.get(second)?.find(({ stashId }) => stashId === 'three');
  assert.deepEqual(three?.performers.at(-1), { id: linked.id, stashIds: [{ endpoint, stashId: 'p' }] });
  assert.deepEqual(found.get(ids[2]!), []);
});

test('studios of scenes of performers are read by their ids at a stash-box', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  const endpoint = 'https://box.example/graphql';
  const at = (stashId: string, of = endpoint) => ({ endpoint: of, stash_id: stashId, updatedAt: 0 });
  const [ada = '', grace = ''] = ['Ada', 'Grace'].map((name) => library.addPerformer({ name }).id);
  const studios = [
    library.addStudio({ name: 'Both', stashIds: [at('both'), at('other', 'https://other.example/graphql')] }),
    library.addStudio({ name: 'Not linked' }),
    library.addStudio({ name: 'Linked', stashIds: [at('linked')] }),
  ];
  for (const { id } of [...studios, studios[0]!])
    library.addScene({ fileIds: [], performerIds: [ada], studioId: id });
  library.addScene({ fileIds: [], performerIds: [ada, grace] });
  const found = await stash.library.studioIds([ada, grace], endpoint, 40);
  assert.deepEqual([found.get(ada)?.toSorted(byName), found.get(grace)], [['both', 'linked'], []]);
  assert.deepEqual((await stash.library.studioIds([ada], endpoint, 1)).get(ada), ['both'], 'of the newest');
});

test('scenes that a stash-box has are read with their ids there, all or those of one id', async (t) => {
  const { stash, double } = await openedStash(t);
  const endpoint = 'https://box.example/graphql';
  const at = (stashId: string, of = endpoint) => ({ endpoint: of, stash_id: stashId, updatedAt: 0 });
  const add = (...stashIds: ReturnType<typeof at>[]): string =>
    double.library.addScene({ fileIds: [], stashIds }).id;
  const first = add(at('a'), at('z', 'https://other.example/graphql'));
  const second = add(at('a'));
  const third = add(at('b'));
  add(at('a', 'https://other.example/graphql'));
  add();
  const asked = double.calls.length;
  assert.deepEqual(await stash.library.scenesOfBox(endpoint), [
    { id: first, stashIds: ['a'] },
    { id: second, stashIds: ['a'] },
    { id: third, stashIds: ['b'] },
  ]);
  assert.equal(double.calls.length - asked, 1);
  const shared = await stash.library.scenesOfBox(endpoint, 'a');
  assert.deepEqual(
    shared.map(({ id }) => id),
    [first, second],
  );
});

test('a scene comes with its files, paths of its own and what is on it', async (t) => {
  const { stash, double } = await openedStash(t, { externalUrl: 'https://my.site/stash' });
  const { library } = double;
  const performer = library.addPerformer({ name: 'Ada' });
  const tag = library.addTag({ name: 'Seen' });
  const studio = library.addStudio({ name: 'Studio' });
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
    studioId: studio.id,
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
    studioId: studio.id,
    updatedAt: '2023-11-14T22:13:20Z',
    coverPath: `/scene/${scene.id}/screenshot?t=1700000000`,
    previewPath: `/scene/${scene.id}/preview`,
  });
  assert.equal(await stash.library.item({ kind: 'scene', id: '999' }), null);
});

for (const version of ['v0.28.1', 'v0.30.1'] as const)
  test(`images and galleries of ${version}: pictures in zips, animated ones, folders`, async (t) => {
    const { stash, double } = await openedStash(t, { version });
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

    const [one, two] = await stash.library.entitiesAfter('image', '0', 10);
    assert.deepEqual(
      [one?.files[0]?.zipPath, one?.files[0]?.durationMs, one?.files[0]?.height],
      ['/media/set.zip', null, 20],
    );
    assert.match(one?.coverPath ?? '', /^\/image\/1\/image\?t=\d+$/);
    assert.match(one?.previewPath ?? '', /^\/image\/1\/thumbnail\?t=\d+$/);
    assert.deepEqual([two?.files[0]?.zipPath, two?.files[0]?.durationMs], [null, 2000]);

    const galleries = await stash.library.entitiesAfter('gallery', '0', 10);
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
      (await stash.library.entitiesAfter('image', '0', 10, { galleryId: gallery.id })).map((it) => it.id),
      ['1'],
    );
  });

for (const version of ['v0.28.1', 'v0.29.3', 'v0.30.1'] as const)
  test(`what a studio or tag of ${version} has beside what we give it is seen, and is no use of it`, async (t) => {
    const { stash, double } = await openedStash(t, { version });
    const { library } = double;
    const stashIds = [{ endpoint: 'https://box.example/graphql', stash_id: '1', updatedAt: 0 }];
    const hasExtras = async (kind: 'studio' | 'tag', id: string): Promise<boolean | undefined> => {
      const usage = await stash.library.usage(kind, id);
      assert.deepEqual([usage?.isUsed, usage?.hasCustomFields], [false, false]);
      return usage?.hasExtras;
    };
    assert.equal(await hasExtras('studio', library.addStudio({ name: 'Plain', stashIds }).id), false);
    assert.equal(
      await hasExtras('studio', library.addStudio({ name: 'Page', urls: ['https://a.example'] }).id),
      true,
    );
    assert.equal(await hasExtras('tag', library.addTag({ name: 'Plain' }).id), false);
    assert.equal(await hasExtras('tag', library.addTag({ name: 'Sorted', sortName: 'A' }).id), true);
    const linked = library.addTag({ name: 'Linked', stashIds });
    assert.equal(await hasExtras('tag', linked.id), false);
    // An older one has none.
    const { values } = (await stash.library.object({ kind: 'tag', id: linked.id }))!;
    const lacking = version === 'v0.30.1' ? [] : ['stashIds'];
    assert.deepEqual(
      [values['stashIds'] === undefined, await stash.library.fieldsLacking('tag')],
      [lacking.length > 0, lacking],
    );
    assert.deepEqual(await stash.library.fieldsLacking('studio'), []);
  });

test('each narrower scope asks Stash for just that', async (t) => {
  const { stash, double } = await openedStash(t);
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
  assert.equal(await stash.library.countEntities('scene', { withoutPerformers: true }), 4);
  for (const one of library.scenes.all()) one.updatedAt = 1_700_000_000 + Number(one.id);
  const { updatedAt } = (await stash.library.item({ kind: 'scene', id: '4' }))!;
  assert.deepEqual(await allIds(stash, 2, { updatedAfter: updatedAt }), ['5', '6']);
});

test('a saved filter of the page means the same to us, also together with a scope that speaks of the same', async (t) => {
  const { stash, double } = await openedStash(t);
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
  assert.equal(await stash.library.countEntities('scene', { savedFilterId: id }), 2);

  const search = library.addSceneFilter('Search', {}, '3.mp4');
  assert.deepEqual(await allIds(stash, 5, { savedFilterId: search.id }), ['3']);

  library.savedFilters.delete(id);
  await assert.rejects(stash.library.countEntities('scene', { savedFilterId: id }), { code: 'not-found' });
});

test('performers are paged by id, also when one is deleted or merged between two pages', async (t) => {
  const { stash, double } = await openedStash(t);
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
  const { stash, double } = await openedStash(t);
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

test('settings are changed one by one, although Stash knows only all of them', async (t) => {
  const { stash, double } = await openedStash(t);
  assert.deepEqual(await stash.library.settings(), {});
  await stash.library.changeSettings({ sliceMinutes: 5, schedule: '0 3 * * *' });
  double.config.plugins['other'] = { a: 1 };
  await stash.library.changeSettings({ sliceMinutes: 7, dryRun: true });
  await stash.library.changeSettings({ dryRun: undefined });
  assert.deepEqual(await stash.library.settings(), { sliceMinutes: 7, schedule: '0 3 * * *' });
  assert.deepEqual(double.config.plugins['other'], { a: 1 });
});

test('with nothing in the queue there are no jobs; ours is queued under its name and can be stopped', async (t) => {
  const { stash, double } = await openedStash(t);
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
  const jobs = await stash.library.jobs();
  assert.deepEqual(
    jobs.map(({ id, status, description }) => ({ id, status, description })),
    [
      { id: first, status: 'RUNNING', description: 'Running plugin task: Scan library' },
      { id: second, status: 'READY', description: 'Running plugin task: Scan library' },
    ],
  );
  assert.ok(jobs.every(({ addedAt }) => Math.abs(Date.parse(addedAt) - Date.now()) < 60_000));
  assert.deepEqual(await stash.library.job(second), jobs[1]);
  await stash.library.stopJob(second);
  await stash.library.stopJob(first);
  assert.deepEqual(await stash.library.jobs(), []);
  // How each ended is known under the same name; after a restart of Stash nothing of it is.
  for (const [n, id] of [first, second].entries())
    assert.deepEqual(await stash.library.job(id), { ...jobs[n], status: 'CANCELLED' });
  double.restart();
  assert.equal(await stash.library.job(first), null);
  await stash.library.stopJob('999');
});

test('pictures: the bytes of what there is, nothing where Stash would draw', async (t) => {
  const { stash, double } = await openedStash(t, { externalUrl: 'https://elsewhere.example/stash' });
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

async function allIds(stash: Stash, limit: number, filter = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let after = '0'; ; after = ids.at(-1)!) {
    const items = await stash.library.entitiesAfter('scene', after, limit, filter);
    if (items.length === 0) return ids;
    ids.push(...items.map((it) => it.id));
  }
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

function byName(a: string, b: string): number {
  return a.localeCompare(b);
}
