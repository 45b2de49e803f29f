/** People of reference packs in the Faces tab, their pictures, and a picture that is asked about. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inEnglish } from '../../core/messages/english.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { askPictureOperations } from '../../tasks/identify/ask-picture-operations.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { referencePackOperations } from '../../tasks/reference-packs/operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { anItem, aPerformer } from '../fakes/memory-stash.ts';
import { packWorld, SCENE, type PackWorld } from '../fakes/pack-world.ts';
import { aPackPerson, BOX, idOf } from '../fakes/reference-packs.ts';

const PERSON = idOf(aPackPerson(3));
const ABOUT = { entity: SCENE, personKey: 0, personId: PERSON };
const JPEG = Uint8Array.of(255, 216, 255, 3);

test('the Faces tab names the person of the pack, and after a yes the performer who was made, with the way back', async (t) => {
  const world = await packWorld(t);
  const before = await firstPerson(world);
  assert.deepEqual(
    [before.decision, before.name, before.performerId, before.present, before.suggestion?.state],
    ['match', 'Known 3', null, false, 'open'],
  );
  assert.deepEqual(before.candidates[0]?.pack, {
    personId: PERSON,
    disambiguation: '',
    stashIds: [{ endpoint: BOX, stashId: 'box-3' }],
  });
  const added = await add(world);
  assert.deepEqual([added.performerId, added.refused, added.dryRun], ['1', null, false]);
  const after = await firstPerson(world);
  assert.deepEqual(
    [after.performerId, after.present, after.journalId, after.suggestion?.state],
    ['1', true, added.journalId, 'accepted'],
  );
  await undo(world.context, { ids: [added.journalId!] });
  const undone = await firstPerson(world);
  assert.deepEqual([undone.performerId, undone.present, undone.suggestion?.state], [null, false, 'open']);
  assert.equal(world.stash.performers.size, 0);
});

test('with a pack alone somebody is known', async (t) => {
  const { context } = await packWorld(t);
  const view = await identifyOperations['scene.faces'](context, { sceneId: SCENE.id });
  assert.deepEqual([view.peopleCount, view.problem], [1, null]);
});

test('without a suggestion the choice is kept, looked after, and undone like any other', async (t) => {
  const world = await packWorld(t);
  const { context } = world;
  // Another face was never matched with the person.
  await context.store.suggestions.replace(SCENE, 'faces', []);
  const { items } = await context.store.suggestions.list({ kind: 'pack-person-seen' }, 'newest', 1, 0);
  assert.equal(items[0]?.state, 'stale');
  const { journalId } = await add(world);
  assert.deepEqual(performersOn(world), ['1']);
  await undo(context, { ids: [journalId!] });
  assert.deepEqual([performersOn(world), world.stash.performers.size], [[], 0]);
});

test('a no is remembered, shown, and withdrawn', async (t) => {
  const world = await packWorld(t);
  const { context } = world;
  await referencePackOperations['packPeople.reject'](context, { ...ABOUT, undo: false });
  const rejected = await firstPerson(world);
  assert.deepEqual([rejected.candidates[0]?.rejected, rejected.suggestion?.state], [true, 'rejected']);
  const contents = await context.store.observations.contentOf(SCENE);
  const later = aPerformer(5, { stashIds: [{ endpoint: BOX, stashId: 'box-3' }] });
  assert.equal(await context.store.dismissals.isDismissed(notSeen(contents, later)), true);
  await referencePackOperations['packPeople.reject'](context, { ...ABOUT, undo: true });
  const again = await firstPerson(world);
  assert.deepEqual([again.candidates[0]?.rejected, again.suggestion?.state], [false, 'open']);
  // A yes after a no is a yes.
  await referencePackOperations['packPeople.reject'](context, { ...ABOUT, undo: false });
  await add(world);
  assert.deepEqual(performersOn(world), ['1']);
  assert.equal(await context.store.dismissals.isDismissed(notSeen(contents, later)), false);
});

test('somebody chosen for another face is remembered with that face, and what was suggested for the first stays', async (t) => {
  const world = await packWorld(t, { shows: '3 6', performers: [[null]] });
  const { context, stash } = world;
  const faceOfEntry = async ({ journalId }: { journalId: string | null }) => {
    const face = await context.store.state.get(`face-of:${journalId!}`);
    return [face?.personKey, face?.performerId];
  };
  const added = await add(world, { performerId: '1', addStashId: true }, 1);
  assert.deepEqual(await faceOfEntry(added), [1, '1']);
  assert.deepEqual([performersOn(world), stash.performers.get('1')?.stashIds.length], [['1'], 1]);
  assert.equal((await firstPerson(world)).suggestion?.state, 'open');
  assert.deepEqual((await add(world, { performerId: '1' }, 1)).journalId, added.journalId);
  await undo(context, { ids: [added.journalId!] });
  assert.deepEqual(performersOn(world), []);
  // Made for another face: the person is there, as was suggested.
  const made = await add(world, {}, 1);
  assert.deepEqual(await faceOfEntry(made), [1, made.performerId]);
});

test('a no for one face of a gallery leaves what rests on its other pictures', async (t) => {
  const world = await packWorld(t);
  const { context, stash } = world;
  ['3', '3 6', '6'].forEach((shows, n) => stash.addImage(11 + n, shows));
  stash.items.set('gallery:1', anItem(1, { kind: 'gallery', files: [], title: 'Album' }));
  const entity = { kind: 'gallery', id: '1' } as const;
  await createObserveAndMatch(context)(stash.items.get('gallery:1')!, {
    force: false,
    waiting: 'in the background',
  });
  const suggested = async () =>
    (await context.store.suggestions.list({ kind: 'pack-person-seen', entity }, 'newest', 9, 0)).items.map(
      ({ state, payload }) => [state, payload.seen.length],
    );
  assert.deepEqual(await suggested(), [['open', 2]]);
  const { persons } = await identifyOperations['entity.faces'](context, { entity });
  const { key } = persons.find(({ name }) => name !== 'Known 3')!;
  await referencePackOperations['packPeople.reject'](context, {
    entity,
    personKey: key,
    personId: PERSON,
    undo: false,
  });
  assert.deepEqual(await suggested(), [['open', 1]]);
});

test('where the name is taken nothing is made, and it is asked', async (t) => {
  const world = await packWorld(t);
  world.stash.performers.set('9', aPerformer(9, { name: 'Known 3' }));
  const { refused } = await add(world);
  assert.deepEqual(refused?.nameTaken?.performers, [{ performerId: '9', name: 'Known 3' }]);
  await add(world, { performerId: '9' });
  assert.deepEqual(performersOn(world), ['9']);
});

test('a dry run keeps nothing', async (t) => {
  const world = await packWorld(t, { settings: { dryRun: true } });
  assert.deepEqual(await add(world), {
    journalId: null,
    performerId: null,
    dryRun: true,
    note: null,
    refused: null,
  });
  assert.deepEqual([performersOn(world), world.stash.performers.size], [[], 0]);
});

test('their picture comes from the box once, and is kept; without a key it is said why there is none', async (t) => {
  const world = await packWorld(t);
  const asked = async () => {
    const input = { personIds: [PERSON, 'pack:sample/nobody'], size: 300 as const };
    return (await referencePackOperations['referencePacks.pictures'](world.context, input)).pictures;
  };
  const first = await asked();
  assert.equal(first[PERSON]?.url, `data:image/jpeg;base64,${Buffer.from(JPEG).toString('base64')}`);
  assert.match(inEnglish(first['pack:sample/nobody']!.problem!), /No reference pack holds this person/);
  assert.deepEqual(world.boxes.asked, ['performer box-3', 'picture picture-3 300']);
  await asked();
  assert.equal(world.boxes.asked.length, 2);
  const another = await packWorld(t);
  another.boxes.hasKey = false;
  const { pictures } = await referencePackOperations['referencePacks.pictures'](another.context, {
    personIds: [PERSON],
    size: 300,
  });
  assert.equal(pictures[PERSON]?.url, null);
  assert.match(inEnglish(pictures[PERSON].problem!), /no API key for box\.example/);
});

test('what a box answers in the place of a picture is not shown', async (t) => {
  const world = await packWorld(t);
  world.boxes.pictures.set('picture-3', Buffer.from('<svg onload="alert(1)"></svg>'));
  const { pictures } = await referencePackOperations['referencePacks.pictures'](world.context, {
    personIds: [PERSON],
    size: 300,
  });
  assert.equal(pictures[PERSON]?.url, null);
});

test('a picture that is asked about: each face with its candidates, among performers and packs, and nothing is kept', async (t) => {
  const world = await packWorld(t, { performers: [['face 1']] });
  const { context } = world;
  const kept = async (): Promise<unknown> => [
    await context.store.measure(),
    (await context.store.suggestions.list({}, 'newest', 50, 0)).items,
    readdirSync(context.dataFolder).filter((name) => !name.includes('sqlite')),
  ];
  const before = await kept();
  const { faces, peopleCount } = await askPictureOperations['pictures.ask'](context, {
    base64: Buffer.from('1 3 6').toString('base64'),
  });
  assert.equal(peopleCount, 2);
  assert.deepEqual(
    faces.map(({ decision, candidates: [best] }) => [
      decision,
      best?.name,
      best?.performerId,
      best?.pack?.personId,
    ]),
    [
      ['match', 'Performer 1', '1', undefined],
      ['match', 'Known 3', null, PERSON],
      [
        'unknown',
        faces[2]!.candidates[0]?.name,
        faces[2]!.candidates[0]?.performerId,
        faces[2]!.candidates[0]?.pack?.personId,
      ],
    ],
  );
  assert.ok(faces.every(({ crop, box }) => crop?.startsWith('data:image/jpeg') === true && box.width > 0));
  assert.deepEqual(await kept(), before);
  assert.ok(!context.said.some((line) => line.includes('1 3 6')));
  await assert.rejects(askPictureOperations['pictures.ask'](context, { base64: '====' }), {
    code: 'bad-input',
  });
});

async function firstPerson({ context }: PackWorld) {
  const { persons } = await identifyOperations['entity.faces'](context, { entity: SCENE });
  return persons[0]!;
}

async function add(
  { context }: PackWorld,
  choices: { performerId?: string; addStashId?: boolean } = {},
  personKey = 0,
) {
  return await referencePackOperations['packPeople.add'](context, { ...ABOUT, personKey, choices });
}

function performersOn({ stash }: PackWorld): readonly string[] {
  return stash.items.get('scene:1')!.performerIds;
}
