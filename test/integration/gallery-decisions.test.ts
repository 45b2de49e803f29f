/** What is said of one person of a gallery holds for the pictures that show them, and for no other. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { people } from '../../tasks/people/task.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { aSlice } from '../fakes/slice.ts';
import { fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { anItem } from '../fakes/memory-stash.ts';
import { fakeVision } from '../fakes/vision.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';

const GALLERY: EntityRef = { kind: 'gallery', id: '1' };

test('a "no" for one picture of a gallery leaves the performer to the others', async (t) => {
  const { context } = await looked(t, ['1', '1 2', '2']);
  assert.deepEqual(await suggested(context), ['1 in 2', '2 in 2']);
  // Said on the page of the first image.
  await identifyOperations['image.identify'](context, { imageId: '11', force: false });
  await suggestionOperations['entity.reject'](context, {
    entity: { kind: 'image', id: '11' },
    performerId: '1',
    personKey: 0,
    undo: false,
  });
  await matchAgain(context);
  assert.deepEqual(await suggested(context), ['1 in 1', '2 in 2']);
});

test('a "no" for a gallery holds for the pictures it was said of', async (t) => {
  const { context } = await looked(t, ['1', '2']);
  const { items } = await context.store.suggestions.list(
    { entity: GALLERY, target: { kind: 'performer', id: '1' } },
    'newest',
    1,
    0,
  );
  await suggestionOperations['suggestions.reject'](context, { ids: [items[0]?.id ?? ''] });
  const performer = (await context.store.people.performer('1'))!;
  const contents = await context.store.observations.contentOf(GALLERY);
  const rejected = await Promise.all(
    contents.map((it) => context.store.dismissals.isDismissed(notSeen([it], performer))),
  );
  assert.deepEqual(rejected.map(String).toSorted(), ['false', 'true']);
});

test('whoever is added for a person of a gallery is confirmed by that person, not by another of the same number', async (t) => {
  const { context } = await looked(t, ['2', '1 2']);
  const { persons } = await identifyOperations['gallery.identify'](context, { galleryId: '1', force: false });
  const one = persons.find(({ performerId }) => performerId === '1')!;
  await suggestionOperations['entity.add'](context, {
    entity: GALLERY,
    performerId: '1',
    personKey: one.key,
  });
  const confirmed = (await context.store.people.vectors('1', PACK)).filter(
    ({ source }) => source === 'confirmed',
  );
  assert.deepEqual(
    confirmed.map(({ embedding }) => embedding?.[1]),
    [1],
  );
});

test('looking at a gallery suggests nobody for its pictures by themselves', async (t) => {
  const { context } = await looked(t, ['1']);
  await matchAgain(context);
  const { items } = await context.store.suggestions.list({}, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ entity }) => entity.kind),
    ['gallery'],
  );
});

/** A gallery of these pictures, looked at and matched with performers 1 and 2. */
async function looked(
  t: TestContext,
  pictures: readonly string[],
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  pictures.forEach((text, n) => stash.addImage(11 + n, text));
  stash.items.set('gallery:1', anItem(1, { kind: 'gallery', files: [], title: 'Album' }));
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  await runSlice(context, people, {}, {});
  await createObserveAndMatch(context)(stash.items.get('gallery:1')!, {
    force: false,
    waiting: 'in the background',
  });
  return { context, stash };
}

async function suggested({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list({ entity: GALLERY, state: 'open' }, 'newest', 10, 0);
  return items
    .map(({ target, payload }) => `${target?.id} in ${'seen' in payload ? payload.seen.length : 0}`)
    .toSorted();
}

async function matchAgain(context: FakeContext): Promise<void> {
  await context.store.state.delete('all-matched-with');
  await context.store.observations.setMatchedWith(GALLERY, 'before');
  await rematchAll(context, aSlice());
}
