/** Of many confirmed faces the best are compared; the others wait until one of those is taken out of use. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { peopleOperations } from '../../tasks/people/operations.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { anObservation, aPerson, aVector, fakeContext, PACK, type FakeContext } from '../fakes/context.ts';
import { anItem, aPerformer, memoryStash } from '../fakes/memory-stash.ts';
import { fakeVision } from '../fakes/vision.ts';

/** As many as are compared. */
const LIMIT = 12;
/** As many as are kept beyond these. */
const KEPT = 12;

test('a confirmed face that a better one pushed out comes back when a better one is withdrawn, the best first', async (t) => {
  const { context, add, reject } = await opened(t);
  for (let n = 1; n <= LIMIT + 2; n++) await add(n, 0.5 + n / 100);
  assert.deepEqual(await states(context), { used: range(3, 14), spare: [1, 2] });
  // Not as good as any: kept too.
  await add(15, 0.45);
  assert.deepEqual(await states(context), { used: range(3, 14), spare: [1, 2, 15] });

  await reject(9);
  assert.deepEqual(await states(context), {
    used: [2, ...range(3, 8), ...range(10, 14)],
    spare: [1, 15],
    withdrawn: [9],
  });
  const journal = await context.store.journal.list({ entity: face(14).entity }, 1, 0);
  await undo(context, { ids: [journal.items[0]!.id] });
  assert.deepEqual((await states(context))['spare'], [15]);
  const [tenth] = (await context.store.people.pictures('5')).filter(({ sourceKey }) =>
    sourceKey.startsWith(`${contentId(10)}#`),
  );
  await peopleOperations['people.use'](context, {
    performerId: '5',
    referenceId: tenth!.id,
    use: false,
    limit: 30,
    offset: 0,
  });
  assert.deepEqual(await states(context), {
    used: [1, 2, ...range(3, 8), ...range(11, 13), 15],
    withdrawn: [9, 14],
    'set-aside': [10],
  });
});

test('a spare face is withdrawn with what was written for it, and does not come back', async (t) => {
  const { context, add, reject } = await opened(t);
  for (let n = 1; n <= LIMIT + 1; n++) await add(n, 0.5 + n / 100);
  assert.deepEqual((await states(context))['spare'], [1]);
  await reject(1);
  await reject(5);
  assert.deepEqual(await states(context), { used: [...range(2, 4), ...range(6, 13)], withdrawn: [1, 5] });
});

test('no more than a bounded number is kept, the best', async (t) => {
  const { context, add } = await opened(t);
  for (let n = 1; n <= LIMIT + KEPT; n++) await add(n, 0.5 + n / 100);
  await add(25, 0.9);
  assert.deepEqual(await states(context), { used: range(14, 25), spare: range(2, 13), withdrawn: [1] });
  await add(26, 0.505);
  assert.deepEqual((await states(context))['spare'], range(2, 13), 'worse than all that are kept');
  await add(27, 0.625);
  assert.deepEqual((await states(context))['spare'], [...range(3, 13), 27]);
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

function contentId(n: number): `oshash:${string}` {
  return `oshash:${String(n).padStart(16, '0')}`;
}

function face(n: number) {
  return { entity: { kind: 'scene', id: String(n) }, performerId: '5', personKey: 0 } as const;
}

type World = {
  readonly context: FakeContext;
  /** Adds performer 5 to scene n, whose face has this quality. */
  readonly add: (n: number, quality: number) => Promise<void>;
  /** Takes the performer off in Stash, and says no. */
  readonly reject: (n: number) => Promise<void>;
};

async function opened(t: TestContext): Promise<World> {
  const stash = memoryStash({ items: [], performers: [aPerformer(5)] });
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  const { store } = context;
  await store.people.putPerformer(aPerformer(5));
  await store.people.putReference({
    performerId: '5',
    source: 'profile',
    sourceKey: 'profile',
    revision: '1',
    contentHash: 'b'.repeat(32),
    packId: PACK,
    state: 'used',
    embedding: aVector(5),
    quality: 0.9,
    crop: null,
  });
  return {
    context,
    async add(n, quality) {
      const { entity } = face(n);
      stash.items.set(`scene:${n}`, anItem(n));
      const template = aVector(5);
      const observation = anObservation(n, {
        contentId: contentId(n),
        persons: [aPerson(0, { template, exemplars: [template], quality })],
      });
      await store.observations.put({ observation, crops: [] });
      await store.observations.link(entity, `Scene ${n}`, [observation.contentId]);
      await suggestionOperations['entity.add'](context, face(n));
    },
    async reject(n) {
      stash.items.set(`scene:${n}`, anItem(n));
      await suggestionOperations['entity.reject'](context, { ...face(n), undo: false });
    },
  };
}

/** The numbers of the confirmed faces by state; without states that have none. */
async function states({ store }: FakeContext): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (const { source, sourceKey, state } of await store.people.pictures('5'))
    if (source === 'confirmed') (found[state] ??= []).push(Number(/(\d+)#/.exec(sourceKey)?.[1]));
  for (const numbers of Object.values(found)) numbers.sort((a, b) => a - b);
  return found;
}
