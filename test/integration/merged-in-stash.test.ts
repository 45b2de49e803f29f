/** Performers who were merged or deleted in Stash itself: the next look names whom they were merged into, or nobody. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { runOperation } from '../../tasks/compose/dispatch.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aPerformer } from '../fakes/memory-stash.ts';
import { aSlice } from '../fakes/slice.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision } from '../fakes/vision.ts';

const SCENE = { kind: 'scene', id: '1' } as const;

/** What somebody does in Stash, and what is asked of the scene then. */
const CHANGES: Record<
  string,
  {
    readonly pictures: readonly string[];
    readonly change: (stash: SmallLibrary) => void;
    readonly asked: readonly string[];
    readonly named: readonly string[];
  }
> = {
  'one of two entries is merged into the other': {
    pictures: ['face 1', 'face 1'],
    change: (stash) => {
      stash.performers.delete('1');
      stash.performers.set('2', { ...stash.performers.get('2')!, aliases: ['Performer 1'] });
    },
    asked: ['Performer 2'],
    named: ['Performer 2'],
  },
  'the performer is merged into one who was never learnt': {
    pictures: ['face 1'],
    change: (stash) => {
      stash.performers.delete('1');
      stash.performers.set('9', aPerformer(9, { aliases: ['Performer 1'], imagePath: null }));
    },
    asked: ['Performer 9'],
    named: ['Performer 9'],
  },
  'one of two entries is deleted': {
    pictures: ['face 1', 'face 1'],
    change: (stash) => stash.performers.delete('2'),
    asked: ['Performer 1'],
    named: ['Performer 1'],
  },
  'the performer is deleted': {
    pictures: ['face 1'],
    change: (stash) => stash.performers.delete('1'),
    asked: [],
    named: [],
  },
};

/** The looks at it. */
const LOOKS: Record<string, (context: FakeContext) => Promise<unknown>> = {
  'the list': (context) => listed(context),
  'the Faces tab': (context) => runOperation(context, 'scene.faces', { sceneId: '1' }),
};

for (const [look, see] of Object.entries(LOOKS))
  for (const [name, { pictures, change, asked, named }] of Object.entries(CHANGES))
    test(`${look} after ${name}`, async (t) => {
      const { context, stash } = await seen(t, pictures);
      change(stash);
      await see(context);
      assert.deepEqual(await open(context), asked);
      assert.deepEqual(await candidates(context), named);
      await context.store.state.delete('all-matched-with');
      await rematchAll(context, aSlice());
      assert.deepEqual(await open(context), asked);

      const calls: string[] = [];
      stash.before = (call) => void calls.push(call);
      await see(context);
      stash.before = () => undefined;
      assert.ok(!calls.includes('performersLike'), 'it is looked up once');
      assert.equal(calls.filter((call) => call === 'fieldsOf').length, asked.length);
    });

test('the list is shown as it is while Stash does not answer', async (t) => {
  const { context, stash } = await seen(t, ['face 1']);
  stash.before = () => {
    throw new Error('cut');
  };
  assert.deepEqual(
    (await listed(context)).items.map(({ targetName }) => targetName),
    ['Performer 1'],
  );
});

async function seen(
  t: TestContext,
  pictures: readonly string[],
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  pictures.forEach((picture, n) => stash.addPerformer(n + 1, picture));
  stash.addScene(1, '1');
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  await runSlice(context, people, {}, {});
  await createObserveAndMatch(context)(stash.items.get('scene:1')!, {
    force: false,
    waiting: 'in the background',
  });
  return { context, stash };
}

function listed(context: FakeContext) {
  const state: readonly SuggestionState[] = ['open', 'removed'];
  return suggestionOperations['suggestions.list'](context, {
    state: [...state],
    order: 'confidence',
    limit: 40,
    offset: 0,
  });
}

/** Whom the open suggestions name, as they are stored. */
async function open({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list({ state: 'open', entity: SCENE }, 'newest', 10, 0);
  return items.map(({ kind, targetName }) => (kind === 'performer-seen' ? targetName : kind));
}

async function candidates(context: FakeContext): Promise<string[]> {
  const faces = (await runOperation(context, 'scene.faces', { sceneId: '1' })) as {
    persons: { candidates: { name: string; performerId: string | null }[] }[];
  };
  return faces.persons
    .flatMap((person) => person.candidates)
    .map(({ name, performerId }) => (performerId === null ? `nobody called ${name}` : name));
}
