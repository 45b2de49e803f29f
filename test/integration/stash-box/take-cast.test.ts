/** Of the cast, the studio and the tags of a scene of a stash-box, who and what they are in the user's Stash, and what cannot be made of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoxStudio } from '../../../core/ports/boxes/box-scenes.ts';
import { listOf } from '../../../core/changes/values.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { boxId, type MemoryBox } from '../../fakes/memory-box.ts';
import { aSceneProfile } from './linking.ts';
import { create, named, opened, stashIdOf, ticked, world } from './taking.ts';

const tag = (n: number, name: string) => ({ id: boxId(n), name, description: null, aliases: [] });
const member = (box: MemoryBox, n: number, name: string, overrides = {}) => ({
  performer: box.add(n, [], { name: named(name), ...overrides }),
  as: '',
});

test('who has an id that was merged into theirs, however it is written, is the one', async (t) => {
  const { box, ask, link, entity } = await opened(t);
  const merged = { ...stashIdOf(0xab), stash_id: boxId(0xab).toUpperCase() };
  const ada = await create('performer', { name: named('Countess'), stash_ids: [merged] });
  const cast = [member(box, 1, 'Ada', { mergedIds: [boxId(0xaa), boxId(0xab)] })];
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { cast }));
  const { offers } = await ask();
  assert.deepEqual(
    offers.map(({ theirs, isMade, isProposed }) => [theirs, isMade, isProposed]),
    [[named('Countess'), false, true]],
  );
  await link(ticked(offers));
  assert.deepEqual((await world.read(entity)).values['performers'], [ada]);
});

test('who is excluded by the settings is neither offered nor named, by id or by name, nor made a second time', async (t) => {
  const names = ['By id', 'By name', 'By merged id'];
  const ids = [
    await create('performer', { name: 'Excluded by id', stash_ids: [stashIdOf(1)] }),
    await create('performer', { name: 'Excluded by name' }),
    await create('performer', { name: 'Excluded by merged id', stash_ids: [stashIdOf(8)] }),
  ];
  const settings = { excludedPerformers: JSON.stringify(ids) };
  await world.stash.library.changeSettings(settings);
  t.after(async () => {
    await world.stash.library.changeSettings({ excludedPerformers: '' });
    for (const id of ids) await world.stash.writer.destroy({ kind: 'performer', id });
  });
  const { box, ask, link, state } = await opened(t, {}, settings);
  // The stash-box of this test has their ids.
  for (const [n, id] of ids.entries())
    if (n !== 1)
      await world.set({ kind: 'performer', id }, { stashIds: [toValue(stashIdOf(n === 0 ? 1 : 8))] });
  const cast = [
    member(box, 1, names[0]!),
    { performer: box.add(2, [], { name: 'Excluded by name' }), as: '' },
    member(box, 3, names[2]!, { mergedIds: [boxId(8)] }),
  ];
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { cast }));
  const { offers, undecided, nameTaken } = await ask();
  assert.deepEqual([offers, undecided, nameTaken], [[], [], []]);
  const untouched = await state();
  // A page that was loaded before they were excluded.
  const { refused } = await link({ [`performer:${boxId(1)}`]: '0'.repeat(16) });
  assert.equal(refused.length, 1);
  assert.deepEqual(await state(), untouched);
});

test('of two things of one name, and of one that is listed twice, one is offered, and all that is offered can be taken over', async (t) => {
  const { context, box, ask, link, entity, state } = await opened(t);
  const reels: BoxStudio = { id: boxId(50), name: named('Reels') };
  const [ada, other] = [member(box, 1, 'Ada'), member(box, 2, 'Ada')];
  box.sceneProfiles.set(
    boxId(9),
    aSceneProfile(9, {
      studio: { ...reels, parent: { id: boxId(51), name: reels.name.toUpperCase() } },
      tags: [
        tag(60, named('Engine')),
        tag(61, named('ENGINE')),
        tag(60, named('Engine')),
        tag(62, named('Loom')),
      ],
      cast: [ada, ada, other, member(box, 3, 'Grace')],
    }),
  );
  const { offers, nameTaken } = await ask();
  assert.deepEqual(
    offers.map(({ key, theirs, isMade }) => [key, theirs, isMade]),
    [
      ['studio', named('Reels'), true],
      [`performer:${boxId(1)}`, named('Ada'), true],
      [`performer:${boxId(3)}`, named('Grace'), true],
      [`tag:${boxId(60)}`, named('Engine'), true],
      [`tag:${boxId(62)}`, named('Loom'), true],
    ],
  );
  assert.deepEqual(nameTaken, [named('Ada')]);
  const untouched = await state();
  const { accepted, refused } = await link(ticked(offers));
  assert.deepEqual(refused, []);
  const { values } = await world.read(entity);
  assert.deepEqual([listOf(values, 'performers').length, listOf(values, 'tags').length], [2, 2]);
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(await state(), untouched);
});

test('one performer whose name two of the cast have is none of them for certain', async (t) => {
  const { box, ask } = await opened(t);
  await create('performer', { name: named('Ada') });
  const cast = [member(box, 1, 'Ada', { disambiguation: 'one' }), member(box, 2, 'Ada')];
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { cast }));
  const { offers, undecided } = await ask();
  assert.deepEqual([offers, undecided], [[], [named('Ada'), named('Ada')]]);
});

test('a studio is shown with the parent that it gets, and a name that another one here has is said to be taken', async (t) => {
  const { box, ask } = await opened(t);
  const studio = { id: boxId(50), name: named('Reels'), parent: { id: boxId(51), name: named('Network') } };
  await create('performer', { name: named('Ada'), stash_ids: [stashIdOf(7)] });
  const cast = [member(box, 1, 'Ada')];
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { studio, cast }));
  const shown = async () => (await ask()).offers.map(({ theirs }) => theirs);
  assert.deepEqual(await shown(), [`${named('Reels')} (${named('Network')})`]);
  assert.deepEqual([(await ask()).undecided, (await ask()).nameTaken], [[], [named('Ada')]]);
  // Another one of the stash-box is called as the parent is.
  await create('studio', { name: named('Network'), stash_ids: [stashIdOf(99)] });
  assert.deepEqual(await shown(), [named('Reels')]);
  await create('studio', { name: named('Reels'), stash_ids: [stashIdOf(98)] });
  assert.deepEqual(await shown(), []);
  assert.deepEqual((await ask()).nameTaken, [named('Reels'), named('Ada')]);
});

test('a cast of 500 is compared in some twenty questions, and under the write lock only whoever was ticked', async (t) => {
  const { context, box, ask, link } = await opened(t);
  const cast = Array.from({ length: 500 }, (_, n) => member(box, 1000 + n, `Extra ${n}`));
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { cast }));
  const { library, changes } = context;
  const asked: string[] = [];
  let isLocked = false;
  const counted = { ...library };
  counted.performersAlike = async (wanted) => {
    asked.push(`${isLocked ? 'locked ' : ''}${wanted.length}`);
    return await library.performersAlike(wanted);
  };
  const writing: { library: typeof library; changes: typeof changes } = context;
  writing.library = counted;
  writing.changes = {
    exclusively: (work, waiting) =>
      changes.exclusively(async (write) => {
        isLocked = true;
        try {
          return await work(write);
        } finally {
          isLocked = false;
        }
      }, waiting),
  };
  const before = world.requests();
  const { offers } = await ask();
  assert.equal(offers.length, 500);
  const requests = world.requests() - before;
  assert.ok(requests <= 26, `${requests} requests`);
  const { refused } = await link(ticked(offers.slice(0, 2)));
  assert.deepEqual(refused, []);
  assert.deepEqual(asked, ['500', '2', 'locked 2']);
});

function toValue({ endpoint, stash_id: stashId }: ReturnType<typeof stashIdOf>) {
  return { endpoint, stashId };
}
