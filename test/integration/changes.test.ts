/**
Every field that is built is written, undone, and raced for. On the double; on a real Stash with STASH_URL, of an address that
may be filled with objects.
*/
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { FieldChange, FieldValue, ListValue, Scalar } from '../../core/changes/change.ts';
import { builtCells } from '../../core/changes/fields.ts';
import { standsStill } from '../../core/changes/standing.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Context } from '../../tasks/runs/task.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { fakeContext } from '../fakes/context.ts';
import { holding, samplesOf, STASH_IDS, type Samples } from '../fixtures/changes/samples.ts';
import { openChangeWorld, type ChangeWorld } from '../fixtures/changes/world.ts';

let folder: string;
let world: ChangeWorld;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-changes-'));
  world = await openChangeWorld(path.join(folder, 'config'));
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const { kind, name, field } of builtCells())
  test(`${kind}.${name} is written, verified, undone, and never taken from somebody else`, async (t) => {
    const context = await fakeContext(t, world.stash);
    const samples = samplesOf(name, field, world.ids);
    const entity = await world.fresh(kind);
    await world.set(entity, { [name]: holding(samples, 0) });
    const at = async (): Promise<FieldValue> => (await world.read(entity)).values[name] ?? null;
    const others = async (): Promise<unknown> => ({ ...(await world.read(entity)).values, [name]: null });
    const untouched = await others();

    for (const { change, expected } of changesOf(samples, entity, name)) {
      const entry = await make(context, entity, [change]);
      assert.deepEqual(entry?.changes, [change]);
      assert.equal(entry?.state, 'written');
      assert.deepEqual(await at(), expected);
      assert.deepEqual(await others(), untouched);
      assert.equal(await make(context, entity, [change]), null, 'there is nothing more to write');
      assert.deepEqual(await undo(context, { ids: [entry.id] }), { undone: [entry.id], refused: [] });
      assertSame(await at(), holding(samples, 0));
      assert.deepEqual(await others(), untouched);
      assert.equal((await context.store.journal.get(entry.id))?.state, 'undone');
    }

    await refusesWhatSomebodyChanged(context, entity, name, samples);
    await losesNothing(context, entity, name, samples);
  });

/** Each change that the field has, from the first sample on. */
function changesOf(
  samples: Samples,
  entity: StashRef,
  field: string,
): { change: FieldChange; expected: FieldValue }[] {
  if (samples.shape === 'list') {
    const [first, second] = samples.values;
    return [
      { change: { op: 'add', entity, field, values: [second] }, expected: holding(samples, 0, 1) },
      { change: { op: 'remove', entity, field, values: [first] }, expected: [] },
    ];
  }
  const [first, second] = samples.values;
  const set = (value: Scalar): { change: FieldChange; expected: FieldValue } => ({
    change: { op: 'set', entity, field, before: first, after: value },
    expected: value,
  });
  // Made by hand on a real Stash it has no file, and without one it needs a title.
  const needsTitle = world.double === null && field === 'title' && entity.kind !== 'image';
  return samples.nullable && !needsTitle ? [set(second), set(null)] : [set(second)];
}

/** After our write somebody else changes the same: it is theirs, and the undo says so. */
async function refusesWhatSomebodyChanged(
  context: Context,
  entity: StashRef,
  field: string,
  samples: Samples,
): Promise<void> {
  const { change } = changesOf(samples, entity, field)[0]!;
  const entry = await make(context, entity, [change]);
  const theirs = holding(samples, 2);
  await world.set(entity, { [field]: theirs });
  const { undone, refused } = await undo(context, { ids: [entry!.id] });
  assert.deepEqual(undone, []);
  assert.match(inEnglish(refused[0]!.reason), /changed|no longer on|is another one in Stash/);
  assertSame((await world.read(entity)).values[field], theirs);
  await world.set(entity, { [field]: holding(samples, 0) });
}

/** Between our look and our write somebody else writes. */
async function losesNothing(
  context: Context,
  entity: StashRef,
  field: string,
  samples: Samples,
): Promise<void> {
  const { change } = changesOf(samples, entity, field)[0]!;
  const at = async (): Promise<FieldValue | undefined> => (await world.read(entity)).values[field];
  if (samples.shape === 'list') {
    world.meanwhile(() => world.set(entity, { [field]: holding(samples, 2) }));
    const entry = await make(context, entity, [change]);
    assertSame(await at(), holding(samples, 2, 1));
    await undo(context, { ids: [entry!.id] });
    assertSame(await at(), holding(samples, 2));
    return;
  }
  // Of a flag there are but two: who writes the same as we do, at the same moment, is content too.
  const [first, second, third] = samples.values;
  if (third === first) return;
  world.meanwhile(() => world.set(entity, { [field]: third }));
  await assert.rejects(make(context, entity, [change]), { code: 'changed-since' });
  assert.equal(await at(), third);
  assert.equal((await context.store.journal.list({ state: 'planned' }, 1, 0)).total, 0);
  // What was read is no longer so when it is to be written.
  await assert.rejects(make(context, entity, [change]), { code: 'changed-since' });
  assert.notEqual(await at(), second);
}

for (const { kind, name, field } of builtCells())
  test(`what was written to ${kind}.${name} stands until somebody takes it off, and again once it is back`, async (t) => {
    const context = await fakeContext(t, world.stash);
    const samples = samplesOf(name, field, world.ids);
    const entity = await world.fresh(kind);
    for (const { change } of changesOf(samples, entity, name)) {
      await world.set(entity, { [name]: holding(samples, 0) });
      const entry = await make(context, entity, [change]);
      const written = (await world.read(entity)).values[name] ?? null;
      const stands = async (): Promise<boolean> => {
        const found = await world.stash.library.fieldsOf(kind, [entity.id, '999999'], [name]);
        assert.deepEqual([...found.keys()], [entity.id]);
        assert.deepEqual(Object.keys(found.get(entity.id) ?? {}), [name]);
        return standsStill(entry!.changes, ({ id }) => found.get(id) ?? null);
      };
      assert.equal(await stands(), true);
      await world.set(entity, { [name]: holding(samples, 0) });
      assert.equal(await stands(), false);
      await world.set(entity, { [name]: written });
      assert.equal(await stands(), true);
    }
  });

test('a stash ID takes the place of another one of its endpoint, of which a scene has but one, and the undo brings that back', async (t) => {
  const context = await fakeContext(t, world.stash);
  for (const kind of ['scene', 'performer'] as const) {
    const entity = await world.fresh(kind);
    const old = { ...(STASH_IDS[0] as object), stashId: 'old' } as ListValue;
    const another = { ...(STASH_IDS[0] as object), stashId: 'another' } as ListValue;
    const at = async () => (await world.read(entity)).values['stashIds'];
    await world.set(entity, { stashIds: [old, STASH_IDS[1]] });
    const add: FieldChange = { op: 'add', entity, field: 'stashIds', values: [STASH_IDS[0]] };
    if (kind === 'scene')
      await assert.rejects(make(context, entity, [add]), {
        code: 'changed-since',
        message: /another stash ID/,
      });
    const replace: FieldChange[] = [{ op: 'remove', entity, field: 'stashIds', values: [old] }, add];
    const entry = await make(context, entity, replace);
    assertSame(await at(), [STASH_IDS[0], STASH_IDS[1]]);
    await undo(context, { ids: [entry!.id] });
    assertSame(await at(), [old, STASH_IDS[1]]);

    if (kind === 'performer') {
      const both = await make(context, entity, [add]);
      assertSame(await at(), [old, STASH_IDS[0], STASH_IDS[1]]);
      await undo(context, { ids: [both!.id] });
      assertSame(await at(), [old, STASH_IDS[1]]);
      continue;
    }
    // Somebody else puts another one there: at the same moment, and after ours.
    await world.set(entity, { stashIds: [] });
    world.meanwhile(() => world.set(entity, { stashIds: [another] }));
    await assert.rejects(make(context, entity, [add]), {
      code: 'changed-since',
      message: /another stash ID/,
    });
    assertSame(await at(), [another]);
    await world.set(entity, { stashIds: [old] });
    const second = await make(context, entity, replace);
    await world.set(entity, { stashIds: [another] });
    const { refused } = await undo(context, { ids: [second!.id] });
    assert.match(inEnglish(refused[0]!.reason), /another stash ID/);
    assertSame(await at(), [another]);
  }
});

test('several fields of an object are one entry, written and undone together', async (t) => {
  const context = await fakeContext(t, world.stash);
  const entity = await world.fresh('scene');
  const start = { title: 'One', tags: [world.ids.tags[0]], urls: [], stashIds: [], performers: [] };
  await world.set(entity, start);
  const [tag, otherTag] = world.ids.tags;
  const changes: FieldChange[] = [
    { op: 'add', entity, field: 'tags', values: [otherTag] },
    { op: 'remove', entity, field: 'tags', values: [tag] },
    { op: 'add', entity, field: 'urls', values: ['https://example.com/1'] },
    { op: 'add', entity, field: 'stashIds', values: [STASH_IDS[0]] },
    { op: 'set', entity, field: 'title', before: 'One', after: 'Two' },
    { op: 'set', entity, field: 'studio', before: null, after: world.ids.studio[0] },
  ];
  const entry = await make(context, entity, changes);
  assert.deepEqual(entry?.changes, changes);
  const { values } = await world.read(entity);
  assert.deepEqual(
    [values['title'], values['tags'], values['stashIds'], values['studio']],
    ['Two', [otherTag], [STASH_IDS[0]], world.ids.studio[0]],
  );
  // One value that somebody changed keeps all of it as it is.
  await world.set(entity, { title: 'Three' });
  assert.equal((await undo(context, { ids: [entry.id] })).refused.length, 1);
  assert.deepEqual((await world.read(entity)).values['tags'], [otherTag]);
  await world.set(entity, { title: 'Two' });
  assert.deepEqual((await undo(context, { ids: [entry.id] })).undone, [entry.id]);
  const back = (await world.read(entity)).values;
  assert.deepEqual(Object.fromEntries(Object.keys(start).map((name) => [name, back[name]])), start);
  assert.equal(back['studio'], null);
});

test('what is gone, or is no value of its field, is said and not written', async (t) => {
  const context = await fakeContext(t, world.stash);
  const entity = await world.fresh('scene');
  const refuse = async (change: FieldChange, error: object) => {
    await assert.rejects(make(context, entity, [change]), error);
    assert.equal((await context.store.journal.list({ state: 'written' }, 1, 0)).total, 0);
  };
  await refuse(
    { op: 'set', entity, field: 'studio', before: null, after: '99999' },
    { code: 'not-found', message: 'Studio 99999 is no longer in Stash: nothing was changed.' },
  );
  await refuse(
    { op: 'add', entity, field: 'tags', values: ['99999'] },
    { code: 'not-found', message: 'Tag 99999 is no longer in Stash: nothing was changed.' },
  );
  await refuse({ op: 'set', entity, field: 'date', before: null, after: 'yesterday' }, { code: 'bad-input' });
  await refuse({ op: 'add', entity, field: 'galleries', values: ['1'] }, { code: 'bad-input' });
  await refuse({ op: 'set', entity, field: 'tags', before: null, after: '1' }, { code: 'bad-input' });
  const performer = await world.fresh('performer');
  const other = await world.read(await world.fresh('performer'));
  const { title, values } = await world.read(performer);
  const naming: FieldChange = {
    op: 'set',
    entity: performer,
    field: 'name',
    before: title,
    after: other.title,
  };
  const added: FieldChange[] = [
    { op: 'add', entity: performer, field: 'aliases', values: ['Countess'] },
    { op: 'add', entity: performer, field: 'urls', values: ['https://example.com/1'] },
    { op: 'add', entity: performer, field: 'tags', values: [world.ids.tags[0]] },
    { op: 'add', entity: performer, field: 'stashIds', values: [STASH_IDS[0]] },
  ];
  for (const changes of [[naming], [...added, naming]])
    await assert.rejects(make(context, performer, changes), {
      code: 'stash-refused',
      message: /already exists/,
    });
  assert.deepEqual((await world.read(performer)).values, values, 'no part of it was written');
  assert.equal((await context.store.journal.list({ state: 'planned' }, 1, 0)).total, 0);
});

test('under an id that another object has by now nothing is written and nothing undone', async (t) => {
  const { double } = world;
  if (double === null) return t.skip('a real Stash gives no id twice');
  const context = await fakeContext(t, world.stash);
  const strangers: Record<string, (id: string) => void> = {
    scene: (id) => replaceFile(double.library.scenes.get(id)!.fileIds[0]!),
    image: (id) => replaceFile(double.library.images.get(id)!.fileIds[0]!),
    gallery: (id) => replaceFile(double.library.galleries.get(id)!.fileIds[0]!),
    performer: (id) => (double.library.performers.get(id)!.name = `Stranger ${id}`),
  };
  function replaceFile(fileId: string): void {
    double!.library.files.get(fileId)!.fingerprints = [{ type: 'oshash', value: 'f'.repeat(16) }];
  }
  for (const kind of ['scene', 'image', 'gallery', 'performer'] as const) {
    const entity = await world.fresh(kind);
    const { identity } = await world.read(entity);
    const change: FieldChange = { op: 'add', entity, field: 'tags', values: [world.ids.tags[0]] };
    const entry = await make(context, entity, [change]);
    strangers[kind]!(entity.id);
    const second: FieldChange = { ...change, values: [world.ids.tags[1]] };
    await assert.rejects(make(context, entity, [second], identity), {
      code: 'changed-since',
      message: /is another one in Stash/,
    });
    const { refused } = await undo(context, { ids: [entry!.id] });
    assert.match(inEnglish(refused[0]!.reason), /is another one in Stash/);
    assert.deepEqual((await world.read(entity)).values['tags'], [world.ids.tags[0]]);
  }
});

async function make(
  { changes: writing }: Context,
  entity: StashRef,
  changes: FieldChange[],
  identity?: JournalEntry['identity'],
): Promise<JournalEntry | null> {
  return await writing.exclusively((write) =>
    write.make({
      entity,
      changes,
      ...(identity && { identity }),
      summary: plain('changed it'),
      batchId: 'b',
      by: 'person',
      suggestionId: null,
      face: null,
    }),
  );
}

/** Lists in any order: what is put back comes last. */
function assertSame(actual: FieldValue | undefined, expected: FieldValue): void {
  assert.deepEqual(sorted(actual), sorted(expected));
}

function sorted(value: FieldValue | undefined): unknown {
  return Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value;
}
