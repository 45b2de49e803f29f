/** Studios as evidence of who a performer is, over a Stash and a stash-box in memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { compareStudios } from '../../../core/stash-box/scenes.ts';
import { BOX, boxId } from '../../fakes/memory-box.ts';
import { anItem } from '../../fakes/memory-stash.ts';
import { addPerformer, link, opened, suggested, type Opened } from './linking.ts';

const STUDIO = boxId(500);

test('of two namesakes without pictures the one of the same studio comes first, and is not sure', async (t) => {
  const world = await opened(t);
  await withStudio(world, [STUDIO]);
  const { context, box } = world;
  box.add(2, [], { name: 'Ada Lovelace', disambiguation: 'another', birthDate: null, country: null });
  box.add(3, [], { name: 'Ada Lovelace', birthDate: null, country: null });
  box.studios.set(STUDIO, [boxId(3)]);
  box.studios.set(boxId(501), [boxId(2)]);
  await link(context);
  const found = await suggested(context);
  assert.deepEqual(
    found.map(({ payload, evidence }) => [
      payload.stashId.stashId,
      evidence.isStrong,
      evidence.signs
        .filter(({ sign }) => sign === 'studios')
        .map(({ mine, theirs }) => `${mine} of ${theirs}`),
    ]),
    [
      [boxId(3), false, ['1 of 1']],
      [boxId(2), false, ['0 of 1']],
    ],
  );
  assert.ok(found[0]!.confidence > 0.6, String(found[0]!.confidence));
  assert.ok(found[1]!.confidence < 0.1, String(found[1]!.confidence));
  assert.equal(box.calls.filter((call) => call.startsWith('studios')).length, 1, 'one request for both');
});

test('the stash-box is not asked where a face says who it is, nor where no studio is linked', async (t) => {
  for (const [studios, axis] of [
    [[STUDIO], 1],
    [[], null],
  ] as const) {
    const world = await opened(t);
    await withStudio(world, studios, axis);
    world.box.add(1, ['face 1'], { name: 'Ada Lovelace' });
    await link(world.context);
    assert.equal((await suggested(world.context)).length, 1);
    assert.deepEqual(
      world.box.calls.filter((call) => call.startsWith('studios')),
      [],
    );
  }
});

test('a stash-box that cannot answer it costs no find', async (t) => {
  const world = await opened(t);
  await withStudio(world, [STUDIO]);
  const { context, box } = world;
  box.add(3, [], { name: 'Ada Lovelace' });
  box.before = (call) => {
    if (call.startsWith('studios')) throw new StashSenseError('stash-box-failed', plain('no such field'));
  };
  await link(context);
  assert.equal((await suggested(context)).length, 1);
});

test('studios are nothing where one side has none, and never weigh so much against it that a face could not', () => {
  const ids = [boxId(1), boxId(2), boxId(3), boxId(4), boxId(5)];
  assert.deepEqual([compareStudios([], ids), compareStudios(ids, [])], [null, null]);
  const weights = [1, 2, 5].map((n) => compareStudios(ids, ids.slice(0, n))!.weight);
  assert.deepEqual(
    weights,
    weights.toSorted((a, b) => a - b),
  );
  const against = compareStudios(ids, [boxId(9)])!.weight;
  assert.ok(against < -1.5 && against > -3, String(against));
});

async function withStudio(
  { context, stash }: Opened,
  ids: readonly string[],
  axis: number | null = null,
): Promise<void> {
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' }, {}, axis);
  const scene = anItem(7, { performerIds: ['1'] });
  stash.items.set(`scene:${scene.id}`, scene);
  stash.sceneFields.set(scene.id, { studio: '5' });
  stash.studios.set('5', {
    name: 'A studio',
    aliases: [],
    stashIds: ids.map((stashId) => ({ endpoint: BOX, stashId })),
  });
}
