import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Settings } from '../../core/settings.ts';
import { peopleOperations } from '../../tasks/people/operations.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { everybody } from '../fixtures/gallery.ts';

test('every performer with a picture of one face can be recognised; of the others it is said why not', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, null);
  stash.addPerformer(3, 'a landscape');
  stash.addPerformer(4, 'faces 1 2');
  stash.addPerformer(5, 'broken');
  await learn(context);
  const info = await peopleOperations['people.info'](context, { limit: 50, offset: 0 });
  assert.deepEqual({ all: info.performers, with: info.withReference }, { all: 5, with: 1 });
  assert.deepEqual(
    info.without.items
      .map(({ name, reason }) => [name, inEnglish(reason)] as const)
      .toSorted(([a], [b]) => a.localeCompare(b)),
    [
      ['Performer 2', 'No picture: set one in Stash.'],
      [
        'Performer 3',
        'No face was found in the pictures: set one in Stash that shows the face large and from the front.',
      ],
      ['Performer 4', 'Only pictures with several faces: set one in Stash that shows nobody else.'],
      ['Performer 5', 'No picture could be read: set another one in Stash.'],
    ],
  );
  const [run] = await context.store.runs.recent(1);
  assert.equal(inEnglish(run!.message), '1 of 5 performers can be recognised.');
});

test('images with nobody else are learnt too; a picture is fetched once and looked at once', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addPerformer(1, null);
  stash.addImage(11, 'one 1', { performerIds: ['1'] });
  stash.addImage(12, 'two 1 2', { performerIds: ['1'] });
  stash.addImage(13, 'somebody else is on it 1', { performerIds: ['1', '2'] });
  await learn(context);
  const references = async (): Promise<string[]> =>
    (await context.store.people.references('1', PACK))
      .map(({ sourceKey, state }) => `${sourceKey} ${state}`)
      .toSorted();
  assert.deepEqual(await references(), ['image:11 used', 'image:12 several-faces']);
  assert.deepEqual(vision.looked, ['picture two 1 2', 'picture one 1']);

  let fetched = 0;
  stash.before = (call) => {
    if (call === 'fetchMedia') fetched++;
  };
  await learn(context);
  assert.deepEqual({ fetched, looked: vision.looked.length }, { fetched: 0, looked: 2 });

  // Something of the performer was edited: another address, the same bytes.
  stash.media.set('/image/11/image?t=2', stash.media.get('/image/11/image?t=1')!);
  stash.items.set('image:11', { ...stash.items.get('image:11')!, coverPath: '/image/11/image?t=2' });
  const version = await context.store.people.version();
  await learn(context);
  assert.deepEqual({ fetched, looked: vision.looked.length }, { fetched: 1, looked: 2 });
  assert.equal(await context.store.people.version(), version);

  stash.items.delete('image:11');
  await learn(context);
  assert.deepEqual(await references(), ['image:11 withdrawn', 'image:12 several-faces']);
});

test('who has no image is gone through once, and whose last image was taken away once more', async (t) => {
  const { context, stash } = await opened(t);
  const readings = async (): Promise<number> => {
    let count = 0;
    const { work } = context.store;
    const counting = {
      ...work,
      finish: async (...item: Parameters<typeof work.finish>) => {
        count++;
        await work.finish(...item);
      },
    };
    await learn({ ...context, store: { ...context.store, work: counting } });
    return count;
  };
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  stash.addImage(11, 'two 2', { performerIds: ['2'] });
  assert.equal(await readings(), 3);
  stash.items.delete('image:11');
  assert.equal(await readings(), 3);
  const references = await context.store.people.references('2', PACK);
  assert.deepEqual(
    new Map(references.map(({ sourceKey, state }) => [sourceKey, state])),
    new Map([
      ['profile', 'used'],
      ['image:11', 'withdrawn'],
    ]),
  );
});

test('a profile picture that was changed or taken away is followed', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  await learn(context);
  stash.media.set('/performer/1/image?t=2', Buffer.from('face 2'));
  stash.performers.set('1', { ...stash.performers.get('1')!, imagePath: '/performer/1/image?t=2' });
  await learn(context);
  const [changed] = await everybody(context.store.people, PACK);
  assert.equal(changed?.references[0]?.embedding[2], 1);
  stash.performers.set('1', { ...stash.performers.get('1')!, imagePath: null });
  await learn(context);
  assert.deepEqual(await everybody(context.store.people, PACK), []);
});

test('who is no longer in Stash is forgotten', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  await learn(context);
  stash.performers.delete('2');
  await learn(context);
  const counts = await context.store.people.counts(PACK);
  assert.deepEqual({ all: counts.performers, with: counts.withReference }, { all: 1, with: 1 });
  assert.equal((await context.store.work.counts('people')).done, 1);
});

test('the newest images are looked at first, until enough of them can be used', async (t) => {
  const { context, stash, vision } = await opened(t);
  stash.addPerformer(1, null);
  for (let n = 11; n < 70; n++)
    stash.addImage(n, `landscape of picture ${'x'.repeat(n)}`, { performerIds: ['1'] });
  await learn(context);
  assert.equal(vision.looked.length, 59);
  stash.addImage(70, 'face 1', { performerIds: ['1'] });
  await learn(context);
  assert.equal((await everybody(context.store.people, PACK)).length, 1);
  for (let n = 71; n < 91; n++) stash.addImage(n, `face 1${' '.repeat(n)}`, { performerIds: ['1'] });
  await learn(context);
  const [person] = await everybody(context.store.people, PACK);
  assert.equal(person?.references.length, 12);
});

test('a scan learns whom an image was tagged with since, and forgets whom it was taken from', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, null);
  stash.addPerformer(2, null);
  stash.addImage(11, 'face 1', { performerIds: ['2'] });
  const known = async (): Promise<string[]> =>
    (await everybody(context.store.people, PACK)).map(({ performerId }) => performerId ?? '');
  await runSlice(context, scan, {}, {});
  assert.deepEqual(await known(), ['2']);
  stash.items.set('image:11', { ...stash.items.get('image:11')!, performerIds: ['1'] });
  await runSlice(context, scan, {}, {});
  assert.deepEqual(await known(), ['1']);
});

test('what a scan wrote by itself vouches for nobody', async (t) => {
  const { context, stash } = await opened(t, { autoAcceptConfidence: 90, scanImages: true });
  stash.addPerformer(1, 'face 1');
  stash.addImage(11, 'shows 1');
  await runSlice(context, scan, {}, {});
  assert.deepEqual(stash.items.get('image:11')?.performerIds, ['1']);
  await runSlice(context, scan, {}, {});
  const references = await context.store.people.vectors('1', PACK);
  assert.deepEqual(
    references.map(({ sourceKey }) => sourceKey),
    ['profile'],
  );
});

test('with an unchanged library the next scan asks for no picture and learns nobody again', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  stash.addImage(11, 'face 1', { performerIds: ['1'] });
  await runSlice(context, scan, {}, {});
  const asked: string[] = [];
  stash.before = (call) => void asked.push(call);
  await runSlice(context, scan, {}, {});
  assert.deepEqual(
    asked.filter((it) => it === 'fetchMedia' || it === 'performer'),
    [],
  );
});

test('a start that only matches learns nobody; who asks for everybody meanwhile gets that too', async (t) => {
  const { context, stash } = await opened(t);
  stash.addPerformer(1, 'face 1');
  assert.equal((await runSlice(context, people, { only: 'match' }, {})).end, 'finished');
  assert.equal((await context.store.people.counts(PACK)).performers, 0);
  const other = await fakeContext(t, stash, { folder: context.dataFolder, vision: fakeVision() });
  let joined: Promise<unknown> | null = null;
  const slow = {
    ...people,
    work: async (...[its, args, slice]: Parameters<typeof people.work>) => {
      joined ??= runSlice(other, people, {}, {});
      await joined;
      return await people.work(its, args, slice);
    },
  };
  assert.equal((await runSlice(context, slow, { only: 'match' }, {})).end, 'finished');
  assert.equal((await context.store.people.counts(PACK)).withReference, 1);
});

async function opened(
  t: TestContext,
  settings: Partial<Settings> = {},
): Promise<{ context: FakeContext; stash: SmallLibrary; vision: FakeVision }> {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const vision = fakeVision();
  return { context: await fakeContext(t, stash, { vision, settings }), stash, vision };
}

async function learn(context: FakeContext): Promise<void> {
  assert.equal((await runSlice(context, people, {}, {})).end, 'finished');
}
