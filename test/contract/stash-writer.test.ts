/** What is written to the user's Stash, over real HTTP against the double. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldChange, StashObject } from '../../core/changes/change.ts';
import type { NameOf } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Stash } from '../../plugin/stash/client.ts';
import { addScenes, openedStash } from './opened-stash.ts';

test('performers and tags are added and removed, and what others wrote meanwhile stays', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  addScenes(double, 1);
  const [a, b, c] = ['A', 'B', 'C'].map((name) => library.addPerformer({ name }).id) as [
    string,
    string,
    string,
  ];
  const [x, y] = ['X', 'Y'].map((name) => library.addTag({ name }).id) as [string, string];
  const scene = library.scenes.get('1')!;
  scene.performerIds = [c];
  await change(stash, { kind: 'scene', id: '1' }, { add: { performerIds: [a, b], tagIds: [x] } });
  assert.deepEqual([scene.performerIds, scene.tagIds], [[c, a, b], [x]]);
  // One call where it can be one.
  const before = double.calls.length;
  await change(stash, { kind: 'scene', id: '1' }, { add: { tagIds: [y] }, remove: { performerIds: [a] } });
  assert.equal(double.calls.length, before + 1);
  await change(
    stash,
    { kind: 'scene', id: '1' },
    { add: { performerIds: [a] }, remove: { performerIds: [b, c], tagIds: [x, y] } },
  );
  assert.deepEqual([scene.performerIds, scene.tagIds], [[a], []]);
  await change(stash, { kind: 'scene', id: '1' }, {});

  for (const kind of ['image', 'gallery'] as const) {
    const row = kind === 'image' ? library.addImage() : library.addGallery();
    await change(stash, { kind, id: row.id }, { add: { performerIds: [b] } });
    assert.deepEqual(row.performerIds, [b]);
    await change(stash, { kind, id: row.id }, { remove: { performerIds: [b] } });
    assert.deepEqual(row.performerIds, []);
  }
});

test('a stash ID that is only written along keeps what Stash has beside it', async (t) => {
  const { stash, double } = await openedStash(t);
  const before = [1, 2].map((n) => ({ ...idAt(n), updatedAt: 1_600_000_000 + n }));
  const row = double.library.addPerformer({ name: 'Ada', stashIds: before });
  const object = (await stash.library.object({ kind: 'performer', id: row.id }))!;
  const add = [{ endpoint: idAt(3).endpoint, stashId: 'a' }];
  const remove = [{ endpoint: idAt(2).endpoint, stashId: 'a' }];
  await stash.writer.change(object, [
    { op: 'remove', entity: object.entity, field: 'stashIds', values: remove },
    { op: 'add', entity: object.entity, field: 'stashIds', values: add },
  ]);
  const [kept, added, ...more] = double.library.performers.get(row.id)!.stashIds;
  assert.deepEqual(kept, before[0]);
  assert.deepEqual([added?.endpoint, more.length], [idAt(3).endpoint, 0]);
  assert.ok(added!.updatedAt > 1_600_000_002);
});

function idAt(n: number) {
  return { endpoint: `https://box${n}.example/graphql`, stash_id: 'a' };
}

test('a write about something that is gone names it, and changes nothing', async (t) => {
  const { stash, double } = await openedStash(t);
  addScenes(double, 1);
  const { id } = double.library.addPerformer({ name: 'A' });
  await assert.rejects(change(stash, { kind: 'scene', id: '1' }, { add: { performerIds: [id, '99'] } }), {
    code: 'not-found',
    message: 'Performer 99 is no longer in Stash: nothing was changed.',
  });
  await assert.rejects(change(stash, { kind: 'scene', id: '1' }, { add: { performerIds: ['99'] } }, named), {
    code: 'not-found',
    message: 'Performer "Jane Doe" is no longer in Stash: nothing was changed.',
  });
  await assert.rejects(change(stash, { kind: 'scene', id: '1' }, { add: { tagIds: ['77'] } }), {
    code: 'not-found',
    message: 'Tag 77 is no longer in Stash: nothing was changed.',
  });
  await assert.rejects(change(stash, { kind: 'scene', id: '5' }, { add: { performerIds: [id] } }), {
    code: 'not-found',
    message: 'Scene 5 is no longer in Stash: nothing was changed.',
  });
  await assert.rejects(change(stash, { kind: 'image', id: '5' }, { remove: { performerIds: [id] } }), {
    code: 'not-found',
    message: 'Image 5 is no longer in Stash: nothing was changed.',
  });
  assert.deepEqual(double.library.scenes.get('1')!.performerIds, []);
});

test('of fields of both ways of writing none is written where Stash refuses one', async (t) => {
  const { stash, double } = await openedStash(t);
  const row = double.library.addPerformer({ name: 'Ada' });
  const entity = { kind: 'performer', id: row.id } as const;
  const object = (await stash.library.object(entity))!;
  const wanted = [
    { op: 'add', entity, field: 'stashIds', values: [{ endpoint: idAt(1).endpoint, stashId: 'a' }] },
    { op: 'add', entity, field: 'urls', values: ['https://a.example'] },
    { op: 'set', entity, field: 'country', before: null, after: 'GB' },
  ] satisfies FieldChange[];
  // Looking at what is there is a write for Stash, which moves the time.
  const now = () => ({ ...double.library.performers.get(row.id)!, updatedAt: 0 });
  const before = structuredClone(now());
  await assert.rejects(
    stash.writer.change(object, [...wanted, { op: 'add', entity, field: 'tags', values: ['77'] }]),
    { code: 'not-found', message: 'Tag 77 is no longer in Stash: nothing was changed.' },
  );
  assert.deepEqual(now(), before);
  await stash.writer.change(object, wanted);
  const { values } = (await stash.library.object(entity))!;
  assert.deepEqual(
    [values['stashIds'], values['urls'], values['country']].map((value) => [value].flat().length),
    [1, 1, 1],
  );
  assert.equal(values['country'], 'GB');
});

test('refused after its first step a write says that a part was made, for that must be found and undone', async (t) => {
  const { stash, double } = await openedStash(t);
  addScenes(double, 1);
  const [a, b] = ['A', 'B'].map((name) => double.library.addPerformer({ name }).id) as [string, string];
  const scene = double.library.scenes.get('1')!;
  scene.performerIds = [b];
  double.addFault({ kind: 'slow', delayMs: 300, where: /REMOVE/ });
  const changing = change(
    stash,
    { kind: 'scene', id: '1' },
    { add: { performerIds: [a] }, remove: { performerIds: [b] } },
  );
  while (!scene.performerIds.includes(a)) await new Promise((resolve) => setTimeout(resolve, 5));
  double.library.scenes.delete('1');
  await assert.rejects(changing, {
    code: 'changed-since',
    message:
      'A part of the change was made, then: Scene 1 is no longer in Stash. What was made is in the history after the next change, and can be undone there.',
  });
});

test('a lost answer to a write is no second write', async (t) => {
  const { stash, double } = await openedStash(t);
  addScenes(double, 1);
  const { id } = double.library.addPerformer({ name: 'A' });
  double.addFault({ kind: 'cut', where: /bulkSceneUpdate/, times: 1, afterwards: true });
  await assert.rejects(change(stash, { kind: 'scene', id: '1' }, { add: { performerIds: [id] } }), {
    code: 'stash-unreachable',
    message: /no clear answer/,
  });
  assert.deepEqual(double.library.scenes.get('1')!.performerIds, [id]);
  assert.equal(double.calls.filter((it) => it.operationName === 'Change').length, 1);
});

const named: NameOf = () => Promise.resolve('Jane Doe');

type Ids = { readonly performerIds?: readonly string[]; readonly tagIds?: readonly string[] };

/** What adds and removes single values needs nothing of the object but which one it is. */
async function change(
  { writer }: Pick<Stash, 'writer'>,
  entity: StashRef,
  what: { readonly add?: Ids; readonly remove?: Ids },
  nameOf?: NameOf,
): Promise<void> {
  const identity = { contents: [], name: '', disambiguation: '', stashIds: [] };
  const object: StashObject = { entity, title: '', identity, values: {} };
  const changes = (['add', 'remove'] as const).flatMap((op): FieldChange[] =>
    [
      { op, entity, field: 'performers', values: what[op]?.performerIds ?? [] },
      { op, entity, field: 'tags', values: what[op]?.tagIds ?? [] },
    ].filter(({ values }) => values.length > 0),
  );
  await writer.change(object, changes, nameOf);
}
