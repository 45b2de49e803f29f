/** Scenes by their fingerprints, asked of the double of a stash-box. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openedBox } from './opened-box.ts';

const [OSHASH, PHASH, MD5] = ['1234567890abcdef', 'c3a1f0e5d2b49687', 'd41d8cd98f00b204e9800998ecf8427e'];
const given = (algorithm: string, hash: string) => ({
  hash,
  algorithm,
  duration: 1830,
  submissions: 2,
  reports: 1,
});

test('scenes are found by each list, with what is published of them', async (t) => {
  const { client, double } = await openedBox(t);
  const { data } = double;
  const studio = data.addStudio({ name: 'Archive Reels' });
  const ada = data.addPerformer({ name: 'Ada Lovelace' });
  const image = data.addImage({ width: 1920, height: 1080 });
  const scene = data.addScene({
    title: 'Notes',
    release_date: '2021-03',
    code: 'NLM-0001',
    duration: 1830,
    studioId: studio.id,
    performers: [{ id: ada.id, as: 'Ada Byron' }],
    imageIds: [image.id],
    fingerprints: [given('OSHASH', OSHASH), given('PHASH', PHASH)],
  });
  data.addScene({ title: 'Gone', deleted: true, fingerprints: [given('OSHASH', OSHASH)] });
  const found = await client.scenesByFingerprints([
    [
      { algorithm: 'PHASH', hash: PHASH },
      { algorithm: 'OSHASH', hash: OSHASH },
    ],
    [{ algorithm: 'OSHASH', hash: 'ffff' }],
    [],
  ]);
  assert.deepEqual(found, [
    [
      {
        id: scene.id,
        title: 'Notes',
        code: 'NLM-0001',
        date: '2021-03',
        seconds: 1830,
        studio: { id: studio.id, name: 'Archive Reels' },
        cast: [{ id: ada.id, name: 'Ada Lovelace', as: 'Ada Byron' }],
        images: [
          {
            id: image.id,
            url: `${new URL(client.endpoint).origin}/images/${image.id}`,
            width: 1920,
            height: 1080,
          },
        ],
        fingerprints: [
          { algorithm: 'OSHASH', hash: OSHASH, seconds: 1830, submissions: 2, reports: 1 },
          { algorithm: 'PHASH', hash: PHASH, seconds: 1830, submissions: 2, reports: 1 },
        ],
      },
    ],
    [],
    [],
  ]);
});

test('a box is asked about forty scenes at once, and no hash that it would refuse is sent', async (t) => {
  const { client, double } = await openedBox(t);
  const row = double.data.addScene({ fingerprints: [given('OSHASH', '00000000000000ff')] });
  const lists = Array.from({ length: 95 }, () => [
    { algorithm: 'OSHASH' as const, hash: 'ff' },
    { algorithm: 'PHASH' as const, hash: 'no hash' },
    { algorithm: 'PHASH' as const, hash: '' },
    { algorithm: 'PHASH' as const, hash: '12345678901234567' },
  ]);
  const found = await client.scenesByFingerprints(lists);
  assert.deepEqual(
    found.map((scenes) => scenes?.map(({ id }) => id)),
    lists.map(() => [row.id]),
  );
  assert.equal(double.calls.filter(({ query }) => query.includes('findScenesBySceneFingerprints')).length, 3);
});

test('an MD5 is sent to a version that still takes it, and to no other', async (t) => {
  for (const [version, finds] of [
    ['v0.7.9', true],
    ['v0.10.2', false],
  ] as const) {
    const { client, double } = await openedBox(t, { version });
    double.data.addScene({ fingerprints: [given('MD5', MD5)] });
    const [found] = await client.scenesByFingerprints([[{ algorithm: 'MD5', hash: MD5 }]]);
    assert.equal(found?.length, finds ? 1 : 0, version);
    assert.equal(
      double.requests.some(({ body }) => body.includes(MD5)),
      finds,
      version,
    );
  }
});

test('an answer with fewer lists than were asked for, or with none in place of one, does not say that nothing was found', async (t) => {
  for (const [found, known] of [
    ['[[]]', [undefined, undefined]],
    ['[[],null]', [[], undefined]],
  ] as const) {
    const { client, double } = await openedBox(t);
    const answer = {
      headers: { 'content-type': 'application/json' },
      body: `{"data":{"found":${found}}}`,
    };
    double.addFault({ kind: 'answer', where: /findScenesBySceneFingerprints/, answer });
    const asked = ['ff', 'fe'].map((hash) => [{ algorithm: 'OSHASH' as const, hash }]);
    assert.deepEqual(await client.scenesByFingerprints(asked), known);
  }
});

test('a scene that the box cannot answer costs no other one', async (t) => {
  const { client, double } = await openedBox(t);
  const row = double.data.addScene({ fingerprints: [given('OSHASH', '00000000000000ff')] });
  const body = '{"errors":[{"message":"bad scene","path":["found"]}],"data":null}';
  const answer = { headers: { 'content-type': 'application/json' }, body };
  double.addFault({ kind: 'answer', where: /000000000000bad/, answer });
  const found = await client.scenesByFingerprints([
    [{ algorithm: 'OSHASH', hash: 'ff' }],
    [{ algorithm: 'OSHASH', hash: '0000000000000bad' }],
    [{ algorithm: 'OSHASH', hash: 'ff' }],
  ]);
  assert.deepEqual(
    found.map((scenes) => scenes?.map(({ id }) => id)),
    [[row.id], undefined, [row.id]],
  );
});

test('the fingerprint that was asked for is read also where others gave the scene hundreds before', async (t) => {
  const { client, double } = await openedBox(t);
  const others = Array.from({ length: 3000 }, (_, n) =>
    given('OSHASH', (n + 1).toString(16).padStart(16, '0')),
  );
  double.data.addScene({ fingerprints: [...others, given('OSHASH', OSHASH)] });
  const [found] = await client.scenesByFingerprints([[{ algorithm: 'OSHASH', hash: OSHASH }]]);
  assert.equal(
    found?.[0]?.fingerprints.some(({ hash }) => hash === OSHASH),
    true,
  );
});

test('all that is published of a scene is read, of a deleted one what is left, and of none nothing', async (t) => {
  const { client, double } = await openedBox(t);
  const { data } = double;
  const network = data.addStudio({ name: 'Network' });
  const studio = data.addStudio({ name: 'Archive Reels', parentId: network.id });
  const ada = data.addPerformer({ name: 'Ada Lovelace', aliases: ['Countess'] });
  const image = data.addImage({ width: 1920, height: 1080 });
  const tag = data.addTag({ name: 'Engine', description: 'analytical', aliases: ['Machine'] });
  const url = { url: 'https://archive.example/notes', type: 'HOME', site: { id: 's', name: 'Archive' } };
  const scene = data.addScene({
    title: 'Notes',
    details: 'First line\r\nsecond\u001b line\n',
    director: 'Charles',
    code: 'NLM-0001',
    release_date: '2021-03',
    studioId: studio.id,
    urls: [url, { ...url, url: 'javascript:alert(1)' }],
    tagIds: [tag.id],
    performers: [{ id: ada.id, as: 'Ada Byron' }],
    imageIds: [image.id],
  });
  const gone = data.addScene({ title: 'Gone', deleted: true });
  const found = await client.sceneProfiles([scene.id, gone.id, ada.id, 'no id']);
  const [profile, deleted, ...none] = [scene.id, gone.id, ada.id, 'no id'].map((id) => found.get(id));
  assert.deepEqual(none, [null, null]);
  assert.deepEqual([deleted?.deleted, deleted?.title, deleted?.cast], [true, 'Gone', []]);
  const { cast, images, ...rest } = profile!;
  assert.deepEqual(rest, {
    id: scene.id,
    deleted: false,
    title: 'Notes',
    code: 'NLM-0001',
    details: 'First line\nsecond  line',
    director: 'Charles',
    date: '2021-03',
    urls: ['https://archive.example/notes'],
    studio: { id: studio.id, name: 'Archive Reels', parent: { id: network.id, name: 'Network' } },
    tags: [{ id: tag.id, name: 'Engine', description: 'analytical', aliases: ['Machine'] }],
  });
  assert.deepEqual(
    [cast.map(({ performer, as }) => [performer?.name, performer?.aliases, as]), images.map(({ id }) => id)],
    [[['Ada Lovelace', ['Countess'], 'Ada Byron']], [image.id]],
  );
});

test('whether scenes are still there is asked of fifty at once, and into which one each was merged by the edits', async (t) => {
  const { client, double } = await openedBox(t);
  const { data } = double;
  const studio = data.addStudio({ name: 'Archive Reels' });
  const image = data.addImage({ width: 1920, height: 1080 });
  const [target, between, source, gone, pending, ...rest] = Array.from({ length: 118 }, (_, n) =>
    data.addScene({
      title: `Scene ${n}`,
      release_date: '2021-03',
      studioId: studio.id,
      imageIds: [image.id],
    }),
  ).map(({ id }) => id);
  // Others were merged into it before it was merged itself.
  for (const id of rest.slice(0, 7)) data.mergeScenes([id], source!);
  data.mergeScenes([source!], between!);
  data.mergeScenes([between!], target!);
  data.destroyScene(gone!);
  data.mergeScenes([pending!], target!);
  Object.assign([...data.edits.values()].at(-1)!, { applied: false, closed: null, status: 'PENDING' });
  const nobody = '99999999-0000-4000-8000-000000000009';
  const states = await client.sceneStates([
    target!,
    between!,
    source!,
    gone!,
    pending!,
    ...rest,
    nobody,
    'notes',
  ]);
  assert.equal(double.calls.filter(({ query }) => query.includes('SceneStates')).length, 3);
  assert.deepEqual(states.get(target!), {
    id: target,
    deleted: false,
    title: 'Scene 0',
    date: '2021-03',
    studio: 'Archive Reels',
    imageId: image.id,
  });
  assert.deepEqual(
    [between, source, gone, rest[0], nobody, 'notes'].map((id) => states.get(id!)?.deleted ?? null),
    [true, true, true, true, null, null],
  );
  assert.deepEqual(
    [...(await client.sceneMerges([target!, between!, source!, gone!, pending!, rest[6]!]))],
    [
      [target, null],
      [between, target],
      [source, between],
      [gone, null],
      [pending, null],
      [rest[6], source],
    ],
  );
});

test('of scenes that a box cannot answer nothing is said, and a box without edits does not tell of merges', async (t) => {
  const { client, double } = await openedBox(t, { lacks: ['queryEdits'] });
  const { id } = double.data.addScene({ title: 'Notes', deleted: true });
  assert.deepEqual([...(await client.sceneMerges([id]))], []);
  assert.equal((await client.sceneStates([id])).get(id)?.deleted, true);
  double.databaseIsDown = true;
  await assert.rejects(client.sceneStates([id]));
});
