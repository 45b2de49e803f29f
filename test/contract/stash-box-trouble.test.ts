/** A stash-box that is slow, failing or lying, over the double. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inEnglish } from '../../core/messages/english.ts';
import type { Fault } from '../double/faults.ts';
import { boxesOf, IMPATIENT, openedBox } from './opened-box.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const NOBODY = '00000000-0000-4000-8000-00000000000f';
const NO_KEY = /eyJ|c2lnbmF0dXJl/;

const answer = (body: string, status = 200, headers: Record<string, string> = JSON_TYPE): Fault => ({
  kind: 'answer',
  status,
  answer: { headers, body },
});
const errors = (message: string): Fault =>
  answer(JSON.stringify({ errors: [{ message, path: ['me'] }], data: null }));

/** What passes by itself. */
const PASSING: Readonly<Record<string, Fault>> = {
  'status 500': { kind: 'status', status: 500 },
  'status 502': { kind: 'status', status: 502 },
  'status 503': { kind: 'status', status: 503 },
  'status 504': { kind: 'status', status: 504 },
  'a connection that is cut': { kind: 'cut' },
  'half an answer': { kind: 'half' },
  'a server that says nothing': { kind: 'hang' },
  'a page in place of JSON': { kind: 'page' },
  'no type at all': answer('{"data":{}}', 200, {}),
  'JSON that ends in the middle': answer('{"data":{"me":'),
  'JSON of something else': answer('{"hello":1}'),
  'what is no gzip': answer('not zipped', 200, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }),
  'an encoding that was not asked for': answer('{}', 200, { ...JSON_TYPE, 'Content-Encoding': 'br' }),
  'a database that is gone': errors('failed to connect to `user=stashbox`: connection refused'),
  'too many requests, for seconds': answer('', 429, { 'Retry-After': '0' }),
  'too many requests, until a date': answer('', 429, { 'Retry-After': new Date(0).toUTCString() }),
  'too many requests, without saying how long': answer('slow down', 429, { 'Content-Type': 'text/html' }),
  'an overload that says until when': answer('', 503, { 'Retry-After': '0' }),
};

for (const [name, fault] of Object.entries(PASSING)) {
  const options = fault.kind === 'hang' ? { parts: IMPATIENT } : {};

  test(`${name} is followed by another attempt`, async (t) => {
    const { client, double } = await openedBox(t, options);
    double.addFault({ ...fault, where: /Me/, times: 3 });
    assert.equal((await client.me()).name, 'reader');
    assert.equal(double.requests.length, 4);
  });

  test(`${name} that stays is one sentence, without what was answered or the key`, async (t) => {
    const { client, double, said } = await openedBox(t, options);
    double.addFault({ ...fault, where: /Me/ });
    await assert.rejects(client.me(), (error: Error & { code: string }) => {
      assert.equal(error.code, 'stash-box-unreachable');
      assert.match(
        error.message,
        /^The box does not answer as a stash-box should \(.*; tried 4 times\): look/,
      );
      return true;
    });
    assert.equal(double.requests.length, 4);
    assert.doesNotMatch(said.join('\n'), NO_KEY);
  });
}

test('one 401 of a box that does not reach its database for a moment is no wrong key', async (t) => {
  const { client, double } = await openedBox(t);
  double.addFault({ kind: 'status', status: 401, times: 1, where: 'graphql' });
  double.addFault({ kind: 'status', status: 500, times: 1, where: 'media' });
  assert.equal((await client.me()).name, 'reader');
});

for (const status of [401, 403])
  test(`a key that is refused with ${status} is not sent again`, async (t) => {
    const { client, double } = await openedBox(t);
    double.addFault({ kind: 'status', status, where: 'graphql' });
    await assert.rejects(client.me(), { code: 'stash-box-refused' });
    assert.deepEqual(
      double.requests.map(({ kind }) => kind).filter((kind) => kind === 'graphql'),
      ['graphql'],
    );
  });

test('401 of a box that does not reach its database is trouble of the box', async (t) => {
  const { client, double } = await openedBox(t);
  double.databaseIsDown = true;
  await assert.rejects(client.me(), {
    code: 'stash-box-unreachable',
    message: /its pictures fail too: .*, or does not take the API key/,
  });
  double.databaseIsDown = false;
  assert.equal((await client.me()).name, 'reader');
});

test('a key that is not taken is said carefully, and tried once each time', async (t) => {
  const { client, double, store } = await openedBox(t);
  const stale = {
    endpoint: double.endpoint,
    name: 'The box',
    apiKey: 'old-key-of-the-user',
    maxRequestsPerMinute: 6e5,
  };
  const { boxes, said } = boxesOf(t, { double, store, parts: { settings: () => Promise.resolve([stale]) } });
  const other = await boxes.open(double.endpoint);
  for (const _ of [1, 2])
    await assert.rejects(other.me(), {
      code: 'stash-box-refused',
      message:
        /^The box refused the API key .*it answered 401\): copy .* into Stash under Settings, Metadata Providers, “API key” of The box/,
    });
  assert.equal(double.requests.filter(({ headers }) => headers['apikey'] === stale.apiKey).length, 2);
  assert.doesNotMatch(said.join('\n'), /old-key/);
  // Its trouble is none of the box's: who has the right key goes on.
  assert.equal((await client.me()).name, 'reader');
});

for (const status of [401, 403])
  for (const picture of [200, 302, 401, 403])
    test(`${status} of a box whose host answers ${picture} where pictures would be is a key that was refused`, async (t) => {
      const { client, double } = await openedBox(t);
      double.addFault({ kind: 'status', status, where: 'graphql' });
      double.addFault({ kind: 'status', status: picture, where: 'media' });
      await assert.rejects(client.me(), {
        code: 'stash-box-refused',
        message: new RegExp(`refused the API key .*answered ${status}.*Settings, Metadata Providers`),
      });
    });

test('while a box is left alone the last cause is said', async (t) => {
  const { boxes, client, double } = await openedBox(t);
  assert.equal(await boxes.trouble(double.endpoint), null);
  double.addFault({ kind: 'status', status: 502 });
  for (let n = 0; n < 3; n++) await client.me().catch(() => undefined);
  await assert.rejects(client.me(), {
    code: 'stash-box-unreachable',
    message: /times in a row \(it answered 502\): it is left alone, and can be asked again in/,
  });
  const trouble = await boxes.trouble(double.endpoint);
  assert.match(trouble === null ? '' : inEnglish(trouble), /\(it answered 502\)/);
});

test('a key that was changed in Stash meanwhile is read anew', async (t) => {
  const { client, double } = await openedBox(t);
  await client.me();
  double.key = 'a-new-key-of-the-user';
  assert.equal((await client.me()).name, 'reader');
  assert.equal(double.requests.at(-1)?.headers['apikey'], 'a-new-key-of-the-user');
});

test('a key that a box before v0.9.1 does not take comes back as 500 with a text', async (t) => {
  const { client, double } = await openedBox(t);
  const text = 'token contains an invalid number of segments\n';
  double.addFault({ ...answer(text, 500, { 'Content-Type': 'text/plain' }), where: 'graphql' });
  await assert.rejects(client.me(), { code: 'stash-box-refused', message: /refused the API key/ });
});

test('a key without the role is refused in an answer of status 200', async (t) => {
  const { client } = await openedBox(t, { roles: [] });
  await assert.rejects(client.performersPage(1, 'created'), {
    code: 'stash-box-refused',
    message: /^The box did not permit this/,
  });
});

test('a key that cannot be sent is no crash', async (t) => {
  const { double, store } = await openedBox(t);
  const broken = {
    endpoint: double.endpoint,
    name: '',
    apiKey: 'line\nbreak-in-a-key',
    maxRequestsPerMinute: null,
  };
  const { boxes } = boxesOf(t, { double, store, parts: { settings: () => Promise.resolve([broken]) } });
  await assert.rejects(boxes.open(double.endpoint), {
    code: 'stash-box-refused',
    message: /^(?!.*break-in)/,
  });
});

for (const [name, fault, code, says] of [
  [
    'a question that it refuses',
    errors('uuid: incorrect UUID length 3'),
    'stash-box-failed',
    /answered an error: uuid/,
  ],
  [
    'an address that is none of its',
    { kind: 'status', status: 404 },
    'stash-box-unreachable',
    /no stash-box \(404\)/,
  ],
  [
    'an answer that cannot be what was asked for',
    answer('{"data":{"me":[1]}}'),
    'stash-box-failed',
    /does not know/,
  ],
  [
    'an answer without end',
    answer(`{"data":"${'x'.repeat(17 << 20)}"}`),
    'stash-box-failed',
    /larger than 16 MB/,
  ],
  [
    'an answer that swells when it is unpacked',
    {
      ...answer(''),
      answer: {
        headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(64 << 20)) as unknown as string,
      },
    },
    'stash-box-failed',
    /larger than 16 MB/,
  ],
] as const satisfies readonly (readonly [string, Fault, string, RegExp])[])
  test(`${name} is asked once`, async (t) => {
    const { client, double } = await openedBox(t);
    double.addFault({ ...fault, where: /Me/ });
    await assert.rejects(client.me(), { code, message: says });
    assert.equal(double.requests.length, 1);
  });

test('a redirect is not followed with the key', async (t) => {
  const { client, double } = await openedBox(t);
  const seen: http.IncomingMessage[] = [];
  const thief = http.createServer((request, response) => {
    seen.push(request);
    response.end();
  });
  thief.listen(0, '127.0.0.1');
  await once(thief, 'listening');
  t.after(() => thief.close());
  const address = `http://127.0.0.1:${(thief.address() as AddressInfo).port}`;
  for (const status of [301, 302, 307, 308]) {
    double.clearFaults();
    double.addFault(answer('', status, { Location: `${address}/graphql` }));
    await assert.rejects(client.me(), { message: new RegExp(`sends its visitors to ${address}`) });
    // Nor to another address over http without one.
    await assert.rejects(client.picture({ id: NOBODY }, 300));
  }
  assert.deepEqual(seen, []);
});

test('over http nobody is asked who is not near, and a certificate that nobody vouches for is not enough', async (t) => {
  const { double, store } = await openedBox(t);
  const far = boxesOf(t, { double, store, parts: { isNear: () => false } });
  const client = await far.boxes.open(double.endpoint);
  await assert.rejects(client.me(), { code: 'stash-box-unreachable', message: /is not asked over http/ });
  assert.deepEqual(double.requests, []);
  const secure = await openedBox(t, { https: true });
  await assert.rejects(secure.client.me(), {
    code: 'stash-box-unreachable',
    message: /is not asked, since its certificate is self-signed/,
  });
  assert.deepEqual(secure.double.requests, []);
});

test('of ids in one document those that fail are left out, and nobody is said not to exist', async (t) => {
  const { client, double } = await openedBox(t);
  const [ada, grace] = ['Ada', 'Grace'].map((name) => double.data.addPerformer({ name }));
  const row = (id: string, name: string) => ({ id, name, updated: ada!.updated });
  double.addFault({
    ...answer(
      JSON.stringify({
        errors: [
          { message: 'Internal system error. Error <1>', path: ['a1'] },
          { message: 'Internal system error. Error <1>', path: ['a2', 'tattoos'] },
        ],
        data: { a0: row(ada!.id, 'Ada'), a1: null, a2: row(NOBODY, 'Nobody'), a3: row(ada!.id, 'Ada again') },
      }),
    ),
    where: /findPerformer/,
  });
  const asked = [ada!.id, grace!.id, NOBODY, NOBODY.replace('f', 'e')];
  const found = await client.performers(asked);
  assert.deepEqual([...found.keys()], [ada!.id]);
  await assert.rejects(client.performer(NOBODY), { code: 'stash-box-failed' });
});

test('after an error that does not say where it is, nobody is said not to exist', async (t) => {
  const { client, double } = await openedBox(t);
  const ada = double.data.addPerformer({ name: 'Ada' });
  const row = { id: ada.id, name: 'Ada', updated: ada.updated };
  const body = { errors: [{ message: 'Internal system error. Error <1>' }], data: { a0: row, a1: null } };
  double.addFault({ ...answer(JSON.stringify(body)), where: /findPerformer/ });
  assert.deepEqual([...(await client.performers([ada.id, NOBODY])).keys()], [ada.id]);
});

test('a term that the box cannot look for costs no other, and one that fails for all is an error', async (t) => {
  const { client, double } = await openedBox(t);
  const failed = answer(JSON.stringify({ errors: [{ message: 'no such thing' }], data: null }));
  const names = Array.from({ length: 7 }, (_, n) => `The-${n}-th`);
  for (const name of names) double.data.addPerformer({ name });
  double.addFault({ ...failed, where: /searchPerformer/, times: 4 });
  const found = await client.search(names);
  assert.deepEqual([...found.keys()], names.slice(1));
  double.addFault({ ...failed, where: /searchPerformer/ });
  await assert.rejects(client.search(names), { code: 'stash-box-failed' });
});

test('one performer whom the box cannot answer costs nobody else of the page', async (t) => {
  const { client, double } = await openedBox(t);
  const rows = Array.from({ length: 230 }, (_, n) => double.data.addPerformer({ name: `Person ${n}` }));
  Object.defineProperty(rows[142]!, 'name', {
    get: () => {
      throw new Error('Internal system error. Error <7>');
    },
    enumerable: true,
  });
  const page = await client.performersPage(2, 'created');
  assert.deepEqual([page.count, page.performers.length, page.skipped], [230, 99, 1]);
  assert.deepEqual(
    page.performers.map((one) => one.name),
    rows.slice(100, 200).flatMap((_, n) => (n === 42 ? [] : [`Person ${n + 100}`])),
  );
  assert.equal((await client.performersPage(3, 'created')).performers.length, 30);
});

test('a row that is no performer is counted, and costs nobody else of the page', async (t) => {
  const { client, double } = await openedBox(t);
  for (const name of ['Ada', '\u0000', 'Grace']) double.data.addPerformer({ name });
  const page = await client.performersPage(1, 'created');
  assert.deepEqual(
    [page.count, page.skipped, page.performers.map((one) => one.name)],
    [3, 1, ['Ada', 'Grace']],
  );
});

test('a box that answers errors to everything is not asked for each performer', async (t) => {
  const { client, double } = await openedBox(t);
  double.addFault({
    ...answer(JSON.stringify({ errors: [{ message: 'no such column' }], data: null })),
    where: /queryPerformers/,
  });
  await assert.rejects(client.performersPage(1, 'created'), { code: 'stash-box-failed' });
  assert.ok(double.requests.length <= 13, String(double.requests.length));
});

test('a box that is another version by now, or hides its schema, is asked for what it has', async (t) => {
  const { client, double } = await openedBox(t);
  double.data.addPerformer({ name: 'Ada' });
  const refused = {
    errors: [{ message: 'Cannot query field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    data: null,
  };
  double.addFault({ ...answer(JSON.stringify(refused), 422), where: /__type/ });
  double.addFault({ ...answer(JSON.stringify(refused), 422), where: /merged_ids/ });
  const [ada] = (await client.performersPage(1, 'created')).performers;
  assert.deepEqual([ada?.name, ada?.mergedIds], ['Ada', []]);
  double.addFault({ ...answer(JSON.stringify(refused), 422), where: /queryPerformers/ });
  await assert.rejects(client.performersPage(1, 'created'), {
    code: 'stash-box-failed',
    message: /does not understand what Stash Sense asked/,
  });
});

test('in place of a picture', async (t) => {
  const { client, double } = await openedBox(t);
  const svg = double.data.addImage({ bytes: Buffer.from('<svg/>'), type: 'image/svg+xml' });
  await assert.rejects(client.picture(svg, 300), {
    code: 'unreadable-media',
    message: /sent image\/svg\+xml/,
  });
  const lost = double.data.addImage({});
  assert.equal(await client.picture(lost, 300), null);
  assert.equal(await client.picture({ id: '../graphql' }, 300), null);
  const good = double.data.addImage({ bytes: JPEG });
  // What cannot be made smaller is asked for whole.
  double.addFault({ kind: 'status', status: 500, where: /size=/ });
  assert.deepEqual(Buffer.from((await client.picture(good, 300))!), JPEG);
  double.clearFaults();
  for (const kind of ['page', 'cut', 'half'] as const) {
    double.addFault({ kind, where: 'media', times: 2 });
    assert.deepEqual(Buffer.from((await client.picture(good, 300))!), JPEG, kind);
  }
  double.addFault({ kind: 'status', status: 403, where: 'media' });
  await assert.rejects(client.picture(good, 300), { code: 'stash-box-failed', message: /\(403\)/ });
});

test('a picture that does not come is asked for once more', async (t) => {
  const { client, double } = await openedBox(t, { parts: IMPATIENT });
  const image = double.data.addImage({ bytes: JPEG });
  double.addFault({ kind: 'hang', times: 2 });
  assert.deepEqual(Buffer.from((await client.picture(image, 300))!), JPEG);
});

test('a server that sends a byte now and then holds nobody up for ever', async (t) => {
  const { client, double } = await openedBox(t, { parts: { limits: { withinMs: 1500 } } });
  const image = double.data.addImage({ bytes: JPEG });
  double.addFault({ kind: 'drip', times: 2 });
  assert.equal((await client.me()).name, 'reader');
  double.addFault({ kind: 'drip', where: 'media', times: 2 });
  assert.deepEqual(Buffer.from((await client.picture(image, 300))!), JPEG);
});

test('a picture without end is not read to its end', async (t) => {
  const { client, double } = await openedBox(t);
  const image = double.data.addImage({ bytes: Buffer.alloc((32 << 20) + 1, JPEG) });
  await assert.rejects(client.picture(image, 'full'), {
    code: 'unreadable-media',
    message: /larger than 32 MB/,
  });
  assert.equal(double.requests.length, 1);
});

test('pictures that moved are fetched from where they are, without the key', async (t) => {
  const { client, double } = await openedBox(t);
  const image = double.data.addImage({ bytes: JPEG });
  double.addFault({ ...answer('', 302, { Location: `/images/${image.id}?moved` }), where: /size=300/ });
  assert.deepEqual(Buffer.from((await client.picture(image, 300))!), JPEG);
  for (const { headers } of double.requests) assert.equal(headers['apikey'], undefined);
  double.addFault({ ...answer('', 302, { Location: '/images/for/ever' }), where: 'media' });
  await assert.rejects(client.picture(image, 600), { code: 'stash-box-unreachable' });
});
