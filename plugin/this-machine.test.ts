import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toConnectHost } from './this-machine.ts';

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
