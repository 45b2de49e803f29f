/** Somebody of a reference pack who is a performer that the settings exclude. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutExcludedPeople } from '../../tasks/exclusions/reference-packs.ts';
import { aPackPerson, BOX, memoryPacks, PACK_ID } from '../fakes/reference-packs.ts';

test('an excluded performer is nobody of a pack, and what was matched before is matched again', async () => {
  const inner = memoryPacks([aPackPerson(1), aPackPerson(2)]);
  let excluded = [{ endpoint: 'https://elsewhere.example/graphql', stashId: 'box-1' }];
  const packs = withoutExcludedPeople(inner, () => Promise.resolve(excluded));
  const elsewhere = await packs.revision();
  assert.equal((await packs.person(PACK_ID, 'p1'))?.name, 'Known 1', 'the id is of another box');
  excluded = [{ endpoint: BOX, stashId: 'BOX-1' }];
  assert.notEqual(await packs.revision(), elsewhere);
  assert.equal(await packs.person(PACK_ID, 'p1'), null);
  assert.equal((await packs.person(PACK_ID, 'p2'))?.name, 'Known 2');
  excluded = [];
  assert.equal(await packs.revision(), await inner.revision(), 'without exclusions nothing is matched again');
});

test('without a pack exclusions change nothing', async () => {
  const packs = withoutExcludedPeople({ ...memoryPacks(), revision: () => Promise.resolve('') }, () =>
    Promise.resolve([{ endpoint: BOX, stashId: 'box-1' }]),
  );
  assert.equal(await packs.revision(), '');
});
