/** Who a stash-box lists in scenes that the user has linked, as a sign of who the performers of these scenes are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOX, boxId } from '../../fakes/memory-box.ts';
import { anItem } from '../../fakes/memory-stash.ts';
import { addPerformer, link, opened, suggested, type Opened } from './linking.ts';

/** [what, scenes with the numbers of who is listed there, the face of performer 1, what is suggested: who, whether strongly, and how the scenes weigh] */
type Case = {
  readonly what: string;
  readonly scenes: readonly { readonly mine: readonly number[]; readonly theirs: readonly number[] }[];
  readonly name?: string;
  readonly axis?: number | null;
  readonly expected: readonly [n: number, isStrong: boolean, scenes: string][];
};

const CASES: readonly Case[] = [
  {
    what: 'whoever is left beside those who are linked is them, though called otherwise, and a person looks',
    scenes: [
      { mine: [1, 2], theirs: [11, 12] },
      { mine: [1], theirs: [11] },
    ],
    axis: null,
    expected: [[11, false, '2 of 2']],
  },
  {
    what: 'a face and the cast agree',
    scenes: [{ mine: [1], theirs: [11, 13] }],
    expected: [[11, true, '1 of 1']],
  },
  {
    what: 'a face that is none of the cast is not enough',
    scenes: [{ mine: [1], theirs: [13, 14] }],
    expected: [],
  },
  {
    what: 'a name and the cast agree, and without a face a person looks',
    scenes: [{ mine: [1], theirs: [13, 15] }],
    name: 'Ada Lovelace',
    axis: null,
    expected: [[15, false, '1 of 1']],
  },
  {
    what: 'of two of one name the one who is listed comes first, and the one who is in none of many last',
    scenes: [15, 15, 15, 15].map((n) => ({ mine: [1], theirs: [n] })),
    name: 'Ada Lovelace',
    axis: null,
    expected: [[15, false, '4 of 4']],
  },
  {
    what: 'who is in each of them comes before somebody who is in one',
    scenes: [
      { mine: [1], theirs: [13, 14] },
      { mine: [1], theirs: [14] },
      { mine: [1], theirs: [14] },
    ],
    axis: null,
    expected: [[14, false, '3 of 3']],
  },
  {
    what: 'scenes of which the stash-box lists nobody say nothing',
    scenes: [{ mine: [1], theirs: [] }],
    expected: [],
  },
];

for (const { what, scenes, name = 'Mine', axis = 1, expected } of CASES)
  test(`by scenes: ${what}`, async (t) => {
    const world = await withPeople(await opened(t));
    await addPerformer(world.context, world.stash, 1, { name }, {}, axis);
    for (const [at, { mine, theirs }] of scenes.entries()) addScene(world, at + 1, mine, theirs);
    await link(world.context);
    assert.deepEqual(
      (await suggested(world.context)).map(({ payload, evidence: { isStrong, signs } }) => {
        const scene = signs.find(({ sign }) => sign === 'scenes');
        return [Number(payload.stashId.stashId.slice(-6)), isStrong, `${scene?.mine} of ${scene?.theirs}`];
      }),
      expected,
    );
  });

test('scenes of many performers are asked about in few questions, each once, and not again while nothing changes', async (t) => {
  const world = await withPeople(await opened(t));
  for (let n = 100; n < 120; n++) {
    await addPerformer(world.context, world.stash, n, { name: `Mine Number${n}` }, {}, null);
    addScene(world, n, [n, n + 1], [13, 14]);
  }
  await link(world.context);
  const asked = world.box.calls.filter((call) => call.startsWith('appearances'));
  // Five performers a question, and each scene of two of them.
  assert.deepEqual(asked, ['appearances 5', 'appearances 5', 'appearances 5', 'appearances 5']);
  world.box.calls.length = 0;
  await link(world.context);
  assert.equal(world.box.calls.length, 0);
  // Somebody has linked one more scene of theirs.
  addScene(world, 7, [105], [13]);
  await link(world.context);
  assert.deepEqual(
    world.box.calls.filter((call) => !call.startsWith('performers')),
    ['search 1', 'appearances 3'],
  );
});

/** Performer 2 is linked with 12 there. 13 and 14 are called as nobody of the user is, 15 and 16 have one name. */
async function withPeople(world: Opened): Promise<Opened> {
  const { context, stash, box } = world;
  const stashIds = [{ endpoint: BOX, stashId: boxId(12) }];
  await addPerformer(context, stash, 2, { name: 'Linked', stashIds }, {}, null);
  box.add(11, ['face 1', 'again 1']);
  box.add(12, ['face 2']);
  box.add(13, ['face 3']);
  box.add(14, ['face 4']);
  for (const n of [15, 16]) box.add(n, [], { name: 'Ada Lovelace' });
  return world;
}

/** Scene `n` of the user with these performers, and of the stash-box with those. */
function addScene(
  { stash, box }: Opened,
  n: number,
  mine: readonly number[],
  theirs: readonly number[],
): void {
  stash.items.set(`scene:${n}`, anItem(n, { performerIds: mine.map(String) }));
  stash.sceneStashIds.set(String(n), [{ endpoint: BOX, stashId: boxId(1000 + n) }]);
  box.casts.set(boxId(1000 + n), theirs.map(boxId));
}
