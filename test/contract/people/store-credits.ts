import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expectation } from '../../../core/matching/expected.ts';
import type { Store } from '../../../core/ports/store.ts';
import { cluster } from '../store-identifications.ts';
import { fresh, plannedEntry, type CreateStore } from '../store-samples.ts';

const credited = (id: number, studioId: string | null, ...performerIds: string[]) => ({
  kind: 'scene' as const,
  id: String(id),
  studioId,
  performerIds,
});

export function testCredits(name: string, create: CreateStore): void {
  test(`${name}: who is on a scene and in others of its studio is expected there`, async () => {
    const { store, reopen } = await fresh(create);
    await store.credits.note([
      credited(1, '7', '5'),
      credited(2, '7', '5', '6'),
      credited(3, '7', '6'),
      credited(4, '8', '9'),
      credited(5, null, '9'),
      { kind: 'image', id: '1', performerIds: ['3'] },
    ]);
    const { credits } = await reopen();
    assert.deepEqual(await expectedBy(credits, 1), {
      5: { onScene: true, studioScenes: 1, among: 2 },
      6: { studioScenes: 2, among: 2 },
    });
    assert.deepEqual(await expectedBy(credits, 4), { 9: { onScene: true, among: 1 } });
    assert.deepEqual(await expectedBy(credits, 5), { 9: { onScene: true, among: 1 } });
    assert.deepEqual(await expectedBy(credits, 6), {});
  });

  test(`${name}: what is noted once more takes the place of what was, and the version tells when that changes anything`, async () => {
    const { store } = await fresh(create);
    const versions: number[] = [];
    const note = async (...scenes: ReturnType<typeof credited>[]): Promise<void> => {
      await store.credits.note(scenes);
      versions.push(await store.credits.version());
    };
    await note(credited(1, '7', '5'), credited(2, '7', '6'));
    await note(credited(1, '7', '5'), credited(2, '7', '6'));
    assert.equal(versions[0], versions[1]);
    await note(credited(1, '8', '5'), credited(2, '7', '6'));
    assert.ok(versions[2]! > versions[1]!);
    assert.deepEqual(await expectedBy(store.credits, 2), { 6: { onScene: true, among: 1 } });
    await note(credited(1, '8', '5'), credited(2, '7'));
    assert.ok(versions[3]! > versions[2]!);
    assert.deepEqual(await expectedBy(store.credits, 2), {});
  });

  test(`${name}: a scene that is matched next moves the version only where its performers are candidates in others of its studio`, async () => {
    const { store } = await fresh(create);
    await store.credits.note([credited(1, '7'), credited(2, '7'), credited(3, '8'), credited(4, null)]);
    for (const id of ['1', '2', '3', '4'])
      await store.identifications.save(
        { kind: 'scene', id },
        { matcherVersion: 'a', persons: [cluster(0, 'ambiguous', { performerId: '5' })] },
      );
    let before = await store.credits.version();
    const moves = async (scene: ReturnType<typeof credited>): Promise<boolean> => {
      await store.credits.note([scene], { isMatchedNext: true });
      const version = await store.credits.version();
      const isMoved = version > before;
      before = version;
      return isMoved;
    };
    assert.equal(await moves(credited(1, '7', '99')), false, 'nobody knows 99');
    assert.equal(await moves(credited(3, '8', '5')), false, 'the only scene of its studio');
    assert.equal(await moves(credited(4, null, '5')), false, 'of no studio');
    assert.equal(await moves(credited(1, '7', '99', '5')), true, 'a candidate in scene 2');
    assert.equal(await moves(credited(1, '7', '99', '5')), false, 'as it was');
    assert.equal(await moves(credited(1, null, '99', '5')), true, 'expected in scene 2 no longer');
  });

  test(`${name}: scenes that Stash does not have any more count no longer`, async () => {
    const { store } = await fresh(create);
    await store.credits.note([credited(1, '7', '5'), credited(2, '7', '6'), credited(3, '7', '4')]);
    await store.credits.dropMissing(['1'], { after: '0', upTo: '2' });
    assert.deepEqual(Object.keys(await expectedBy(store.credits, 1)), ['4', '5']);
    await store.credits.dropMissing([], { after: '2', upTo: null });
    assert.deepEqual(Object.keys(await expectedBy(store.credits, 1)), ['5']);
  });

  test(`${name}: whom we wrote on a scene is expected nowhere for that, also once the journal is erased`, async () => {
    const { store } = await fresh(create);
    const written = await planned(store, 1, '5');
    // Stash has it before the journal says so.
    await store.credits.note([credited(1, '7', '5'), credited(2, '7')]);
    assert.deepEqual(await expectedBy(store.credits, 1), {});
    assert.deepEqual(await expectedBy(store.credits, 2), {});
    await store.journal.settle(written, 'written');
    await store.erase(['journal']);
    await store.credits.note([credited(1, '7', '5')]);
    assert.deepEqual(await expectedBy(store.credits, 2), {});
    await store.credits.noteWritten({ kind: 'scene', id: '3' }, { added: ['6'], removed: [] });
    await store.credits.note([credited(3, '7', '6')]);
    assert.deepEqual(await expectedBy(store.credits, 2), {});
  });

  test(`${name}: somebody whose write was undone, or who was there before, is expected like others`, async () => {
    const { store } = await fresh(create);
    const undone = await planned(store, 1, '5');
    await store.journal.settle(undone, 'written');
    await store.credits.noteWritten({ kind: 'scene', id: '1' }, { added: ['5'], removed: [] });
    await store.journal.settle(undone, 'undone');
    await store.credits.noteWritten({ kind: 'scene', id: '1' }, { added: [], removed: ['5'] });
    await store.credits.note([credited(1, null, '5')]);
    assert.deepEqual(await expectedBy(store.credits, 1), { 5: { onScene: true, among: 1 } });
    await store.credits.noteWritten({ kind: 'scene', id: '1' }, { added: ['5'], removed: [] });
    assert.deepEqual(await expectedBy(store.credits, 1), { 5: { onScene: true, among: 1 } });
  });

  test(`${name}: what is forgotten or erased is expected nowhere`, async () => {
    const { store } = await fresh(create);
    await store.credits.note([credited(1, '7', '5', '6'), credited(2, '7', '5'), credited(3, '7')]);
    await store.forget({ entities: [{ kind: 'scene', id: '1', contentIds: [] }], performerIds: [] });
    assert.deepEqual(await expectedBy(store.credits, 3), { 5: { studioScenes: 1, among: 1 } });
    await store.forget({ entities: [], performerIds: ['5'] });
    assert.deepEqual(await expectedBy(store.credits, 3), {});
    await store.credits.note([credited(2, '7', '5')]);
    await store.erase(['faces']);
    assert.deepEqual(await expectedBy(store.credits, 3), {});
  });
}

async function planned(store: Store, scene: number, performerId: string): Promise<string> {
  const entity = { kind: 'scene', id: String(scene) } as const;
  const changes = [{ op: 'add' as const, entity, field: 'performers', values: [performerId] }];
  return await store.journal.plan(plannedEntry({ entity, changes }));
}

/** Whom one may expect in the scene among performers 1 to 9. */
async function expectedBy(credits: Store['credits'], scene: number): Promise<Record<string, Expectation>> {
  const expected = (await credits.expectedIn([String(scene)])).get(String(scene));
  const ids = Array.from({ length: 9 }, (_, n) => String(n + 1));
  return Object.fromEntries(
    ids.flatMap((id) => {
      const found = expected?.of(id);
      return found === undefined ? [] : [[id, found]];
    }),
  );
}
