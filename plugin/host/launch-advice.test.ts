import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { findShells, which } from '../../test/fixtures/shells.ts';

type System = {
  /** Of `uname -s` and `uname -m`. */
  readonly kernel?: string;
  readonly processor?: string;
  /** The line of `ldd --version` that names the C library. */
  readonly ldd?: string;
  readonly release?: string;
  /** Its host name inside Docker. */
  readonly docker?: string;
  /** As the mounts of a container name it. */
  readonly containerId?: string;
  /** Files that are there, with what they print. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly without?: readonly string[];
  readonly nodeList?: string;
};

const GLIBC = 'ldd (Debian GLIBC 2.36-9+deb12u10) 2.36';
const MUSL = 'musl libc (x86_64)';
const ALPINE = { ldd: MUSL, release: 'ID=alpine\nVERSION_ID=3.22.1\n' } as const;
const DEBIAN = { ldd: GLIBC, release: 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n' } as const;
const UNPACK =
  "mkdir -p 'PLACE' && curl -fsSL https://nodejs.org/dist/v24.21.0/node-v24.21.0-linux-x64.tar.gz | tar -xz --strip-components=1 -C 'PLACE'";

for (const { name, command } of findShells()) {
  const cases: readonly (readonly [string, System, string])[] = [
    ['Alpine', ALPINE, 'found none: run `apk add --no-cache nodejs`, then try again.'],
    [
      'the official image, which is Alpine',
      { ...ALPINE, docker: '0f3a9c1b2d4e' },
      'found none: run `docker exec -u 0 0f3a9c1b2d4e apk add --no-cache nodejs` where Docker runs (a new container forgets it), then try again.',
    ],
    [
      'a container that was given a host name',
      { ...ALPINE, docker: 'stash' },
      'found none: run `docker exec -u 0 CONTAINER apk add --no-cache nodejs` where Docker runs (CONTAINER is its name there, see "docker ps") (a new container forgets it), then try again.',
    ],
    [
      'a container that was given a host name and shows its mounts',
      { ...ALPINE, docker: 'stash', containerId: '0f3a9c1b2d4e5f60'.repeat(4) },
      'found none: run `docker exec -u 0 0f3a9c1b2d4e apk add --no-cache nodejs` where Docker runs (a new container forgets it), then try again.',
    ],
    [
      'an older Alpine whose own Node is too old',
      { ...ALPINE, programs: { '/usr/bin/node': 'v20.15.1' } },
      'found only 20.15.1 in ROOT/usr/bin/node: run `apk del nodejs; apk add --no-cache nodejs-current`, then try again.',
    ],
    [
      'Alpine with a loader of glibc beside its own, and no ldd',
      { ...ALPINE, ldd: '', programs: { '/lib/ld-musl-x86_64.so.1': '' } },
      'found none: run `apk add --no-cache nodejs`, then try again.',
    ],
    ['Debian', DEBIAN, `found none: run \`${UNPACK}\`, then try again.`],
    [
      'Debian with the Node it brings',
      { ...DEBIAN, programs: { '/usr/bin/node': 'v18.20.4' } },
      `found only 18.20.4 in ROOT/usr/bin/node: run \`${UNPACK}\`, then try again.`,
    ],
    [
      'Debian without curl',
      { ...DEBIAN, without: ['curl'] },
      `found none: run \`${UNPACK.replace('curl -fsSL', 'wget -qO-')}\`, then try again.`,
    ],
    [
      'the CUDA image, which is Ubuntu',
      { ...DEBIAN, release: 'ID=ubuntu\nID_LIKE=debian\n', docker: 'abcdef012345' },
      `found none: run \`docker exec -u 0 abcdef012345 sh -c "${UNPACK}"\` where Docker runs, then try again.`,
    ],
    [
      'a Raspberry Pi of 64 bits',
      { ...DEBIAN, processor: 'aarch64' },
      `found none: run \`${UNPACK.replace('linux-x64', 'linux-arm64')}\`, then try again.`,
    ],
    [
      'a processor for which there is no Node',
      { ...DEBIAN, processor: 'armv7l' },
      'found none: install Node 24 if there is one for this system (linux-armv7l), then try again.',
    ],
    [
      'another musl',
      { ldd: MUSL, release: 'ID=void\n' },
      'found none: install Node 24 with the package manager of this system, then try again.',
    ],
    [
      'macOS with Homebrew',
      { kernel: 'Darwin', processor: 'arm64', programs: { '/opt/homebrew/bin/brew': '' } },
      'found none: run `ROOT/opt/homebrew/bin/brew install node`, then try again.',
    ],
    [
      'macOS without Homebrew',
      { kernel: 'Darwin', processor: 'arm64' },
      `found none: run \`${UNPACK.replace('linux-x64', 'darwin-arm64')}\`, then try again.`,
    ],
    [
      "Git's sh on Windows",
      { kernel: 'MINGW64_NT-10.0-19045' },
      'found none: run `winget install OpenJS.NodeJS.LTS` or install Node 24 from nodejs.org and start Stash again, then try again.',
    ],
    [
      "Git's sh on Windows, with a package that brings a Node for it",
      { kernel: 'MSYS_NT-10.0-19045', nodeList: 'channel -\nwin-x64 1 a b\n' },
      'found none: start the task "Install Node" in Stash under Settings, Tasks, then try again.',
    ],
    [
      'a package that brings a Node for this system',
      { ...ALPINE, nodeList: 'channel -\nlinux-x64 1 a b\nlinuxmusl-x64 1 a b\n' },
      'found none: start the task "Install Node" in Stash under Settings, Tasks, then try again.',
    ],
    [
      'a package that brings a Node for other systems only',
      { ...ALPINE, nodeList: 'channel -\nlinux-x64 1 a b\n' },
      'found none: run `apk add --no-cache nodejs`, then try again.',
    ],
  ];
  for (const [what, system, advice] of cases)
    test(`${name}, ${what}: one sentence says what to type`, async (t) => {
      const world = await machine(t, system);
      const { stdout, stderr, status } = spawnSync(
        command[0],
        [...command.slice(1), path.join(world.plugin, 'launch.sh'), '--stash'],
        { env: { PATH: world.bin, HOME: world.root }, input: '{"args":{"mode":"status"}}' },
      );
      const wanted = `Stash Sense needs Node 22.19 or newer and ${advice}`
        .replaceAll('PLACE', `${world.config}/stash-sense/runtime/node`)
        .replaceAll('ROOT', world.root);
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(stdout.toString()), { error: wanted });
      assert.equal(stderr.toString(), `\u0001e\u0002${wanted}\n`);
    });
}

/** A machine whose absolute places lie below `root`, and whose commands say what it is. */
async function machine(t: TestContext, system: System) {
  const root = await mkdtemp(path.join(os.tmpdir(), 'stash sense advice-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const config = path.join(root, 'my config');
  const plugin = path.join(config, 'plugins/stash-sense');
  const bin = path.join(root, 'tools');
  for (const folder of [plugin, bin, path.join(root, 'etc')]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(config, 'config.yml'), '');

  for (const tool of ['cat', 'sed', 'tr', 'wget', 'curl'])
    if (!system.without?.includes(tool)) script(path.join(bin, tool), `exec '${which(tool) ?? tool}' "$@"`);
  const { kernel = 'Linux', processor = 'x86_64', docker = 'host' } = system;
  script(
    path.join(bin, 'uname'),
    `case $1 in -s) ${says(kernel)} ;; -m) ${says(processor)} ;; -n) ${says(docker)} ;; esac`,
  );
  if (system.ldd) script(path.join(bin, 'ldd'), says(system.ldd));
  for (const [file, prints] of Object.entries(system.programs ?? {}))
    script(path.join(root, file), says(prints));
  if (system.release) writeFileSync(path.join(root, 'etc/os-release'), system.release);
  if (system.docker !== undefined) writeFileSync(path.join(root, '.dockerenv'), '');
  if (system.containerId !== undefined) {
    mkdirSync(path.join(root, 'proc/self'), { recursive: true });
    const from = `/var/lib/docker/containers/${system.containerId}`;
    const mounts = ['resolv.conf', 'hostname'].map(
      (name, n) => `7${n} 60 8:1 ${from}/${name} /etc/${name} rw,relatime - ext4 /dev/sda1 rw\n`,
    );
    writeFileSync(path.join(root, 'proc/self/mountinfo'), `60 1 0:52 / / rw - overlay\n${mounts.join('')}`);
  }
  if (system.nodeList !== undefined) writeFileSync(path.join(plugin, 'node.list'), system.nodeList);

  const launcher = readFileSync(path.join(import.meta.dirname, 'launch.sh'), 'utf8').replaceAll(
    /(?<= )\/(?=usr\/|opt\/|snap\/|home\/|etc\/|lib\/|proc\/|\.dockerenv)/g,
    `${root.replaceAll(' ', '\\ ')}/`,
  );
  writeFileSync(path.join(plugin, 'launch.sh'), launcher);
  return { root, config, plugin, bin };
}

function script(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

function says(text: string): string {
  return `echo '${text}'`;
}
