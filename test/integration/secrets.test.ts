/** A server that echoes what it was given, in every kind of answer: nothing of it is stored, shown or logged. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import type { Fault } from '../double/faults.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { type Ended, runCommand, runPlugin } from './plugin-process.ts';

/** With all that is written otherwise in addresses, JSON and HTML. */
const API_KEY = 'planted/API+key="4711\\with&marks<and>more';

let folder: string;
let configDir: string;
let double: StashDouble;
let cookie: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-secrets-'));
  configDir = path.join(folder, 'config');
  double = await startStashDouble({
    configDir,
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
    auth: { username: 'me', password: 'secret', apiKey: API_KEY },
  });
  cookie = double.createCookie();
  const { library } = double;
  library.addPerformer({
    name: `Franck ${planted()}`,
    aliases: Object.values(waysOf(API_KEY)),
    image: readFileSync(mediaFile('franck_02045.jpg')),
  });
  library.addPerformer({ name: `Nobody ${planted()}` });
  for (const [n, source] of ['franck_02159.jpg', 'franck_02221.jpg', 'broken'].entries()) {
    const file = path.join(folder, `${n}.jpg`);
    cpSync(source === 'broken' ? import.meta.filename : mediaFile(source), file);
    addImageFile(library, file, { title: `${n} ${planted()}` });
  }
});

beforeEach(() => {
  double.clearFaults();
  double.config.plugins['stash-sense'] = { scanImages: true };
  for (const image of double.library.images.all()) image.performerIds = [];
  rmSync(path.join(configDir, 'stash-sense'), { recursive: true, force: true });
});

after(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

test('titles, names and aliases of a library: learned, scanned, accepted, undone, reported', async () => {
  for (const mode of ['people', 'scan']) assert.equal((await run(mode)).error, null);
  const items = await suggestions();
  assert.equal(items.length, 2);
  assert.match(items[0]!.targetName, /^Franck .*\*\*\*/);
  const answer = await ask('suggestions.accept', { ids: items.map(({ id }) => id) });
  const { accepted } = answer as Output<'suggestions.accept'>;
  assert.equal(accepted.length, 2);
  for (const [mode, input] of [
    ['journal.list', { limit: 10, offset: 0 }],
    ['runs.failures', { task: 'scan' }],
    ['status', {}],
    ['diagnostics', {}],
    ['journal.undo', { ids: [accepted[0]!.journalId] }],
  ] as const)
    await ask(mode, input);
});

test('what a scan writes by itself, and its log', async () => {
  double.config.plugins['stash-sense'] = { scanImages: true, autoAcceptConfidence: 50 };
  assert.equal((await run('scan')).error, null);
  assert.equal(double.library.images.all().filter((it) => it.performerIds.length > 0).length, 2);
});

const json = { 'Content-Type': 'application/json' };
const refusal = (text: string): string =>
  JSON.stringify({ data: null, errors: [{ message: text, path: ['x'] }] });

/** An answer that is bad in its own way, with `text` in it. */
const answers: Readonly<Record<string, (text: string) => Omit<Fault, 'where'>>> = {
  'a refusal': (text) => ({ kind: 'answer', answer: { headers: json, body: refusal(text) } }),
  'a refusal that is too long to be shown': (text) => ({
    kind: 'answer',
    answer: { headers: json, body: refusal(`${'x'.repeat(290)}${text}`) },
  }),
  'a question it does not understand': (text) => ({
    kind: 'answer',
    status: 422,
    answer: { headers: json, body: refusal(text) },
  }),
  'a page of HTML': (text) => ({
    kind: 'answer',
    answer: { headers: { 'Content-Type': 'text/html' }, body: `<html>${text}</html>` },
  }),
  'JSON that breaks off': (text) => ({
    kind: 'answer',
    answer: { headers: json, body: `${text.slice(0, 80)}{"` },
  }),
  'an error of a proxy': (text) => ({
    kind: 'answer',
    status: 500,
    answer: { headers: { 'Content-Type': 'text/plain' }, body: text },
  }),
  'a redirect': (text) => ({
    kind: 'answer',
    status: 302,
    answer: { headers: { Location: `/elsewhere?key=${encodeURIComponent(text)}` }, body: text },
  }),
  'a type': (text) => ({
    kind: 'answer',
    answer: { headers: { 'Content-Type': text.replace(/[^\x20-\x7e]/g, '') }, body: text },
  }),
  'what is no answer of Stash': (text) => ({
    kind: 'answer',
    answer: {
      headers: json,
      body: JSON.stringify({ data: { [text]: text, found: text, findImages: text, bulkImageUpdate: text } }),
    },
  }),
};

test('bad answers of every kind while images are listed, fetched and changed', async (t) => {
  assert.equal((await run('scan')).error, null);
  const items = await suggestions();
  assert.equal(items.length, 2);
  for (const [what, faultOf] of Object.entries(answers))
    await t.test(what, async () => {
      double.addFault({ ...faultOf(planted()), where: /findImages/ });
      double.addFault({ ...faultOf(planted()), where: /^\/(image|performer)\// });
      // An operation of the page is given the cookie and never the key.
      double.addFault({ ...faultOf(textOf(waysOf(cookie))), where: /bulkImageUpdate/ });
      assert.notEqual((await run('scan')).error, null, 'the answer was taken for a good one');
      await run('people');
      await run('suggestions.accept', { ids: items.map(({ id }) => id) });
      double.clearFaults();
    });
  await ask('status', {});
  await ask('diagnostics', {});
  await ask('runs.failures', { task: 'scan' });
  await ask('runs.failures', { task: 'people' });
  await ask('journal.list', { limit: 10, offset: 0 });
});

test('from a terminal, with an API key and with all that is said', async () => {
  for (const args of [['scan', '--verbose'], ['status', '--json'], ['status']]) await command(args);
  double.addFault({ ...answers['a refusal']!(planted()), where: /findImages/ });
  await command(['scan', '--verbose']);
});

async function run(mode: string, input?: object): Promise<Ended> {
  const ended = await runPlugin(
    { stashUrl: double.url, configDir, cookie },
    { mode, ...(input && { input }) },
  );
  const secrets = [API_KEY, cookie];
  holdsNone(secrets, `stdout of ${mode}`, ended.stdout);
  holdsNone(secrets, `stderr of ${mode}`, ended.stderr);
  searchFolder(secrets, path.join(configDir, 'stash-sense'));
  return ended;
}

async function ask(mode: string, input: object): Promise<unknown> {
  const { output, error } = await run(mode, input);
  assert.equal(error, null);
  return output;
}

async function suggestions(): Promise<Output<'suggestions.list'>['items']> {
  const answer = await ask('suggestions.list', { order: 'newest', limit: 10, offset: 0 });
  return (answer as Output<'suggestions.list'>).items;
}

/** It is given the key; the cookie of another process is nothing that it knows. */
async function command(args: readonly string[]): Promise<void> {
  const data = path.join(folder, 'data');
  const { stdout, stderr } = await runCommand([...args, '--stash-url', double.url, '--data', data], {
    env: { STASH_API_KEY: API_KEY },
  });
  holdsNone([API_KEY], `stdout of ${args.join(' ')}`, stdout);
  holdsNone([API_KEY], `stderr of ${args.join(' ')}`, stderr);
  searchFolder([API_KEY], data);
}

function searchFolder(secrets: readonly string[], place: string): void {
  for (const name of readdirSync(place, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(place, name);
    if (statSync(file).isFile()) holdsNone(secrets, file, readFileSync(file, 'latin1'));
  }
}

function holdsNone(secrets: readonly string[], what: string, text: string): void {
  const [found] = secrets.flatMap(tracesOf).filter((it) => text.includes(it));
  if (found === undefined) return;
  const at = text.indexOf(found);
  assert.fail(`${what} holds ${found}: ${text.slice(Math.max(0, at - 100), at + 200)}`);
}

/** What would show it, whole or a part. */
function tracesOf(secret: string): string[] {
  return Object.values(waysOf(secret)).flatMap((text) => {
    const middle = Math.floor(text.length / 2);
    return [text.slice(0, 14), text.slice(middle - 7, middle + 7)];
  });
}

function planted(): string {
  return `${textOf(waysOf(API_KEY))} ${textOf(waysOf(cookie))}`;
}

function textOf(ways: Readonly<Record<string, string>>): string {
  return Object.entries(ways)
    .map(([way, text]) => `${way} ${text}`)
    .join(' ');
}

function waysOf(secret: string): Readonly<Record<string, string>> {
  return {
    plain: secret,
    address: encodeURIComponent(secret),
    JSON: JSON.stringify(secret).slice(1, -1),
    base64: Buffer.from(secret).toString('base64'),
    'base64 with a name': Buffer.from(`u:${secret}`).toString('base64'),
    HTML: secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&#34;'),
  };
}
