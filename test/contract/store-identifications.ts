import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityRef } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { Store } from '../../core/ports/store.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import { contentId, fresh, look, OTHER_PACK, PACK, proposal, type CreateStore } from './store-samples.ts';

export const scene = (id: number): EntityRef => ({ kind: 'scene', id: String(id) });

export function testIdentifications(name: string, create: CreateStore): void {
  test(`${name}: what a match said of an entity comes back as it was, in its order, until the next match`, async () => {
    const { store, reopen } = await fresh(create);
    const said = {
      matcherVersion: '3:pack:75:1',
      persons: [
        cluster(4, 'match', { members: [member(1, 2), member(2, 0)], performerId: '5' }),
        cluster(0, 'ambiguous'),
        cluster(2, 'unknown', { candidates: [] }),
      ],
    };
    assert.equal(await store.identifications.get(scene(1)), null);
    await store.identifications.save(scene(1), said);
    const { identifications } = await reopen();
    assert.deepEqual(await identifications.get(scene(1)), said);
    assert.equal(await identifications.get({ kind: 'image', id: '1' }), null);
    const nobody = { matcherVersion: '4', persons: [] };
    await identifications.save(scene(1), nobody);
    assert.deepEqual(await store.identifications.get(scene(1)), nobody);
  });

  test(`${name}: a match leaves the files, the title and the matcher version of an entity as they are`, async () => {
    const { store } = await fresh(create);
    await store.observations.link(scene(1), 'One', [contentId(1)]);
    await store.observations.setMatchedWith(scene(1), 'a');
    await store.identifications.save(scene(1), { matcherVersion: 'b', persons: [cluster(0, 'unknown')] });
    await store.observations.link(scene(1), 'One again', [contentId(2)]);
    assert.equal(await store.observations.matchedWith(scene(1)), 'a');
    assert.equal((await store.identifications.get(scene(1)))?.matcherVersion, 'b');
    assert.deepEqual(await store.observations.contentOf(scene(1)), [contentId(2)]);
  });

  test(`${name}: what was matched with a performer is to be matched again, but for what has the performer`, async () => {
    const { store, reopen } = await fresh(create);
    for (const n of [11, 2, 3, 4, 5]) {
      await linked(store, n);
      await store.observations.setMatchedWith(scene(n), '1');
      await store.identifications.save(scene(n), {
        matcherVersion: '1',
        persons: [cluster(0, 'match', { performerId: n === 3 ? '6' : '5' })],
      });
      if (n !== 5) await store.observations.put(look(n));
    }
    await store.identifications.notePerformers([{ ...scene(4), performerIds: ['5'] }]);
    assert.deepEqual(await store.observations.entitiesToMatch(PACK, 9), []);
    await store.identifications.forgetMatchesWith('5');
    const { observations } = await reopen();
    const due = async (limit = 9): Promise<string[]> =>
      (await observations.entitiesToMatch(PACK, limit)).map(({ entity, title }) => `${entity.id} ${title}`);
    assert.deepEqual(await due(), ['2 Scene 2', '11 Scene 11']);
    assert.deepEqual(await due(1), ['2 Scene 2']);
    assert.deepEqual(await observations.entitiesToMatch(OTHER_PACK, 9), []);
    assert.equal(await observations.matchedWith(scene(11)), null);
    assert.notEqual(await store.identifications.get(scene(11)), null, 'what was said is still there');
    await observations.setMatchedWith(scene(2), '2');
    assert.deepEqual(await due(), ['11 Scene 11']);
    await observations.setMatchedWith(scene(3), null);
    assert.deepEqual(await due(), ['3 Scene 3', '11 Scene 11']);
  });

  test(`${name}: open suggestions of a performer that rest on a reference are suspended, until they are proposed once more`, async () => {
    const { store, clock } = await fresh(create);
    const { suggestions } = store;
    const inState = async (state: SuggestionState): Promise<string[]> =>
      (await suggestions.list({ state }, 'newest', 9, 0)).items
        .map(({ entity, target }) => `${entity.id}:${target?.id}`)
        .toSorted();
    await suggestions.replace(scene(1), 'faces', [restingOn(1, 5, '31'), restingOn(1, 6, '31')]);
    await suggestions.replace(scene(2), 'faces', [restingOn(2, 5, '32')]);
    await suggestions.replace(scene(3), 'faces', [restingOn(3, 5, '3')]);
    await suggestions.replace(scene(4), 'faces', [restingOn(4, 5, '31')]);
    const [accepted] = (await suggestions.list({ entity: scene(4) }, 'newest', 1, 0)).items;
    await suggestions.changeState(accepted!.id, ['open'], 'accepted');
    clock.at += 10;
    const suspended = await suggestions.suspend({ kind: 'performer', id: '5' }, ['31', '32']);
    assert.deepEqual(
      suspended.toSorted((a, b) => a.id.localeCompare(b.id)),
      [scene(1), scene(2)],
    );
    assert.deepEqual(await inState('open'), ['1:6', '3:5']);
    assert.deepEqual(await inState('stale'), ['1:5', '2:5']);
    assert.equal((await suggestions.get(accepted!.id))?.state, 'accepted');
    assert.deepEqual(await suggestions.suspend({ kind: 'performer', id: '5' }, ['31', '32']), []);
    await suggestions.replace(scene(2), 'faces', [restingOn(2, 5, '3')]);
    assert.deepEqual(await inState('open'), ['1:6', '2:5', '3:5']);
  });

  test(`${name}: where a performer was seen is told without where Stash has them, page by page`, async () => {
    const { store } = await fresh(create);
    const { identifications } = store;
    for (const n of [9, 1, 2, 3]) {
      await linked(store, n);
      const five = cluster(0, 'match', { performerId: '5' });
      await identifications.save(scene(n), {
        matcherVersion: '1',
        // In the last one the performer is only one of several whom it could be.
        persons: n === 3 ? [{ ...five, decision: 'ambiguous' }] : [five, { ...five, key: 1 }],
      });
    }
    const found = async (after: EntityRef | null = null, limit = 9): Promise<string[]> =>
      (await identifications.seenNotTagged('5', after, limit)).map(
        ({ entity, title }) => `${entity.id} ${title}`,
      );
    assert.deepEqual(await found(), ['9 Scene 9', '1 Scene 1', '2 Scene 2']);
    assert.deepEqual(await found(null, 2), ['9 Scene 9', '1 Scene 1']);
    assert.deepEqual(await found(scene(1)), ['2 Scene 2']);

    await identifications.notePerformers([
      { ...scene(1), performerIds: ['5', '6'] },
      { ...scene(2), performerIds: ['6'] },
      { ...scene(77), performerIds: ['5'] },
    ]);
    assert.deepEqual(await found(), ['9 Scene 9', '2 Scene 2']);
    assert.equal(await identifications.get(scene(77)), null, 'never observed: nothing is kept of it');
    await identifications.notePerformers([{ ...scene(1), performerIds: ['6'] }]);
    assert.deepEqual(await found(), ['9 Scene 9', '1 Scene 1', '2 Scene 2']);
    await identifications.notePerformersChanged(scene(2), { added: ['5'], removed: ['6'] });
    assert.deepEqual(await found(), ['9 Scene 9', '1 Scene 1']);
    await identifications.notePerformersChanged(scene(2), { added: [], removed: ['5'] });
    assert.deepEqual(await found(), ['9 Scene 9', '1 Scene 1', '2 Scene 2']);
    assert.deepEqual(await identifications.seenNotTagged('7', null, 9), []);
  });

  test(`${name}: an unknown person is found wherever a file shows them, also by way of a gallery`, async () => {
    const { store } = await fresh(create);
    const { identifications } = store;
    const image = { kind: 'image', id: '1' } as const;
    const gallery = { kind: 'gallery', id: '1' } as const;
    const say = async (entity: EntityRef, ...persons: IdentifiedCluster[]): Promise<void> => {
      await store.observations.link(entity, `${entity.kind} ${entity.id}`, [contentId(1)]);
      await identifications.save(entity, { matcherVersion: '1', persons });
    };
    await say(
      scene(1),
      cluster(0, 'unknown', { members: [member(1, 0)] }),
      cluster(1, 'unknown', { members: [member(1, 1)] }),
    );
    await say(scene(2), cluster(7, 'unknown', { members: [member(1, 0)] }));
    await say(scene(3), cluster(0, 'match', { members: [member(1, 0)], performerId: '5' }));
    await say(scene(4), cluster(0, 'unknown', { members: [member(4, 0)] }));
    await say(image, cluster(0, 'unknown', { members: [member(8, 3)] }));
    await say(gallery, cluster(0, 'unknown', { members: [member(8, 3), member(1, 0)] }));
    const found = async (entity: EntityRef, key: number, limit = 9): Promise<string[]> =>
      (await identifications.withUnknown(entity, key, limit)).map(({ title }) => title).toSorted();
    const everywhere = ['gallery 1', 'image 1', 'scene 1', 'scene 2'];
    assert.deepEqual(await found(scene(1), 0), everywhere);
    assert.deepEqual(await found(image, 0), everywhere);
    assert.equal((await found(image, 0, 2)).length, 2);
    assert.deepEqual(await found(scene(1), 1), ['scene 1']);
    assert.deepEqual(await found(scene(3), 0), [], 'somebody known');
    assert.deepEqual(await found(scene(1), 5), []);
  });

  test(`${name}: what was decided about faces is erased with what it was decided with`, async () => {
    for (const what of ['faces', 'people', 'decisions'] as const) {
      const { store } = await fresh(create);
      const { identifications } = store;
      await linked(store, 1);
      const persons = [cluster(0, 'match', { performerId: '5' }), cluster(1, 'unknown')];
      await identifications.save(scene(1), { matcherVersion: '1', persons });
      await identifications.notePerformers([{ ...scene(1), performerIds: ['5'] }]);
      await store.erase([what]);
      assert.equal(await identifications.get(scene(1)), null, what);
      assert.deepEqual(await identifications.withUnknown(scene(1), 1, 9), [], what);
      await linked(store, 1);
      await identifications.save(scene(1), { matcherVersion: '1', persons });
      const isTagged = (await identifications.seenNotTagged('5', null, 9)).length === 0;
      assert.equal(isTagged, what !== 'faces', what);
    }
  });
}

export async function linked(store: Store, n: number): Promise<void> {
  await store.observations.link(scene(n), `Scene ${n}`, [contentId(n)]);
}

export function member(file: number, personKey: number): IdentifiedCluster['members'][number] {
  return { contentId: contentId(file), personKey };
}

export function cluster(
  key: number,
  decision: IdentifiedCluster['decision'],
  {
    performerId = '6',
    ...changes
  }: Partial<Pick<IdentifiedCluster, 'members' | 'candidates'>> & { performerId?: string } = {},
): IdentifiedCluster {
  return {
    key,
    members: [member(1, key)],
    decision,
    confidence: 0.97,
    margin: 0.3,
    candidates: [
      {
        personId: `stash:${performerId}`,
        performerId,
        name: 'Somebody',
        similarity: 0.6,
        confidence: 0.97,
        referenceId: '4',
      },
      {
        personId: 'dir:x',
        performerId: null,
        name: 'X',
        similarity: 0.3,
        confidence: 0.01,
        referenceId: '5',
      },
    ],
    ...changes,
  };
}

function restingOn(n: number, performerId: number, referenceId: string): ReturnType<typeof proposal> {
  const made = proposal(n, performerId);
  return { ...made, evidence: { ...made.evidence, referenceId } };
}
