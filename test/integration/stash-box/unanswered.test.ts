/** What a stash-box cannot answer in part: the rest is used, nothing is taken for looked up, and nothing that is known is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import type { StashBoxClient } from '../../../core/ports/stash-box.ts';
import type { FakeContext } from '../../fakes/context.ts';
import { BOX, boxId } from '../../fakes/memory-box.ts';
import { anItem, aPerformer } from '../../fakes/memory-stash.ts';
import { addPerformer, link, opened, suggested, wrongOnes, type Opened } from './linking.ts';

/** [what, how a client answers that in part] */
const IN_PART: readonly [string, (client: StashBoxClient) => Partial<StashBoxClient>][] = [
  ['a term', (client) => ({ search: async (terms) => without(await client.search(terms), 'Countess') })],
  [
    'the page that the performer links',
    (client) => ({ performers: async (ids) => without(await client.performers(ids), boxId(5)) }),
  ],
  [
    'whoever that one was merged into',
    (client) => ({ performers: async (ids) => without(await client.performers(ids), boxId(6)) }),
  ],
  [
    'a scene',
    (client) => ({
      appearancesIn: async (ids) => without(await client.appearancesIn(ids), boxId(1001)),
      castOf: async (ids) => without(await client.castOf(ids), boxId(1001)),
    }),
  ],
  [
    'somebody else in a scene',
    (client) => ({
      appearancesIn: async (ids) => without(await client.appearancesIn(ids), boxId(1001)),
      performers: async (ids) => without(await client.performers(ids), boxId(3)),
    }),
  ],
];

for (const [what, inPart] of IN_PART)
  test(`a stash-box that cannot answer of ${what} is asked by the next run, and only by that`, async (t) => {
    const world = await withAda(await opened(t));
    const { context, box } = world;
    await link(answering(context, inPart));
    assert.deepEqual(await found(context), [boxId(1)]);
    box.calls.length = 0;
    await link(context);
    assert.notEqual(box.calls.length, 0);
    box.calls.length = 0;
    await link(context);
    assert.equal(box.calls.length, 0);
  });

test('what was suggested before stays while a stash-box answers only in part', async (t) => {
  const world = await withAda(await opened(t));
  const { context, stash } = world;
  await link(context);
  assert.deepEqual(await found(context), [boxId(1)]);
  const [before] = await suggested(context);
  await link(
    answering(context, () => ({ search: () => Promise.resolve(new Map()) })),
    { force: true },
  );
  const [after] = await suggested(context);
  assert.deepEqual([after?.id, after?.evidence.isStrong], [before?.id, true]);
  stash.performers.set('1', { ...stash.performers.get('1')!, name: 'Called Otherwise' });
  world.box.performers.delete(boxId(1));
  world.box.performers.delete(boxId(3));
  await link(context);
  assert.deepEqual(await found(context), []);
});

test('without pictures a stash-box is asked for all else, and whoever needs a look by the next run', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  await addPerformer(context, stash, 2, { name: 'Grace Hopper' });
  const stashIds = [{ endpoint: BOX, stashId: boxId(4) }];
  await addPerformer(context, stash, 3, { name: 'Linked', stashIds });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  box.add(2, ['face 2'], { name: 'Grace Hopper' });
  box.add(4, [], { deleted: true, mergedIntoId: boxId(1) });
  box.before = (call) => {
    if (call.startsWith('picture'))
      throw new StashSenseError('stash-box-unreachable', plain('No picture comes.'));
  };
  const { end } = await link(context);
  assert.equal(end, 'finished');
  assert.deepEqual(
    (await suggested(context)).map(({ evidence }) => evidence.isStrong),
    [false, false],
  );
  assert.equal((await wrongOnes(context)).length, 1);
  // No picture is asked for after the first ones did not come.
  const tried = box.calls.filter((call) => call.startsWith('picture'));
  assert.equal(new Set(tried).size, 1);
  box.before = () => undefined;
  await link(context);
  assert.deepEqual(
    (await suggested(context)).map(({ evidence }) => evidence.isStrong),
    [true, true],
  );
});

test('of several ids of which one cannot be answered the others are corrected, and its own correction stays', async (t) => {
  const { context, stash, box } = await opened(t);
  stash.performers.set(
    '1',
    aPerformer(1, {
      stashIds: [
        { endpoint: BOX, stashId: boxId(2) },
        { endpoint: BOX, stashId: 'no id' },
      ],
    }),
  );
  box.add(1, []);
  box.add(2, [], { deleted: true, mergedIntoId: boxId(1) });
  await link(context);
  assert.equal((await wrongOnes(context)).length, 2);
  const silent = answering(context, (client) => ({
    performers: async (ids) => without(await client.performers(ids), boxId(2)),
  }));
  await context.store.boxLookUps.drop(BOX, '1');
  await link(silent);
  const wrong = (await wrongOnes(context)).map(({ payload }) => payload.wrong.stashId);
  assert.deepEqual(wrong.toSorted(), [boxId(2), 'no id'].toSorted());
  box.calls.length = 0;
  await link(context);
  assert.deepEqual(box.calls, ['performers 1', 'performers 1']);
});

/** [what, how a client answers that in part] */
const BAD_CASTS: readonly [string, (client: StashBoxClient) => Partial<StashBoxClient>][] = [
  [
    'is not as the schema says',
    (client) => ({
      appearancesIn: async (ids) =>
        new Map(
          [...(await client.appearancesIn(ids))].map(([id, cast]) => [
            id,
            cast?.map((one) => (one.performer?.id === boxId(3) ? { ...one, performer: null } : one)) ?? null,
          ]),
        ),
    }),
  ],
  [
    'costs the box the answer of the scene',
    (client) => ({
      appearancesIn: () => Promise.reject(new StashSenseError('stash-box-failed', plain('a row is broken'))),
      performers: async (ids) => without(await client.performers(ids), boxId(3)),
    }),
  ],
];
for (const [what, inPart] of BAD_CASTS)
  test(`of a cast of which one ${what} the others are used, and it may be anybody`, async (t) => {
    const world = await withAda(await opened(t));
    const { context, box } = world;
    box.add(2, [], { name: 'Ada Lovelace' });
    await link(answering(context, inPart));
    const scenesOf = new Map(
      (await suggested(context)).map(({ payload, evidence }) => [
        payload.stashId.stashId,
        evidence.signs.find(({ sign }) => sign === 'scenes')?.weight,
      ]),
    );
    assert.ok((scenesOf.get(boxId(1)) ?? 0) > 0, 'who is listed in the scene');
    assert.equal(scenesOf.get(boxId(2)), undefined, 'who may be the one that was not read');
  });

/** Of performer 1 a strong find by face and name, with a page that was merged, and a linked scene. */
async function withAda(world: Opened): Promise<Opened> {
  const { context, stash, box } = world;
  const urls = [`https://box.example/performers/${boxId(5)}`];
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace', aliases: ['Countess'] }, { urls });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  box.add(5, [], { deleted: true, mergedIntoId: boxId(6) });
  box.add(6, [], { deleted: true });
  stash.items.set('scene:1', anItem(1, { performerIds: ['1'] }));
  stash.sceneStashIds.set('1', [{ endpoint: BOX, stashId: boxId(1001) }]);
  box.add(3, [], { name: 'Somebody else' });
  box.casts.set(boxId(1001), [boxId(1), boxId(3)]);
  return world;
}

async function found(context: FakeContext): Promise<string[]> {
  return (await suggested(context)).map(({ payload }) => payload.stashId.stashId);
}

function without<Answer>(answers: ReadonlyMap<string, Answer>, key: string): ReadonlyMap<string, Answer> {
  return new Map([...answers].filter(([one]) => one !== key));
}

function answering(
  context: FakeContext,
  inPart: (client: StashBoxClient) => Partial<StashBoxClient>,
): FakeContext {
  const { stashBoxes } = context;
  const open: typeof stashBoxes.open = async (endpoint) => {
    const client = await stashBoxes.open(endpoint);
    return { ...client, ...inPart(client) };
  };
  return { ...context, stashBoxes: { ...stashBoxes, open } };
}
