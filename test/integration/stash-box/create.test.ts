/**
Who was found for a performer and is somebody else is made a performer, with what was ticked of what the stash-box knows, and the
undo of that. On the double over HTTP; on a real Stash with STASH_URL. The stash-box is one in memory.
*/
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { Settings } from '../../../core/settings.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox } from '../../fakes/memory-box.ts';
import { openChangeWorld, type ChangeWorld } from '../../fixtures/changes/world.ts';

let folder: string;
let world: ChangeWorld;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-create-'));
  world = await openChangeWorld(path.join(folder, 'config'));
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2Q==', 'base64');
let count = 0;

test('made with name, stash ID, picture and what is ticked; the pair never comes back; undone, nobody is left', async (t) => {
  const { context, box, name, entity, id, offers } = await opened(t);
  const all = await everybody();
  const { offers: known } = await offers();
  assert.deepEqual(
    known.map(({ field, isProposed }) => [field, isProposed]),
    ['picture', 'disambiguation', 'aliases', 'gender', 'birthdate', 'country'].map((field) => [field, true]),
  );
  const taken = Object.fromEntries(
    known.flatMap(({ field, revision }) => (field === 'country' ? [] : [[field, revision]])),
  );
  const made = await create(context, { suggestionId: id, taken });
  assert.equal(made.refused, null);
  const performer = { kind: 'performer', id: made.performerId! } as const;
  const { values } = await world.read(performer);
  assert.deepEqual(
    Object.fromEntries(
      ['name', 'disambiguation', 'aliases', 'birthdate', 'country', 'stashIds'].map((field) => [
        field,
        values[field],
      ]),
    ),
    {
      name,
      disambiguation: 'the first',
      aliases: ['Countess'],
      birthdate: '1815-12-10',
      country: null,
      stashIds: [{ endpoint: BOX, stashId: boxId(1) }],
    },
  );
  const usage = await world.stash.library.usage('performer', performer.id);
  assert.deepEqual(
    await world.stash.library.fetchMedia(usage!.picturePath!, 1 << 20).then((bytes) => Buffer.from(bytes!)),
    JPEG,
  );
  assert.equal((await context.store.suggestions.get(id))?.state, 'rejected');
  assert.deepEqual((await world.read(entity)).values['stashIds'], [], 'the performer has nothing of it');
  // The same call once more, as after an answer that was lost, answers what was done.
  assert.deepEqual(await create(context, { suggestionId: id, taken }), { ...made, note: null });

  const { undone } = await undo(context, { ids: [made.journalId!] });
  assert.deepEqual(undone, [made.journalId]);
  assert.deepEqual(await everybody(), all);
  assert.equal(box.performers.size, 1);
});

test('who was made here stays when a scene that they were added to is undone', async (t) => {
  const { context, id } = await opened(t);
  const made = await create(context, { suggestionId: id });
  const scene = await world.fresh('scene');
  const { identity } = await world.read(scene);
  const put = await context.changes.exclusively((write) =>
    write.make({
      entity: scene,
      identity,
      changes: [{ op: 'add', entity: scene, field: 'performers', values: [made.performerId!] }],
      summary: plain('added'),
      suggestionId: null,
      batchId: 'another',
      by: 'person',
      face: null,
    }),
  );
  assert.deepEqual((await undo(context, { ids: [put!.id] })).undone, [put!.id]);
  assert.deepEqual((await world.read(scene)).values['performers'], []);
  assert.notEqual(await world.stash.library.object({ kind: 'performer', id: made.performerId! }), null);
  assert.deepEqual((await undo(context, { ids: [made.journalId!] })).undone, [made.journalId]);
});

test('of a name that is taken it is asked who is meant; with another disambiguation another one is made', async (t) => {
  const { context, name, id } = await opened(t);
  const namesake = await added(name);
  const asked = await create(context, { suggestionId: id });
  assert.deepEqual(
    asked.refused?.nameTaken?.performers.map(({ performerId }) => performerId),
    [namesake],
  );
  assert.equal((await context.store.suggestions.get(id))?.state, 'open');
  const other = await create(context, { suggestionId: id, disambiguation: 'another' });
  assert.equal(
    (await world.read({ kind: 'performer', id: other.performerId! })).values['disambiguation'],
    'another',
  );
  await undo(context, { ids: [other.journalId!] });
});

test('it is one whom the user has: the stash ID goes to them, and comes off with the undo', async (t) => {
  const { context, name, entity, id } = await opened(t);
  const namesake = await added(name);
  const { refused } = await create(context, { suggestionId: id, performerId: entity.id });
  assert.notEqual(refused, null, 'the one they were found for is the one they are not');
  const given = await create(context, { suggestionId: id, performerId: namesake });
  const read = async () => (await world.read({ kind: 'performer', id: namesake })).values['stashIds'];
  assert.deepEqual(await read(), [{ endpoint: BOX, stashId: boxId(1) }]);
  assert.deepEqual(await create(context, { suggestionId: id, performerId: namesake }), given);
  const other = await create(context, { suggestionId: id, performerId: await added(`${name} the other`) });
  assert.match(inEnglish(other.refused!.reason), /undo that first/, 'that was not done');
  await undo(context, { ids: [given.journalId!] });
  assert.deepEqual(await read(), []);
  const late = await create(context, { suggestionId: id });
  assert.match(inEnglish(late.refused!.reason), /undo that first/, 'it is not so any more');
});

test('after a call whose answer was lost nobody is made twice, and the same end is reached', async (t) => {
  const { context, id } = await opened(t);
  const first = await create(context, { suggestionId: id });
  // As it was, had the process been killed after the write.
  await context.store.suggestions.unreject(id);
  const all = await everybody();
  const second = await create(context, { suggestionId: id });
  assert.deepEqual([second.performerId, second.journalId], [first.performerId, null]);
  assert.deepEqual(await everybody(), all);
  assert.equal((await context.store.suggestions.get(id))?.state, 'rejected');
  await undo(context, { ids: [first.journalId!] });
});

test('where the suggestion was rejected without it no older stash ID of who has this one is offered to be undone', async (t) => {
  const { context, name, id } = await opened(t);
  const known = await added(`${name} here`);
  const entity = { kind: 'performer', id: known } as const;
  const { identity } = await world.read(entity);
  const older = await context.changes.exclusively((write) =>
    write.make({
      entity,
      identity,
      changes: [{ op: 'add', entity, field: 'stashIds', values: [{ endpoint: BOX, stashId: boxId(7) }] }],
      summary: plain('linked'),
      suggestionId: null,
      batchId: 'older',
      by: 'person',
      face: null,
    }),
  );
  assert.notEqual(older, null);
  // In Stash itself, and the suggestion was rejected elsewhere.
  const both = [7, 1].map((n) => ({ endpoint: BOX, stash_id: boxId(n) }));
  await world.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
    input: { id: known, stash_ids: both },
  });
  await suggestionOperations['suggestions.reject'](context, { ids: [id], choices: {} });
  const { performerId, journalId, refused } = await create(context, { suggestionId: id });
  assert.deepEqual([performerId, journalId, refused], [known, null, null]);
  await world.stash.writer.destroy(entity);
});

test('who has an id that was merged into theirs is the one, however it is written, and nobody is made', async (t) => {
  const { context, box, name, id } = await opened(t);
  box.add(1, [], { name, mergedIds: [boxId(0xab)] });
  const known = await added(`${name} here`, {
    stash_ids: [{ endpoint: BOX, stash_id: boxId(0xab).toUpperCase() }],
  });
  const all = await everybody();
  assert.equal((await create(context, { suggestionId: id })).performerId, known);
  assert.deepEqual(await everybody(), all);
  await world.stash.writer.destroy({ kind: 'performer', id: known });
});

test('who is excluded by the settings is not made a second time', async (t) => {
  const excluded = await added(`Excluded ${process.pid} ${Date.now()}`, {
    stash_ids: [{ endpoint: BOX, stash_id: boxId(1) }],
  });
  const { context, id } = await opened(t, { excludedPerformers: excluded });
  const all = await everybody();
  const { refused } = await create(context, { suggestionId: id });
  assert.match(inEnglish(refused!.reason), /the settings exclude this performer/);
  assert.deepEqual(await everybody(), all);
  await world.stash.writer.destroy({ kind: 'performer', id: excluded });
});

test('a dry run, and what has changed at the stash-box since it was shown, write nothing', async (t) => {
  const { context, box, name, id, offers } = await opened(t);
  const all = await everybody();
  const country = (await offers()).offers.filter(({ field }) => field === 'country');
  const taken = Object.fromEntries(country.map(({ field, revision }) => [field, revision]));
  const dry = { ...context, settings: { ...context.settings, dryRun: true } };
  assert.deepEqual(await create(dry, { suggestionId: id, taken }), {
    journalId: null,
    performerId: null,
    dryRun: true,
    note: null,
    refused: null,
  });
  box.add(1, [], { name, country: 'FR' });
  const late = await create(context, { suggestionId: id, taken });
  assert.match(inEnglish(late.refused!.reason), /has changed since \(country\)/);
  assert.deepEqual(await everybody(), all);
});

type Asked = { readonly suggestionId: string } & Partial<
  Parameters<(typeof stashBoxOperations)['stashIds.create']>[1]
>;

async function create(context: FakeContext, asked: Asked): Promise<Output<'stashIds.create'>> {
  return await stashBoxOperations['stashIds.create'](context, { taken: {}, addStashId: true, ...asked });
}

async function opened(t: TestContext, settings: Partial<Settings> = {}) {
  // They are read anew from there.
  await world.stash.library.changeSettings({ excludedPerformers: settings.excludedPerformers ?? '' });
  const box = memoryBox();
  // Names are unique in Stash, also over several runs.
  const name = `Zoe ${process.pid} ${Date.now()} ${++count}`;
  box.add(1, ['picture'], {
    name,
    disambiguation: 'the first',
    aliases: ['Countess'],
    birthDate: '1815-12-10',
    country: 'GB',
  });
  box.pictures.set(box.performers.get(boxId(1))!.images[0]!.id, JPEG);
  const context = await fakeContext(t, world.stash, { stashBoxes: box, settings });
  const entity = await world.fresh('performer');
  const about = { kind: 'performer', id: entity.id } as const;
  await context.store.suggestions.replace(about, 'test', [
    {
      kind: 'performer-stash-id',
      entity: about,
      entityTitle: 'Ada',
      target: null,
      targetName: '',
      severity: 'info',
      confidence: 0.5,
      payload: { stashId: { endpoint: BOX, stashId: boxId(1) } },
      evidence: {
        signs: [],
        isStrong: false,
        name,
        disambiguation: 'the first',
        birthDate: null,
        country: null,
        imageId: null,
      },
      analyzer: 'test',
      analyzerVersion: 1,
    },
  ]);
  const { items } = await context.store.suggestions.list({ entity: about, state: 'open' }, 'newest', 1, 0);
  const stashId = { endpoint: BOX, stashId: boxId(1) };
  return {
    context,
    box,
    name,
    entity,
    id: items[0]!.id,
    offers: async () =>
      await stashBoxOperations['stashBoxes.profile'](context, { performerId: null, stashId, imageId: null }),
  };
}

async function everybody(): Promise<readonly string[]> {
  return (await world.stash.library.performersAfter('0', 1000)).map(({ id }) => id);
}

async function added(name: string, more: object = {}): Promise<string> {
  const { made: one } = await world.ask<{ made: { id: string } }>(
    'mutation($input: PerformerCreateInput!) { made: performerCreate(input: $input) { id } }',
    { input: { name, ...more } },
  );
  return one.id;
}
