/** What is erased of what is excluded, and what stays; and that an exclusion nobody can find stops what looks. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { Output } from '../../core/contract/operations.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';
import { runOperation, runTask } from '../../tasks/compose/dispatch.ts';
import { tasks } from '../../tasks/compose/registry.ts';
import { FAST, fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aFile, aPerformer } from '../fakes/memory-stash.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';

const SCENE_1 = { kind: 'scene', id: '1' } as const;

test('the faces of a file that another scene has too stay for that one', async (t) => {
  const { stash, open } = openWorld(t);
  stash.addScene(1, 'shows 1');
  stash.items.set('scene:2', { ...stash.items.get('scene:1')!, id: '2', title: 'The same film' });
  await start(await open(), 'scan');
  hide(stash, 'scene:1');
  const context = await open();
  await runOperation(context, 'exclusions.apply', {});
  assert.equal(await context.store.identifications.get(SCENE_1), null);
  const faces = await facesOf(context, '2');
  assert.deepEqual([faces.state, faces.persons.map(({ name }) => name)], ['done', ['Performer 1']]);
});

test('a gallery loses its excluded picture, and is matched by the others', async (t) => {
  const { stash, open, vision } = openWorld(t, { scanGalleries: true });
  stash.addImage(3, 'shows 1', { galleryIds: ['5'] });
  stash.addImage(4, 'shows 2', { galleryIds: ['5'] });
  stash.items.set('gallery:5', { ...stash.items.get('image:3')!, kind: 'gallery', id: '5', files: [] });
  await start(await open(), 'scan');
  assert.deepEqual(await namesInGallery(await open()), ['Performer 1', 'Performer 2']);
  hide(stash, 'image:3');
  const context = await open();
  await runOperation(context, 'exclusions.apply', {});
  assert.deepEqual(await namesInGallery(context), ['Performer 2']);
  vision.looked.length = 0;
  await start(await open(), 'scan');
  assert.deepEqual([await namesInGallery(await open()), vision.looked], [['Performer 2'], []]);
});

test('a face that was confirmed in it is no reference any more, and undo and "not this person" stay', async (t) => {
  const { stash, open } = openWorld(t);
  stash.addScene(1, 'shows 1 2');
  await start(await open(), 'scan');
  const before = await open();
  const [yes, no] = (await before.store.suggestions.list({}, 'newest', 9, 0)).items.toSorted((a, b) =>
    a.targetName.localeCompare(b.targetName),
  );
  await runOperation(before, 'suggestions.accept', { ids: [yes!.id] });
  await runOperation(before, 'suggestions.reject', { ids: [no!.id] });
  assert.equal(await confirmedOf(before), 1);

  hide(stash, 'scene:1');
  const context = await open();
  await runOperation(context, 'exclusions.apply', {});
  assert.equal(await confirmedOf(context), 0);
  const { items } = await context.store.journal.list({ state: 'written' }, 9, 0);
  const undone = (await runOperation(context, 'journal.undo', {
    ids: [items[0]!.id],
  })) as Output<'journal.undo'>;
  assert.deepEqual(undone, { undone: [items[0]!.id], refused: [] });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, []);
  assert.equal(
    await context.store.dismissals.isDismissed(
      notSeen([`oshash:${aFile(1).fingerprints['oshash']!}`], aPerformer(2)),
    ),
    true,
  );
});

test('nothing is written to what was excluded since it was suggested', async (t) => {
  const { stash, open } = openWorld(t);
  stash.addScene(1, 'shows 1');
  await start(await open(), 'scan');
  const context = await open();
  const { items } = await context.store.suggestions.list({}, 'newest', 1, 0);
  hide(stash, 'scene:1');
  const late = await open();
  const report = (await runOperation(late, 'suggestions.accept', {
    ids: [items[0]!.id],
  })) as Output<'suggestions.accept'>;
  assert.deepEqual(report.accepted, []);
  assert.match(JSON.stringify(report.refused), /exclusions\.byTag/);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, []);
});

test('a suggestion of somebody else no longer names an excluded performer as a candidate', async (t) => {
  const { stash, open } = openWorld(t);
  stash.addScene(1, 'shows 1');
  await start(await open(), 'scan');
  const { store } = await open();
  const [known] = (await store.suggestions.list({ kind: 'performer-seen' }, 'newest', 1, 0)).items;
  const { id: _, key: __, state: ___, createdAt: ____, updatedAt: _____, ...proposal } = known!;
  const alternatives = [
    { performerId: '2', name: 'Performer 2', confidence: 0.1 },
    { performerId: '9', name: 'Performer 9', confidence: 0.1 },
  ];
  await store.suggestions.replace(SCENE_1, known!.analyzer, [
    { ...proposal, evidence: { ...proposal.evidence, alternatives } },
  ]);
  stash.settings = { excludedPerformers: 'Performer 2' };
  await runOperation(await open(), 'suggestions.list', {});
  const [left] = (await store.suggestions.list({ kind: 'performer-seen' }, 'newest', 1, 0)).items;
  assert.deepEqual(left?.evidence.alternatives, [alternatives[1]]);
});

for (const { what, ask } of [
  {
    what: 'another question',
    ask: async (context: FakeContext) => await runOperation(context, 'status', {}),
  },
  { what: 'a run', ask: async (context: FakeContext) => await start(context, 'scan') },
])
  test(`what ${what} erased between saving and erasing is told to who saved it, once`, async (t) => {
    const { stash, open } = openWorld(t);
    stash.addScene(1, 'shows 1');
    await start(await open(), 'scan');
    stash.settings = { excludedPerformers: 'Performer 1' };
    await ask(await open());
    const told = (await runOperation(await open(), 'exclusions.apply', {})) as Output<'exclusions.apply'>;
    assert.equal(told.performers, 1);
    assert.notEqual(told.message, null);
    const again = (await runOperation(await open(), 'exclusions.apply', {})) as Output<'exclusions.apply'>;
    assert.deepEqual([again.performers, again.message], [0, null]);
  });

test('a question which of two it is goes with an excluded one of them', async (t) => {
  const { stash, open } = openWorld(t);
  stash.addScene(1, 'shows 1');
  await start(await open(), 'scan');
  const { store } = await open();
  const [known] = (await store.suggestions.list({ kind: 'performer-seen' }, 'newest', 1, 0)).items;
  const { entity, entityTitle, severity, payload, evidence, analyzer, analyzerVersion } = known!;
  const { timesMs, faceCount, similarity, margin, referenceId } = evidence;
  const candidates = ['1', '2'].map((id) => ({
    performerId: id,
    name: `Performer ${id}`,
    confidence: 0.5,
    similarity,
    referenceId,
  }));
  await store.suggestions.replace(SCENE_1, analyzer, [
    {
      kind: 'performer-ambiguous',
      entity,
      entityTitle,
      severity,
      analyzer,
      analyzerVersion,
      target: null,
      targetName: '',
      confidence: 0.5,
      payload: { ...payload, candidates },
      evidence: { timesMs, faceCount, similarity, margin },
    },
  ]);
  stash.settings = { excludedPerformers: 'Performer 2' };
  await runOperation(await open(), 'suggestions.list', {});
  const { items } = await store.suggestions.list({ text: 'Performer 2' }, 'newest', 9, 0);
  assert.deepEqual(items, []);
});

test('killed between deleting and erasing from the disk, the next run erases', async (t) => {
  const { stash, open } = openWorld(t);
  stash.addScene(1, 'shows 1');
  await start(await open(), 'scan');
  hide(stash, 'scene:1');
  const killed = await open();
  const forgotten = await killed.store.forget({
    entities: [{ ...SCENE_1, contentIds: [] }],
    performerIds: [],
  });
  assert.deepEqual(forgotten, { entities: 1, performers: 0 });
  assert.equal(await killed.store.state.get('scrub-due'), true);
  const context = await open();
  await start(context, 'people', { only: 'match' });
  assert.equal(await context.store.state.get('scrub-due'), null);
});

test('what is excluded while a run is at work is erased by that run at the latest', async (t) => {
  const { stash, open, vision } = openWorld(t);
  for (let n = 1; n <= 6; n++) stash.addScene(n, 'shows 1');
  const context = await open();
  const { observations } = context.store;
  const put = observations.put.bind(observations);
  Object.assign(observations, {
    async put(...args: Parameters<typeof put>) {
      await put(...args);
      if (vision.looked.length > 4) hide(stash, 'scene:6', 'scene:1');
    },
  });
  await start(context, 'scan');
  for (const id of ['1', '6'])
    assert.deepEqual(await context.store.observations.contentOf({ kind: 'scene', id }), [], id);
  assert.notDeepEqual(await context.store.observations.contentOf({ kind: 'scene', id: '3' }), []);
});

for (const [what, settings, said] of [
  ['tag', { excludedTags: 'Private; Privat' }, /names "Privat", and Stash has no such tag/],
  [
    'performer',
    { excludedPerformers: 'Nobody [77]' },
    /names "Nobody \[77\]", and Stash has no such performer/,
  ],
  ['folder', { excludedFolders: 'private' }, /names "private", which is no whole path/],
  ['setting', { excludedTags: { all: true } }, /Stash has no such tag/],
] as const)
  test(`with a ${what} that cannot be found nothing is looked at and nothing learnt, and it is said why`, async (t) => {
    const { stash, open, vision, folder } = openWorld(t);
    stash.addScene(1, 'shows 1');
    stash.settings = settings;
    const { readSettings } = await open();
    const { settings: read } = readSettings(stash.settings);
    const openHere = async (): Promise<FakeContext> =>
      await fakeContext(t, stash, { folder, vision, settings: read });
    for (const mode of ['scan', 'people', 'identify'] as const)
      await assert.rejects(start(await openHere(), mode), { code: 'exclusion-unknown', message: said });
    for (const [name, input] of [
      ['scene.identify', { sceneId: '1' }],
      ['scene.faces', { sceneId: '1' }],
      ['exclusions.apply', {}],
    ] as const)
      await assert.rejects(runOperation(await openHere(), name, input), { code: 'exclusion-unknown' });
    assert.deepEqual(vision.looked, []);
    const status = (await runOperation(await openHere(), 'status', {})) as Output<'status'>;
    assert.match(JSON.stringify(status.checks.find(({ id }) => id === 'exclusions')), /exclusions\.no/);
    const { problems } = (await runOperation(await openHere(), 'settings.get', {})) as Output<'settings.get'>;
    assert.match(JSON.stringify(problems), /exclusions\.no/);
  });

function openWorld(t: TestContext, settings: Record<string, unknown> = {}) {
  const folder = tempFolder(t);
  const stash = smallLibrary(tempFolder(t));
  const vision: FakeVision = fakeVision();
  stash.settings = settings;
  stash.tags.set('Private', '1');
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  return {
    stash,
    vision,
    folder,
    open: async (): Promise<FakeContext> =>
      await fakeContext(t, stash, { folder, vision, settings: stash.settings, limits: FAST }),
  };
}

/** Gives these the excluded tag. */
function hide(stash: SmallLibrary, ...names: readonly string[]): void {
  for (const name of names) stash.items.set(name, { ...stash.items.get(name)!, tagIds: ['1'] });
  stash.settings = { ...stash.settings, excludedTags: 'Private' };
}

async function facesOf(context: FakeContext, sceneId: string): Promise<Output<'scene.faces'>> {
  return (await runOperation(context, 'scene.faces', { sceneId })) as Output<'scene.faces'>;
}

async function start(
  context: FakeContext,
  mode: TaskMode,
  args: Record<string, unknown> = {},
): Promise<void> {
  await runTask(context, tasks[mode], args);
}

async function namesInGallery(context: FakeContext): Promise<readonly string[]> {
  const entity = { kind: 'gallery', id: '5' } as const;
  const { persons } = (await runOperation(context, 'entity.faces', { entity })) as Output<'entity.faces'>;
  return persons.map(({ name }) => name ?? '').toSorted();
}

async function confirmedOf({ store }: FakeContext): Promise<number> {
  return (await store.people.references('1', PACK)).filter(({ source }) => source === 'confirmed').length;
}
