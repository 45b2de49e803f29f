/** The key of a stash-box, from Stash's settings to the box: it reaches nothing else, whatever the box answers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import type { StashBoxes } from '../../core/ports/stash-box.ts';
import { createStashLog } from '../../plugin/host/log.ts';
import { createStashBoxes } from '../../plugin/stash-box/stash-boxes.ts';
import { openStash } from '../../plugin/stash/client.ts';
import { redactedStore } from '../../plugin/store/redacted-store.ts';
import { openStore } from '../../plugin/store/store.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import type { BoxDouble } from '../double/stash-box/box-double.ts';
import type { Fault } from '../double/faults.ts';
import { startStashDouble } from '../double/stash-double.ts';
import type { StashVersion } from '../double/graphql/schema.ts';
import { tempFolder } from '../fakes/context.ts';
import { startedBox } from './opened-box.ts';

/** With what is written otherwise in addresses, JSON and HTML. */
const KEY = 'planted/key+of="a-box\\with&marks<and>more';

type World = { boxes: StashBoxes; double: BoxDouble; logged: () => string; folder: string };

async function open(t: TestContext, version: StashVersion = 'v0.30.1'): Promise<World> {
  const folder = tempFolder(t);
  const double = await startedBox(t, { key: KEY });
  const stashDouble = await startStashDouble({ configDir: path.join(folder, 'config'), version });
  t.after(() => stashDouble.close());
  stashDouble.config.stashBoxes = [
    { endpoint: double.endpoint, name: 'The box', api_key: KEY, max_requests_per_minute: 600_000 },
    { endpoint: 'https://other.example/graphql', name: '', api_key: '', max_requests_per_minute: 0 },
  ];
  let text = '';
  const stderr = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const secrets = createSecrets();
  const log = createStashLog(secrets, stderr as unknown as NodeJS.WriteStream);
  const stash = openStash({ baseUrl: stashDouble.url, secrets, log });
  t.after(() => stash.close());
  const store = redactedStore(await openStore({ folder: path.join(folder, 'data') }), secrets);
  t.after(() => store.close());
  const boxes = createStashBoxes({
    settings: () => stash.stashBoxes(),
    store,
    secrets,
    log,
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    limits: { retryDelaysMs: [1], pauseMs: 1, silenceMs: 5000, withinMs: 20_000 },
  });
  t.after(() => boxes.close());
  return { boxes, double, logged: () => text, folder: path.join(folder, 'data') };
}

for (const [version, limit] of [
  ['v0.28.1', 240],
  ['v0.29.3', 600_000],
  ['v0.30.1', 600_000],
] as const)
  test(`the boxes of Stash ${version} are listed without keys, and asked with them`, async (t) => {
    const { boxes, double } = await open(t, version);
    assert.deepEqual(await boxes.list(), [
      { endpoint: double.endpoint, name: 'The box', hasKey: true, maxRequestsPerMinute: limit },
      {
        endpoint: 'https://other.example/graphql',
        name: 'other.example',
        hasKey: false,
        maxRequestsPerMinute: 240,
      },
    ]);
    const client = await boxes.open(double.endpoint);
    assert.equal((await client.me()).name, 'reader');
    await assert.rejects(boxes.open('https://other.example/graphql'), {
      code: 'not-found',
      message: /no API key for other\.example/,
    });
  });

const json = { 'Content-Type': 'application/json' };
const echo = (body: string, status = 200, headers: Record<string, string> = json): Fault => ({
  kind: 'answer',
  status,
  answer: { headers, body },
});
const refusal = (text: string): string =>
  JSON.stringify({ errors: [{ message: text, path: ['me'] }], data: null });

const ECHOES: Readonly<Record<string, Fault>> = {
  'an error': echo(refusal(`bad header ${KEY}`)),
  'an error that is cut to be shown': echo(refusal(`${'x'.repeat(280)}${KEY}`)),
  'an error of its database': echo(refusal(`failed to connect to ${KEY}`)),
  'a question that it does not understand': echo(refusal(KEY), 422),
  'a body that it repeats': echo(refusal(`json request body could not be decoded: body:${KEY}`), 400),
  'a page': echo(`<html>${KEY}</html>`, 200, { 'Content-Type': 'text/html' }),
  'a page that calls itself JSON': echo(`${KEY}{"`),
  'a type': echo('', 200, { 'Content-Type': `text/${KEY}` }),
  'a redirect': echo('', 302, { Location: `/elsewhere?key=${encodeURIComponent(KEY)}` }),
  'a redirect to nowhere': echo('', 302, { Location: `http://[${KEY}` }),
  'text about a token': echo(`token ${KEY} is malformed`, 500, { 'Content-Type': 'text/plain' }),
  'a wrong key': { kind: 'status', status: 401 },
};

for (const [name, fault] of Object.entries(ECHOES))
  test(`${name} with the key in it is nowhere to be found`, async (t) => {
    const { boxes, double, logged, folder } = await open(t);
    const client = await boxes.open(double.endpoint);
    double.addFault({ ...fault, where: 'graphql' });
    for (const ask of [() => client.me(), () => client.performersPage(1, 'created')])
      await assert.rejects(ask, (error: Error & { said: unknown }) => {
        assertClean(error.message);
        assertClean(JSON.stringify(error.said));
        return true;
      });
    for (const { kind, headers, path: asked } of double.requests) {
      if (kind !== 'graphql') assert.equal(headers['apikey'], undefined);
      assertClean(asked);
    }
    assertClean(logged());
    for (const file of filesIn(folder)) assertClean(readFileSync(file, 'latin1'));
  });

function assertClean(text: string): void {
  // Any part of it that is long enough to be recognised, in any spelling.
  assert.doesNotMatch(text, /planted|key\+of|a-box|with&marks|and>more|cGxhbnRlZC/);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}
