/** Performers, studios and tags that are made, and deleted again as long as nobody uses or changes them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { FieldValues } from '../../core/changes/change.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';
import type { CreatedKind } from '../../core/ports/library.ts';
import type { Context } from '../../tasks/runs/task.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { fakeContext } from '../fakes/context.ts';
import { STASH_IDS } from '../fixtures/changes/samples.ts';
import { openedStash } from '../contract/opened-stash.ts';
import { openChangeWorld, type ChangeWorld } from '../fixtures/changes/world.ts';

let folder: string;
let world: ChangeWorld;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-creations-'));
  world = await openChangeWorld(path.join(folder, 'config'));
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const OWN_ID = { endpoint: 'https://own.example/graphql', stash_id: '7' };
const OTHER_ID = { endpoint: 'https://box.example/graphql', stash_id: '1' };

const VALUES: Readonly<Record<CreatedKind, () => FieldValues>> = {
  performer: () => ({
    disambiguation: 'the one',
    aliases: ['Made up'],
    gender: 'FEMALE',
    birthdate: '1990-01-02',
    heightCm: 170,
    favorite: false,
    urls: ['https://example.com/made'],
    stashIds: [STASH_IDS[0], STASH_IDS[1]],
    tags: [world.ids.tags[0]],
    details: null,
  }),
  studio: () => ({ details: 'Made', parent: world.ids.studio[0], stashIds: [STASH_IDS[0]] }),
  tag: () => ({
    description: 'Made',
    parents: [world.ids.tags[0]],
    stashIds: [{ endpoint: OWN_ID.endpoint, stashId: OWN_ID.stash_id }],
  }),
};
let count = 0;
const named = (kind: CreatedKind): FieldValues & { name: string } => ({
  ...VALUES[kind](),
  name: `Made ${process.pid} ${Date.now()} ${++count}`,
});

for (const kind of ['performer', 'studio', 'tag'] as const)
  test(`a ${kind} is made with its values, once, and deleted by the undo`, async (t) => {
    const context = await fakeContext(t, world.stash);
    const values = named(kind);
    const entry = await create(context, kind, values);
    const { entity, state, entityTitle, changes } = entry;
    assert.deepEqual([state, entityTitle, entity.kind], ['written', values.name, kind]);
    const made = await world.read(entity);
    for (const [name, value] of Object.entries(values))
      assert.deepEqual(made.values[name], value, `${kind}.${name}`);
    const expected = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== null && value !== false),
    );
    assert.deepEqual(changes, [{ op: 'create', kind, values: expected, id: entity.id }]);
    await assert.rejects(create(context, kind, values), {
      code: 'changed-since',
      message: `Stash has "${values.name}" already: choose that one.`,
    });
    assert.deepEqual(await undo(context, { ids: [entry.id] }), { undone: [entry.id], refused: [] });
    assert.equal(await context.library.object(entity), null);
    assert.equal((await context.store.journal.get(entry.id))?.state, 'undone');
  });

test('what is used, was changed, or has a picture by now is not deleted', async (t) => {
  const context = await fakeContext(t, world.stash);
  const refused = async (entry: JournalEntry): Promise<string> => {
    const report = await undo(context, { ids: [entry.id] });
    assert.deepEqual(report.undone, []);
    assert.notEqual(await context.library.object(entry.entity), null);
    return inEnglish(report.refused[0]!.reason);
  };
  const scene = await world.fresh('scene');
  const uses = { performer: 'performers', studio: 'studio', tag: 'tags' } as const;
  const changed = { performer: { country: 'NZ' }, studio: null, tag: null };
  for (const kind of ['performer', 'studio', 'tag'] as const) {
    const entry = await create(context, kind, named(kind));
    const { id } = entry.entity;
    await world.set(scene, { [uses[kind]]: kind === 'studio' ? id : [id] });
    assert.match(await refused(entry), /is used by now: nothing that is in use is deleted\.$/);
    await world.set(scene, { [uses[kind]]: kind === 'studio' ? null : [] });
    const change = changed[kind];
    if (change !== null) {
      await world.set(entry.entity, change);
      assert.match(await refused(entry), /was changed since it was made: it is not deleted\.$/);
      await world.set(entry.entity, { country: null });
    }
    // As it was made, and used by nothing.
    assert.deepEqual((await undo(context, { ids: [entry.id] })).undone, [entry.id]);
  }
  const pictured = await create(context, 'performer', named('performer'));
  await world.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
    input: { id: pictured.entity.id, image: `data:image/png;base64,${PIXEL}` },
  });
  assert.match(await refused(pictured), /was changed since it was made/);
  // Without a stash ID or name in common it is somebody else.
  await world.set(pictured.entity, { name: `Somebody ${Date.now()}`, stashIds: [] });
  assert.match(await refused(pictured), /is another one in Stash/);
});

for (const [kind, given, none] of [
  ['studio', { urls: ['https://example.com/studio'] }, { urls: [] }],
  ['studio', { url: 'https://example.com/studio' }, { url: '' }],
  ['studio', { favorite: true }, { favorite: false }],
  ['tag', { sort_name: 'Zz' }, { sort_name: '' }],
  ['tag', { stash_ids: [OWN_ID, OTHER_ID] }, { stash_ids: [OWN_ID] }],
  ['tag', { stash_ids: [] }, { stash_ids: [OWN_ID] }],
  ['tag', { ignore_auto_tag: true }, { ignore_auto_tag: false }],
] as const)
  test(`a ${kind} that has got ${JSON.stringify(given)} since is not deleted, and is without it`, async (t) => {
    const context = await fakeContext(t, world.stash);
    const entry = await create(context, kind, named(kind));
    const type = `${kind === 'tag' ? 'Tag' : 'Studio'}UpdateInput!`;
    const update = async (input: object): Promise<void> => {
      const document = `mutation($input: ${type}) { ${kind}Update(input: $input) { id } }`;
      await world.ask(document, { input: { id: entry.entity.id, ...input } });
    };
    await update(given);
    const { undone, refused } = await undo(context, { ids: [entry.id] });
    assert.deepEqual(undone, []);
    assert.match(inEnglish(refused[0]!.reason), /was changed since it was made: it is not deleted\.$/);
    assert.notEqual(await context.library.object(entry.entity), null);
    await update(none);
    assert.deepEqual((await undo(context, { ids: [entry.id] })).undone, [entry.id]);
  });

test('a performer who was made with a picture is deleted by the undo, unless they have another one by now', async (t) => {
  const context = await fakeContext(t, world.stash);
  const picture = Buffer.from(PIXEL, 'base64');
  for (const isReplaced of [false, true]) {
    const entry = await create(context, 'performer', named('performer'), picture);
    const [change] = entry.changes;
    assert(change?.op === 'create');
    assert.equal(change.picture?.length, 64);
    const { picturePath } = (await context.library.usage('performer', entry.entity.id))!;
    assert.deepEqual(Buffer.from((await context.library.fetchMedia(picturePath!, 1e6))!), picture);
    if (isReplaced)
      await world.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
        input: { id: entry.entity.id, image: `data:image/png;base64,${OTHER_PIXEL}` },
      });
    const { undone, refused } = await undo(context, { ids: [entry.id] });
    assert.equal(undone.length, isReplaced ? 0 : 1);
    assert.equal((await context.library.object(entry.entity)) === null, !isReplaced);
    for (const { reason } of refused) assert.match(inEnglish(reason), /was changed since it was made/);
  }
});

test('who is gone already, and what can be made with no such value, is said', async (t) => {
  const context = await fakeContext(t, world.stash);
  const entry = await create(context, 'tag', named('tag'));
  await world.stash.writer.destroy({ kind: 'tag', id: entry.entity.id });
  const { refused } = await undo(context, { ids: [entry.id] });
  assert.match(inEnglish(refused[0]!.reason), /^Stash has "Made \d.*" no more/);
  for (const values of [{ name: 'A', rating100: 500 }, { name: 'A', nose: 'long' }, { name: '' }])
    await assert.rejects(create(context, 'performer', values), { code: 'bad-input' });
  assert.equal((await context.store.journal.list({ state: 'planned' }, 1, 0)).total, 0);
});

test('of a Stash whose tags have no stash IDs a tag is made without, and deleted by the undo', async (t) => {
  const { stash } = await openedStash(t, { version: 'v0.29.3' });
  const context = await fakeContext(t, stash);
  const values = { name: 'Made', description: 'Made', stashIds: [STASH_IDS[0]] };
  const entry = await create(context, 'tag', values);
  const made = await context.library.object(entry.entity);
  assert.deepEqual([made?.values['description'], made?.values['stashIds']], ['Made', undefined]);
  const { undone } = await undo(context, { ids: [entry.id] });
  assert.deepEqual([undone, await context.library.object(entry.entity)], [[entry.id], null]);
});

const BATCH = { batchId: 'tagged', by: 'person' } as const;

test('a tag that is to be added is made once, whoever else makes it at the same moment, and found by name and alias', async (t) => {
  const contexts = await Promise.all([1, 2, 3].map(() => fakeContext(t, world.stash)));
  const { name } = named('tag');
  const ensure = ({ changes }: Context, tag: string): Promise<string> =>
    changes.exclusively(async (write) => (await write.ensureTag(tag, BATCH)).id);
  const ids = await Promise.all(
    [name, ` ${name.toUpperCase()} `, name].map((tag, i) => ensure(contexts[i]!, tag)),
  );
  const [id = ''] = ids;
  assert.deepEqual(new Set(ids), new Set([id]));
  const written = await Promise.all(
    contexts.map(({ store }) => store.journal.list({ state: 'written' }, 9, 0)),
  );
  const entries = written.flatMap(({ items }) => items);
  assert.deepEqual(
    entries.map(({ entity, batchId, by, changes }) => ({ entity, batchId, by, op: changes[0]?.op })),
    [{ entity: { kind: 'tag', id }, ...BATCH, op: 'create' }],
  );
  assert.match(inEnglish(entries[0]!.summary), /^made the tag "Made \d/i);
  const counted = await Promise.all(
    contexts.map(({ store }) => store.journal.changesOf(BATCH.batchId, ['written'])),
  );
  assert.deepEqual(counted.flat(), [{ op: 'create', what: 'tag', count: 1 }]);
  const other = await world.stash.writer.create('tag', { name: `Other ${name}`, aliases: [`Seen ${name}`] });
  assert.equal(await ensure(contexts[0]!, `seen ${name}`), other);
  await assert.rejects(ensure(contexts[0]!, ' '), { code: 'bad-input' });
  for (const { store } of contexts) assert.deepEqual(await store.journal.planned(), []);
});

test('an undo of the batch takes a tag off and deletes it, unless something else has it by now', async (t) => {
  for (const isUsedElsewhere of [false, true]) {
    const context = await fakeContext(t, world.stash);
    const [scene, other] = [await world.fresh('scene'), await world.fresh('scene')];
    const { name } = named('tag');
    const tagId = await context.changes.exclusively(async (write) => {
      const { id } = await write.ensureTag(name, BATCH);
      await write.make({
        entity: scene,
        changes: [{ op: 'add', entity: scene, field: 'tags', values: [id] }],
        summary: plain('tagged it'),
        suggestionId: null,
        face: null,
        ...BATCH,
      });
      return id;
    });
    if (isUsedElsewhere) await world.set(other, { tags: [tagId] });
    const { undone, refused } = await undo(context, { batchId: 'tagged' });
    assert.deepEqual((await world.read(scene)).values['tags'], []);
    assert.equal(undone.length, isUsedElsewhere ? 1 : 2);
    assert.equal(await context.library.findTag(name), isUsedElsewhere ? tagId : null);
    assert.deepEqual(
      refused.map(({ reason }) => inEnglish(reason)),
      isUsedElsewhere ? [`"${name}" is used by now: nothing that is in use is deleted.`] : [],
    );
  }
});

async function create(
  { changes }: Context,
  kind: CreatedKind,
  values: FieldValues,
  picture: Uint8Array | null = null,
): Promise<JournalEntry> {
  return await changes.exclusively((write) =>
    write.create({
      kind,
      values: { ...values },
      picture,
      summary: plain('made it'),
      batchId: 'b',
      by: 'person',
      suggestionId: null,
    }),
  );
}

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** Another colour. */
const OTHER_PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
