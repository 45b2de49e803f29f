import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { findShells, launcherBelow, which } from '../../test/fixtures/shells.ts';
import { noteRunning, rememberNode } from './known-node.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stash sense launch-'));
after(() => rmSync(folder, { recursive: true }));

/** An installed plugin, in a path with spaces, whose program says how it was started. */
const config = path.join(folder, 'my config');
const plugin = path.join(config, 'plugins/stable/stash-sense');
mkdirSync(plugin, { recursive: true });
writeFileSync(path.join(config, 'config.yml'), '');
const root = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-launch-root-'));
after(() => rmSync(root, { recursive: true }));
writeFileSync(path.join(plugin, 'launch.sh'), launcherBelow(root));
chmodSync(path.join(plugin, 'launch.sh'), 0o644);
writeFileSync(
  path.join(plugin, 'main.mjs'),
  `let stdin = ''; for await (const chunk of process.stdin) stdin += chunk;
  console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv, pid: process.pid, by: process.env.BY ?? null, launcher: process.env.STASH_SENSE_LAUNCHER, noTelemetry: process.env.ORT_DISABLE_TELEMETRY, cache: process.env.STASH_SENSE_COMPILE_CACHE ?? null, mark: process.env.STASH_SENSE_NODE_MARK ?? null, umask: process.umask(), stdin }));`,
);
/** The launcher in a hurry. */
function impatient(): string {
  const file = path.join(plugin, 'launch-impatient.sh');
  const text = readFileSync(path.join(plugin, 'launch.sh'), 'utf8');
  assert.match(text, /^answer_seconds=\d+$/m);
  writeFileSync(file, text.replace(/^answer_seconds=\d+$/m, 'answer_seconds=1'));
  return file;
}
/** Only what the script itself needs, and no Node. */
const bare = path.join(folder, 'bare bin');
mkdirSync(bare);
for (const tool of ['cat', 'sed', 'tr', 'uname'])
  symlinkSync(realpathSync(which(tool)!), path.join(bare, tool));

/** A stand-in for a Node: tells this version, and otherwise is the real one that remembers who it played. */
function putNode(place: string, version: string, options: { broken?: boolean } = {}): string {
  const file = path.resolve(folder, place);
  mkdirSync(path.dirname(file), { recursive: true });
  const run = options.broken ? 'exit 127' : `BY='${place}' exec '${process.execPath}' "$@"`;
  writeFileSync(
    file,
    `#!/bin/sh\nif [ "$1" = --version ]; then\n  cat >/dev/null\n  echo ${version}\nelse\n  ${run}\nfi\n`,
  );
  chmodSync(file, 0o755);
  return path.dirname(file);
}

type Started = {
  args: string[];
  flags: string[];
  pid: number;
  by: string | null;
  launcher: string;
  noTelemetry: string;
  cache: string | null;
  mark: string | null;
  umask: number;
  stdin: string;
};

function launch(
  shell: readonly string[],
  env: Record<string, string>,
  options: { args?: string[]; cwd?: string; script?: string; input?: string } = {},
) {
  const [command = '', ...before] = shell;
  const script = options.script ?? path.join(plugin, 'launch.sh');
  const result = spawnSync(command, [...before, script, ...(options.args ?? ['--stash'])], {
    env: { HOME: path.join(folder, 'home'), PATH: bare, ...env },
    cwd: options.cwd,
    input: options.input ?? '{"args":{}}',
    // Busybox and dash themselves must be found with the PATH of the child.
    argv0: command,
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  return {
    stdout: result.stdout?.toString() ?? '',
    stderr: result.stderr?.toString() ?? '',
    status: result.status,
    signal: result.signal,
    error: result.error,
  };
}

function started(result: ReturnType<typeof launch>): Started {
  assert.equal(result.error, undefined);
  assert.equal(result.stderr, '');
  return JSON.parse(result.stdout) as Started;
}

function startedBy(shell: readonly string[]): Started {
  return started(launch(shell, { PATH: `${bare}:${NEW}` }));
}

const home = path.join(folder, 'home');
const SLEEP = which('sleep')!;
const NEW = putNode('new node/bin/node', 'v24.21.0');
const OLD = putNode('old/bin/node', 'v18.19.0');

for (const { name, command: shell } of findShells()) {
  test(`${name}: the Node on PATH becomes the process, with all arguments and the whole stdin`, () => {
    const it = started(
      launch(
        shell,
        { PATH: `${bare}:${NEW}` },
        { args: ['--stash', 'two words', '', '$x "q"'], input: 'x'.repeat(300_000) },
      ),
    );
    assert.deepEqual(it.args, ['--stash', 'two words', '', '$x "q"']);
    assert.deepEqual(it.flags, ['--no-warnings', '--min-semi-space-size=16']);
    assert.equal(it.by, 'new node/bin/node');
    assert.equal(it.stdin.length, 300_000);
    assert.equal(it.noTelemetry, '1');
  });

  test(`${name}: a task has another heap than a question of the page`, () => {
    const it = started(launch(shell, { PATH: `${bare}:${NEW}` }, { args: ['--stash', '--task'] }));
    assert.deepEqual(it.args, ['--stash', '--task']);
    assert.deepEqual(it.flags, ['--no-warnings', '--max-semi-space-size=4', '--initial-heap-size=64']);
  });

  test(`${name}: compiled code is kept where it was told, in a folder and not through a link`, () => {
    const pointer = path.join(plugin, 'compile-cache.path');
    const cache = path.join(folder, 'my data', 'compile-cache');
    mkdirSync(cache, { recursive: true });
    const link = path.join(folder, 'my data', 'link');
    rmSync(link, { force: true });
    symlinkSync(cache, link);
    for (const [text, expected] of [
      [`${cache}\n`, cache],
      [`${link}\n`, null],
      [`${path.join(folder, 'gone')}\n`, null],
      ['', null],
    ] as const) {
      writeFileSync(pointer, text);
      const { cache: used, umask } = startedBy(shell);
      assert.deepEqual([used, umask], [expected, 0o077], text);
    }
    rmSync(pointer);
    assert.equal(startedBy(shell).cache, null);
  });

  test(`${name}: the Node that was started before is not asked for its version, until another one takes its place`, (t) => {
    const place = path.join(folder, 'linked node');
    const known = path.join(plugin, 'node.known');
    mkdirSync(place, { recursive: true });
    symlinkSync(realpathSync(which('ls')!), path.join(place, 'ls'));
    symlinkSync(process.execPath, path.join(place, 'node'));
    t.after(() => {
      rmSync(place, { recursive: true });
      rmSync(known, { force: true });
    });
    const start = (): string | null => started(launch(shell, { PATH: `${bare}:${place}` })).mark;
    const mark = start();
    assert.ok(mark !== null && mark !== '');
    rememberNode(mark, plugin);
    assert.equal(readFileSync(known, 'utf8'), `${mark}\n`);
    assert.equal(start(), null);
    noteRunning(plugin);

    // One that says its version, and is no Node itself.
    rmSync(path.join(place, 'node'));
    putNode(path.join(place, 'node'), 'v24.0.0');
    const other = start();
    assert.ok(other !== null && other !== mark);
    rmSync(known);
    rememberNode(other, plugin);
    assert.ok(!existsSync(known), 'it may start another one the next time');
    putNode(path.join(place, 'node'), 'v18.0.0');
    writeFileSync(known, `${mark}\n`);
    const { stdout } = launch(shell, { PATH: `${bare}:${place}` });
    assert.match(stdout, /found only 18\.0\.0 in/);
  });

  test(`${name}: a Node that is known and runs no more is asked after one try, and another one is found`, (t) => {
    const place = path.join(folder, 'known node');
    const [known, starting] = ['node.known', 'node.starting'].map((note) => path.join(plugin, note)) as [
      string,
      string,
    ];
    mkdirSync(place, { recursive: true });
    symlinkSync(realpathSync(which('ls')!), path.join(place, 'ls'));
    // It says its version as long as the library it misses is there.
    const library = path.join(place, 'library');
    writeFileSync(library, '');
    writeFileSync(
      path.join(place, 'node'),
      `#!/bin/sh\n[ -f '${library}' ] || exit 127\n[ "$1" != --version ] || { echo v24.0.0; exit; }\nexec '${process.execPath}' "$@"\n`,
      { mode: 0o755 },
    );
    t.after(() => {
      rmSync(place, { recursive: true });
      for (const note of [known, starting]) rmSync(note, { recursive: true, force: true });
    });
    const env = { PATH: `${bare}:${place}:${NEW}` };
    const { mark } = started(launch(shell, env));
    writeFileSync(known, `${mark}\n`);
    assert.equal(started(launch(shell, env)).mark, null);
    assert.match(readFileSync(starting, 'utf8'), /^\d+\n$/);
    noteRunning(plugin);
    assert.equal(existsSync(starting), false);

    rmSync(library);
    assert.equal(launch(shell, env).status, 127);
    for (let n = 0; n < 2; n++) assert.equal(started(launch(shell, env)).by, 'new node/bin/node');
    // Of a process that lives: it is on its way.
    writeFileSync(library, '');
    writeFileSync(starting, `${process.pid}\n`);
    assert.equal(started(launch(shell, env)).mark, null);
    rmSync(starting);
    mkdirSync(starting);
    assert.equal(started(launch(shell, env)).mark, null);
  });

  test(`${name}: a Node that is known in one system is asked in another one`, (t) => {
    const place = path.join(folder, 'moved node');
    const known = path.join(plugin, 'node.known');
    const script = path.join(plugin, 'launch-elsewhere.sh');
    const text = readFileSync(path.join(plugin, 'launch.sh'), 'utf8');
    const sh = path.join(place, 'sh');
    mkdirSync(place, { recursive: true });
    symlinkSync(realpathSync(which('ls')!), path.join(place, 'ls'));
    symlinkSync(process.execPath, path.join(place, 'node'));
    writeFileSync(sh, '');
    writeFileSync(script, text.replaceAll(/(?<=ls -dnLi "\$1" )\/bin\/sh/g, `'${sh}'`));
    t.after(() => {
      rmSync(place, { recursive: true });
      for (const file of [known, script]) rmSync(file, { force: true });
      noteRunning(plugin);
    });
    const start = () => started(launch(shell, { PATH: `${bare}:${place}` }, { script })).mark;
    const mark = start();
    assert.ok(mark !== null && mark !== '');
    writeFileSync(known, `${mark}\n`);
    assert.equal(start(), null);
    noteRunning(plugin);
    writeFileSync(sh, 'another');
    assert.ok(start());
  });

  test(`${name}: an old Node that stands first on PATH is passed over`, () => {
    assert.equal(started(launch(shell, { PATH: `${OLD}:${bare}::${NEW}` })).by, 'new node/bin/node');
  });

  for (const [version, suits] of [
    ['v22.19.0', true],
    ['v22.18.9', false],
    ['v23.3.0', false],
    ['v23.11.1', false],
    ['v9.99.0', false],
    ['v100.0.0', true],
    ['v24.0.0-nightly20250101', true],
    ['Segmentation', false],
  ] as const)
    test(`${name}: ${version} is ${suits ? 'new enough' : 'passed over'}`, () => {
      const place = `versions/${name.replace(/\W/g, '')}/${version}/bin`;
      const result = launch(shell, { PATH: `${putNode(`${place}/node`, version)}:${bare}:${NEW}` });
      assert.equal(started(result).by, suits ? `${place}/node` : 'new node/bin/node');
    });

  test(`${name}: a Node 23 is told as one that does not work, however new it is`, () => {
    const place = `versions/${name.replace(/\W/g, '')}/v23.11.1/bin`;
    const { stdout } = launch(shell, { PATH: `${putNode(`${place}/node`, 'v23.11.1')}:${bare}` });
    assert.match(stdout, /found only 23\.11\.1 \(no 23 works\) in \S/);
  });

  test(`${name}: the runtime folder beside config.yml is used before the usual places`, (t) => {
    const node = putNode('my config/stash-sense/runtime/node/bin/node', 'v24.1.0');
    t.after(() => rmSync(node, { recursive: true }));
    putNode('home/.nvm/versions/node/v25.0.0/bin/node', 'v25.0.0');
    t.after(() => rmSync(path.join(home, '.nvm'), { recursive: true }));
    assert.equal(started(launch(shell, {})).by, 'my config/stash-sense/runtime/node/bin/node');
  });

  test(`${name}: config.yml may lie elsewhere, as Stash's own variable says`, (t) => {
    putNode('elsewhere/stash-sense/runtime/node/bin/node', 'v24.1.0');
    writeFileSync(path.join(folder, 'elsewhere/config.yml'), '');
    t.after(() => rmSync(path.join(folder, 'elsewhere'), { recursive: true }));
    const it = started(launch(shell, { STASH_CONFIG_FILE: path.join(folder, 'elsewhere/config.yml') }));
    assert.equal(it.by, 'elsewhere/stash-sense/runtime/node/bin/node');
  });

  test(`${name}: of the versions of nvm the newest that works is taken, by number and not by letter`, (t) => {
    for (const version of ['v9.1.0', 'v18.19.0', 'v22.19.0', 'v24.9.0', 'v24.10.0'])
      putNode(`home/.nvm/versions/node/${version}/bin/node`, version);
    putNode('home/.nvm/versions/node/v26.0.0/bin/node', 'v1.0.0');
    t.after(() => rmSync(path.join(home, '.nvm'), { recursive: true }));
    const env = { PATH: `${OLD}:${bare}` };
    assert.equal(started(launch(shell, env)).by, 'home/.nvm/versions/node/v24.10.0/bin/node');
  });

  for (const place of [
    '.asdf/installs/nodejs/24.2.0/bin/node',
    '.volta/tools/image/node/24.2.0/bin/node',
    '.local/share/fnm/node-versions/v24.2.0/installation/bin/node',
    '.local/share/mise/installs/node/24.2.0/bin/node',
    'Library/Application Support/fnm/node-versions/v24.2.0/installation/bin/node',
    '.volta/bin/node',
  ])
    test(`${name}: ${place} of the home folder is found behind an old one on PATH`, (t) => {
      putNode(`home/${place}`, 'v24.2.0');
      t.after(() => rmSync(home, { recursive: true }));
      assert.equal(started(launch(shell, { PATH: `${OLD}:${bare}` })).by, `home/${place}`);
    });

  for (const place of ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/opt/homebrew/opt/node@24/bin/node'])
    test(`${name}: ${place} is found behind an old one on PATH`, (t) => {
      putNode(root + place, 'v24.2.0');
      t.after(() => rmSync(root + place));
      assert.equal(started(launch(shell, { PATH: `${OLD}:${bare}` })).by, root + place);
    });

  test(`${name}: a relative path to the script works from another folder`, () => {
    const it = started(
      launch(
        shell,
        { PATH: `${bare}:${NEW}` },
        { cwd: path.join(folder, 'my config'), script: 'plugins/stable/stash-sense/launch.sh' },
      ),
    );
    assert.equal(it.by, 'new node/bin/node');
    assert.equal(
      started(launch(shell, { PATH: `${bare}:${NEW}` }, { cwd: plugin, script: 'launch.sh' })).by,
      'new node/bin/node',
    );
  });

  test(`${name}: STASH_SENSE_NODE names a Node in an odd place`, () => {
    const node = path.join(putNode('odd place/mynode', 'v24.0.0'), 'mynode');
    assert.equal(
      started(launch(shell, { STASH_SENSE_NODE: node, PATH: `${NEW}:${bare}` })).by,
      'odd place/mynode',
    );
  });

  test(`${name}: without any Node the answer is one sentence in Stash's protocol, with status 0`, () => {
    const { stdout, stderr, status } = launch(
      shell,
      { PATH: `${OLD}:${bare}` },
      { input: 'x'.repeat(300_000) },
    );
    assert.equal(status, 0);
    const { error } = JSON.parse(stdout) as { error: string };
    assert.match(
      error,
      /^Stash Sense needs Node 22\.19 or newer and found only 18\.19\.0 in .*old\/bin\/node: /,
    );
    assert.match(error, /my config\/.*stash-sense\/runtime\/node/);
    assert.equal(stderr, `\u0001e\u0002${error}\n`);
  });

  test(`${name}: the process keeps its id, so that Stash's kill reaches Node`, async () => {
    const child = spawn(shell[0], [...shell.slice(1), path.join(plugin, 'launch.sh')], {
      env: { PATH: `${bare}:${NEW}`, HOME: home },
    });
    child.stdin.end('{}');
    let out = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) out += chunk.toString();
    const { pid, launcher } = JSON.parse(out) as Started;
    assert.deepEqual([pid, launcher], [child.pid, String(child.pid)]);
  });

  test(`${name}: a Node that starts another one is told that it is not what Stash started`, async () => {
    const shim = path.join(folder, 'shim/node');
    mkdirSync(path.dirname(shim), { recursive: true });
    writeFileSync(shim, `#!/bin/sh\n'${process.execPath}' "$@"\nexit $?\n`, { mode: 0o755 });
    const child = spawn(shell[0], [...shell.slice(1), path.join(plugin, 'launch.sh')], {
      env: { PATH: `${bare}:${path.dirname(shim)}`, HOME: home },
    });
    child.stdin.end('{}');
    let out = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) out += chunk.toString();
    const { pid, launcher } = JSON.parse(out) as Started;
    assert.notEqual(pid, child.pid);
    assert.equal(launcher, String(child.pid));
  });

  test(`${name}: a node that never answers, or whose child does not, is left behind; the process keeps its id and its stdin`, async (t) => {
    const hung = path.join(folder, 'hung');
    mkdirSync(hung, { recursive: true });
    // It says its version, keeps its pipe open in a child, and does not end.
    writeFileSync(path.join(hung, 'node'), `#!/bin/sh\necho v24.9.9\n${SLEEP} 20 &\n${SLEEP} 20\n`, {
      mode: 0o755,
    });
    t.after(() => rmSync(hung, { recursive: true }));
    const began = performance.now();
    const child = spawn(shell[0], [...shell.slice(1), impatient()], {
      env: { PATH: `${bare}:${hung}:${NEW}`, HOME: home },
    });
    child.stdin.end('{"args":{"mode":"status"}}');
    let out = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) out += chunk.toString();
    const { pid, by, stdin } = JSON.parse(out) as Started;
    assert.deepEqual([pid, by, stdin], [child.pid, 'new node/bin/node', '{"args":{"mode":"status"}}']);
    assert.ok(performance.now() - began < 15_000);
  });

  test(`${name}: where the only node never answers, the sentence says which; nothing waits for it`, (t) => {
    const hung = path.join(folder, 'silent');
    mkdirSync(hung, { recursive: true });
    writeFileSync(path.join(hung, 'node'), `#!/bin/sh\nexec ${SLEEP} 20\n`, { mode: 0o755 });
    t.after(() => rmSync(hung, { recursive: true }));
    const began = performance.now();
    const { stdout, status } = launch(shell, { PATH: `${bare}:${hung}` }, { script: impatient() });
    assert.equal(status, 0);
    const { error } = JSON.parse(stdout) as { error: string };
    assert.ok(error.includes(`found one in ${hung}/node that does not answer: `), error);
    assert.ok(performance.now() - began < 15_000);
  });

  test(`${name}: a named pipe by the name of one of our notes holds nobody up`, (t) => {
    const notes = ['node.path', 'node.list', 'node.failed'].map((note) => path.join(plugin, note));
    assert.equal(spawnSync('mkfifo', notes).status, 0);
    t.after(() => notes.forEach((note) => rmSync(note)));
    const { stdout, status, signal } = launch(shell, { PATH: `${OLD}:${bare}` });
    assert.deepEqual([status, signal], [0, null]);
    assert.match((JSON.parse(stdout) as { error: string }).error, /found only 18\.19\.0/);
  });

  test(`${name}: Git's sh on Windows finds the runtime folder's node.exe, past what stands before the real Node`, (t) => {
    const node = putNode('my config/stash-sense/runtime/node/node.exe', 'v24.1.0');
    t.after(() => rmSync(node, { recursive: true }));
    const it = started(launch(shell, { OS: 'Windows_NT' }));
    assert.deepEqual([it.launcher, it.by], ['0', null]);
  });
}

test('the Windows launcher has the line ends that cmd.exe wants for its labels', () => {
  const text = readFileSync(path.join(import.meta.dirname, 'sh.cmd'), 'utf8');
  assert.equal(text.match(/\n/g)?.length, text.match(/\r\n/g)?.length);
});

test('the Windows launcher turns telemetry off before it starts Node', () => {
  const text = readFileSync(path.join(import.meta.dirname, 'sh.cmd'), 'utf8');
  assert.match(text, /^set "ORT_DISABLE_TELEMETRY=1"\r\n[^]*^"%NODE%" --no-warnings/m);
});
