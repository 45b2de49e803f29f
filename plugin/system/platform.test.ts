import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../core/messages/english.ts';
import { machineOf, incompatibility, reportedLibrary, thisMachine } from './platform.ts';

const glibc = { glibc: '2.36', musl: false };
const musl = { glibc: null, musl: true };
const none = { glibc: null, musl: false };

for (const [platform, arch, library, expected, name] of [
  ['linux', 'x64', glibc, 'linux-x64', 'Linux x64, glibc 2.36'],
  ['linux', 'arm64', glibc, 'linux-arm64', 'Linux arm64, glibc 2.36'],
  ['linux', 'x64', musl, 'linuxmusl-x64', 'Linux x64, musl'],
  ['linux', 'arm64', musl, 'linuxmusl-arm64', 'Linux arm64, musl'],
  ['linux', 'arm', musl, null, 'Linux arm, musl'],
  ['linux', 'x64', none, null, 'Linux x64'],
  ['win32', 'x64', none, 'win-x64', 'Windows x64'],
  ['win32', 'arm64', none, null, 'Windows arm64'],
  ['darwin', 'arm64', none, 'darwin-arm64', 'macOS arm64'],
  ['darwin', 'x64', none, null, 'macOS x64'],
  ['freebsd', 'x64', none, null, 'freebsd x64'],
] as const)
  test(`${name} takes ${expected ?? 'nothing compiled'}`, () => {
    assert.deepEqual(machineOf({ platform, arch, ...library }), {
      platform: expected,
      glibc: library.glibc,
      name,
    });
  });

test('a build for a newer glibc does not fit, by number and not by letter', () => {
  const machine = machineOf({ platform: 'linux', arch: 'x64', glibc: '2.9', musl: false });
  const reasonOf = (artifact: Parameters<typeof incompatibility>[0]): string => {
    const reason = incompatibility(artifact, machine);
    return reason === null ? '' : inEnglish(reason);
  };
  assert.equal(
    reasonOf({ platform: 'linux-x64', minGlibc: '2.28' }),
    'it needs glibc 2.28 and this is Linux x64, glibc 2.9',
  );
  assert.equal(incompatibility({ platform: 'linux-x64', minGlibc: '2.9' }, machine), null);
  assert.equal(incompatibility({ platform: 'any' }, machine), null);
  assert.match(reasonOf({ platform: 'win-x64' }), /made for win-x64/);
});

test('the C library is the one that Node reports', { skip: process.platform !== 'linux' }, () => {
  const { platform, arch } = process;
  assert.deepEqual(thisMachine(), machineOf({ platform, arch, ...reportedLibrary() }));
});

test('this machine is known', () => {
  const machine = thisMachine();
  assert.notEqual(machine.name, '');
  assert.equal(thisMachine(), machine);
});
