import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFor, containerOf } from './typed-command.ts';

const CHMOD = [['chmod', '700', '/data/stash-sense']] as const;

test('a command is typed as it is, and through docker exec for a container', () => {
  assert.equal(commandFor(null, CHMOD), 'chmod 700 /data/stash-sense');
  assert.equal(
    commandFor('0f3a9c1b2d4e', CHMOD),
    'docker exec -u 0 0f3a9c1b2d4e chmod 700 /data/stash-sense',
  );
  const two = [['chown', '0', "/it's mine"], ...CHMOD] as const;
  const text = String.raw`chown 0 '/it'\''s mine' && chmod 700 /data/stash-sense`;
  assert.equal(commandFor(null, two), text);
  assert.equal(
    commandFor('CONTAINER', two),
    `docker exec -u 0 CONTAINER sh -c '${text.replaceAll("'", String.raw`'\''`)}'`,
  );
});

test('a container is known by its mounts, else by its host name', () => {
  const id = '0f3a9c1b2d4e5f60'.repeat(4);
  const mounts = `735 60 8:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n`;
  assert.equal(containerOf(mounts, 'stash'), '0f3a9c1b2d4e');
  assert.equal(containerOf('60 1 0:52 / / rw - overlay\n', 'abcdef012345'), 'abcdef012345');
  assert.equal(containerOf('', 'stash'), 'CONTAINER');
});
