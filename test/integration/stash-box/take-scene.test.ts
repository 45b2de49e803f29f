/**
What a stash-box knows of a scene beside what Stash has, what is taken over and made of it, and its undo. On the double over HTTP; on
a real Stash with STASH_URL, of an address that may be filled. The stash-box is one in memory.
*/
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldValues } from '../../../core/changes/change.ts';
import { listOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { BoxSceneProfile } from '../../../core/ports/boxes/box-scenes.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { boxId, type MemoryBox } from '../../fakes/memory-box.ts';
import { aSceneProfile } from './linking.ts';
import { create, endpointOfTest, named, opened, stashIdOf, ticked, world } from './taking.ts';

const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2Q==', 'base64');

/** With something for every field that a stash-box has. */
function everything(box: MemoryBox): Partial<BoxSceneProfile> {
  return {
    title: 'Notes',
    code: 'NLM-0001',
    details: 'First line\nsecond line',
    director: 'Charles',
    date: '2021-03',
    urls: ['https://archive.example/notes'],
    studio: { id: boxId(50), name: named('Reels'), parent: { id: boxId(51), name: named('Network') } },
    tags: [{ id: boxId(60), name: named('Engine'), description: 'analytical', aliases: [named('Machine')] }],
    cast: [{ performer: box.add(1, ['picture'], { name: named('Ada') }), as: 'Countess' }],
  };
}

test('of a scene without anything all that needs nothing to be made is proposed; all of it is taken over and undone as one', async (t) => {
  const { context, box, entity, ask, link, state } = await opened(t);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  for (const { id } of box.performers.get(boxId(1))!.images) box.pictures.set(id, JPEG);
  const { offers } = await ask();
  assert.deepEqual(
    offers.map(({ key, isProposed, isMade }) => [key, isProposed, isMade]),
    [
      ['title', true, false],
      ['studio', false, true],
      ['date', true, false],
      ['code', true, false],
      ['director', true, false],
      ['details', true, false],
      ['urls', true, false],
      [`performer:${boxId(1)}`, false, true],
      [`tag:${boxId(60)}`, false, true],
    ],
  );
  const untouched = await state();
  const { accepted, refused } = await link(ticked(offers));
  assert.deepEqual(refused, []);
  assert.deepEqual([accepted.length, accepted[0]?.note], [1, undefined]);

  const { values } = await world.read(entity);
  const [studio, tag, performer] = [
    values['studio'],
    listOf(values, 'tags')[0],
    listOf(values, 'performers')[0],
  ];
  assert.deepEqual(given(values), {
    title: 'Notes',
    code: 'NLM-0001',
    details: 'First line\nsecond line',
    director: 'Charles',
    date: '2021-03-01',
    urls: ['https://archive.example/notes'],
    stashIds: [{ endpoint: endpointOfTest(), stashId: boxId(9) }],
    studio,
    tags: [tag],
    performers: [performer],
  });
  const made = await world.read({ kind: 'studio', id: idOf(studio) });
  assert.deepEqual(
    [made.title, made.values['stashIds']],
    [named('Reels'), [{ endpoint: endpointOfTest(), stashId: boxId(50) }]],
  );
  const parent = await world.read({ kind: 'studio', id: idOf(made.values['parent']) });
  assert.equal(parent.title, named('Network'));
  const ada = await world.read({ kind: 'performer', id: idOf(performer) });
  assert.deepEqual(
    [ada.title, ada.values['stashIds']],
    [named('Ada'), [{ endpoint: endpointOfTest(), stashId: boxId(1) }]],
  );
  const { values: engine } = await world.read({ kind: 'tag', id: idOf(tag) });
  assert.deepEqual(
    [engine['description'], engine['stashIds']],
    ['analytical', [{ endpoint: endpointOfTest(), stashId: boxId(60) }]],
  );
  assert.deepEqual((await ask()).offers, []);

  // The one write of the scene takes along what was made for it.
  const back = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(back.refused, []);
  assert.deepEqual(await state(), untouched);
  for (const ref of [made.entity, parent.entity, ada.entity, { kind: 'tag', id: idOf(tag) } as const])
    assert.equal(await world.stash.library.object(ref), null, `${ref.kind} is gone`);
});

test('what the user wrote is shown beside, replaced where it was ticked, and comes back with the undo', async (t) => {
  const mine = { title: 'My title', date: '2020-01-01', urls: ['http://archive.example/notes/'] };
  const { context, box, ask, link, entity, state } = await opened(t, mine);
  box.sceneProfiles.set(
    boxId(9),
    aSceneProfile(9, { title: 'Notes', date: '2021-03-05', urls: ['https://archive.example/notes'] }),
  );
  const { offers } = await ask();
  assert.deepEqual(
    offers.map(({ key, mine: here, theirs, isProposed }) => [key, here, theirs, isProposed]),
    [
      ['title', 'My title', 'Notes', false],
      ['date', '2020-01-01', '2021-03-05', false],
    ],
  );
  const untouched = await state();
  const { batchId } = await link(ticked(offers.filter(({ key }) => key === 'date')));
  const { values } = await world.read(entity);
  assert.deepEqual([values['title'], values['date']], ['My title', '2021-03-05']);
  await undo(context, { batchId });
  assert.deepEqual(await state(), untouched);
});

test('a studio, tag or performer that Stash has is taken: by the id there, by name, a tag by an alias too', async (t) => {
  const { box, ask, link, entity } = await opened(t);
  const studio = await create('studio', { name: named('Other name'), stash_ids: [stashIdOf(50)] });
  const tag = await create('tag', { name: named('Machine') });
  const ada = await create('performer', { name: named('Lady'), stash_ids: [stashIdOf(1)] });
  const grace = await create('performer', { name: named('Grace') });
  const known = everything(box);
  box.sceneProfiles.set(
    boxId(9),
    aSceneProfile(9, {
      ...known,
      cast: [...known.cast!, { performer: box.add(2, [], { name: named('Grace') }), as: '' }],
    }),
  );
  const { offers } = await ask();
  assert.deepEqual(
    offers.flatMap(({ key, theirs, isProposed, isMade }) =>
      /studio|tag|performer/.test(key) ? [[key, theirs, isProposed, isMade]] : [],
    ),
    [
      ['studio', named('Other name'), true, false],
      [`performer:${boxId(1)}`, `${named('Lady')} (Countess)`, true, false],
      // A name alone says little.
      [`performer:${boxId(2)}`, named('Grace'), false, false],
      [`tag:${boxId(60)}`, named('Machine'), true, false],
    ],
  );
  await link(ticked(offers.filter(({ field }) => ['studio', 'performers', 'tags'].includes(field))));
  const { values } = await world.read(entity);
  assert.deepEqual(
    [values['studio'], new Set(listOf(values, 'performers')), values['tags']],
    [studio, new Set([ada, grace]), [tag]],
  );
});

test('who could be several performers is not offered, and a studio whose name another one of the stash-box has neither', async (t) => {
  const { box, ask } = await opened(t);
  for (const disambiguation of ['one', 'other'])
    await create('performer', { name: named('Ada'), disambiguation });
  await create('studio', { name: named('Reels'), stash_ids: [stashIdOf(99)] });
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  const { offers, undecided } = await ask();
  assert.deepEqual(undecided, [named('Ada')]);
  assert.deepEqual(
    offers.flatMap(({ key }) => (/studio|performer/.test(key) ? [key] : [])),
    [],
  );
});

test('where faces of the scene are known, it says who of the cast was seen, who was not, and who is not listed', async (t) => {
  const { context, box, ask, entity } = await opened(t);
  const people = new Map<string, string>();
  for (const [n, name] of ['Ada', 'Grace', 'Joan', 'Mary'].entries())
    people.set(name, await create('performer', { name: named(name), stash_ids: [stashIdOf(n + 1)] }));
  const member = (n: number, name: string) => ({ performer: box.add(n, [], { name: named(name) }), as: '' });
  box.sceneProfiles.set(
    boxId(9),
    aSceneProfile(9, { cast: [member(1, 'Ada'), member(2, 'Grace'), member(5, 'Nobody')] }),
  );
  const faces = async () =>
    (await ask()).offers.map(({ theirs, face, isProposed }) => [theirs, face, isProposed]);
  assert.deepEqual(
    (await faces()).map(([, face]) => face),
    [null, null, null],
    'nobody has looked',
  );
  const person = (key: number, name: string | null) => ({
    key,
    members: [],
    decision: name === null ? ('unknown' as const) : ('match' as const),
    confidence: 0.99,
    margin: 1,
    candidates:
      name === null
        ? []
        : [
            {
              personId: `stash:${people.get(name)!}`,
              performerId: people.get(name)!,
              name: named(name),
              similarity: 0.8,
              confidence: 0.99,
              referenceId: 'r',
            },
          ],
  });
  const scene = { kind: 'scene', id: entity.id } as const;
  const saved = (persons: ReturnType<typeof person>[]) =>
    context.store.identifications.save(scene, { matcherVersion: '1', persons });
  await saved([person(0, 'Ada'), person(1, 'Mary')]);
  assert.deepEqual(await faces(), [
    [named('Ada'), 'seen', true],
    [named('Grace'), 'notSeen', false],
    [named('Nobody'), 'notSeen', false],
  ]);
  assert.deepEqual((await ask()).notListed, [named('Mary')]);
  // A face without a name can be anybody who cannot be recognised.
  await saved([person(0, 'Ada'), person(1, null)]);
  assert.deepEqual(
    (await faces()).map(([, face]) => face),
    ['seen', null, null],
  );
});

test('what has changed since it was shown is not written, and nothing is made then', async (t) => {
  const { box, ask, link, entity, state } = await opened(t);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  const { offers } = await ask();
  await world.set(entity, { title: 'Mine by now' });
  const untouched = await state();
  const { refused } = await link(ticked(offers));
  assert.match(inEnglish(refused[0]!.reason), /has changed since \(1 tick is for something else now\)/);
  assert.deepEqual(await state(), untouched);
  assert.equal(await world.stash.library.findNamed('studio', { name: named('Reels') }), null);
});

test('where Stash refuses one of several that are made, those before it are not left behind', async (t) => {
  const { context, box, ask, link, state } = await opened(t);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  const { offers } = await ask();
  const untouched = await state();
  // Somebody makes the tag just when the studio is made: the name is given then.
  world.meanwhile(async () => void (await create('tag', { name: named('Engine') })));
  const { refused } = await link(ticked(offers));
  assert.equal(refused.length, 1);
  assert.deepEqual(await state(), untouched);
  for (const name of ['Reels', 'Network'])
    assert.equal(await world.stash.library.findNamed('studio', { name: named(name) }), null, name);
  assert.equal(await world.stash.library.findNamed('performer', { name: named('Ada') }), null);
  // The tag is there by now: it is taken.
  const again = await link(ticked((await ask()).offers));
  assert.deepEqual(again.refused, []);
  await undo(context, { batchId: again.batchId });
  assert.deepEqual(await state(), untouched);
});

test('what an acceptance that was killed has made goes with the undo of the one that came after it', async (t) => {
  const { context, box, ask, link, state } = await opened(t);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  const taken = ticked((await ask()).offers);
  const untouched = await state();
  const { changes } = context;
  const writing: { changes: typeof changes } = context;
  // All is made, and nothing is written of the scene.
  writing.changes = {
    exclusively: (work, waiting) =>
      changes.exclusively(
        (write) =>
          work({
            ...write,
            make: () => Promise.reject(new StashSenseError('stash-unreachable', plain('Gone.'))),
          }),
        waiting,
      ),
  };
  await assert.rejects(link(taken));
  assert.notEqual(await world.stash.library.findNamed('studio', { name: named('Reels') }), null);
  writing.changes = changes;
  const { offers } = await ask();
  assert.deepEqual(
    offers.filter(({ isMade }) => isMade),
    [],
  );
  const { accepted } = await link(ticked(offers));
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(await state(), untouched);
  for (const name of ['Reels', 'Network'])
    assert.equal(await world.stash.library.findNamed('studio', { name: named(name) }), null, name);
  assert.equal(await world.stash.library.findNamed('tag', { name: named('Engine') }), null);
  assert.equal(await world.stash.library.findNamed('performer', { name: named('Ada') }), null);
});

test('of a scene that is linked it is taken over without a suggestion, and not of one that is not', async (t) => {
  const { context, box, ask, at, entity, state } = await opened(t);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  const taken = ticked((await ask()).offers);
  await assert.rejects(
    async () => await sceneBoxOperations['sceneBoxes.take'](context, { ...at, taken }),
    /does not have this stash ID of box\S+\.example any more/,
  );
  await world.set(entity, { stashIds: [at.stashId] });
  const untouched = await state();
  const dry = { ...context, settings: { ...context.settings, dryRun: true } };
  assert.deepEqual(await sceneBoxOperations['sceneBoxes.take'](dry, { ...at, taken }), {
    batchId: null,
    dryRun: true,
    note: null,
  });
  assert.deepEqual(await state(), untouched);
  const { batchId } = await sceneBoxOperations['sceneBoxes.take'](context, { ...at, taken });
  assert.equal((await world.read(entity)).values['title'], 'Notes');
  const { refused } = await undo(context, { batchId: batchId! });
  assert.deepEqual(refused, []);
  assert.deepEqual(await state(), untouched);
});

test('a stash-box that does not answer, or has deleted the scene, says so, and nothing is written', async (t) => {
  const { box, ask, link, state } = await opened(t);
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, everything(box)));
  const taken = ticked((await ask()).offers);
  const untouched = await state();
  box.before = () => {
    throw new StashSenseError('stash-box-unreachable', plain('it is down'));
  };
  assert.equal(inEnglish((await link(taken)).refused[0]!.reason), 'it is down');
  box.before = () => undefined;
  box.sceneProfiles.set(boxId(9), aSceneProfile(9, { deleted: true }));
  await assert.rejects(ask(), /box\S+\.example does not have this scene of .* any more/);
  assert.match(inEnglish((await link(taken)).refused[0]!.reason), /does not have this scene/);
  assert.deepEqual(await state(), untouched);
});

function idOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Without what is empty. */
function given(values: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => !(value === null || value === false || (Array.isArray(value) && value.length === 0)),
    ),
  );
}
