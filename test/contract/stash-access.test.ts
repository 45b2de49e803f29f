/** Logins, certificates and a Stash that is not well, over real HTTP against the double. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addScenes, JPEG, openedStash } from './opened-stash.ts';

test('behind a password the session lives as long as it is used, and its end is said', async (t) => {
  let now = Date.now();
  const auth = { username: 'me', password: 'secret', maxSessionAgeSeconds: 60 };
  const { stash, double } = await openedStash(t, { auth, now: () => now });
  addScenes(double, 1);
  double.library.scenes.get('1')!.cover = JPEG;
  for (let i = 0; i < 5; i++) {
    now += 50_000;
    assert.equal(await stash.library.countEntities('scene'), 1);
    now += 50_000;
    assert.ok(await stash.library.fetchMedia('/scene/1/screenshot', 100));
  }
  now += 61_000;
  for (const ask of [
    () => stash.library.countEntities('scene'),
    () => stash.library.fetchMedia('/scene/1/screenshot', 100),
  ])
    await assert.rejects(ask, { code: 'stash-unreachable', message: /session has run out/ });
});

test('long work switches to the API key, which outlives the session', async (t) => {
  let now = Date.now();
  const auth = { username: 'me', password: 'secret', maxSessionAgeSeconds: 60, apiKey: 'the-api-key' };
  const { stash } = await openedStash(t, { auth, now: () => now });
  await stash.useApiKey();
  now += 86_400_000;
  assert.equal(await stash.library.countEntities('scene'), 0);
});

test('a Stash without an API key is gone on with by cookie', async (t) => {
  const { stash } = await openedStash(t, { auth: { username: 'me', password: 'secret' } });
  await stash.useApiKey();
  assert.equal(await stash.library.countEntities('scene'), 0);
});

test('from the command line the API key alone opens it, and nobody without one', async (t) => {
  const auth = { username: 'me', password: 'secret', apiKey: 'the-api-key' };
  const { stash } = await openedStash(t, { auth, as: 'key' });
  assert.equal(await stash.library.countEntities('scene'), 0);
  const { stash: nobody } = await openedStash(t, { auth, as: 'nobody' });
  await assert.rejects(nobody.library.countEntities('scene'), {
    code: 'stash-unreachable',
    message: /none was given/,
  });
});

test('https with a certificate of its own is taken from this machine', async (t) => {
  const { stash, double } = await openedStash(t, { https: true });
  assert.match(double.url, /^https:/);
  double.library.addPerformer({ name: 'Ada', image: JPEG });
  assert.equal(await stash.library.countPerformers(), 1);
  assert.ok(await stash.library.fetchMedia('/performer/1/image', 100));
  await stash.library.changeSettings({ a: 1 });
});

test('a walk over a large library survives a Stash that stumbles all the time', async (t) => {
  const { stash, double } = await openedStash(t);
  addScenes(double, 60);
  const ids: string[] = [];
  for (const kind of ['status', 'cut', 'half', 'page'] as const) {
    double.addFault({ kind, where: /Items/, times: 3, status: 502 });
    const items = await stash.library.entitiesAfter('scene', ids.at(-1) ?? '0', 15);
    ids.push(...items.map((it) => it.id));
  }
  assert.deepEqual(
    ids,
    double.library.scenes.all().map((it) => it.id),
  );
});
