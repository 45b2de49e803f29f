/** Suggestions about what Stash no longer has: closed by a refusal at once, and by the sweep at the beginning of every run. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Run } from '../../core/ports/runs.ts';
import type { Settings } from '../../core/settings.ts';
import type { StashKind } from '../../core/stash-ref.ts';
import { sweepSuggestions } from '../../tasks/accepted/sweep.ts';
import { findTask, runTask } from '../../tasks/compose/dispatch.ts';
import { ANALYZER } from '../../tasks/matching/proposals.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { proposal } from '../contract/store-samples.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { aSlice } from '../fakes/slice.ts';
import { turningClock, type TurningClock } from '../fakes/turning-clock.ts';
import { fakeVision } from '../fakes/vision.ts';
import { inEnglish } from '../../core/messages/english.ts';

test('a refusal because the scene is gone closes all cards of that scene, and says so', async (t) => {
  const { context, stash, id } = await world(t, 3);
  await suggest(context, 1, 6);
  stash.items.delete('scene:1');
  const { refused } = await accept(context, await id(1, 5));
  assert.deepEqual(
    refused.map(({ state }) => state),
    ['stale'],
  );
  assert.match(inEnglish(refused[0]!.reason), /"Scene 1" no more/);
  assert.deepEqual(await open(context), ['2:5', '3:5']);
});

test('a refusal because the performer is gone closes all cards of that performer, and forgets them', async (t) => {
  const { context, stash, id } = await world(t, 3);
  await suggest(context, 2, 6);
  await context.store.people.putPerformer(aPerformer(5));
  stash.performers.delete('5');
  const { refused } = await accept(context, await id(2, 5));
  assert.deepEqual(
    refused.map(({ state }) => state),
    ['stale'],
  );
  assert.deepEqual(await open(context), ['2:6']);
  assert.equal(await context.store.people.performer('5'), null);
});

test('so does a refusal of the performer that was chosen in the Faces tab', async (t) => {
  const { context, stash } = await world(t, 2);
  stash.performers.delete('5');
  const input = { entity: { kind: 'scene', id: '1' }, performerId: '5', personKey: 0 } as const;
  await assert.rejects(suggestionOperations['entity.add'](context, input), { code: 'not-found' });
  assert.deepEqual(await open(context), []);
});

test('what is suggested of a performer who was merged is added as the one into whom, and is not closed by a sweep', async (t) => {
  const { context, stash, id } = await world(t, 2);
  stash.performers.delete('5');
  stash.performers.set('9', aPerformer(9, { aliases: ['Performer 5'] }));
  await context.store.people.putPerformer(aPerformer(5));
  await sweepSuggestions(context, aSlice());
  assert.deepEqual(await open(context), ['1:9', '2:9']);
  const first = await id(1, 9);
  const { accepted } = await accept(context, first);
  assert.equal(accepted.length, 1);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['9']);
  await sweepSuggestions(context, aSlice({ run: { id: '9' } }));
  assert.equal((await context.store.suggestions.get(first))?.state, 'accepted');
});

test('a refusal for any other reason closes nothing', async (t) => {
  const { context, stash, id } = await world(t, 2);
  stash.items.set('scene:1', { ...anItem(1), files: anItem(99).files });
  const { refused } = await accept(context, await id(1, 5));
  assert.deepEqual(
    refused.map(({ state }) => state),
    ['open'],
  );
  assert.deepEqual(await open(context), ['1:5', '2:5']);
});

for (const mode of ['scan', 'people', 'identify'] as const)
  test(`a run of "${mode}" closes what is gone, whatever its scope, and finds what was taken off`, async (t) => {
    const { context, stash, id } = await world(t, 6, { scanScope: 'without performers' });
    const taken = await id(5, 5);
    await accept(context, taken);
    await accept(context, await id(6, 5));
    stash.items.set('scene:5', anItem(5));
    stash.items.set('scene:3', anItem(3, { performerIds: ['7'] }));
    stash.items.delete('scene:1');
    stash.items.delete('scene:6');
    await suggest(context, 2, 6);
    stash.performers.delete('6');
    const task = findTask(mode);
    assert.ok(task);
    await runTask(context, task, {});
    assert.deepEqual(await open(context), ['2:5', '3:5', '4:5']);
    assert.equal((await context.store.suggestions.get(taken))?.state, 'removed');
    const { total } = await context.store.suggestions.list({ state: 'accepted' }, 'newest', 0, 0);
    assert.equal(total, 0);
  });

test('a sweep asks for ids and the fields that were written, in pages, and each entity once', async (t) => {
  const { context, stash, id } = await world(t, 1200);
  await suggest(context, 7, 6);
  for (const n of [1, 2, 3]) await accept(context, await id(n, 5));
  const asked: { kind: string; ids: number; fields: readonly string[] }[] = [];
  const library = {
    ...stash.library,
    fieldsOf: (kind: StashKind, ids: readonly string[], fields: readonly string[]) => {
      asked.push({ kind, ids: ids.length, fields });
      return stash.library.fieldsOf(kind, ids, fields);
    },
  };
  stash.before = (call) => assert.equal(call, 'fieldsOf');
  await sweepSuggestions({ ...context, library }, aSlice());
  const scenes = asked.filter(({ kind }) => kind === 'scene');
  assert.deepEqual(
    scenes.map(({ ids }) => ids),
    [500, 500, 200],
  );
  assert.ok(scenes.some(({ fields }) => fields.length === 0));
  assert.deepEqual(new Set(scenes.flatMap(({ fields }) => fields)), new Set(['performers']));
  const people = asked.filter(({ kind }) => kind === 'performer');
  assert.equal(
    people.reduce((sum, { ids }) => sum + ids, 0),
    2,
  );
  assert.deepEqual(
    people.flatMap(({ fields }) => fields),
    [],
  );
});

test('a sweep gives the queue back after each page and goes on where it was, once a run', async (t) => {
  const { context, stash } = await world(t, 1200);
  for (let n = 1; n <= 1200; n += 2) stash.items.delete(`scene:${n}`);
  let pages = 0;
  stash.before = (call) => void (call === 'fieldsOf' && pages++);
  const sweep = () => sweepSuggestions(context, aSlice({ isOver: (advances) => advances > 0 }));
  let slices = 0;
  do assert.ok(++slices < 9);
  while ((await sweep()) === 'yielded');
  assert.equal(slices, 4);
  assert.equal((await open(context)).length, 600);
  const before = pages;
  assert.equal(await sweep(), 'done');
  assert.equal(pages, before);
});

test('a sweep of another run counts for "Identify" as long as it was costly, and for minutes at most', async (t) => {
  const clock = turningClock();
  const { context, stash } = await world(t, 10, {}, clock);
  let swept = 0;
  stash.before = (call) => {
    if (call === 'fieldsOf') swept++;
    clock.turn(1000);
  };
  const sweep = async (run: string, task: Run['task'] = 'identify'): Promise<boolean> => {
    const before = swept;
    await sweepSuggestions(context, aSlice({ run: { id: run, task } }));
    return swept > before;
  };
  assert.equal(await sweep('1'), true);
  assert.equal(await sweep('2'), false);
  assert.equal(await sweep('2', 'people'), true, 'other runs are begun for all of the library');
  clock.turn(60_000);
  assert.equal(await sweep('3'), false);
  clock.turn(5 * 60_000);
  assert.equal(await sweep('4'), true);
  // One that cost nothing is made anew by the next run.
  stash.before = (call) => void (call === 'fieldsOf' && swept++);
  clock.turn(5 * 60_000);
  assert.equal(await sweep('5'), true);
  clock.turn(1);
  assert.equal(await sweep('6'), true);
});

/** Scenes with performer 5 suggested on each; performers 5 and 6 are in Stash. */
async function world(
  t: TestContext,
  scenes: number,
  settings: Partial<Settings> = {},
  clock?: TurningClock,
): Promise<{
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  readonly id: (scene: number, performer: number) => Promise<string>;
}> {
  const stash = memoryStash({
    items: Array.from({ length: scenes }, (_, n) => anItem(n + 1)),
    performers: [5, 6, 7].map((n) => aPerformer(n, { imagePath: null })),
  });
  const context = await fakeContext(t, stash, {
    folder: tempFolder(t),
    vision: fakeVision(),
    settings,
    ...(clock && { now: clock.now, sleep: clock.sleep }),
  });
  await context.store.transaction(async () => {
    for (let n = 1; n <= scenes; n++) await suggest(context, n, 5);
  });
  const id = async (scene: number, performer: number): Promise<string> => {
    const { items } = await context.store.suggestions.list(
      {
        entity: { kind: 'scene', id: String(scene) },
        target: { kind: 'performer', id: String(performer) },
      },
      'newest',
      1,
      0,
    );
    return items[0]?.id ?? '';
  };
  return { context, stash, id };
}

/** Each by an analyzer of its own, since they come one after the other. */
async function suggest(context: FakeContext, scene: number, performer: number): Promise<void> {
  const analyzer = performer === 5 ? ANALYZER : `${ANALYZER} ${performer}`;
  const seen = [{ contentId: `oshash:${scene.toString(16).padStart(16, '0')}` as const, personKey: 0 }];
  await context.store.suggestions.replace({ kind: 'scene', id: String(scene) }, analyzer, [
    proposal(scene, performer, { analyzer, payload: { seen } }),
  ]);
}

async function accept(context: FakeContext, id: string) {
  return await suggestionOperations['suggestions.accept'](context, { ids: [id], dryRun: false });
}

/** `<scene>:<performer>`. */
async function open({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list(
    { state: 'open', kind: 'performer-seen' },
    'newest',
    2000,
    0,
  );
  return items
    .toSorted(
      (a, b) => Number(a.entity.id) - Number(b.entity.id) || Number(a.target.id) - Number(b.target.id),
    )
    .map(({ entity, target }) => `${entity.id}:${target.id}`);
}
