import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOwner, isOwnerAlive, isOwnerHere } from './process-owner.ts';

test('an owner is gone only where its own process table says so', () => {
  const owner = createOwner();
  const host = hostname();
  assert.notEqual(createOwner(), owner);
  assert.deepEqual([isOwnerAlive(owner), isOwnerHere(owner)], [true, process.platform === 'linux']);
  const gone = owner.replace(/^\d+/, '4194303');
  assert.equal(isOwnerAlive(gone), false);
  assert.equal(
    isOwnerAlive(owner.replace(/^\d+/, '1')),
    process.platform !== 'linux',
    'started at another time',
  );
  for (const [what, elsewhere] of Object.entries({
    'another host': gone.replace(/@[^:]+/, '@elsewhere'),
    'another system': gone.replace(`:${process.platform}@`, ':plan9@'),
    'another boot': gone.replace(/@([0-9a-f])(?=[0-9a-f-]*@\d+@\d*:)/, (_, digit) =>
      digit === '0' ? '@1' : '@0',
    ),
    'another PID namespace': gone.replace(/@(\d+)@(\d*):/, '@1$1@$2:'),
    'another time namespace': gone.replace(/@(\d*):/, '@1$1:'),
    'an unknown process table': gone.replace(/:[^:]+(?=:[^:]+:[^:]+$)/, ':unknown'),
    'what an older version wrote': `4194303@${host}:1700000000000:0123456789ab`,
    'no owner': 'whoever',
  })) {
    if (process.platform !== 'linux' && /boot|namespace/.test(what)) continue;
    assert.notEqual(elsewhere, gone, what);
    assert.deepEqual([isOwnerAlive(elsewhere), isOwnerHere(elsewhere)], [true, false], what);
  }
});

test(
  'a pid that another process has now, and a zombie, are no living owner',
  { skip: process.platform !== 'linux' },
  async () => {
    const owner = createOwner();
    assert.equal(isOwnerAlive(owner.replace(/:\d+:([0-9a-f]+)$/, ':1:$1')), false);
    // A shell that becomes another program does not hear of its child's end.
    const parent = spawn('sh', ['-c', '(exit 0) & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const zombie = String((await once(parent.stdout, 'data'))[0]).trim();
    const asZombie = owner.replace(/^\d+/, zombie);
    // Its start is not ours either: the end alone is looked at.
    const asUnknown = asZombie.replace(/:\d+:([0-9a-f]+)$/, ':unknown:$1');
    const until = Date.now() + 10_000;
    while (isOwnerAlive(asUnknown) && Date.now() < until) await sleep(10);
    assert.equal(isOwnerAlive(asUnknown), false);
    parent.kill('SIGKILL');
  },
);
