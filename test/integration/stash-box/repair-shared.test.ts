/** Of the stash IDs of scenes those that several have, or that one has beside another of the same stash-box: which one is right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { aBoxScene, BOX, boxId } from '../../fakes/memory-box.ts';
import { accept, at, deleted, link, opened, oshash, wrongOnes } from './repairing.ts';

test('of two ids that were merged into different scenes the fingerprints say which, and the other is taken off', async (t) => {
  const { context, box } = await opened(t, {
    1: [
      { endpoint: BOX, stashId: boxId(3) },
      { endpoint: BOX, stashId: boxId(12) },
    ],
  });
  box.scenes.push(aBoxScene(13, [oshash(1)]));
  box.sceneStates.set(boxId(12), deleted(12));
  box.sceneMerges?.set(boxId(12), boxId(13));
  await link(context);
  assert.deepEqual(
    (await wrongOnes(context)).map(({ payload, confidence }) => [
      payload.wrong.stashId,
      payload.right?.stashId ?? null,
      confidence,
    ]),
    [
      [boxId(12), boxId(13), 0.98],
      [boxId(3), null, 0.9],
    ],
  );
});

test('what the fingerprints say of one id of two scenes: of copies nothing, of another film that it is to be taken off, else a person is told', async (t) => {
  const ada = [{ endpoint: BOX, stashId: boxId(1) }];
  const { context, stash, box } = await opened(t, { 1: ada, 2: ada });
  const shown = async () =>
    (await wrongOnes(context)).map(({ entity, evidence, confidence }) => [
      entity.id,
      evidence.reason,
      evidence.isTold,
      evidence.others.map(({ id }) => id),
      confidence,
    ]);
  box.scenes[0] = aBoxScene(1, [oshash(1), oshash(2)]);
  await link(context);
  assert.deepEqual(await shown(), [], 'copies of one film');

  box.scenes[0] = aBoxScene(1, [oshash(1)]);
  box.scenes.push(aBoxScene(14, [oshash(2)]));
  await link(context, { force: true });
  assert.deepEqual(await shown(), [['2', 'shared', true, ['1'], 0.9]]);

  box.scenes.splice(0, box.scenes.length, aBoxScene(1, []));
  const asked = box.calls.length;
  await link(context, { force: true });
  assert.deepEqual(box.calls.slice(asked), ['states 1', 'fingerprints 2']);
  assert.deepEqual(
    (await shown()).toSorted(([a], [b]) => Number(a) - Number(b)),
    [
      ['1', 'shared', false, ['2'], 0.5],
      ['2', 'shared', false, ['1'], 0.5],
    ],
  );
  // Together with others neither is accepted.
  assert.deepEqual(await context.store.suggestions.acceptable({ minConfidence: 0.95 }, null, 10), []);
  const [first, second] = (await wrongOnes(context)).toSorted(
    (a, b) => Number(a.entity.id) - Number(b.entity.id),
  );
  const { accepted } = await accept(context, first!.id);
  assert.deepEqual([stash.sceneStashIds.get('1'), stash.sceneStashIds.get('2')], [[], ada]);
  assert.match(
    inEnglish((await accept(context, second!.id)).refused[0]!.reason),
    /no longer counts as wrong/,
  );
  assert.deepEqual(stash.sceneStashIds.get('2'), ada, 'the last one keeps it');
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(stash.sceneStashIds.get('1'), ada);
});

test('beside an id that another scene has too, and that may be right, another one is only taken off', async (t) => {
  const { context, stash, box } = await opened(t, { 1: [at(2), at(14)], 2: [at(14)] });
  box.scenes.push(aBoxScene(14, []));
  await link(context);
  const ofFirst = async () => (await wrongOnes(context)).filter(({ entity }) => entity.id === '1');
  const shown = (await ofFirst()).map(({ payload }) => [payload.wrong, payload.right]);
  assert.deepEqual(shown, [
    [at(2), null],
    [at(14), null],
  ]);
  const [merged] = await ofFirst();
  assert.deepEqual((await accept(context, merged!.id)).refused, []);
  assert.deepEqual(stash.sceneStashIds.get('1'), [at(14)]);
});

test('what was suggested before another scene got the id is refused while that may stay', async (t) => {
  const { context, stash, box } = await opened(t, { 1: [at(2), at(4)], 2: [at(14)] });
  box.scenes.push(aBoxScene(14, []));
  await link(context);
  const found = await wrongOnes(context);
  const merged = found.find(({ payload }) => payload.right !== null)!;
  const [{ id: _, state: __, ...shared }] = [found.find(({ payload }) => payload.right === null)!];
  await context.store.suggestions.replace(shared.entity, 'another', [
    {
      ...shared,
      analyzer: 'another',
      payload: { ...shared.payload, wrong: at(14) },
      evidence: { ...shared.evidence, reason: 'shared', isTold: false },
    },
  ]);
  stash.sceneStashIds.set('1', [at(2), at(14)]);
  const { refused } = await accept(context, merged.id);
  assert.match(
    inEnglish(refused[0]!.reason),
    /another stash ID of box\.example by now\. Look which one is right/,
  );
  assert.deepEqual(stash.sceneStashIds.get('1'), [at(2), at(14)]);
});

test('where no other scene has the id any more nothing is taken off, and that is said', async (t) => {
  const ada = [{ endpoint: BOX, stashId: boxId(1) }];
  const { context, stash } = await opened(t, { 1: ada, 2: ada });
  await link(context);
  const one = (await wrongOnes(context)).find(({ entity }) => entity.id === '1');
  stash.sceneStashIds.set('2', []);
  const { refused } = await accept(context, one!.id);
  assert.match(inEnglish(refused[0]!.reason), /No other scene has the stash ID of box\.example by now/);
  assert.deepEqual(stash.sceneStashIds.get('1'), ada);
});
