import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Answer, serve, serveAndCut, startFileServer } from '../../test/fixtures/file-server.ts';
import { findShells, launcherBelow, which } from '../../test/fixtures/shells.ts';
import { writeTarGz } from '../../tools/packaging/channel-tar.ts';
import { openToOthers } from '../../test/fixtures/modes.ts';
import { eraseMade, listMade } from '../system/files/erase-made.ts';
import { thisMachine } from '../system/platform.ts';
import { until } from '../../test/fixtures/wait.ts';

const SHELLS = findShells();
const TOOLS = [
  'awk',
  'cat',
  'chmod',
  'cp',
  'cut',
  'df',
  'grep',
  'gzip',
  'head',
  'ldd',
  'ls',
  'mkdir',
  'mv',
  'rm',
  'rmdir',
  'sed',
  'sha256sum',
  'sleep',
  'tar',
  'tr',
  'uname',
  'wc',
];
const platform = thisMachine().platform;
const has = (tool: string): boolean => which(tool) !== null;

/** A shell script that poses as Node: it says a version, and hands all else to the real one. */
const standIn = (version: string): Promise<Uint8Array> =>
  writeTarGz([
    {
      name: `node-${version}-${platform}/bin/node`,
      bytes: Buffer.from(
        `#!/bin/sh\n[ "$1" != --version ] || { echo ${version}; exit; }\nBY="$0" exec '${process.execPath}' "$@"\n# ${'x'.repeat(200_000)}\n`,
      ),
      executable: true,
    },
    { name: `node-${version}-${platform}/LICENSE`, bytes: Buffer.from('licence') },
    {
      name: `node-${version}-${platform}/bin/npm`,
      bytes: Buffer.alloc(0),
      type: 'symlink',
      link: '../lib/npm',
    },
    // Incompressible, so that there is something to cut.
    {
      name: `node-${version}-${platform}/README`,
      bytes: Buffer.from(Array.from({ length: 150_000 }, (_, i) => (i * i * 31 + i * 7 + (i >> 7)) & 255)),
    },
  ]);
const GOOD = await standIn('v24.1.0');

type World = { config: string; plugin: string; tools: string; root: string };

/** An installed plugin on a machine without Node. */
async function install(
  t: TestContext,
  options: {
    without?: readonly string[];
    /** All tools are this one program, as on Alpine. */
    applets?: string | null;
    archive?: Uint8Array;
    list?: string | null;
    index?: string;
  } = {},
): Promise<World> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'stash sense install-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const config = path.join(root, 'my config');
  const plugin = path.join(config, 'plugins/stable/stash-sense');
  mkdirSync(plugin, { recursive: true });
  writeFileSync(path.join(config, 'config.yml'), 'host: 0.0.0.0\n');
  copyFileSync(path.join(import.meta.dirname, 'install-node.sh'), path.join(plugin, 'install-node.sh'));
  writeFileSync(path.join(plugin, 'launch.sh'), launcherBelow(root));
  writeFileSync(
    path.join(plugin, 'main.mjs'),
    `for await (const _ of process.stdin); console.log(JSON.stringify({ output: process.env.BY }));`,
  );
  const archive = options.archive ?? GOOD;
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const list =
    options.list === undefined
      ? `channel -\n${platform} ${archive.length} ${sha256} node-v24.1.0-${platform}.tar.gz\n`
      : options.list;
  if (list !== null) writeFileSync(path.join(plugin, 'node.list'), list);
  if (options.index !== undefined)
    writeFileSync(
      path.join(plugin, 'manifest'),
      `id: stash-sense\nsource_repository: ${options.index}\nfiles: []\n`,
    );
  const tools = path.join(root, 'tools');
  mkdirSync(tools);
  for (const tool of [...TOOLS, 'curl', 'wget'].filter((it) => !options.without?.includes(it))) {
    const found = options.applets ?? which(tool);
    if (found !== null) symlinkSync(found, path.join(tools, tool));
  }
  return { config, plugin, tools, root };
}

type Answered = { output: string | null; error: string | null; log: string; ms: number };

async function start(
  shell: readonly string[],
  world: World,
  options: { mode?: string; env?: Record<string, string> } = {},
): Promise<Answered> {
  const began = Date.now();
  const child = spawnShell(shell, world, options);
  let [out, log] = ['', ''];
  child.stdout.on('data', (it: Buffer) => (out += it.toString()));
  child.stderr.on('data', (it: Buffer) => (log += it.toString()));
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  assert.equal(code, 0, log);
  const { output = null, error = null } = JSON.parse(out) as { output?: string; error?: string };
  return { output, error, log, ms: Date.now() - began };
}

function spawnShell(
  [command = '', ...args]: readonly string[],
  world: World,
  { mode = 'install-node', env = {} }: { mode?: string; env?: Record<string, string> },
) {
  const child = spawn(command, [...args, path.join(world.plugin, 'launch.sh'), '--stash'], {
    env: { PATH: world.tools, HOME: path.join(world.root, 'home'), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(
    JSON.stringify({
      server_connection: {
        Scheme: 'http',
        Host: '0.0.0.0',
        Port: 9999,
        SessionCookie: null,
        Dir: world.config,
        PluginDir: world.plugin,
      },
      args: { mode },
    }),
  );
  return child;
}

async function serving(t: TestContext, answer: Answer): Promise<{ index: string; requests: string[] }> {
  const server = await startFileServer({ [`/some/node-v24.1.0-${platform}.tar.gz`]: answer });
  t.after(() => server.close());
  return { index: `${server.base.href}some/index.yml`, requests: server.requests };
}

const NAME = `${createHash('sha256').update(GOOD).digest('hex').slice(0, 8)}.node.part`;

const installed = (world: World): string => path.join(world.config, 'stash-sense/runtime/node/bin/node');

function refused(answer: Answered, world: World, words: RegExp): void {
  assert.match(answer.error ?? '', words);
  assert.match(answer.error ?? '', /^[^\n]+\.$/);
  assert.ok(answer.log.includes(`\u0001e\u0002${answer.error}\n`), answer.log);
  assert.equal(existsSync(installed(world)), false);
  const runtime = path.join(world.config, 'stash-sense/runtime');
  assert.deepEqual(existsSync(runtime) ? readdirSync(runtime).filter((it) => it !== 'downloads') : [], []);
}

for (const { name, command: shell } of SHELLS) {
  test(`${name}: Node is fetched from beside the index, checked, and used from then on`, async (t) => {
    const { index } = await serving(t, serve(GOOD));
    const world = await install(t, { index });
    const first = await start(shell, world, { mode: 'set-up' });
    assert.match(
      first.error ?? '',
      /found none: start the task "Install Node" in Stash under Settings, Tasks, then try again\.$/,
    );
    const answer = await start(shell, world);
    assert.equal(answer.error, null);
    assert.match(
      answer.output ?? '',
      /^Node 24\.1\.0 is installed in .*my config\/stash-sense\/runtime\/node\. Start "Set up" next\.$/,
    );
    assert.match(answer.log.replaceAll('\u0001', '<').replaceAll('\u0002', '>'), /^<p>\d\.\d\d$/m);
    assert.deepEqual(readdirSync(path.join(world.config, 'stash-sense/runtime')).toSorted(), [
      'downloads',
      'node',
    ]);
    assert.deepEqual(readdirSync(path.join(world.config, 'stash-sense/runtime/downloads')), []);
    const second = await start(shell, world, { mode: 'set-up' });
    assert.equal(second.output && path.resolve(second.output), installed(world));
  });

  test(`${name}: what it makes is for Stash's user only, whatever the umask, and is listed`, async (t) => {
    const { index } = await serving(t, serve(GOOD));
    for (const umask of [0o000, 0o077]) {
      const world = await install(t, { index });
      const umaskBefore = process.umask(umask);
      let answer: Answered;
      try {
        answer = await start(shell, world);
      } finally {
        process.umask(umaskBefore);
      }
      assert.match(answer.output ?? '', /^Node 24\.1\.0 is installed/);
      const data = path.join(world.config, 'stash-sense');
      assert.deepEqual(openToOthers(data), []);
      assert.equal(statSync(installed(world)).mode & 0o777, 0o700);
      const made = listMade(data).map((it) => it.name);
      assert.deepEqual(made.toSorted(), ['runtime/node/LICENSE', 'runtime/node/bin/node']);
      await eraseMade(data);
      assert.deepEqual(readdirSync(data), []);
    }
  });

  test(`${name}: a Node of the user's is kept, one of ours is replaced, and no link is written through`, async (t) => {
    const { index } = await serving(t, serve(GOOD));
    const world = await install(t, { index });
    const node = path.join(world.config, 'stash-sense/runtime/node');
    mkdirSync(path.join(node, 'bin'), { recursive: true });
    writeFileSync(path.join(node, 'bin/node'), 'mine');
    const first = await start(shell, world);
    assert.match(first.output ?? '', /What was in .*\/node before is in .*\/node\.kept-\d+ now\. Start/);
    const [kept = ''] = readdirSync(path.dirname(node)).filter((it) => it.startsWith('node.kept-'));
    assert.equal(readFileSync(path.join(node, '..', kept, 'bin/node'), 'utf8'), 'mine');
    // Damaged: it does not start any more, and is installed anew.
    writeFileSync(path.join(node, 'bin/node'), 'damaged');
    writeFileSync(path.join(node, 'own.txt'), 'mine');
    rmSync(path.join(world.plugin, 'node.path'));
    assert.match((await start(shell, world)).output ?? '', /before is in/);
    const names = readdirSync(path.dirname(node)).filter((it) => it.startsWith('node.kept-') && it !== kept);
    assert.deepEqual(readdirSync(path.join(node, '..', names[0] ?? '')).toSorted(), ['bin', 'own.txt']);

    for (const place of ['runtime', 'runtime/downloads', `runtime/downloads/${NAME}`, 'stash-sense.files']) {
      const linked = await install(t, { index });
      const target = path.join(linked.root, 'target');
      const link = path.join(linked.config, 'stash-sense', place);
      mkdirSync(path.dirname(link), { recursive: true });
      if (place.includes('.')) writeFileSync(target, '');
      else mkdirSync(target);
      symlinkSync(target, link);
      assert.match((await start(shell, linked)).error ?? '', /is a link/, place);
      assert.equal(
        place.includes('.') ? readFileSync(target, 'utf8') : readdirSync(target).join(),
        '',
        place,
      );
    }
  });

  if (has('wget'))
    test(`${name}: without curl wget does it`, async (t) => {
      const { index } = await serving(t, serve(GOOD));
      const world = await install(t, { index, without: ['curl'] });
      assert.match((await start(shell, world)).output ?? '', /^Node 24\.1\.0 is installed/);
    });

  if (name === 'busybox sh')
    test("with busybox's own tools, its wget among them, as on Alpine", async (t) => {
      const { index, requests } = await serving(t, serveAndCut(GOOD, 70_000));
      const world = await install(t, { index, without: ['curl'], applets: which('busybox') });
      const answer = await start(shell, world);
      assert.match(answer.output ?? answer.error ?? '', /^Node 24\.1\.0 is installed/);
      assert.equal(requests[1]?.split(' ')[2], 'bytes=70000-');
      const second = await start(shell, world, { mode: 'set-up' });
      assert.equal(second.output && path.resolve(second.output), installed(world));
    });

  test(`${name}: a line that is cut goes on where it was`, async (t) => {
    const { index, requests } = await serving(t, serveAndCut(GOOD, 70_000));
    const world = await install(t, { index });
    assert.match((await start(shell, world)).output ?? '', /^Node 24\.1\.0 is installed/);
    assert.deepEqual(
      requests.slice(0, 2).map((it) => it.split(' ')[2]),
      [undefined, 'bytes=70000-'],
    );
  });

  test(`${name}: why it could not be installed is told to whoever asks next, until it is tried again`, async (t) => {
    let isThere = false;
    const { index } = await serving(t, (request, response) => {
      if (isThere) serve(GOOD)(request, response);
      else response.writeHead(404).end();
    });
    const world = await install(t, { index });
    const failed = await start(shell, world);
    assert.match(failed.error ?? '', /could not be fetched/);
    const told = await start(shell, world, { mode: 'status' });
    assert.equal(
      told.error,
      `Stash Sense needs Node 22.19 or newer and found none: start the task "Install Node" in Stash under Settings, Tasks, then try again. The last try to install it failed: ${failed.error}`,
    );
    isThere = true;
    assert.match((await start(shell, world)).output ?? '', /^Node 24\.1\.0 is installed/);
    rmSync(path.join(world.config, 'stash-sense'), { recursive: true });
    rmSync(path.join(world.plugin, 'node.path'));
    assert.match((await start(shell, world, { mode: 'status' })).error ?? '', /then try again\.$/);
  });

  test(`${name}: in a plugin folder that cannot be written the answer is the same sentence`, async (t) => {
    const { index } = await serving(t, (_, response) => void response.writeHead(404).end());
    const world = await install(t, { index });
    // Root may write anywhere, but not a file where a folder is.
    mkdirSync(path.join(world.plugin, 'node.failed'));
    const answer = await start(shell, world);
    refused(answer, world, /could not be fetched/);
    assert.doesNotMatch(answer.log, /node\.failed/);
    assert.match((await start(shell, world, { mode: 'status' })).error ?? '', /then try again\.$/);
  });

  for (const [what, refuses, tool] of [
    ['ignores', false, 'curl'],
    ['refuses', true, 'curl'],
    ['ignores', false, 'wget'],
    ['refuses', true, 'wget'],
  ] as const)
    test(`${name}, ${tool}: where the host ${what} ranges, it is fetched from the start once more`, async (t) => {
      let first = true;
      const { index, requests } = await serving(t, (request, response) => {
        const cut = first;
        first = false;
        if (cut) serveAndCut(GOOD, 70_000, { ranges: false })(request, response);
        else if (refuses && request.headers.range) response.writeHead(416).end();
        else response.writeHead(200, { 'content-length': GOOD.length }).end(GOOD);
      });
      const world = await install(t, { index, without: tool === 'curl' ? [] : ['curl'] });
      assert.match((await start(shell, world)).output ?? '', /^Node 24\.1\.0 is installed/);
      assert.equal(requests[1]?.split(' ')[2], 'bytes=70000-');
    });

  // The words come from curl and not from the shell: two shells are enough.
  if (SHELLS.slice(0, 2).some((it) => it.name === name))
    for (const [what, answer, words] of [
      [
        'a web page with status 200',
        (_, response) => void response.writeHead(200).end('<!DOCTYPE html><html>Log in</html>'),
        /answered with a web page/,
      ],
      ['404', (_, response) => void response.writeHead(404).end(), /could not be fetched \(.+\)/],
      [
        'a wrong content',
        serve(Buffer.concat([GOOD.subarray(0, -1), Buffer.from('x')])),
        /not the file this plugin expects \(SHA-256\)/,
      ],
      ['a longer file', serve(Buffer.concat([GOOD, GOOD])), /could not be fetched|goes on after/],
      ['nothing', (request) => void request.socket.destroy(), /could not be fetched/],
    ] as [string, Answer, RegExp][])
      test(`${name}: ${what} ends in a sentence`, async (t) => {
        const { index } = await serving(t, answer);
        const world = await install(t, { index });
        refused(await start(shell, world), world, words);
      });

  test(`${name}: killed by Stash, what fetches ends too, and the next start goes on`, async (t) => {
    const open = new Set<unknown>();
    const { index } = await serving(t, (request, response) => {
      if (request.headers.range) return serve(GOOD)(request, response);
      open.add(response);
      response.on('close', () => open.delete(response));
      response.writeHead(200, { 'content-length': GOOD.length }).write(GOOD.subarray(0, 60_000));
    });
    const world = await install(t, { index });
    const child = spawnShell(shell, world, {});
    const downloads = path.join(world.config, 'stash-sense/runtime/downloads');
    const partials = (): string[] =>
      existsSync(downloads) ? readdirSync(downloads).filter((it) => it.endsWith('.part')) : [];
    await until(
      () => partials().some((it) => readFileSync(path.join(downloads, it)).length > 40_000),
      'a part was fetched',
    );
    let isClosed = false;
    child.on('close', () => (isClosed = true));
    child.kill('SIGKILL');
    // The server says nothing more: curl itself would wait for a minute.
    await until(() => isClosed, 'no child keeps the pipes of Stash', 30);
    await until(() => open.size === 0, 'what fetches has ended', 30);
    assert.match((await start(shell, world)).output ?? '', /^Node 24\.1\.0 is installed/);
  });
}

const sh = ['/bin/sh'];

test('a Node that does not start here is not put in place', async (t) => {
  const archive = await writeTarGz([
    {
      name: `node-v24.1.0-${platform}/bin/node`,
      bytes: Buffer.from('#!/bin/sh\necho no libstdc++ >&2; exit 127\n'),
      executable: true,
    },
  ]);
  const { index } = await serving(t, serve(archive));
  const world = await install(t, { index, archive });
  refused(await start(sh, world), world, /does not run on this system \(it does not start: no libstdc\+\+\)/);
});

test('an old Node is not put in place', async (t) => {
  const archive = Buffer.from(await standIn('v24.1.0'));
  const old = await writeTarGz([
    {
      name: `node-v24.1.0-${platform}/bin/node`,
      bytes: Buffer.from('#!/bin/sh\necho v20.1.0\n'),
      executable: true,
    },
  ]);
  assert.notDeepEqual(archive, old);
  const { index } = await serving(t, serve(old));
  const world = await install(t, { index, archive: old });
  refused(await start(sh, world), world, /does not run on this system \(v20\.1\.0\)/);
});

test('an archive that holds something else is refused', async (t) => {
  const archive = await writeTarGz([{ name: '../../outside', bytes: Buffer.from('x') }]);
  const { index } = await serving(t, serve(archive));
  const world = await install(t, { index, archive });
  refused(await start(sh, world), world, /could not be unpacked/);
  assert.equal(existsSync(path.join(world.config, 'outside')), false);
});

for (const [name, setting] of [
  ['a folder', (folder: string) => folder],
  ['a quoted folder', (folder: string) => `"${folder}"`],
  ['a file address', (folder: string) => pathToFileURL(folder).href],
] as const)
  test(`the setting comes before the index: ${name} in Stash's config.yml`, async (t) => {
    const world = await install(t, { index: 'http://127.0.0.1:1/index.yml' });
    const channel = path.join(world.root, 'offline copy');
    mkdirSync(channel);
    writeFileSync(path.join(channel, `node-v24.1.0-${platform}.tar.gz`), GOOD);
    writeFileSync(
      path.join(world.config, 'config.yml'),
      `plugins:\n  settings:\n    other:\n      channel: /nowhere\n    stash-sense:\n      a: 1\n      channel: ${setting(channel)}\n    zz:\n      channel: /nowhere\nport: 1\n`,
    );
    const answer = await start(sh, world);
    assert.match(answer.output ?? answer.error ?? '', /^Node 24\.1\.0 is installed/);
  });

for (const tool of ['curl', 'wget'].filter(has))
  test(`a password of the index goes with the request and is seen nowhere, with ${tool}`, async (t) => {
    const given: (string | undefined)[] = [];
    const seen = new Set<string>();
    const { index } = await serving(t, (request, response) => {
      given.push(request.headers.authorization);
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else {
        for (const line of commandLines()) seen.add(line);
        serve(GOOD)(request, response);
      }
    });
    const world = await install(t, {
      index: `${index.replace('://', '://me:s3cr3t-word@')}?token=t0ken-word`,
      without: tool === 'curl' ? [] : ['curl'],
    });
    const { output, log } = await start(sh, world);
    assert.match(output ?? log, /^Node 24\.1\.0 is installed/);
    assert.equal(given.at(-1), `Basic ${Buffer.from('me:s3cr3t-word').toString('base64')}`);
    assert.ok(
      [...seen].some((it) => it.includes(tool)),
      [...seen].join('\n'),
    );
    assert.doesNotMatch([...seen, log, output].join('\n'), /s3cr3t-word|t0ken-word/);
  });

for (const [what, setting, words] of [
  ['a password', 'https://me:s3cr3t-word@example.org/x', /"Channel" holds a user name or a password/],
  [
    'another protocol and a password',
    'ftp://me:s3cr3t-word@example.org/x',
    /holds a user name or a password/,
  ],
  [
    'a token',
    'http://127.0.0.1:1/index.yml?key=s3cr3t-word',
    /http:\/\/127\.0\.0\.1:1\/node-.* could not be fetched/,
  ],
] as const)
  test(`a setting with ${what} is not told on`, async (t) => {
    const world = await install(t);
    const answer = await start(sh, world, { env: { STASH_SENSE_CHANNEL: setting } });
    refused(answer, world, words);
    assert.doesNotMatch(answer.log + answer.error, /s3cr3t-word/);
  });

test("another plugin's setting is not ours", async (t) => {
  const { index } = await serving(t, serve(GOOD));
  const world = await install(t, { index });
  writeFileSync(
    path.join(world.config, 'config.yml'),
    'plugins:\n  settings:\n    stash-sense:\n      a: 1\n    zz:\n      channel: /nowhere\n',
  );
  assert.match((await start(sh, world)).output ?? '', /^Node 24\.1\.0 is installed/);
});

test('the address built into the package is used before the index', async (t) => {
  const { index } = await serving(t, serve(GOOD));
  const sha256 = createHash('sha256').update(GOOD).digest('hex');
  const world = await install(t, {
    index: 'http://127.0.0.1:1/index.yml',
    list: `channel ${index.replace('/index.yml', '')}\n${platform} ${GOOD.length} ${sha256} node-v24.1.0-${platform}.tar.gz\n`,
  });
  assert.match((await start(sh, world)).output ?? '', /^Node 24\.1\.0 is installed/);
});

for (const [name, options, words] of [
  ['a package without Node', { list: null }, /^This package of Stash Sense brings no Node to install; /],
  [
    'a package without Node for this system',
    { list: 'channel -\namiga-m68k 1 ab x\n' },
    /brings no Node for this system \(/,
  ],
  ['a plugin copied in by hand', {}, /no channel is known \(the plugin was copied in by hand\)/],
  [
    'a machine with neither curl nor wget',
    { index: 'http://127.0.0.1:1/index.yml', without: ['curl', 'wget'] },
    /neither curl nor wget is installed/,
  ],
  ['a channel that is gone', { index: 'http://127.0.0.1:1/index.yml' }, /could not be fetched/],
  ['a channel that is no address', { index: 'ftp://example.org/index.yml' }, /must begin with https:\/\//],
] as const)
  test(`${name} ends in a sentence`, async (t) => {
    const world = await install(t, options);
    refused(await start(sh, world), world, words);
  });

test('a full disk is seen before anything is fetched', async (t) => {
  const { index, requests } = await serving(t, serve(GOOD));
  const world = await install(t, { index, without: ['df'] });
  writeFileSync(path.join(world.tools, 'df'), '#!/bin/sh\necho Filesystem\necho "/dev/x 100 90 10 90% /"\n', {
    mode: 0o755,
  });
  refused(
    await start(sh, world),
    world,
    /needs \d+ MB of free space in .* and there are 0 MB; make room there\.$/,
  );
  assert.deepEqual(requests, []);
});

test("under Git's sh on Windows it is PowerShell that installs, in the same folder", async (t) => {
  const world = await install(t, { list: `channel -\nwin-x64 1 ab x\n` });
  copyFileSync(
    path.join(import.meta.dirname, 'install-node.ps1'),
    path.join(world.plugin, 'install-node.ps1'),
  );
  rmSync(path.join(world.tools, 'uname'));
  writeFileSync(path.join(world.tools, 'uname'), '#!/bin/sh\necho MINGW64_NT-10.0\n', { mode: 0o755 });
  writeFileSync(
    path.join(world.tools, 'powershell.exe'),
    `#!/bin/sh\nwhile [ "$1" != -File ]; do shift; done\nprintf '{"output":"%s|%s|%s"}' "$2" "$3" "$4"\n`,
    { mode: 0o755 },
  );
  const { output } = await start(sh, world, { env: { OS: 'Windows_NT' } });
  assert.deepEqual(
    output?.split('|').map((it) => path.resolve(it)),
    [path.join(world.plugin, 'install-node.ps1'), world.plugin, world.config],
  );
});

test('the Windows installer is ASCII, which every PowerShell reads alike', () => {
  assert.match(readFileSync(path.join(import.meta.dirname, 'install-node.ps1'), 'latin1'), /^[\n -~]*$/);
});

test('a file where the folder should be ends in a sentence', async (t) => {
  const { index } = await serving(t, serve(GOOD));
  const world = await install(t, { index });
  writeFileSync(path.join(world.config, 'stash-sense'), '');
  refused(await start(sh, world), world, /may not write to/);
});

test('a plugin folder far from config.yml finds its Node again', async (t) => {
  const { index } = await serving(t, serve(GOOD));
  const world = await install(t, { index });
  const far = path.join(world.root, 'a', 'b', 'plugins', 'stash-sense');
  mkdirSync(path.dirname(far), { recursive: true });
  spawnSync('cp', ['-r', world.plugin, far]);
  const moved = { ...world, plugin: far };
  assert.match((await start(sh, moved)).output ?? '', /^Node 24\.1\.0 is installed/);
  assert.equal((await start(sh, moved, { mode: 'set-up' })).output, installed(world));
  rmSync(path.join(far, 'node.path'));
  assert.match((await start(sh, moved, { mode: 'set-up' })).error ?? '', /found none/);
});

/** Of all that runs on this machine. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((it) => /^\d+$/.test(it) && Number(it) !== process.pid)
    .flatMap((id) => {
      try {
        return [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}
