import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import type { Settings } from '../../core/settings.ts';
import { acceptSuggestions } from '../../tasks/suggestions/accept.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { runOperations } from '../../tasks/runs/operations.ts';
import { statusOperation } from '../../tasks/status/operations.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { aVector, fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { inEnglish } from '../../core/messages/english.ts';

test('a scan learns people first, then says who is in each scene, and decodes nothing a second time', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  stash.addScene(1, 'shows 1 2');
  stash.addScene(2, 'shows 2 and a stranger 5');
  stash.addScene(3, 'shows nobody');
  await run(context);
  assert.deepEqual(await open(context), [
    'scene 1: Performer 1',
    'scene 1: Performer 2',
    'scene 2: Performer 2',
  ]);
  const faces = await identifyOperations['scene.faces'](context, { sceneId: '2' });
  assert.equal(faces.state, 'done');
  assert.deepEqual(
    faces.persons.map(({ decision, name, suggestion, present }) => ({
      decision,
      name,
      open: suggestion?.state,
      present,
    })),
    [
      { decision: 'match', name: 'Performer 2', open: 'open', present: false },
      { decision: 'unknown', name: null, open: undefined, present: false },
    ],
  );
  assert.match(faces.persons[0]?.crops[0]?.url ?? '', /^data:image\/jpeg;base64,/);
  assert.match(faces.persons[0]?.candidates[0]?.reference?.url ?? '', /^data:image\/jpeg;base64,/);
  assert.equal((await identifyOperations['scene.faces'](context, { sceneId: '3' })).state, 'done');

  const before = vision.looked.length;
  await run(context);
  assert.equal(vision.looked.length, before);
});

test('whoever was added can be undone on the scene, and is no longer called added when Stash took them off', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 1');
  await run(context);
  const shown = async (): Promise<unknown> => {
    const [person] = (await identifyOperations['scene.faces'](context, { sceneId: '1' })).persons;
    return [person?.present, person?.journalId, person?.candidates[0]?.journalId ?? null];
  };
  assert.deepEqual(await shown(), [false, null, null]);
  const [suggestion] = (await context.store.suggestions.list({}, 'newest', 1, 0)).items;
  const { accepted } = await acceptSuggestions(context, [suggestion?.id ?? ''], {
    by: 'person',
    dryRun: false,
  });
  const journalId = accepted[0]?.journalId;
  assert.deepEqual(await shown(), [true, journalId, journalId]);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: [] });
  assert.deepEqual(await shown(), [false, null, null]);
});

test('scenes without performers come first, and the newest of them first of all', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'a');
  stash.addScene(2, 'b', { performerIds: ['9'] });
  stash.addScene(3, 'c');
  stash.addScene(4, 'd', { performerIds: ['9'] });
  await run(context);
  assert.deepEqual(
    vision.looked.map((it) => it.replace(/.*\//, '')),
    ['3.mp4', '1.mp4', '4.mp4', '2.mp4'],
  );
});

test('who is on a scene already is not proposed, who was rejected never again: also when the file comes back under another id', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  stash.addScene(1, 'shows 1 2', { performerIds: ['1'] });
  await run(context);
  const { items } = await context.store.suggestions.list({ state: 'open' }, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ targetName }) => targetName),
    ['Performer 2'],
  );
  await suggestionOperations['suggestions.reject'](context, { ids: items.map(({ id }) => id) });
  const returned = { ...stash.items.get('scene:1')!, id: '8', performerIds: [] };
  stash.items.clear();
  stash.items.set('scene:8', returned);
  await run(context);
  assert.deepEqual(await open(context), ['scene 8: Performer 1']);
});

test('a moved scene is known at once from its content, without a scan', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 1');
  await run(context);
  const moved = stash.items.get('scene:1')!;
  stash.items.set('scene:5', { ...moved, id: '5', title: 'Moved' });
  const faces = await identifyOperations['scene.faces'](context, { sceneId: '5' });
  assert.deepEqual(
    faces.persons.map(({ name, suggestion }) => ({ name, state: suggestion?.state })),
    [{ name: 'Performer 1', state: 'open' }],
  );
});

test('a scene page shows who is known by now, before the next scan', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'shows 1');
  await run(context);
  stash.addPerformer(1, 'face 1');
  assert.equal((await runSlice(context, people, {}, {})).end, 'finished');
  await context.store.observations.setMatchedWith({ kind: 'scene', id: '1' }, '0:of before');
  const faces = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual(
    faces.persons.map(({ name }) => name),
    ['Performer 1'],
  );
});

test('new people are found in what was seen before, without decoding', async (t) => {
  const { context, stash, vision } = await opened(t);
  for (let n = 1; n <= 12; n++) stash.addScene(n, `shows ${n % 3}`);
  await run(context);
  assert.deepEqual(await open(context), []);
  stash.addPerformer(1, 'face 1');
  const before = vision.looked.filter((it) => it.endsWith('.mp4')).length;
  await run(context);
  assert.equal((await open(context)).length, 4);
  assert.equal(vision.looked.filter((it) => it.endsWith('.mp4')).length, before);
  // And who is taken away again is proposed no more.
  stash.performers.delete('1');
  await run(context);
  assert.deepEqual(await open(context), []);
});

test('bad files are counted with their reason, once each, and nothing stops', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addScene(1, 'broken');
  stash.addScene(2, '');
  stash.addScene(3, 'gone');
  rmSync(stash.items.get('scene:3')!.files[0]!.path);
  stash.addScene(4, 'shows 1');
  stash.addScene(5, 'x', { files: [] });
  await run(context);
  const { total, items } = await runOperations['runs.failures'](context, { limit: 10, offset: 0 });
  assert.equal(total, 4);
  assert.deepEqual(items.map(({ id, state, attempts }) => `${id} ${state} ${attempts}`).toSorted(), [
    '1 failed 1',
    '2 failed 1',
    // It might have come back with its disk.
    '3 failed 3',
    '5 skipped 1',
  ]);
  assert.match(inEnglish(items.find(({ id }) => id === '5')!.error), /knows no file of this scene/);
  assert.match(inEnglish(items.find(({ id }) => id === '2')!.error), /empty \(0 bytes\)/);
  const [last] = await context.store.runs.recent(1);
  assert.deepEqual(
    { state: last?.state, done: last?.done, failed: last?.failed, total: last?.total },
    { state: 'finished', done: 1, failed: 3, total: 5 },
  );
  const faces = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal(faces.state, 'failed');
  assert.match(inEnglish(faces.lastFailure!.message), /damaged/);

  // Not tried again until it is another file.
  const before = vision.looked.length;
  await run(context);
  assert.equal(vision.looked.length, before);
  writeFileSync(stash.items.get('scene:1')!.files[0]!.path, 'whole again 1');
  const mended = stash.items.get('scene:1')!;
  stash.items.set('scene:1', {
    ...mended,
    files: [{ ...mended.files[0]!, fingerprints: { oshash: 'ffffffffffffffff' } }],
  });
  await run(context);
  assert.equal((await identifyOperations['scene.faces'](context, { sceneId: '1' })).state, 'done');
});

test('a confirmed face is shown beside another picture, not beside itself', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 1');
  await run(context);
  const { items } = await context.store.suggestions.list({ state: 'open' }, 'newest', 1, 0);
  await acceptSuggestions(context, [items[0]?.id ?? ''], { by: 'person', dryRun: false });
  const confirmed = (await context.store.people.vectors('1', PACK)).map(({ source }) => source);
  assert.deepEqual(confirmed, ['profile', 'confirmed']);
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal(persons[0]?.candidates[0]?.reference?.source, 'profile');
});

test('a face that was confirmed and taken back speaks for nobody, also in what was matched in between', async (t) => {
  const { context, stash } = await opened(t);
  const { store } = context;
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 3');
  await run(context);
  const confirmed = await store.people.putReference({
    ...(await store.people.references('1', PACK))[0]!,
    source: 'confirmed',
    sourceKey: 'oshash:0000000000000001#0',
    embedding: aVector(3),
  });
  // Seen, and matched with the confirmed face, by its page.
  await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual(await open(context), ['scene 1: Performer 1']);
  await store.people.setReferenceState(confirmed, 'withdrawn');
  await run(context);
  assert.deepEqual(await open(context), []);
});

test('a run that goes on after the settings were changed does what they say now', async (t) => {
  const { context, stash, vision } = await opened(t, { scanScope: 'without performers' });
  stash.addScene(1, 'a', { performerIds: ['9'] });
  stash.addScene(2, 'b');
  stash.before = (call) => {
    if (call === 'item') throw new StashSenseError('stash-unreachable', plain('Stash does not answer.'));
  };
  await assert.rejects(runSlice(context, scan, {}, {}));
  // As if it had been killed.
  stash.before = () => undefined;
  const { run: lost } = await context.store.runs.begin('scan', 'somebody dead', {}, 0);
  await context.store.runs.pause(lost.id, 'somebody dead');
  const wider = await fakeContext(t, stash, {
    folder: context.dataFolder,
    vision,
    settings: { scanScope: 'all' },
  });
  await run(wider);
  assert.equal(vision.looked.length, 2);
});

test('once people have changed and nothing is under way, asking how things are has all matched again, once', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 1');
  await statusOperation.status(context, {});
  assert.deepEqual(stash.started, []);
  await run(context);
  await statusOperation.status(context, {});
  assert.deepEqual(stash.started, []);
  const other = await fakeContext(t, stash, {
    folder: context.dataFolder,
    vision: context.vision,
    settings: { matchConfidence: 99 },
  });
  stash.jobs.push({
    id: '1',
    status: 'RUNNING',
    description: 'Scanning...',
    addedAt: '2026-01-10T12:00:00Z',
  });
  await statusOperation.status(other, {});
  assert.deepEqual(stash.started, []);
  stash.jobs.length = 0;
  await statusOperation.status(other, {});
  await statusOperation.status(other, {});
  assert.deepEqual(stash.started, [{ name: 'Update people', args: { only: 'match' } }]);
  assert.equal((await runSlice(other, people, { only: 'match' }, {})).end, 'finished');
  assert.match((await other.store.observations.matchedWith({ kind: 'scene', id: '1' })) ?? '', /:99:/);
});

test('images and galleries are looked at where the settings say so; a picture in both is decoded once', async (t) => {
  const { context, stash, vision } = await opened(t, { scanImages: true, scanGalleries: true });
  stash.addPerformer(1, 'face 1');
  stash.addImage(3, 'shows 1');
  stash.addImage(4, 'shows 1 5');
  stash.items.set('gallery:2', {
    ...stash.items.get('image:3')!,
    kind: 'gallery',
    id: '2',
    title: 'Album',
    files: [],
  });
  await run(context);
  assert.deepEqual(await open(context), [
    'gallery 2: Performer 1',
    'image 3: Performer 1',
    'image 4: Performer 1',
  ]);
  assert.deepEqual(vision.looked.filter((it) => it.includes('shows')).toSorted(), [
    'picture shows 1',
    'picture shows 1 5',
  ]);
});

test('the scope of the settings is followed, and what is outside of it leaves the list', async (t) => {
  const { context, stash, vision } = await opened(t, { scanScope: 'without performers' });
  stash.addScene(1, 'a', { performerIds: ['9'] });
  stash.addScene(2, 'b');
  await context.store.work.enqueue('scan', [
    { kind: 'scene', id: '1', title: 'Scene 1', revision: 'of another scope', priority: 0 },
  ]);
  await run(context);
  assert.equal(vision.looked.length, 1);
  const wrong = await fakeContext(t, stash, { settings: { scanScope: 'studio: Nobody' } });
  await assert.rejects(runSlice(wrong, scan, {}, {}), {
    code: 'bad-input',
    message: /no studio "Nobody"/,
  });
});

test('when few people change, only the scenes they could be in are matched again, and all as if from the start', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 0; n < 30; n++) stash.addPerformer(n + 1, `face ${n < 4 ? n + 1 : 6}`);
  for (let n = 1; n <= 20; n++) stash.addScene(n, `shows ${n % 5}`);
  await run(context);
  const before = await open(context);
  stash.performers.delete('2');
  stash.addPerformer(31, 'face 0');
  const written: string[] = [];
  const { suggestions } = context.store;
  const replace = suggestions.replace.bind(suggestions);
  Object.assign(suggestions, {
    replace: async (...args: Parameters<typeof replace>) => {
      written.push(args[0].id);
      await replace(...args);
    },
  });
  await run(context);
  assert.deepEqual(
    written.map(Number).toSorted((a, b) => a - b),
    [2, 5, 7, 10, 12, 15, 17, 20],
  );
  const after = await open(context);
  assert.deepEqual(
    after,
    [
      ...before.filter((it) => !it.endsWith('Performer 2')),
      ...[5, 10, 15, 20].map((n) => `scene ${n}: Performer 31`),
    ].toSorted(),
  );
  const matchedWith = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      context.store.observations.matchedWith({ kind: 'scene', id: String(n + 1) }),
    ),
  );
  assert.equal(new Set(matchedWith).size, 1);
});

test('suggestions of what is no longer in Stash are taken off the list', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 1');
  stash.addScene(2, 'shows 1');
  await run(context);
  stash.items.delete('scene:1');
  await run(context);
  assert.deepEqual(await open(context), ['scene 2: Performer 1']);
});

test('a confirmed face is looked for in the other scenes by the next scan', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addScene(1, 'shows 1');
  stash.addScene(2, 'shows 1');
  await run(context);
  const matchedWith = async (): Promise<(string | null)[]> =>
    await Promise.all(['1', '2'].map((id) => context.store.observations.matchedWith({ kind: 'scene', id })));
  const before = await matchedWith();
  const { items } = await context.store.suggestions.list({ state: 'open' }, 'newest', 1, 0);
  await acceptSuggestions(context, [items[0]?.id ?? ''], { by: 'person', dryRun: false });
  await run(context);
  const after = await matchedWith();
  assert.ok(after.every((version, n) => version !== before[n]));
});

async function opened(
  t: TestContext,
  settings: Partial<Settings> = {},
): Promise<{ context: FakeContext; stash: SmallLibrary; vision: FakeVision }> {
  const stash = smallLibrary(tempFolder(t));
  const vision = fakeVision();
  return { context: await fakeContext(t, stash, { vision, settings }), stash, vision };
}

async function run(context: FakeContext): Promise<void> {
  assert.equal((await runSlice(context, scan, {}, {})).end, 'finished');
}

async function open({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list({ state: 'open' }, 'newest', 100, 0);
  return items.map(({ entity, targetName }) => `${entity.kind} ${entity.id}: ${targetName}`).toSorted();
}
