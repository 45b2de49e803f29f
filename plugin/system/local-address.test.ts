import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isThisMachine, toConnectHost } from './local-address.ts';

const LINES = { lo: [{ address: '::1' }], eth0: [{ address: '192.168.1.5' }, { address: 'fe80::1' }] };

for (const [hostname, host] of [
  ['[fe80::1]', 'fe80::1%eth0'],
  ['[fe80::2]', 'fe80::2'],
  ['[::1]', '::1'],
  ['192.168.1.5', '192.168.1.5'],
  ['NAS.local', 'nas.local'],
] as const)
  test(`${hostname} is connected to as ${host}`, () => {
    assert.equal(toConnectHost(hostname, LINES), host);
  });

for (const [address, isIt] of [
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['0.0.0.0', true],
  ['::', true],
  ['192.168.1.5', true],
  ['::ffff:192.168.1.5', true],
  ['fe80::1%eth0', true],
  ['fe80::1%eth1', false],
  ['192.168.1.6', false],
  ['128.0.0.1', false],
  ['::2', false],
  ['::ffff:192.168.1.6', false],
  // Names, whatever they sound like.
  ['localhost', false],
  ['127.0.0.1.example.org', false],
  ['', false],
] as const)
  test(`"${address}" is ${isIt ? 'this machine' : 'not known to be this machine'}`, () => {
    assert.equal(isThisMachine(address, LINES), isIt);
  });
