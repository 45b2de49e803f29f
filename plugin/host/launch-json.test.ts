/** Without a Node the launcher itself answers: one JSON in UTF-8 and one line of Stash's log, whatever is in what it names. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { findShells, launcherBelow, which } from '../../test/fixtures/shells.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-json-'));
after(() => rmSync(root, { recursive: true }));
/** No config.yml is near, so that the folder of the home is named. */
const plugin = path.join(root, 'plugin');
const tools = path.join(root, 'tools');
mkdirSync(plugin);
mkdirSync(tools);
writeFileSync(path.join(plugin, 'launch.sh'), launcherBelow(root));
copyFileSync(path.join(import.meta.dirname, 'install-node.sh'), path.join(plugin, 'install-node.sh'));
for (const tool of ['cat', 'sed', 'tr', 'grep', 'head', 'awk', 'mkdir', 'ln'])
  symlinkSync(realpathSync(which(tool)!), path.join(tools, tool));
writeFileSync(path.join(tools, 'uname'), '#!/bin/sh\ncase $1 in -m) echo x86_64 ;; *) echo Linux ;; esac\n', {
  mode: 0o755,
});

/** As `printf` of a shell writes them, for bytes that are no UTF-8 cannot be given from here. */
const NAMES = {
  quotes: '/home/a"b\'c',
  backslashes: '/home/a\\\\b\\\\n\\\\c\\\\u12',
  'line feeds': '/home/a\\nb\\r\\nc',
  'control characters': '/home/a\\001e\\002b\\033[31m\\177\\tc',
  'C1 control characters': '/home/a\\302\\233b',
  'bytes that are no UTF-8': '/home/a\\377b\\303',
  'an overlong slash': '/home/a\\300\\257b',
  'half a surrogate': '/home/a\\355\\240\\200b',
  'other scripts': '/home/J\\303\\274rgen \\345\\261\\261\\347\\224\\260 \\360\\237\\221\\251',
  'an expansion': '/home/$(touch pwned)`touch pwned`${HOME}%%s%%n',
  'a pattern': '/home/*?[a-z]',
  nothing: '',
} as const;

for (const { name: shellName, command } of findShells()) {
  for (const [what, name] of Object.entries(NAMES)) {
    test(`${shellName}: a home with ${what} in its name`, () => {
      const error = answered(command, `HOME=$(printf '${quoted(name)}.') && HOME=\${HOME%.} && export HOME`);
      assert.match(error, /^Stash Sense needs Node 22\.19 or newer and found none: /);
      if (what === 'other scripts')
        assert.ok(error.includes('/home/Jürgen 山田 👩/.stash/stash-sense'), error);
      // A quotation that the name would end is not offered to be typed.
      if (what === 'quotes')
        assert.match(error, /unpack Node 24 from nodejs\.org into \/home\/a"b'c\/\.stash/);
    });

    test(`${shellName}: an old Node in a folder with ${what} in its name, and Install Node`, () => {
      const folder = `D=$(printf '%s${quoted(name)}.' "$ROOT") && D=\${D%.} && mkdir -p "$D" && ln -sf "$ROOT/old-node" "$D/node"`;
      writeFileSync(path.join(root, 'old-node'), '#!/bin/sh\necho v18.1.0\n', { mode: 0o755 });
      const prepare = `ROOT='${root}' && ${folder} && PATH="$PATH:$D" HOME="$D" && export PATH HOME`;
      assert.match(answered(command, prepare), /found only 18\.1\.0 in /);
      assert.match(
        answered(command, prepare, '{"args":{"mode":"install-node"}}'),
        /^Node was not installed: /,
      );
    });
  }

  test(`${shellName}: what an old Node and the last try to install one said`, (t) => {
    writeFileSync(path.join(plugin, 'node.failed'), Buffer.from('a"\\\u001b[31m\xff\n', 'latin1'));
    t.after(() => rmSync(path.join(plugin, 'node.failed')));
    const node = path.join(root, 'odd/node');
    mkdirSync(path.dirname(node), { recursive: true });
    writeFileSync(node, Buffer.from("#!/bin/sh\nprintf 'v1.2\"\\\\\\033\\377\\n'\n"), { mode: 0o755 });
    const error = answered(command, `PATH="$PATH:${path.dirname(node)}" && export PATH`);
    assert.match(error, /found only 1\.2"\\ \? in .*The last try to install it failed: a"\\ \[31m\?$/);
  });

  test(`${shellName}: no tool on PATH`, () => {
    assert.match(answered(command, 'PATH=/nonexistent && export PATH'), /^Stash Sense needs Node/);
  });
}

/** The sentence of the answer, after what all answers must be was looked at. */
function answered(shell: readonly string[], prepare: string, input = '{"args":{"mode":"status"}}'): string {
  const { stdout, stderr, status } = spawnSync(
    '/bin/sh',
    ['-c', `${prepare} && exec "$@"`, 'sh', ...shell, path.join(plugin, 'launch.sh'), '--stash'],
    {
      env: { PATH: tools, HOME: root },
      input,
      cwd: root,
      timeout: 30_000,
      killSignal: 'SIGKILL',
    },
  );
  assert.equal(status, 0);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(stdout);
  const { error } = JSON.parse(text) as { error: string };
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  assert.doesNotMatch(error, /[\u0000-\u001f\u007f-\u009f]/);
  const log = new TextDecoder('utf-8', { fatal: true }).decode(stderr);
  // Where a tool is missing the shell says so on a line of its own.
  assert.equal(log.slice(log.indexOf('\u0001')), `\u0001e\u0002${error}\n`);
  return error;
}

/** Within single quotes of a shell. */
function quoted(text: string): string {
  return text.replaceAll("'", `'"'"'`);
}
