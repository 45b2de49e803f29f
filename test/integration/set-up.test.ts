/** "Set up" with a channel on a static host: nothing without consent, all of it with, and what goes wrong is a sentence. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Output } from '../../core/contract/operations.ts';
import type { NativeModule, Artifact } from '../../core/setup/acceleration.ts';
import { thisMachine } from '../../plugin/system/platform.ts';
import type { Manifest } from '../../plugin/artifacts/manifest.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { type Answer, type FileServer, serve, startFileServer } from '../fixtures/file-server.ts';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { bundles } from '../../tools/packaging/channel-bundles.ts';
import { createInstalledSource } from '../../tools/packaging/channel-packages.ts';
import { bakeInto, writeChannel } from '../../tools/packaging/channel.ts';
import { bundle, type Ended, type KillPoint, runPlugin } from './plugin-process.ts';
import { inEnglish } from '../../core/messages/english.ts';
import type { Message } from '../../core/messages/message.ts';

// What is fetched is what is tested here, also where the rest of the suite runs on the twins.
delete process.env['STASH_SENSE_PORTABLE'];

const root = path.join(import.meta.dirname, '../..');
const mine = bundles.filter((it) => it.platform === thisMachine().platform);
const skip = mine.length < 3 && `there are not all of the compiled packages for ${thisMachine().name}`;

// Fetching and using them is what is tried here, `npm run test:portable` or not.
delete process.env['STASH_SENSE_PORTABLE'];

let folder: string;
let configDir: string;
let dataFolder: string;
let pluginDir: string;
let baked: Manifest;
let double: StashDouble;
let server: FileServer;
const files: Record<string, Answer> = {};

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash sense set-up-'));
  configDir = path.join(folder, 'config');
  dataFolder = path.join(configDir, 'stash-sense');
  pluginDir = path.join(configDir, 'plugins/stash-sense');
  // Beside the checkout's own bundle all the compiled packages lie.
  cpSync(path.dirname(bundle), pluginDir, { recursive: true });
  cpSync(
    path.join(path.dirname(bundle), '../stash-sense-faces'),
    path.join(configDir, 'plugins/stash-sense-faces'),
    {
      recursive: true,
    },
  );
  server = await startFileServer(files);
  baked = await writeChannel({
    out: path.join(folder, 'channel'),
    version: '1.2.3-abcdef0',
    packages: createInstalledSource(path.join(root, 'package-lock.json')),
    only: mine,
    weights: path.join(configDir, 'plugins/stash-sense-faces'),
    models: [],
    channelUrl: new URL('channel/', server.base).href,
    say: () => undefined,
  });
  bakeInto(pluginDir, baked);
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
});

beforeEach(async () => {
  rmSync(dataFolder, { recursive: true, force: true });
  server.requests.length = 0;
  for (const artifact of baked.artifacts) files[`/channel/${artifact.name}`] = serve(bytesOf(artifact));
  double.config.plugins['stash-sense'] = {};
  await double.idle();
});

after(async () => {
  await double.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytesOf = (artifact: Artifact): Buffer => readFileSync(path.join(folder, 'channel', artifact.name));
const partOf = (provides: NativeModule): Artifact => baked.artifacts.find((it) => it.provides === provides)!;

async function ask(args: Readonly<Record<string, unknown>>, kill: KillPoint | null = null): Promise<Ended> {
  return await runPlugin({ stashUrl: double.url, configDir }, args, kill, {
    bundle: path.join(pluginDir, 'main.mjs'),
  });
}

async function setUp(): Promise<string> {
  const { output, error } = await ask({ mode: 'set-up' });
  assert.equal(error, null);
  return String(output);
}

async function status(): Promise<Output<'status'>> {
  return (await ask({ mode: 'status' })).output as Output<'status'>;
}

/** As the page does it: Stash's queue runs "Set up". */
async function consent(artifacts: readonly string[]): Promise<Output<'setup.consent'>> {
  const { output, error } = await ask({ mode: 'setup.consent', input: { artifacts } });
  assert.equal(error, null);
  return output as Output<'setup.consent'>;
}

/** Without starting anything. */
async function consentOnly(artifacts: readonly string[]): Promise<void> {
  double.addFault({ kind: 'status', status: 500, where: /runPluginTask/i });
  await ask({ mode: 'setup.consent', input: { artifacts } });
  double.clearFaults();
  assert.deepEqual((await status()).acceleration.consent?.artifacts, [...artifacts]);
}

const allIds = (): string[] => baked.artifacts.map((it) => it.id);

test(
  'without consent nothing is fetched: what could be is said, and everything works on the twins',
  { skip },
  async () => {
    assert.match(
      await setUp(),
      /^All is there and works\. wasm looks at \d+\.\d pictures with one face a second\.$/,
    );
    assert.deepEqual(server.requests, []);
    const { acceleration, engine, imageCodec, vectorIndex, checks } = await status();
    assert.deepEqual([engine, imageCodec, textOf(vectorIndex)], ['wasm', 'ffmpeg', 'exact']);
    assert.equal(acceleration.channel, new URL('channel/', server.base).href);
    assert.deepEqual(
      acceleration.artifacts.map((it) => [it.provides, it.kind, it.installed]),
      baked.artifacts.map((it) => [it.provides, 'runtime', false]),
    );
    assert.match(
      textOf(acceleration.artifacts.find((it) => it.provides === 'onnxruntime-node')?.gain),
      /measured on/,
    );
    assert.equal(acceleration.consent, null);
    assert.deepEqual([acceleration.choice?.engine, acceleration.choice?.provider], ['wasm', 'wasm']);
    assert.equal(
      textOf(acceleration.choice?.modules.find((it) => it.name === 'sharp')?.message),
      'sharp is not installed: ffmpeg does its work.',
    );
    assert.ok(
      checks.every((it) => it.ok || it.id === 'people'),
      JSON.stringify(checks),
    );
  },
);

test('with consent all is fetched, tried and used by the next task, and fetched once', { skip }, async () => {
  const { jobId, joined } = await consent(allIds());
  assert.ok(jobId);
  assert.equal(joined, false);
  await double.idle();
  assert.equal(double.findJob(jobId)?.status, 'FINISHED');
  assert.deepEqual(
    server.requests,
    baked.artifacts.map((it) => `GET /channel/${it.name}`),
  );
  const first = await status();
  assert.deepEqual(
    [first.engine, first.imageCodec, textOf(first.vectorIndex)],
    ['native cpu', 'sharp', 'exact, with usearch'],
  );
  assert.ok(first.acceleration.artifacts.every((it) => it.installed));
  assert.deepEqual(
    first.acceleration.choice?.modules.map((it) => inEnglish(it.message)),
    ['onnxruntime-node loads and works.', 'sharp loads and works.', 'usearch loads and works.'],
  );
  assert.match(
    inEnglish(first.runs[0]!.message),
    /^All is there and works\. native cpu looks at .* wasm looks at /,
  );
  assert.deepEqual(readdirSync(path.join(dataFolder, 'runtime/downloads')), []);

  await setUp();
  assert.equal(server.requests.length, baked.artifacts.length);

  // Taken back: nothing goes away, and nothing new comes.
  assert.deepEqual(await consent([]), { jobId: null, joined: false });
  assert.equal((await status()).acceleration.consent, null);
});

test('killed while it fetches, it goes on where it was', { skip }, async () => {
  const artifact = partOf('onnxruntime-node');
  files[`/channel/${artifact.name}`] = serveSlowly(bytesOf(artifact), 60);
  await consentOnly([artifact.id]);
  // On a busy machine it begins later.
  for (const afterMs of [2000, 5000, 10_000]) {
    assert.equal((await ask({ mode: 'set-up' }, { afterMs })).killed, true);
    if (partials().length > 0) break;
  }
  assert.equal((await status()).acceleration.artifacts.find((it) => it.id === artifact.id)?.installed, false);

  files[`/channel/${artifact.name}`] = serve(bytesOf(artifact));
  await setUp();
  assert.match(server.requests.at(-1) ?? '', /bytes=[1-9]\d+-$/);
  assert.equal((await status()).engine, 'native cpu');
});

test(
  'killed while it unpacks or tries, at any moment, the next start ends as if it never was',
  { skip },
  async () => {
    const artifact = partOf('usearch');
    await consentOnly([artifact.id]);
    for (const afterMs of [500, 700, 900, 1200, 1600, 2500]) {
      await ask({ mode: 'set-up' }, { afterMs });
      const { acceleration } = await status();
      assert.equal(acceleration.problems.length, 0);
    }
    await setUp();
    const { acceleration } = await status();
    assert.equal(acceleration.choice?.modules.find((it) => it.name === 'usearch')?.ok, true);
    assert.deepEqual(readdirSync(path.join(dataFolder, 'runtime')).toSorted(), [
      'choice.json',
      'downloads',
      artifact.id,
    ]);
  },
);

test('stopped from the page while it fetches, it ends, and keeps what came', { skip }, async () => {
  const artifact = partOf('onnxruntime-node');
  files[`/channel/${artifact.name}`] = serveSlowly(bytesOf(artifact), 30);
  await consentOnly([artifact.id]);
  const running = ask({ mode: 'set-up' });
  while (partials().length === 0) await sleep(50);
  await ask({ mode: 'stop', input: { task: 'set-up' } });
  const { output, error } = await running;
  assert.deepEqual([output, error], ['Stopped.', null]);
  assert.equal(partials().length, 1);
  assert.equal((await status()).runs[0]?.state, 'stopped');
});

for (const [what, answer, sentence] of [
  [
    'is not the one the package names',
    (bytes: Buffer) => serve(Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])])),
    /its content is not what this plugin expects \(SHA-256\)/,
  ],
  [
    'is a web page',
    () => (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>'),
    /it answered with a web page instead of the file/,
  ],
  ['is gone', () => (_request, response) => void response.writeHead(404).end(), /it is not there \(404\)/],
] as [string, (bytes: Buffer) => Answer, RegExp][])
  test(
    `a file of the channel that ${what}: one sentence, and the others are fetched and used`,
    { skip },
    async () => {
      const artifact = partOf('sharp');
      files[`/channel/${artifact.name}`] = answer(bytesOf(artifact));
      await consentOnly([artifact.id, partOf('usearch').id]);
      const said = await setUp();
      assert.match(said, /^Everything works\. wasm looks at .* sharp-\S+ could not be fetched \(/);
      assert.match(said, sentence);
      const { acceleration, imageCodec, vectorIndex, checks } = await status();
      assert.equal(imageCodec, 'ffmpeg');
      assert.match(textOf(vectorIndex), /usearch/);
      assert.deepEqual(
        acceleration.artifacts.filter((it) => it.installed).map((it) => it.provides),
        ['usearch'],
      );
      assert.match(textOf(checks.find((it) => it.id === 'fetch')?.message), sentence);
    },
  );

test(
  'a channel that is gone, and a setting that is no address: a sentence, and everything works',
  { skip },
  async () => {
    double.config.plugins['stash-sense'] = { channel: 'http://127.0.0.1:9/x/' };
    await consentOnly([partOf('usearch').id]);
    assert.match(await setUp(), /^Everything works\..* nothing listens there\): try "Set up" again later/);
    double.config.plugins['stash-sense'] = { channel: 'somewhere' };
    assert.match(await setUp(), /^Everything works\..* The setting "Channel" is "somewhere" and must be /);
    assert.match(
      (await status()).acceleration.problems.map(inEnglish).join(),
      /^The setting "Channel" is "somewhere"/,
    );
  },
);

test('a folder on a disk serves as a channel too', { skip }, async () => {
  double.config.plugins['stash-sense'] = { channel: path.join(folder, 'channel') };
  await consentOnly([partOf('usearch').id]);
  await setUp();
  assert.deepEqual(server.requests, []);
  assert.equal((await status()).acceleration.choice?.modules.find((it) => it.name === 'usearch')?.ok, true);
});

test(
  'where nothing can be written below the data folder, a sentence says it and the twins go on',
  { skip },
  async () => {
    await status();
    writeFileSync(path.join(dataFolder, 'runtime'), 'in the way');
    await consentOnly([partOf('usearch').id]);
    assert.match(
      await setUp(),
      /^Everything works\..* could not be kept: .* is not a folder; remove what is in its place/,
    );
    assert.equal((await status()).engine, 'wasm');
  },
);

test('what somebody else asks for is refused before anything is stored', { skip }, async () => {
  const { error } = await ask({ mode: 'setup.consent', input: { artifacts: ['rootkit-1.0'] } });
  assert.match(
    error ?? '',
    /^This version of the plugin has nothing called rootkit-1\.0 for this machine: reload/,
  );
  assert.equal((await status()).acceleration.consent, null);
});

/** What came so far of what is being fetched. */
function partials(): string[] {
  const downloads = path.join(dataFolder, 'runtime/downloads');
  if (!existsSync(downloads)) return [];
  return readdirSync(downloads).filter(
    (it) => it.endsWith('.part') && statSync(path.join(downloads, it)).size > 0,
  );
}

/** The whole takes about this many seconds. */
function serveSlowly(bytes: Buffer, seconds: number): Answer {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    let at = from;
    const timer = setInterval(() => {
      const end = Math.min(bytes.length, at + Math.ceil(bytes.length / (seconds * 20)));
      response.write(bytes.subarray(at, end));
      at = end;
      if (at < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, 50);
    response.on('close', () => clearInterval(timer));
  };
}

function textOf(said: Message | null | undefined): string {
  return said ? inEnglish(said) : '';
}
