/** Whom a session, a key and a request go to, over real TLS against the double. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { mock, test, type TestContext } from 'node:test';
import tls from 'node:tls';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { openStash, type Stash } from '../../plugin/stash/client.ts';
import type { ConnectionOptions } from '../../plugin/stash/connection.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { tempFolder } from '../fakes/context.ts';

type World = { stash: Stash; double: StashDouble; warnings: string[]; looked: string[] };

/** `names`: what a name server answers, one answer after the other, the last one for ever. */
async function open(
  t: TestContext,
  options: {
    as: 'session' | 'key';
    host?: string;
    https?: boolean;
    names?: readonly (readonly string[])[];
    /** The double stands for another machine. */
    elsewhere?: boolean;
    change?: Partial<ConnectionOptions>;
  },
): Promise<World> {
  const { as, host, https = true, names = [], elsewhere = false, change = {} } = options;
  const double = await startStashDouble({
    configDir: tempFolder(t),
    https,
    auth: { username: 'me', password: 'secret', apiKey: 'the-api-key' },
  });
  t.after(() => double.close());
  const looked: string[] = [];
  const lookup = mock.method(dns, 'lookup', ((
    name: string,
    _: unknown,
    done: (...answer: unknown[]) => void,
  ) => {
    const answer = names[Math.min(looked.push(name) - 1, names.length - 1)] ?? [];
    process.nextTick(
      done,
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as never);
  t.after(() => lookup.mock.restore());
  const url = new URL(double.url);
  if (host !== undefined) url.hostname = host;
  const warnings: string[] = [];
  const stash = openStash({
    baseUrl: url.href,
    cookie: as === 'session' ? { name: 'session', value: double.createCookie() } : null,
    apiKey: as === 'key' ? 'the-api-key' : null,
    secrets: createSecrets(),
    log: {
      debug() {},
      info() {},
      warn: (message) => void warnings.push(message),
      error() {},
      progress() {},
    },
    retryDelaysMs: [1],
    ...(elsewhere && { isThisMachine: (address) => address === '127.0.0.2' }),
    ...change,
  });
  t.after(() => stash.close());
  return { stash, double, warnings, looked };
}

const ask = ({ stash }: World): Promise<number> => stash.library.countPerformers();
const write = ({ stash }: World): Promise<unknown> => stash.library.changeSettings({ a: 1 });

async function certificateOf({ url }: StashDouble): Promise<string> {
  const socket = tls.connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw).toString();
}

function trust(t: TestContext, certificate: string): void {
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, certificate]);
  t.after(() => tls.setDefaultCACertificates(before));
}

for (const host of ['nas.local', 'localhost', '127.0.0.1', '0.0.0.0'])
  for (const as of ['session', 'key'] as const)
    test(`on this machine a ${as} goes to https://${host}, whatever its certificate says`, async (t) => {
      const world = await open(t, { as, host, names: [['127.0.0.1']] });
      assert.equal(await ask(world), 0);
      await write(world);
      assert.equal(world.double.calls.length, 3);
    });

for (const [as, todo] of [
  ['session', /set the host in Stash's settings/],
  ['key', /--accept-any-certificate/],
] as const)
  for (const host of ['nas.local', 'localhost', '127.0.0.1'])
    for (const [kind, send] of [
      ['read', ask],
      ['write', write],
    ] as const)
      test(`a ${kind} with a ${as} does not reach https://${host} of another machine whose certificate nobody vouches for`, async (t) => {
        const world = await open(t, { as, host, names: [['127.0.0.1']], elsewhere: true });
        await assert.rejects(send(world), { code: 'stash-unreachable', message: todo });
        await assert.rejects(send(world), {
          message: /is not on this machine, and its certificate is self-signed/,
        });
        assert.deepEqual(world.double.calls, []);
      });

test('the user may say that a certificate is not checked, and then a key goes there', async (t) => {
  const change = { acceptAnyCertificate: true };
  const world = await open(t, {
    as: 'key',
    host: 'nas.local',
    names: [['127.0.0.1']],
    elsewhere: true,
    change,
  });
  assert.equal(await ask(world), 0);
});

test('nothing lets a session go there', async (t) => {
  const change = { acceptAnyCertificate: true };
  const world = await open(t, {
    as: 'session',
    host: 'nas.local',
    names: [['127.0.0.1']],
    elsewhere: true,
    change,
  });
  await assert.rejects(ask(world), { message: /its certificate is self-signed/ });
  assert.deepEqual(world.double.calls, []);
});

for (const [host, sentence] of [
  ['localhost', null],
  ['nas.local', /its certificate is for another name/],
] as const)
  test(`a session goes to another machine whose certificate is vouched for${sentence ? ', but not under another name' : ''}`, async (t) => {
    const world = await open(t, { as: 'session', host, names: [['127.0.0.1']], elsewhere: true });
    trust(t, await certificateOf(world.double));
    if (sentence === null) {
      assert.equal(await ask(world), 0);
      return;
    }
    await assert.rejects(ask(world), { code: 'stash-unreachable', message: sentence });
    assert.deepEqual(world.double.calls, []);
  });

test('over http a session goes to this machine only', async (t) => {
  const here = await open(t, { as: 'session', https: false, host: 'nas.local', names: [['127.0.0.1']] });
  assert.equal(await ask(here), 0);
  const there = await open(t, {
    as: 'session',
    https: false,
    host: 'nas.local',
    names: [['127.0.0.1']],
    elsewhere: true,
  });
  await assert.rejects(ask(there), {
    code: 'stash-unreachable',
    message: /listens on nas\.local, which is another machine \(127\.0\.0\.1\)/,
  });
  assert.deepEqual(there.double.calls, []);
});

test('over http to another machine a key is warned of, once', async (t) => {
  const world = await open(t, {
    as: 'key',
    https: false,
    host: 'nas.local',
    names: [['127.0.0.1']],
    elsewhere: true,
  });
  assert.equal(await ask(world), 0);
  await write(world);
  await write(world);
  assert.equal(world.warnings.length, 1);
  assert.match(world.warnings[0]!, /^The API key goes unencrypted to another machine \(nas\.local:\d+\)/);
});

test('a name server that first names this machine and then another one gains nothing', async (t) => {
  const change = { isThisMachine: (address: string) => address === '127.0.0.2' };
  const world = await open(t, {
    as: 'session',
    host: 'nas.local',
    names: [['127.0.0.2'], ['127.0.0.1']],
    change,
  });
  // The double listens on the second address: a connection that looked the name up again would find it.
  await assert.rejects(ask(world), { message: /nothing listens there|is not on this machine/ });
  assert.deepEqual(world.double.calls, []);
});

test('of a name that stands for this machine and another one, this machine is connected to', async (t) => {
  const change = { isThisMachine: (address: string) => address === '127.0.0.1' };
  const world = await open(t, {
    as: 'session',
    host: 'nas.local',
    names: [['127.0.0.2', '127.0.0.1']],
    change,
  });
  assert.equal(await ask(world), 0);
  assert.equal(world.looked.length, 1);
});

test('the name is looked up for each connection, not for each request', async (t) => {
  const world = await open(t, { as: 'session', host: 'nas.local', names: [['127.0.0.1']] });
  for (let i = 0; i < 5; i++) await ask(world);
  assert.deepEqual(world.looked, ['nas.local']);
});

test('an address that refuses at once is a sentence and no crash', async (t) => {
  const world = await open(t, { as: 'key', host: 'nas.local', names: [['255.255.255.255']] });
  await assert.rejects(ask(world), { code: 'stash-unreachable', message: /does not answer as it should/ });
});
