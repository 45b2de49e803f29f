import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Artifact } from './acceleration.ts';

const artifact = {
  id: 'sharp-0.35.5-linuxmusl-x64',
  kind: 'runtime',
  provides: 'sharp',
  version: '0.35.5',
  platform: 'linuxmusl-x64',
  name: 'sharp-0.35.5-linuxmusl-x64.tar.gz',
  size: 8_000_000,
  unpackedSize: 19_000_000,
  sha256: 'ab'.repeat(32),
  licence: 'Apache-2.0 AND LGPL-3.0-or-later',
  url: 'sharp-0.35.5-linuxmusl-x64.tar.gz',
};

test('an artifact is what its publisher says of it, without mirrors unless they are named', () => {
  assert.deepEqual(Artifact.parse(artifact), { ...artifact, mirrors: [] });
});

for (const [name, change] of [
  ['an id that leads out of its folder', { id: '../x' }],
  ['a hidden id', { id: '.x' }],
  ['a file name with a folder', { name: 'a/b' }],
  ['a file name with a blank', { name: 'a b' }],
  ['no size', { size: 0 }],
  ['a size that is no number of bytes', { size: 1.5 }],
  ['a short hash', { sha256: 'abc' }],
  ['no licence', { licence: '' }],
  ['an unknown platform', { platform: 'amiga' }],
  ['an unknown kind', { kind: 'hologram' }],
] as const)
  test(`an artifact with ${name} is none`, () => {
    assert.equal(Artifact.safeParse({ ...artifact, ...change }).success, false);
  });
