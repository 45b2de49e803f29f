/** The cover of a scene, taken over from a stash-box: Stash keeps no cover that is replaced, and takes none off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StashRef } from '../../../core/stash-ref.ts';
import type { BoxImage } from '../../../core/ports/stash-box.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { boxId, type MemoryBox } from '../../fakes/memory-box.ts';
import { aSceneProfile } from './linking.ts';
import { endpointOfTest, opened, ticked, world } from './taking.ts';

const MINE = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2Q==', 'base64');
const THEIRS = Buffer.from('/9j/4AAQSkZJRgABAQEAYABgAAD/2Q==', 'base64');
const OTHER = Buffer.from('/9j/4AAQSkZJRgABAQEAcgByAAD/2Q==', 'base64');

test('a cover is offered beside that of the scene, taken over where it is ticked, and the undo puts the old one back', async (t) => {
  const { context, box, entity, ask, link } = await opened(t);
  await setCover(entity, MINE);
  addScene(box);
  const { offers } = await ask();
  assert.deepEqual(
    offers.map(({ key, isProposed }) => [key, isProposed]),
    [
      ['cover', false],
      ['details', true],
    ],
  );
  const { accepted, refused } = await link(ticked(offers));
  assert.deepEqual(refused, []);
  assert.deepEqual(await coverOf(entity), THEIRS);
  assert.deepEqual((await ask()).offers, [], 'it is that of the stash-box now');
  const { journalId } = accepted[0]!;
  const kept = await context.store.state.get(`cover-before:${journalId}`);
  assert.equal(kept?.base64, MINE.toString('base64'));
  assert.deepEqual((await undo(context, { ids: [journalId!] })).refused, []);
  assert.deepEqual(await coverOf(entity), MINE);
  assert.equal(await context.store.state.get(`cover-before:${journalId}`), null);
});

test('a cover is read once before it is replaced, and once after', async (t) => {
  const fetches = t.mock.method(world.stash.library, 'fetchMedia');
  const { box, entity, ask, link } = await opened(t);
  await setCover(entity, MINE);
  addScene(box);
  const { offers } = await ask();
  const wanted = offers.filter(({ key }) => key === 'cover');
  fetches.mock.resetCalls();
  await link(ticked(wanted));
  assert.deepEqual(await coverOf(entity), THEIRS);
  const paths = fetches.mock.calls.map(({ arguments: [path] }) => path);
  assert.equal(paths.filter((path) => path.includes('/screenshot')).length, 5, paths.join(' '));
});

test('of a scene without one it is proposed; the undo takes back the rest and leaves it', async (t) => {
  const { context, box, entity, ask, link } = await opened(t);
  addScene(box);
  const { offers } = await ask();
  assert.deepEqual(
    offers.map(({ key, mine, isProposed }) => [key, mine, isProposed]),
    [
      ['cover', null, true],
      ['details', null, true],
    ],
  );
  const { accepted } = await link(ticked(offers));
  assert.equal((await world.read(entity)).values['details'], 'Notes');
  const { undone, refused } = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual([undone.length, refused], [1, []]);
  const { values } = await world.read(entity);
  assert.deepEqual([values['details'], values['stashIds']], [null, []]);
  assert.deepEqual(await coverOf(entity), THEIRS);
});

test('a cover that somebody has changed since is not replaced, neither by the acceptance nor by the undo', async (t) => {
  const { context, box, entity, ask, link } = await opened(t);
  await setCover(entity, MINE);
  addScene(box);
  const { offers } = await ask();
  await setCover(entity, OTHER);
  const late = await link(ticked(offers));
  assert.match(inEnglish(late.refused[0]!.reason), /has changed since/);
  assert.deepEqual(await coverOf(entity), OTHER);
  const { accepted } = await link(ticked((await ask()).offers));
  await setCover(entity, MINE);
  const { refused } = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.equal(refused.length, 1);
  assert.deepEqual(await coverOf(entity), MINE);
});

test('a cover that was replaced goes with a scene that is excluded; the undo then says so, and undoes the others', async (t) => {
  const { context, box, entity, ask, link } = await opened(t);
  await setCover(entity, MINE);
  addScene(box);
  const journalId = (await link(ticked((await ask()).offers))).accepted[0]!.journalId!;
  const scene = { kind: 'scene', id: entity.id, contentIds: [] } as const;
  await context.store.forget({ entities: [scene], performerIds: [] });
  assert.equal(await context.store.state.get(`cover-before:${journalId}`), null);
  const { undone, refused } = await undo(context, { ids: [journalId] });
  assert.deepEqual(undone, []);
  assert.match(inEnglish(refused[0]!.reason), /the cover that .* had before is no longer kept/);
  assert.deepEqual(await coverOf(entity), THEIRS);
  assert.deepEqual(await context.store.state.get('undo-begun'), null);
});

test('where Stash does not give its cover none is offered, and the rest can be taken', async (t) => {
  const { context, box, entity, at } = await opened(t);
  await setCover(entity, MINE);
  addScene(box);
  await world.set(entity, { stashIds: [at.stashId] });
  let asked = 0;
  const library = {
    ...context.library,
    fetchMedia: () => {
      asked++;
      return Promise.reject(new StashSenseError('unreadable-media', plain('status 500')));
    },
  };
  const parts = { ...context, library };
  const { offers } = await sceneBoxOperations['sceneBoxes.profile'](parts, at);
  assert.deepEqual(
    offers.map(({ key }) => key),
    ['details'],
  );
  asked = 0;
  await sceneBoxOperations['sceneBoxes.take'](parts, { ...at, taken: ticked(offers) });
  assert.equal((await world.read(entity)).values['details'], 'Notes');
  assert.equal(asked, 0, 'the cover is not looked at where it is not taken');
});

test('where the cover is all that was taken, and there was none before, the undo says that it stays', async (t) => {
  const { context, box, entity, ask, at } = await opened(t);
  addScene(box);
  await world.set(entity, { stashIds: [at.stashId] });
  const cover = (await ask()).offers.filter(({ key }) => key === 'cover');
  const { batchId } = await sceneBoxOperations['sceneBoxes.take'](context, { ...at, taken: ticked(cover) });
  const { undone, refused } = await undo(context, { batchId: batchId! });
  assert.deepEqual(undone, []);
  assert.match(inEnglish(refused[0]!.reason), /keeps the cover/);
});

test('without the picture the rest is taken over, and it says why', async (t) => {
  const { box, entity, ask, link } = await opened(t);
  await setCover(entity, MINE);
  addScene(box);
  box.pictures.clear();
  const { accepted } = await link(ticked((await ask()).offers));
  assert.match(inEnglish(accepted[0]!.note!), /gets no cover/);
  assert.equal((await world.read(entity)).values['details'], 'Notes');
  assert.deepEqual(await coverOf(entity), MINE);
});

function addScene(box: MemoryBox): void {
  const id = boxId(70);
  const image: BoxImage = {
    id,
    url: `${new URL(endpointOfTest()).origin}/images/${id}`,
    width: 9,
    height: 5,
  };
  box.pictures.set(id, THEIRS);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { details: 'Notes', images: [image] }));
}

async function setCover({ id }: StashRef, cover: Buffer): Promise<void> {
  await world.ask('mutation($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }', {
    input: { id, cover_image: `data:image/jpeg;base64,${cover.toString('base64')}` },
  });
}

async function coverOf({ id }: StashRef): Promise<Buffer | null> {
  const bytes = await world.stash.library.fetchMedia(`/scene/${id}/screenshot`, 1 << 20);
  return bytes && Buffer.from(bytes);
}
