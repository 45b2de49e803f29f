/** What a stash-box is asked and what is made of its answers, over the double. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoxVersion } from '../double/stash-box/schema.ts';
import { openedBox } from './opened-box.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const UNKNOWN = '00000000-0000-4000-8000-00000000000f';

test('the key is taken, and says whose it is', async (t) => {
  const { client, double } = await openedBox(t, { userName: 'somebody', roles: ['READ'] });
  assert.deepEqual(await client.me(), { name: 'somebody' });
  assert.equal(double.requests[0]?.headers['apikey'], double.key);
});

test('a performer comes with all that is published, dates as partial as they are', async (t) => {
  const { client, double } = await openedBox(t);
  const image = double.data.addImage({ width: 800, height: 1200, bytes: JPEG });
  const row = double.data.addPerformer({
    name: 'Ada Lovelace',
    disambiguation: 'Mathematician',
    aliases: ['Ada Byron', 'ada lovelace'],
    gender: 'FEMALE',
    birth_date: '1815-12',
    death_date: '1852',
    ethnicity: 'CAUCASIAN',
    country: 'GB',
    eye_color: 'BROWN',
    hair_color: 'BRUNETTE',
    height: 165,
    band_size: 34,
    cup_size: 'B',
    waist_size: 28,
    hip_size: 38,
    breast_type: 'NATURAL',
    career_start_year: 1833,
    career_end_year: 1852,
    tattoos: [{ location: 'Left arm', description: null }],
    piercings: null,
    urls: [
      { url: 'https://en.wikipedia.org/wiki/Ada_Lovelace', type: 'WIKIPEDIA', site: { id: '1', name: 'W' } },
    ],
    imageIds: [image.id],
    updated: '2026-11-23T21:53:45.15093Z',
  });
  assert.deepEqual(await client.performer(row.id), {
    id: row.id,
    name: 'Ada Lovelace',
    disambiguation: 'Mathematician',
    aliases: ['Ada Byron', 'ada lovelace'],
    gender: 'FEMALE',
    birthDate: '1815-12',
    deathDate: '1852',
    ethnicity: 'CAUCASIAN',
    country: 'GB',
    eyeColor: 'BROWN',
    hairColor: 'BRUNETTE',
    heightCm: 165,
    bandSize: 34,
    cupSize: 'B',
    waistSize: 28,
    hipSize: 38,
    breastType: 'NATURAL',
    careerStartYear: 1833,
    careerEndYear: 1852,
    tattoos: [{ location: 'Left arm', description: null }],
    piercings: [],
    urls: ['https://en.wikipedia.org/wiki/Ada_Lovelace'],
    images: [
      {
        id: image.id,
        url: double.endpoint.replace('/graphql', `/images/${image.id}`),
        width: 800,
        height: 1200,
      },
    ],
    deleted: false,
    mergedIntoId: null,
    mergedIds: [],
    updatedAt: Date.parse('2026-11-23T21:53:45.150Z'),
  });
});

for (const version of ['v0.6.0', 'v0.7.9', 'v0.8.0', 'v0.10.2'] satisfies BoxVersion[])
  test(`${version} is asked for what it has`, async (t) => {
    const { client, double } = await openedBox(t, { version });
    for (let n = 0; n < 120; n++) double.data.addPerformer({ name: `Person ${n}`, aliases: [`The-${n}-th`] });
    const first = await client.performersPage(1, 'created');
    const second = await client.performersPage(2, 'created');
    assert.deepEqual([first.count, first.performers.length, second.performers.length], [120, 100, 20]);
    assert.deepEqual([first.performers[0]?.name, second.performers.at(-1)?.name], ['Person 0', 'Person 119']);
    const found = await client.search(['The-7-th', '  ', 'nobody', ' The-8-th ']);
    assert.deepEqual(
      [...found].map(([term, people]) => [term, people.map((one) => one.name)]),
      [
        ['The-7-th', ['Person 7']],
        ['nobody', []],
        [' The-8-th ', ['Person 8']],
      ],
    );
    const asked = double.calls.length;
    await client.search(Array.from({ length: 60 }, (_, n) => `The-${n}-th`));
    assert.equal(double.calls.length - asked, 3);
  });

test('performers by their ids come in few requests, with those that were deleted and merged', async (t) => {
  const { client, double } = await openedBox(t);
  const rows = Array.from({ length: 60 }, (_, n) => double.data.addPerformer({ name: `Person ${n}` }));
  double.data.destroy(rows[1]!.id);
  double.data.merge([rows[2]!.id], rows[3]!.id);
  const ids = rows.map((row) => row.id);
  const asked = [...ids, UNKNOWN, 'no id', ids[0]!.toUpperCase()];
  const found = await client.performers(asked);
  assert.deepEqual([...found.keys()].toSorted(), asked.toSorted());
  assert.deepEqual([found.get(UNKNOWN), found.get('no id')], [null, null]);
  assert.equal(found.get(ids[0]!.toUpperCase())?.name, 'Person 0');
  assert.equal(found.get(ids[1]!)?.deleted, true);
  assert.equal(found.get(ids[2]!)?.mergedIntoId, ids[3]);
  assert.deepEqual(found.get(ids[3]!)?.mergedIds, [ids[2]]);
  assert.equal(double.calls.filter(({ operationName }) => operationName === 'Performers').length, 2);
});

test('a studio is asked for its performers, and scenes for theirs', async (t) => {
  const { client, double } = await openedBox(t);
  const [ada, grace] = ['Ada', 'Grace', 'Alan'].map((name) => double.data.addPerformer({ name }));
  const studio = double.data.addStudio({ name: 'Archive Reels' });
  const scene = double.data.addScene({
    studioId: studio.id,
    performers: [
      { id: ada!.id, as: null },
      { id: grace!.id, as: 'G' },
    ],
  });
  const empty = double.data.addScene({});
  const page = await client.performersPage(1, 'updated', { studioId: studio.id });
  assert.deepEqual(
    page.performers.map((one) => one.name),
    ['Grace', 'Ada'],
  );
  assert.deepEqual(
    await client.castOf([scene.id, empty.id, UNKNOWN, 'nonsense']),
    new Map([
      [scene.id, [ada!.id, grace!.id]],
      [empty.id, []],
    ]),
  );
  assert.deepEqual(
    await client.studiosOf([ada!.id.toUpperCase(), UNKNOWN, 'nonsense']),
    new Map([[ada!.id.toUpperCase(), [studio.id]]]),
  );
  const appearances = await client.appearancesIn([scene.id.toUpperCase(), empty.id, UNKNOWN, 'nonsense']);
  assert.deepEqual(
    [...appearances].map(([id, cast]) => [
      id,
      cast?.map(({ performer, as }) => [performer?.name, as]) ?? null,
    ]),
    [
      ['nonsense', null],
      [
        scene.id.toUpperCase(),
        [
          ['Ada', ''],
          ['Grace', 'G'],
        ],
      ],
      [empty.id, []],
      [UNKNOWN, null],
    ],
  );
  const odd = ['A'.repeat(100_000), 'A\u202Eda\n', ' ', null].map((as) =>
    double.data.addScene({ performers: [{ id: ada!.id, as }] }),
  );
  const shown = await client.appearancesIn(odd.map(({ id }) => id));
  assert.deepEqual(
    odd.map(({ id }) => shown.get(id)?.map(({ as }) => as)),
    [[''], ['A da'], [''], ['']],
  );
  const nameless = double.data.addPerformer({ name: ' ' });
  const bad = double.data.addScene({ performers: [nameless, ada!].map(({ id }) => ({ id, as: null })) });
  assert.deepEqual(
    (await client.appearancesIn([bad.id])).get(bad.id)?.map(({ performer }) => performer?.name ?? null),
    [null, 'Ada'],
  );
});

test('a picture is asked for without the key, as small as is enough', async (t) => {
  const { client, double } = await openedBox(t);
  const small = Buffer.from([...JPEG, 9]);
  const { id } = double.data.addImage({ bytes: JPEG, sizes: { 600: { bytes: small, type: 'image/jpeg' } } });
  const image = { id };
  assert.deepEqual(Buffer.from((await client.picture(image, 600))!), small);
  assert.deepEqual(Buffer.from((await client.picture(image, 'full'))!), JPEG);
  assert.deepEqual(Buffer.from((await client.picture(image, 300))!), JPEG);
  assert.equal(await client.picture({ id: UNKNOWN }, 300), null);
  const asked = double.requests.filter(({ kind }) => kind === 'picture');
  assert.deepEqual(
    asked.map(({ path }) => path.replace(id, 'ID').replace(UNKNOWN, 'NONE')),
    ['/images/ID?size=600', '/images/ID', '/images/ID?size=300', '/images/NONE?size=300'],
  );
  for (const { headers } of asked) assert.equal(headers['apikey'], undefined);
});

test('the boxes of the settings are listed without their keys', async (t) => {
  const { boxes, double } = await openedBox(t, { perMinute: 0 });
  assert.deepEqual(await boxes.list(), [
    { endpoint: double.endpoint, name: 'The box', hasKey: true, maxRequestsPerMinute: 240 },
  ]);
  await assert.rejects(boxes.open('https://other.example/graphql'), { code: 'not-found' });
});
