/** How often a stash-box is asked, counted by the double, with the real store between two clients that know of each other by it alone, as two processes do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StashBoxParts } from '../../plugin/stash-box/stash-boxes.ts';
import { openStore } from '../../plugin/store/store.ts';
import { tempFolder } from '../fakes/context.ts';
import { boxesOf, IMPATIENT, startedBox } from './opened-box.ts';

/** A clock that runs ten times as fast, so that a minute has six seconds. */
const SPEED = 10;
const BEGIN = Date.now();
const fastClock: Partial<StashBoxParts> = {
  now: () => BEGIN + (Date.now() - BEGIN) * SPEED,
  sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms / SPEED)),
};

test('two clients together stay below the limit of a minute, whatever the box answers', async (t) => {
  const double = await startedBox(t);
  const image = double.data.addImage({ bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) });
  // One connection: two of one process to one file wait for each other, and nothing else happens meanwhile.
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const PER_MINUTE = 120;
  const clients = await Promise.all(
    [1, 2].map(async () => {
      const { boxes } = boxesOf(t, { double, store, perMinute: PER_MINUTE, parts: fastClock });
      return await boxes.open(double.endpoint);
    }),
  );
  for (const [n, status] of [503, 429, 401, 500].entries())
    double.addFault({ kind: 'status', status, where: n % 2 === 0 ? 'graphql' : 'media', times: 2 });
  const began = Date.now();
  let refused = 0;
  // A refused key is sent once: whoever asked is told.
  const count = (error: unknown): void => {
    assert.match(String(error), /refused the API key/);
    refused++;
  };
  await Promise.all(
    clients.flatMap((client) =>
      Array.from({ length: 80 }, async (_, n) => {
        await (n % 2 === 0 ? client.me().catch(count) : client.picture(image, 'full'));
      }),
    ),
  );
  for (const kind of ['graphql', 'picture'] as const) {
    const most = double.mostWithin(60_000 / SPEED, kind);
    assert.ok(most <= PER_MINUTE, `${most} of ${kind} in a minute`);
    assert.ok(most > 40, `${most} of ${kind} in a minute`);
  }
  assert.equal(refused, 2);
  // 80 of each lane, spaced by half a second of the fast clock.
  assert.ok(Date.now() - began > 3800);
});

function redirectTo(place: string) {
  return { status: 302, answer: { headers: { Location: place }, body: '' } };
}

test('each redirect of a picture is a request of its minute', async (t) => {
  const double = await startedBox(t);
  const image = double.data.addImage({ bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) });
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const PER_MINUTE = 120;
  const { boxes } = boxesOf(t, { double, store, perMinute: PER_MINUTE, parts: fastClock });
  const client = await boxes.open(double.endpoint);
  double.addFault({ kind: 'answer', where: /images\/[^/?]+$/, ...redirectTo(`/images/${image.id}?hop=1`) });
  double.addFault({ kind: 'answer', where: /hop=1/, ...redirectTo(`/images/${image.id}?hop=2`) });
  const COUNT = 45;
  for (const picture of await Promise.all(Array.from({ length: COUNT }, () => client.picture(image, 'full'))))
    assert.equal(picture?.length, 4);
  assert.equal(double.requests.filter(({ kind }) => kind === 'picture').length, 3 * COUNT);
  const most = double.mostWithin(60_000 / SPEED, 'picture');
  assert.ok(most <= PER_MINUTE, `${most} in a minute`);
  assert.ok(most > 40, `${most} in a minute`);
});

test('a box whose pictures all redirect is found to be back', async (t) => {
  const double = await startedBox(t);
  const image = double.data.addImage({ bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) });
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  let ahead = 0;
  const { boxes } = boxesOf(t, { double, store, parts: { now: () => Date.now() + ahead } });
  const client = await boxes.open(double.endpoint);
  double.addFault({ kind: 'status', status: 502, where: 'media' });
  for (let n = 0; n < 2; n++) await assert.rejects(client.picture(image, 'full'));
  await assert.rejects(client.picture(image, 'full'), { message: /did not answer as it should \d+ times/ });
  double.clearFaults();
  double.addFault({
    kind: 'answer',
    where: /images\/[^/?]+$/,
    ...redirectTo(`/images/${image.id}?elsewhere`),
  });
  ahead += 15 * 60_000;
  for (let n = 0; n < 2; n++) assert.equal((await client.picture(image, 'full'))?.length, 4);
});

test('a box that is dead stops neither another box nor itself for ever', async (t) => {
  const [dead, well] = [await startedBox(t), await startedBox(t)];
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  let ahead = 0;
  const settings = [dead, well].map((double) => ({
    endpoint: double.endpoint,
    name: double === dead ? 'Dead' : 'Well',
    apiKey: double.key,
    maxRequestsPerMinute: 600_000,
  }));
  const { boxes } = boxesOf(t, {
    double: well,
    store,
    parts: {
      ...IMPATIENT,
      settings: () => Promise.resolve(settings),
      now: () => Date.now() + ahead,
    },
  });
  const [deadClient, wellClient] = [await boxes.open(dead.endpoint), await boxes.open(well.endpoint)];
  dead.addFault({ kind: 'hang' });
  const asked = Array.from({ length: 8 }, () => deadClient.me());
  assert.equal((await wellClient.me()).name, 'reader');
  for (const one of await Promise.allSettled(asked))
    assert.equal(one.status === 'rejected' && (one.reason as { code: string }).code, 'stash-box-unreachable');
  const soFar = dead.requests.length;
  // All that were begun before five of them had failed.
  assert.ok(soFar <= 8 + 4, `${soFar} requests to a dead box`);
  await assert.rejects(deadClient.me(), { message: /^Dead did not answer as it should \d+ times in a row/ });
  assert.equal(dead.requests.length, soFar);
  assert.equal((await wellClient.me()).name, 'reader');
  dead.clearFaults();
  ahead += 15 * 60_000;
  assert.equal((await deadClient.me()).name, 'reader');
  assert.equal((await deadClient.me()).name, 'reader');
});

test('who is waited for gets an answer soon, if only that there is trouble', async (t) => {
  const double = await startedBox(t);
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const limits = { retryDelaysMs: [1], patienceMs: 10 };
  const { boxes } = boxesOf(t, { double, store, parts: { limits } });
  const client = await boxes.open(double.endpoint, { isAwaited: true });
  double.addFault({
    kind: 'answer',
    status: 429,
    answer: { headers: { 'Retry-After': '3600' }, body: '' },
    times: 1,
  });
  await assert.rejects(client.me(), { message: /asks for a pause: it can be asked again in 60 min/ });
  await assert.rejects(client.me(), { message: /asks for a pause/ });
  assert.equal(double.requests.length, 1);
});

for (const [name, isOld, requests] of [
  ['is asked once', false, 1],
  ['may have lost a connection that was kept, and is asked on another', true, 3],
] as const)
  test(`a silent box ${name} by who is waited for`, async (t) => {
    const double = await startedBox(t);
    const store = await openStore({ folder: tempFolder(t) });
    t.after(() => store.close());
    const { boxes } = boxesOf(t, { double, store, parts: IMPATIENT });
    const client = await boxes.open(double.endpoint, { isAwaited: true });
    if (isOld) await client.me();
    double.addFault({ kind: 'hang' });
    const tried = isOld ? '2 times' : 'once';
    await assert.rejects(client.me(), { message: new RegExp(`no answer within .*; tried ${tried}\\)`) });
    assert.equal(double.requests.length, requests);
  });

test('a box that sends a byte now and then is asked once by who is waited for', async (t) => {
  const double = await startedBox(t);
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const { boxes } = boxesOf(t, { double, store, parts: { limits: { withinMs: 1500 } } });
  const client = await boxes.open(double.endpoint, { isAwaited: true });
  double.addFault({ kind: 'drip' });
  await assert.rejects(client.me(), { code: 'stash-box-unreachable', message: /tried once\)/ });
  assert.equal(double.requests.length, 1);
});
