import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openStore } from '../../plugin/store/store.ts';
import { contentId, look, offered, PACK } from '../contract/store-samples.ts';
import { bundleChild } from './store-bundle.ts';
import { saysWhy } from './store-says-why.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-disk-'));
after(() => rmSync(root, { recursive: true }));

test('a disk that fills stops the call that met it and keeps all that was done before', async () => {
  const folder = path.join(root, 'full');
  const store = await openStore({ folder, maxPageCount: 150 });
  let kept = 0;
  await assert.rejects(
    async () => {
      for (;;) {
        await store.transaction(async () => {
          await store.observations.put(look(kept));
          await store.state.set('matched-at:kept', kept + 1);
        });
        kept += 1;
      }
    },
    saysWhy('store-unusable', /the disk is full; free some space/),
  );
  assert(kept > 10, `${kept}`);
  await assert.rejects(
    store.work.enqueue(
      'scan',
      Array.from({ length: 5_000 }, (_, id) => offered(id)),
    ),
    saysWhy('store-unusable', /the disk is full/),
  );
  // Free space again: the same process goes on.
  await store.close();
  const reopened = await openStore({ folder });
  assert.equal(await reopened.state.get('matched-at:kept'), kept);
  assert.equal((await reopened.observations.size()).observations, kept);
  assert.equal((await reopened.work.counts('scan')).pending, 0);
  assert.equal(await reopened.observations.get(contentId(kept), PACK), null);
  await reopened.observations.put(look(kept));
  const { observations, crops } = await reopened.observations.size();
  assert.deepEqual([observations, crops], [kept + 1, 2 * (kept + 1)], 'no crops of a look that is not there');
  await reopened.close();
});

test('a new store on a full disk is refused with nothing half-made, and made when there is space', async () => {
  const folder = path.join(root, 'new');
  await assert.rejects(
    openStore({ folder, maxPageCount: 10 }),
    saysWhy('store-unusable', /the disk is full/),
  );
  const store = await openStore({ folder });
  assert.equal(await store.people.version(), 1);
  await store.close();
});

test(
  'a disk that refuses to write stops the call that met it and keeps all that was done before',
  { skip: process.platform === 'win32' && 'Windows has no limit for the size of files' },
  async () => {
    const folder = path.join(root, 'refused');
    const child = await bundleChild('store-fill-child.ts', root);
    // Files end at 3 000 blocks, as on a disk with no more of them.
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 3000; exec "$0" "$@"', process.execPath, child, folder],
      { encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const [, said, reason] = /^(\d+) (.*)\n$/.exec(stdout) ?? [];
    const kept = Number(said);
    assert(kept > 5, stdout);
    assert.match(reason ?? '', /^store-unusable: The store [^\n]+ cannot be used: the disk [^\n]+\.$/);
    const store = await openStore({ folder });
    await store.observations.put(look(kept));
    const { observations, crops } = await store.observations.size();
    assert.deepEqual([observations, crops], [kept + 1, 2 * (kept + 1)]);
    for (let i = 0; i <= kept; i++)
      assert.equal((await store.observations.crops(contentId(i), PACK)).length, 2);
    await store.close();
  },
);
