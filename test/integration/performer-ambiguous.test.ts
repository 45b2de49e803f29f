/** Performers who cannot be told apart: the user is asked once, and what is said in one place holds in the other. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { Input } from '../../core/contract/operations.ts';
import type { Settings } from '../../core/settings.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aSlice } from '../fakes/slice.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision } from '../fakes/vision.ts';

const SCENE = { kind: 'scene', id: '1' } as const;
const BOTH = 'one of 1 2: open';

test('two performers of one picture: it is asked once which of them a scene shows, and nothing is lost from the list', async (t) => {
  const { context } = await seen(t, ['face 1', 'face 1', 'face 3'], '1 3');
  assert.deepEqual(await suggested(context), ['3: open', BOTH]);
  for (const filter of [{ performerId: '1' }, { performerId: '2' }, { text: 'performer 2' }] as const)
    assert.deepEqual(await suggested(context, filter), [BOTH]);
  assert.deepEqual(await suggested(context, { performerId: '4' }), []);
  const [asked] = await listed(context, { performerId: '2' });
  assert(asked?.kind === 'performer-ambiguous');
  assert.deepEqual(
    asked.payload.candidates.map(({ name, confidence }) => [name, confidence.toFixed(2)]),
    [
      ['Performer 1', '0.50'],
      ['Performer 2', '0.50'],
    ],
  );
  assert.ok(asked.view.crop);
  assert.deepEqual(Object.keys(asked.view.references), ['1', '2']);
});

test('of three who are one person it is asked too', async (t) => {
  const { context } = await seen(t, ['face 1', 'face 1', 'face 1'], '1');
  assert.deepEqual(await suggested(context), ['one of 1 2 3: open']);
});

test('it is never accepted without a choice: not with others, not by "accept all", not by itself', async (t) => {
  const { context, stash, id } = await twins(t, { autoAcceptConfidence: 10 });
  const { accepted, refused } = await suggestionOperations['suggestions.accept'](context, {
    ids: [id],
    dryRun: false,
  });
  assert.deepEqual([accepted, refused.map((it) => it.id)], [[], [id]]);
  const all = { state: 'open' as const, minConfidence: 0.1 };
  const answer = await suggestionOperations['suggestions.accept'](context, {
    all,
    limit: 500,
    offset: 0,
    dryRun: false,
  });
  assert.deepEqual([answer.accepted, answer.refused], [[], []]);
  assert.deepEqual(await suggested(context, { withoutChoice: true }), []);
  const { byKind } = await suggestionOperations['suggestions.list'](context, {
    ...all,
    withoutChoice: true,
    order: 'confidence',
    limit: 1,
    offset: 0,
  });
  assert.deepEqual(
    byKind?.filter(({ total, oneByOne }) => total + oneByOne > 0),
    [{ kind: 'performer-ambiguous', total: 0, oneByOne: 1 }],
  );
  await autoAccept(context, aSlice(), SCENE);
  assert.deepEqual(await context.store.suggestions.acceptable({ minConfidence: 0 }, null, 10), []);
  assert.deepEqual(performersOn(stash), []);
  assert.deepEqual(await suggested(context), [BOTH]);
});

test('nobody but a candidate can be chosen', async (t) => {
  const { context, stash, id } = await twins(t);
  for (const chosen of [{ performerId: '7' }, { performerId: 'x' }, { tag: true }, 5]) {
    const { accepted, refused } = await suggestionOperations['suggestions.accept'](context, {
      ids: [id],
      choices: { [id]: chosen },
      dryRun: false,
    });
    assert.deepEqual([accepted.length, refused.length], [0, 1]);
  }
  assert.deepEqual(performersOn(stash), []);
});

/** The ways to say that scene 1 shows performer 2. */
const YESES: Record<string, (world: World) => Promise<string | null>> = {
  'suggestions.accept': async ({ context, id }) => {
    const choices = { [id]: { performerId: '2' } };
    const input = { ids: [id], choices, dryRun: false };
    const { accepted } = await suggestionOperations['suggestions.accept'](context, input);
    return accepted[0]?.journalId ?? null;
  },
  'entity.add': async ({ context }) => {
    const input = { entity: SCENE, performerId: '2', personKey: 0 };
    return (await suggestionOperations['entity.add'](context, input)).journalId;
  },
};

for (const [name, choose] of Object.entries(YESES))
  test(`${name}: the chosen one is written and confirmed, the question is answered, and an undo asks it again`, async (t) => {
    const world = await twins(t);
    const { context, stash, id } = world;
    const journalId = await choose(world);
    assert(journalId !== null);
    assert.deepEqual(performersOn(stash), ['2']);
    assert.equal(await stateOf(context, id), 'accepted');
    const [answered] = await listed(context, { state: 'accepted' });
    assert(answered?.kind === 'performer-ambiguous');
    assert.equal(answered.view.chosen, '2');
    assert.deepEqual(await confirmed(context), ['2']);
    const { persons } = await identifyOperations['entity.faces'](context, { entity: SCENE });
    assert.equal(persons[0]?.candidates.find(({ performerId }) => performerId === '2')?.journalId, journalId);

    await rematchAll(context, aSlice());
    assert.deepEqual(await suggested(context, { state: 'open' }), []);
    await undo(context, { ids: [journalId] });
    assert.deepEqual(performersOn(stash), []);
    await rematchAll(context, aSlice());
    assert.deepEqual(await suggested(context, { state: 'open' }), [BOTH]);
  });

test('who was chosen is said where nothing was written too, since they were on the scene by then', async (t) => {
  const world = await twins(t);
  put(world.stash, ['2']);
  assert.equal(await YESES['suggestions.accept']!(world), null);
  const [answered] = await listed(world.context, { state: 'accepted' });
  assert(answered?.kind === 'performer-ambiguous');
  assert.equal(answered.view.chosen, '2');
});

test('"none of them" is said of each, and withdrawn of each', async (t) => {
  const { context, id } = await twins(t);
  await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  assert.deepEqual([await stateOf(context, id), await dismissed(context)], ['rejected', ['1', '2']]);
  await matchAgain(context);
  assert.deepEqual(await suggested(context), ['one of 1 2: rejected']);
  assert.deepEqual((await suggestionOperations['suggestions.reopen'](context, { ids: [id] })).reopened, [id]);
  assert.deepEqual(await suggested(context), [BOTH]);
  assert.deepEqual(await dismissed(context), []);
});

/** The ways to say that scene 1 does not show performer 1, and to withdraw that. */
const NOES: Record<string, (world: World, undo: boolean) => Promise<unknown>> = {
  'suggestions.reject': async ({ context, id }, isUndo) => {
    const input = { ids: [id], choices: { [id]: { performerId: '1' } } };
    return await suggestionOperations[isUndo ? 'suggestions.reopen' : 'suggestions.reject'](context, input);
  },
  'entity.reject': async ({ context }, isUndo) =>
    await suggestionOperations['entity.reject'](context, {
      entity: SCENE,
      performerId: '1',
      personKey: 0,
      undo: isUndo,
    }),
};

for (const [name, sayNo] of Object.entries(NOES))
  test(`${name}: a no to one of two leaves the other, who is suggested as anybody is`, async (t) => {
    const world = await twins(t);
    const { context, stash, id } = world;
    await sayNo(world, false);
    assert.deepEqual(await suggested(context), ['2: open', 'one of 1 2: stale']);
    assert.deepEqual(await dismissed(context), ['1']);
    await matchAgain(context);
    assert.deepEqual(await suggested(context), ['2: open', 'one of 1 2: stale']);
    const { persons } = await identifyOperations['entity.faces'](context, { entity: SCENE });
    assert.deepEqual(
      persons[0]?.candidates.map(({ performerId, rejected }) => [performerId, rejected]),
      [
        ['1', true],
        ['2', false],
      ],
    );

    await sayNo(world, true);
    assert.deepEqual(await suggested(context, { state: 'open' }), [BOTH]);
    assert.equal(await stateOf(context, id), 'open');
    await sayNo(world, false);
    const [other] = await listed(context, { state: 'open' });
    const { accepted } = await suggestionOperations['suggestions.accept'](context, {
      ids: [other!.id],
      dryRun: false,
    });
    assert.equal(accepted.length, 1);
    assert.deepEqual(performersOn(stash), ['2']);
  });

test('a no to one of three leaves a question about two', async (t) => {
  const { context } = await seen(t, ['face 1', 'face 1', 'face 1'], '1');
  const [asked] = await listed(context);
  const { id } = asked!;
  await suggestionOperations['suggestions.reject'](context, {
    ids: [id],
    choices: { [id]: { performerId: '2' } },
  });
  assert.deepEqual(await suggested(context, { state: 'open' }), ['one of 1 3: open']);
});

test('what was ruled out in the list and is allowed in the Faces tab is asked again', async (t) => {
  const { context, id } = await twins(t);
  await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  const allow = (performerId: string): Promise<unknown> =>
    suggestionOperations['entity.reject'](context, { entity: SCENE, performerId, personKey: 0, undo: true });
  await allow('1');
  assert.deepEqual(await suggested(context, { state: 'open' }), ['1: open']);
  await allow('2');
  assert.deepEqual(await suggested(context, { state: 'open' }), [BOTH]);
});

test('a no to one and then to the other leaves nothing to decide', async (t) => {
  const { context } = await twins(t);
  await suggestionOperations['entity.reject'](context, {
    entity: SCENE,
    performerId: '1',
    personKey: 0,
    undo: false,
  });
  const [second] = await listed(context, { state: 'open' });
  await suggestionOperations['suggestions.reject'](context, { ids: [second!.id] });
  assert.deepEqual(await suggested(context, { state: 'open' }), []);
  assert.deepEqual(await suggested(context, { state: 'rejected' }), ['2: rejected']);
});

test('where one of them is there already nothing is asked, whenever they came there', async (t) => {
  const { context, stash } = await seen(t, ['face 1', 'face 1'], '1', { performerIds: ['2'] });
  assert.deepEqual(await suggested(context), []);
  put(stash, []);
  await matchAgain(context);
  assert.deepEqual(await suggested(context), [BOTH]);
  put(stash, ['1']);
  await matchAgain(context);
  assert.deepEqual(await suggested(context), ['one of 1 2: stale']);
});

test('once Stash has only one of them, that one is suggested', async (t) => {
  const { context, stash } = await twins(t);
  stash.performers.delete('2');
  await runSlice(context, people, {}, {});
  assert.deepEqual(await suggested(context), ['1: open', 'one of 1 2: stale']);
});

/** What was added and taken off in Stash since: how it came to be suggested, and what another match finds in its place. */
const TAKEN_OFF: Record<
  string,
  {
    readonly pictures: readonly string[];
    readonly choice: string | null;
    /** Before the second match. */
    readonly change: (world: Omit<World, 'id'>) => void;
    readonly asked: string;
  }
> = {
  'another entry of the person is made': {
    pictures: ['face 1'],
    choice: null,
    change: ({ stash }) => stash.addPerformer(2, 'face 1'),
    asked: '1: removed',
  },
  'a third entry of the person is made, after one of two was chosen': {
    pictures: ['face 1', 'face 1'],
    choice: '2',
    change: ({ stash }) => stash.addPerformer(3, 'face 1'),
    asked: 'one of 1 2: removed',
  },
  'the other one of two is deleted': {
    pictures: ['face 1', 'face 1'],
    choice: '2',
    change: ({ stash }) => stash.performers.delete('1'),
    asked: 'one of 1 2: removed',
  },
};

for (const [name, { pictures, choice, change, asked }] of Object.entries(TAKEN_OFF))
  for (const isNoticed of [true, false])
    test(`what was taken off stays that, ${isNoticed ? 'noticed before' : 'unnoticed until'} ${name}, until it is decided`, async (t) => {
      const world = await seen(t, pictures, '1');
      const { context, stash } = world;
      const [suggestion] = await listed(context);
      const { id } = suggestion!;
      const yes = {
        ids: [id],
        dryRun: false,
        ...(choice !== null && { choices: { [id]: { performerId: choice } } }),
      };
      assert.equal((await suggestionOperations['suggestions.accept'](context, yes)).accepted.length, 1);
      put(stash, []);
      if (isNoticed) await matchAgain(context);
      change(world);
      for (const times of [1, 2]) {
        await runSlice(context, people, {}, {});
        await matchAgain(context);
        const left = (await suggested(context)).filter((text) => !text.endsWith('stale'));
        assert.deepEqual(left, [asked], `match ${times}`);
      }
      const all = { state: ['open', 'removed'] as SuggestionState[], minConfidence: 0 };
      const bulk = { all, limit: 500, offset: 0, dryRun: false };
      assert.deepEqual((await suggestionOperations['suggestions.accept'](context, bulk)).accepted, []);
      assert.deepEqual(performersOn(stash), []);

      const again = { ...yes, again: [id] };
      assert.equal((await suggestionOperations['suggestions.accept'](context, again)).accepted.length, 1);
      assert.deepEqual(performersOn(stash), [choice ?? '1']);
    });

test('a no to who was taken off leaves the other entry of the person, who is suggested as anybody is', async (t) => {
  const { context, stash } = await seen(t, ['face 1'], '1');
  const [suggestion] = await listed(context);
  const { id } = suggestion!;
  await suggestionOperations['suggestions.accept'](context, { ids: [id], dryRun: false });
  put(stash, []);
  stash.addPerformer(2, 'face 1');
  await runSlice(context, people, {}, {});
  await matchAgain(context);
  assert.deepEqual(await suggested(context), ['1: removed']);
  await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  await matchAgain(context);
  assert.deepEqual(await suggested(context), ['1: rejected', '2: open']);
});

type World = { readonly context: FakeContext; readonly stash: SmallLibrary; readonly id: string };

/** Scene 1 shows one person, who is performers 1 and 2. */
async function twins(t: TestContext, settings: Partial<Settings> = {}): Promise<World> {
  const world = await seen(t, ['face 1', 'face 1'], '1', {}, settings);
  const [asked] = await listed(world.context);
  return { ...world, id: asked?.id ?? '' };
}

/** Performers with these pictures, and scene 1 that shows these persons, matched. */
async function seen(
  t: TestContext,
  pictures: readonly string[],
  shows: string,
  scene: Parameters<SmallLibrary['addScene']>[2] = {},
  settings: Partial<Settings> = {},
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  pictures.forEach((picture, n) => stash.addPerformer(n + 1, picture));
  stash.addScene(1, shows, scene);
  const context = await fakeContext(t, stash, { vision: fakeVision(), settings });
  await runSlice(context, people, {}, {});
  await createObserveAndMatch(context)(stash.items.get('scene:1')!, {
    force: false,
    waiting: 'in the background',
  });
  return { context, stash };
}

type Query = Partial<Input<'suggestions.list'>>;

async function listed(context: FakeContext, query: Query = {}) {
  const states: readonly SuggestionState[] = ['open', 'accepted', 'rejected', 'stale', 'removed'];
  const input = { state: states, order: 'confidence' as const, limit: 50, offset: 0, ...query };
  const { items } = await suggestionOperations['suggestions.list'](
    context,
    input as Input<'suggestions.list'>,
  );
  return items;
}

async function suggested(context: FakeContext, query: Query = {}): Promise<string[]> {
  return (await listed(context, query))
    .map((item) =>
      item.kind !== 'performer-ambiguous'
        ? `${item.target?.id}: ${item.state}`
        : `one of ${item.payload.candidates
            .map(({ performerId }) => performerId)
            .toSorted()
            .join(' ')}: ${item.state}`,
    )
    .toSorted();
}

async function stateOf({ store }: FakeContext, id: string): Promise<SuggestionState | undefined> {
  return (await store.suggestions.get(id))?.state;
}

/** Who has a confirmed face. */
async function confirmed({ store }: FakeContext): Promise<string[]> {
  const references = await Promise.all(['1', '2'].map((id) => store.people.vectors(id, PACK)));
  return references
    .flat()
    .flatMap(({ source, state, performerId }) =>
      source === 'confirmed' && state === 'used' ? performerId : [],
    );
}

/** Who of the two was rejected for scene 1. */
async function dismissed({ store }: FakeContext): Promise<string[]> {
  const contents = await store.observations.contentOf(SCENE);
  const ids: string[] = [];
  for (const id of ['1', '2']) {
    const performer = await store.people.performer(id);
    if (await store.dismissals.isDismissed(notSeen(contents, performer!))) ids.push(id);
  }
  return ids;
}

function performersOn(stash: SmallLibrary): readonly string[] {
  return stash.items.get('scene:1')!.performerIds;
}

function put(stash: SmallLibrary, performerIds: readonly string[]): void {
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds });
}

async function matchAgain(context: FakeContext): Promise<void> {
  await context.store.state.delete('all-matched-with');
  await context.store.observations.setMatchedWith(SCENE, 'before');
  await rematchAll(context, aSlice());
}
