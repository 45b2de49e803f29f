/** "Link scenes" over a stash-box in memory: what is suggested, how surely, and what a decision about it does. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { requestSceneLinks } from '../../../tasks/stash-box/scenes/requests.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { FAST, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { aBoxScene, BOX, boxId, memoryBox, severalBoxes, type MemoryBox } from '../../fakes/memory-box.ts';
import { aFile, anItem, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';
import { acceptance } from './linking.ts';

type Opened = {
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  readonly box: MemoryBox;
  readonly hashed: string[];
};

const PHASH = 'a116edcbfff90200';

/** @param phash what is computed of a file; it is noted in `hashed` */
async function opened(t: TestContext, phash: (file: string) => string | null = () => null): Promise<Opened> {
  const stash = memoryStash();
  const box = memoryBox();
  const hashed: string[] = [];
  const context = await fakeContext(t, stash, { stashBoxes: box });
  const hashes = {
    ...context.hashes,
    phash: (file: string) => {
      hashed.push(file);
      return Promise.resolve(phash(file));
    },
  };
  return { context: { ...context, hashes }, stash, box, hashed };
}

function addScene({ stash }: Pick<Opened, 'stash'>, n: number, files = [aFile(n)]): void {
  const scene = anItem(n, { files });
  stash.items.set(`scene:${n}`, scene);
}

async function link(context: FakeContext, args: Record<string, unknown> = {}): Promise<SliceReport> {
  return await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse(args), {});
}

/** Slices that end at the first chance, until the run ends or there were so many. */
async function linkInSlices(
  { context: base, stash }: Pick<Opened, 'context' | 'stash'>,
  args: Record<string, unknown> = {},
  most = 200,
): Promise<{ readonly slices: number; readonly end: SliceReport['end'] }> {
  const context = { ...base, limits: { ...FAST, sliceMs: 0 } };
  let { end } = await link(context, args);
  let slices = 1;
  for (; end === 'requeued' && slices < most; slices++) {
    const { run, token } = stash.started.at(-1)?.args ?? {};
    const next = { run: String(run), token: String(token) };
    ({ end } = await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse({}), next));
  }
  return { slices, end };
}

async function suggested({ store }: FakeContext): Promise<SuggestionOf<'scene-stash-id'>[]> {
  const filter = { kind: 'scene-stash-id', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 1000, 0)).items;
}

const forced = (id: string) => taskArgsSchema('link-scenes').parse({ scene_ids: [id], force: true });

const oshashOf = (n: number): { algorithm: 'OSHASH'; hash: string } => ({
  algorithm: 'OSHASH',
  hash: n.toString(16).padStart(16, '0'),
});

test('the same file is a strong find, whose yes adds the id beside those of other boxes and whose undo takes it off', async (t) => {
  const at = await opened(t);
  const { context, stash, box } = at;
  addScene(at, 1);
  addScene(at, 2);
  const other = { endpoint: 'https://other.example/graphql', stashId: boxId(9) };
  stash.sceneStashIds.set('1', [other]);
  box.scenes.push(aBoxScene(1, [oshashOf(1)], { cast: [{ id: boxId(5), name: 'Ada', as: 'Countess' }] }));
  const { message } = await link(context);
  assert.equal(inEnglish(message), '2 scenes were looked up: 1 is suggested, 1 of them surely.');
  const [found, ...more] = await suggested(context);
  assert.deepEqual(
    [more, found?.entity, found?.payload.stashId.stashId],
    [[], { kind: 'scene', id: '1' }, boxId(1)],
  );
  assert.deepEqual(
    [found?.evidence.isStrong, found?.evidence.title, found?.evidence.date, found?.evidence.cast],
    [true, 'Their scene 1', '2020-02-03', ['Countess']],
  );

  const { accepted } = await suggestionOperations['suggestions.accept'](context, acceptance([found!.id]));
  assert.deepEqual(stash.sceneStashIds.get('1'), [other, { endpoint: BOX, stashId: boxId(1) }]);
  const { undone, refused } = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual([undone.length, refused, stash.sceneStashIds.get('1')], [1, [], [other]]);
  assert.equal((await context.store.suggestions.get(found!.id))?.state, 'open');
});

test('a refused scene never comes back, also where the file comes back as another scene, and the other one is sure then', async (t) => {
  const at = await opened(t);
  const { context, stash, box } = at;
  addScene(at, 1);
  box.scenes.push(aBoxScene(1, [oshashOf(1)]), aBoxScene(2, [oshashOf(1)]));
  await link(context);
  const both = await suggested(context);
  assert.deepEqual(
    both.map(({ evidence }) => evidence.isStrong),
    [false, false],
  );
  const wrong = both.find(({ payload }) => payload.stashId.stashId === boxId(1))!;
  await suggestionOperations['suggestions.reject'](context, { ids: [wrong.id], choices: {} });
  stash.items.delete('scene:1');
  stash.items.set('scene:7', anItem(7, { files: [aFile(1)] }));
  await link(context);
  assert.deepEqual(
    (await suggested(context))
      .filter(({ entity }) => entity.id === '7')
      .map(({ payload, evidence }) => [payload.stashId.stashId, evidence.isStrong]),
    [[boxId(2), true]],
  );
});

test('of two that could be it a yes to one closes the other, and one to a scene that got an id meanwhile is refused', async (t) => {
  const at = await opened(t);
  const { context, stash, box } = at;
  addScene(at, 1);
  addScene(at, 2);
  box.scenes.push(aBoxScene(1, [oshashOf(1)]), aBoxScene(2, [oshashOf(1)]), aBoxScene(3, [oshashOf(2)]));
  await link(context);
  const [first, second, third] = (await suggested(context)).toSorted((a, b) =>
    a.payload.stashId.stashId < b.payload.stashId.stashId ? -1 : 1,
  );
  await suggestionOperations['suggestions.accept'](context, acceptance([first!.id]));
  assert.equal((await context.store.suggestions.get(second!.id))?.state, 'stale');
  stash.sceneStashIds.set('2', [{ endpoint: BOX, stashId: boxId(8) }]);
  const { refused } = await suggestionOperations['suggestions.accept'](context, acceptance([third!.id]));
  assert.match(inEnglish(refused[0]!.reason), /has another stash ID of box\.example by now/);
  assert.deepEqual(stash.sceneStashIds.get('2'), [{ endpoint: BOX, stashId: boxId(8) }]);
  // The next run closes what was open of it.
  await link(context);
  assert.deepEqual(await suggested(context), []);
});

test('each file of a scene is looked up, in one request for forty scenes', async (t) => {
  const at = await opened(t);
  const { context, box } = at;
  for (let n = 1; n <= 85; n++) addScene(at, n, [aFile(n), aFile(1000 + n)]);
  box.scenes.push(aBoxScene(1, [oshashOf(1003)]));
  await link(context);
  assert.deepEqual(
    (await suggested(context)).map(({ entity }) => entity.id),
    ['3'],
  );
  assert.deepEqual(
    box.calls.filter((call) => call.startsWith('fingerprints')),
    ['fingerprints 40', 'fingerprints 40', 'fingerprints 5'],
  );
  // Nothing has changed: nothing is asked for, unless all are to be.
  await link(context);
  assert.equal(box.calls.length, 3);
  await link(context, { force: true, scene_ids: ['3', '4'] });
  assert.deepEqual(box.calls.slice(3), ['fingerprints 2']);
});

test('the perceptual hash is computed once, only where Stash has none and the scene was not found, and never sent to Stash', async (t) => {
  const at = await opened(t, (file) => (file.includes('/3.') ? null : PHASH));
  const { context, stash, box, hashed } = at;
  addScene(at, 1);
  addScene(at, 2);
  addScene(at, 3);
  addScene(at, 4, [
    aFile(4, { fingerprints: { oshash: '0000000000000004', phash: PHASH.replace(/^a/, 'b') } }),
  ]);
  box.scenes.push(aBoxScene(1, [oshashOf(1)]), aBoxScene(2, [{ algorithm: 'PHASH', hash: PHASH }]));
  await link(context);
  assert.deepEqual(hashed, ['/library/2.mp4', '/library/3.mp4']);
  const found = await suggested(context);
  assert.deepEqual(
    found
      .map(({ entity, evidence }) => [
        entity.id,
        evidence.hits.map(({ algorithm, isOurs }) => `${algorithm} ${isOurs}`),
      ])
      .toSorted(([one], [other]) => Number(one) - Number(other)),
    [
      ['1', ['OSHASH false']],
      ['2', ['PHASH true']],
    ],
  );
  await link(context, { force: true });
  assert.equal(hashed.length, 2);
  assert.equal(stash.items.get('scene:2')?.files[0]?.fingerprints['phash'], undefined);
});

test('a file that cannot be read now is hashed by the next run', async (t) => {
  let isThere = false;
  const at = await opened(t, () => {
    if (isThere) return PHASH;
    throw new StashSenseError('file-missing', plain('The disk is away.'));
  });
  const { context, box } = at;
  addScene(at, 1);
  box.scenes.push(aBoxScene(1, [{ algorithm: 'PHASH', hash: PHASH }]));
  await link(context);
  assert.deepEqual(await suggested(context), []);
  isThere = true;
  await link(context);
  assert.equal((await suggested(context)).length, 1);
});

test('a box that does not answer says so, and the others are asked', async (t) => {
  const at = await opened(t);
  const { context, box } = at;
  addScene(at, 1);
  box.before = () => {
    throw new StashSenseError('stash-box-unreachable', plain('Box does not answer.'));
  };
  await assert.rejects(link(context), /Box does not answer/);
  box.before = () => undefined;
  box.scenes.push(aBoxScene(1, [oshashOf(1)]));
  await link(context);
  assert.equal((await suggested(context)).length, 1);
});

test('a run that yields after each scene finds the same, without asking twice', async (t) => {
  const at = await opened(t, (file) => (file.endsWith('/60.mp4') ? PHASH : null));
  const { context, box } = at;
  for (let n = 1; n <= 90; n++) addScene(at, n);
  box.scenes.push(
    aBoxScene(1, [oshashOf(7)]),
    aBoxScene(2, [oshashOf(88)]),
    aBoxScene(3, [{ algorithm: 'PHASH', hash: PHASH }]),
  );
  const { slices, end } = await linkInSlices(at);
  assert.equal(end, 'finished');
  assert.ok(slices > 10, String(slices));
  assert.deepEqual((await suggested(context)).map(({ entity }) => entity.id).toSorted(), ['60', '7', '88']);
  assert.ok(box.calls.length <= 4, box.calls.join(', '));
});

test('a run ends where scenes behind one that was hashed lie on a disk that is away', async (t) => {
  const at = await opened(t, (file) => {
    if (file.endsWith('/1.mp4')) return PHASH;
    throw new StashSenseError('file-missing', plain('The disk is away.'));
  });
  for (let n = 1; n <= 9; n++) addScene(at, n);
  at.box.scenes.push(aBoxScene(1, [{ algorithm: 'PHASH', hash: PHASH }]));
  assert.equal((await linkInSlices(at, {}, 40)).end, 'finished');
  assert.deepEqual(
    (await suggested(at.context)).map(({ entity }) => entity.id),
    ['1'],
  );
});

test('a run yields between pages of scenes that all have an id', async (t) => {
  const at = await opened(t);
  for (let n = 1; n <= 450; n++) {
    addScene(at, n);
    at.stash.sceneStashIds.set(String(n), [{ endpoint: BOX, stashId: boxId(n) }]);
  }
  const { slices, end } = await linkInSlices(at);
  assert.equal(end, 'finished');
  assert.ok(slices > 3, String(slices));
});

test('what a person decided, or linked in Stash, while the stash-box was asked is not suggested again', async (t) => {
  const at = await opened(t);
  const { context, stash, box } = at;
  for (const n of [1, 2, 3]) {
    addScene(at, n);
    box.scenes.push(aBoxScene(n, [oshashOf(n)]));
  }
  await link(context);
  const of = async (id: string): Promise<string | undefined> =>
    (await suggested(context)).find(({ entity }) => entity.id === id)?.id;
  const [accepted, rejected] = [(await of('1'))!, (await of('2'))!];
  let isDecided = false;
  box.before = async () => {
    if (isDecided) return;
    isDecided = true;
    await suggestionOperations['suggestions.accept'](context, acceptance([accepted]));
    await suggestionOperations['suggestions.reject'](context, { ids: [rejected], choices: {} });
    stash.sceneStashIds.set('3', [{ endpoint: BOX, stashId: boxId(8) }]);
  };
  const { message } = await link(context, { force: true });
  assert.equal(inEnglish(message), '3 scenes were looked up: 0 are suggested, 0 of them surely.');
  const { store } = context;
  const states = [accepted, rejected].map(async (id) => (await store.suggestions.get(id))?.state);
  assert.deepEqual(await Promise.all(states), ['accepted', 'rejected']);
  // The yes took back that it was looked up.
  assert.equal((await store.sceneLookUps.of(BOX, ['1'])).size, 0);
});

test('scenes behind a page of deleted ones are looked up, and few are read from Stash at once', async (t) => {
  const at = await opened(t);
  addScene(at, 300);
  at.box.scenes.push(aBoxScene(1, [oshashOf(300)]));
  const { library } = at.context;
  let [reading, most] = [0, 0];
  const item: typeof library.item = async (entity) => {
    most = Math.max(most, ++reading);
    try {
      return await library.item(entity);
    } finally {
      reading--;
    }
  };
  const ids = Array.from({ length: 250 }, (_, n) => String(n + 51));
  await link({ ...at.context, library: { ...library, item } }, { scene_ids: ids });
  assert.equal((await suggested(at.context)).length, 1);
  assert.ok(most <= 10, String(most));
});

test('without ffmpeg all stash-boxes are asked with the hashes that Stash has, and the run says once what is missing', async (t) => {
  const at = await opened(t, () => {
    throw new StashSenseError('runtime-missing', plain('There is no ffmpeg.'));
  });
  addScene(at, 1);
  addScene(at, 2);
  const other = memoryBox('https://other.example/graphql', 'Other');
  other.scenes.push(aBoxScene(1, [oshashOf(2)]));
  const { end, message } = await link({ ...at.context, stashBoxes: severalBoxes([at.box, other]) });
  assert.equal(end, 'finished');
  assert.equal(inEnglish(message).split('There is no ffmpeg.').length, 2, inEnglish(message));
  assert.deepEqual(
    (await suggested(at.context)).map(({ entity }) => entity.id),
    ['2'],
  );
  assert.equal((await at.context.store.state.get('scene-links'))?.length, 0);
});

test('the same scenes that are asked for once more during a run are gone through once more', async (t) => {
  const at = await opened(t);
  const { context, box } = at;
  for (let n = 1; n <= 45; n++) addScene(at, n);
  const args = taskArgsSchema('link-scenes').parse({ force: true });
  const waiting = async (): Promise<number> => ((await context.store.state.get('scene-links')) ?? []).length;
  box.before = async () => {
    if ((await context.store.state.get('scene-links'))?.[0]?.boxes[0]?.after === '0') return;
    box.before = () => undefined;
    // The page asks twice: once more of what waits already is nothing new.
    for (let n = 0; n < 2; n++) await requestSceneLinks(context, args);
    assert.equal(await waiting(), 2);
  };
  await link(context, { force: true });
  assert.equal(await waiting(), 0);
  assert.deepEqual(box.calls, ['fingerprints 40', 'fingerprints 5', 'fingerprints 40', 'fingerprints 5']);
});

test('what is asked for while a run ends is done by that run, and after one that failed it waits for the next start', async (t) => {
  const at = await opened(t);
  const { context, box } = at;
  addScene(at, 1);
  addScene(at, 2);
  let ends = 0;
  const task: typeof linkScenesTask = {
    ...linkScenesTask,
    async work(...given) {
      const end = await linkScenesTask.work(...given);
      if (++ends === 1) await requestSceneLinks(context, forced('2'));
      return end;
    },
  };
  await runSlice(context, task, forced('1'), {});
  assert.deepEqual([ends, box.calls], [2, ['fingerprints 1', 'fingerprints 1']]);

  box.before = async () => {
    await requestSceneLinks(context, forced('2'));
    throw new StashSenseError('stash-box-unreachable', plain('Box does not answer.'));
  };
  await assert.rejects(runSlice(context, linkScenesTask, forced('1'), {}), /Box does not answer/);
  assert.equal(((await context.store.state.get('scene-links')) ?? []).length, 1);
  box.before = () => undefined;
  box.scenes.push(aBoxScene(2, [oshashOf(2)]));
  await link(context, { scene_ids: ['1'] });
  assert.deepEqual(
    (await suggested(context)).map(({ entity }) => entity.id),
    ['2'],
  );
});
