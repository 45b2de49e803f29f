/** What the settings exclude is never looked at, learnt or named, whichever way it is come upon. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EntityKind } from '../../core/content-id.ts';
import type { Settings } from '../../core/settings.ts';
import { runOperation, runTask } from '../../tasks/compose/dispatch.ts';
import { tasks } from '../../tasks/compose/registry.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';

type World = {
  readonly stash: SmallLibrary;
  readonly vision: FakeVision;
  readonly folder: string;
  /** Paths of Stash that were fetched. */
  readonly fetched: string[];
  /** As a process that begins now. */
  readonly open: () => Promise<FakeContext>;
};

/** What of the library of `openWorld` is excluded, and by which settings. */
type Cause = {
  readonly settings: Partial<Settings>;
  readonly hides: readonly string[];
  readonly prepare?: (stash: SmallLibrary) => void;
};

const TAGGED = ['scene:1', 'image:3', 'gallery:5'];

const CAUSES: Readonly<Record<string, Cause>> = {
  'a tag': {
    settings: { excludedTags: 'Private' },
    hides: TAGGED,
    prepare: (stash) => setTags(stash, TAGGED, ['1']),
  },
  'a tag below an excluded one': {
    settings: { excludedTags: 'Private [1]' },
    hides: TAGGED,
    prepare: (stash) => setTags(stash, TAGGED, ['2']),
  },
  'a folder': {
    settings: { excludedFolders: '/elsewhere; /private' },
    hides: TAGGED,
    prepare(stash) {
      for (const name of TAGGED) {
        const item = stash.items.get(name)!;
        stash.items.set(name, {
          ...item,
          files: item.files.map((file) => ({ ...file, path: `/private/deep/${path.basename(file.path)}` })),
          ...(item.kind === 'gallery' && { folderPath: '/private' }),
        });
      }
    },
  },
  'a folder, in a zip': {
    settings: { excludedFolders: '["/private"]' },
    hides: ['image:3'],
    prepare(stash) {
      const item = stash.items.get('image:3')!;
      const [file] = item.files;
      stash.items.set('image:3', {
        ...item,
        files: [{ ...file!, path: '/private/set.zip/3.jpg', zipPath: '/private/set.zip' }],
      });
    },
  },
  'the tag of its gallery': {
    settings: { excludedTags: 'Private' },
    hides: ['gallery:5', 'image:3'],
    prepare: (stash) => setTags(stash, ['gallery:5'], ['1']),
  },
  'a performer': { settings: { excludedPerformers: 'Performer 1' }, hides: ['performer:1'] },
  'the tag of a performer': {
    settings: { excludedTags: 'Private' },
    hides: ['performer:1'],
    prepare: (stash) => void stash.performerTags.set('1', ['2']),
  },
};

/** The ways in which something could be looked at, learnt or named. */
const WAYS: Readonly<Record<string, (context: FakeContext) => Promise<unknown>>> = {
  scan: (context) => start(context, 'scan'),
  'Update people': (context) => start(context, 'people'),
  'a rematch': (context) => start(context, 'people', { only: 'match' }),
  'identify by id': (context) => start(context, 'identify', { scene_ids: ['1', '2'] }).catch(refused),
  'identify by tag': (context) => start(context, 'identify'),
  'the page': async (context) => {
    for (const [name, input] of [
      ['scene.identify', { sceneId: '1', force: true }],
      ['image.identify', { imageId: '3', force: true }],
      ['gallery.identify', { galleryId: '5', force: true }],
      ['entity.add', { entity: { kind: 'scene', id: '1' }, performerId: '1', personKey: 0 }],
    ] as const)
      await runOperation(context, name, input).catch(refused);
    await start(context, 'identify', { scene_ids: ['1'] }).catch(refused);
  },
  accept: async (context) => {
    const { items } = await context.store.suggestions.list({}, 'newest', 100, 0);
    const ids = items.map(({ id }) => id);
    if (ids.length > 0) await runOperation(context, 'suggestions.accept', { ids }).catch(refused);
  },
};

for (const [cause, { settings, hides, prepare }] of Object.entries(CAUSES)) {
  for (const [way, go] of Object.entries(WAYS))
    test(`${cause}: ${way} looks at nothing of it, fetches nothing and names nobody`, async (t) => {
      const world = await openWorld(t);
      prepare?.(world.stash);
      world.stash.settings = { ...SCANS, ...settings };
      await go(await world.open());
      await assertHidden(world, hides, true);
      if (way === 'scan') assert.ok(world.vision.looked.some((name) => name.endsWith('2.mp4')));
    });

  for (const [way, go] of Object.entries(WAYS))
    test(`${cause}: what was kept before is erased by ${way}, or is not used`, async (t) => {
      const world = await openWorld(t);
      await start(await world.open(), 'scan');
      prepare?.(world.stash);
      world.stash.settings = { ...SCANS, ...settings };
      world.vision.looked.length = 0;
      world.fetched.length = 0;
      await go(await world.open());
      const isRun = !['the page', 'accept'].includes(way);
      await assertHidden(world, hides, isRun);
      for (const name of hides)
        if (!name.startsWith('performer'))
          assert.deepEqual(world.stash.items.get(name)?.performerIds, [], name);
      if (hides.includes('performer:1'))
        for (const { performerIds } of world.stash.items.values()) assert.ok(!performerIds.includes('1'));
    });

  test(`${cause}: nothing of it is left on the disk, and without the exclusion it comes back`, async (t) => {
    const world = await openWorld(t);
    await start(await world.open(), 'scan');
    const marks = marksOf(hides);
    for (const [what, bytes] of marks) assert.ok(isOnDisk(world, bytes), `${what} was there`);
    const items = [...world.stash.items];
    prepare?.(world.stash);
    world.stash.settings = { ...SCANS, ...settings };
    const context = await world.open();
    const answer = (await runOperation(context, 'exclusions.apply', {})) as { message: unknown };
    assert.notEqual(answer.message, null);
    for (const [what, bytes] of marks) assert.equal(isOnDisk(world, bytes), false, `${what} is left`);
    assert.equal(((await runOperation(context, 'exclusions.apply', {})) as typeof answer).message, null);

    // A scan meanwhile, as there are in life.
    await start(await world.open(), 'scan');
    world.stash.settings = SCANS;
    for (const [name, item] of items) world.stash.items.set(name, item);
    world.stash.performerTags.clear();
    const after = await world.open();
    await start(after, 'scan');
    await start(after, 'people');
    assert.deepEqual(await openOnes(after), EVERYTHING);
  });
}

const EVERYTHING = [
  'gallery 5: Performer 1',
  'image 3: Performer 1',
  'scene 1: Performer 1',
  'scene 2: Performer 1',
  'scene 2: Performer 2',
];
const SCANS = { scanImages: true, scanGalleries: true };

/** A scene, an image in a gallery, and a scene of two performers; performer 1 is in all. */
async function openWorld(t: TestContext): Promise<World> {
  const folder = tempFolder(t);
  const stash = smallLibrary(tempFolder(t));
  const vision = fakeVision();
  const fetched: string[] = [];
  const { library } = stash;
  const fetchMedia = library.fetchMedia.bind(library);
  Object.assign(stash.library, {
    fetchMedia: async (place: string, maxBytes: number) => {
      fetched.push(place);
      return await fetchMedia(place, maxBytes);
    },
  });
  stash.settings = SCANS;
  stash.tags.set('Private', '1').set('More private', '2').set('Identify faces', '3');
  stash.tagParents.set('2', ['1']);
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  stash.addScene(1, 'shows 1', { title: 'A hidden scene' });
  stash.addScene(2, 'shows 1 2');
  stash.addImage(3, 'shows 1 ', { title: 'A hidden image', galleryIds: ['5'] });
  stash.items.set('gallery:5', {
    ...stash.items.get('image:3')!,
    kind: 'gallery',
    id: '5',
    title: 'A hidden gallery',
    files: [],
  });
  return {
    stash,
    vision,
    folder,
    fetched,
    open: () => fakeContext(t, stash, { folder, vision, settings: stash.settings }),
  };
}

/** @param isErased also nothing that was kept before is there any more */
async function assertHidden(
  { vision, fetched, open }: World,
  hides: readonly string[],
  isErased: boolean,
): Promise<void> {
  const { store } = await open();
  for (const name of hides) {
    const [kind, id] = name.split(':') as [EntityKind | 'performer', string];
    if (kind === 'performer') {
      assert.ok(!vision.looked.includes('picture face 1'), `learnt ${name}`);
      assert.ok(!fetched.some((place) => place.startsWith('/performer/1/')), `fetched ${name}`);
      if (!isErased) continue;
      assert.equal(await store.people.performer(id), null);
      assert.equal(await store.work.get('people', 'performer', id), null);
    } else {
      const file = { scene: `${id}.mp4`, image: 'picture shows 1 ', gallery: 'picture shows 1 ' }[kind];
      assert.ok(!vision.looked.some((looked) => looked.endsWith(file)), `looked at ${name}`);
      assert.ok(!fetched.some((place) => place.startsWith(`/${kind}/${id}/`)), `fetched ${name}`);
      if (!isErased) continue;
      assert.deepEqual(await store.observations.contentOf({ kind, id }), []);
      assert.equal(await store.identifications.get({ kind, id }), null);
      assert.equal(await store.work.get('scan', kind, id), null);
      assert.equal((await store.suggestions.list({ entity: { kind, id } }, 'newest', 1, 0)).total, 0);
    }
  }
  const faces = (await runOperation(await open(), 'scene.faces', { sceneId: '1' })) as {
    state: string;
    persons: unknown[];
  };
  if (hides.includes('scene:1')) assert.deepEqual([faces.state, faces.persons], ['excluded', []]);
  for (const sceneId of hides.includes('performer:1') ? ['1', '2'] : [])
    assert.doesNotMatch(
      JSON.stringify(await runOperation(await open(), 'scene.faces', { sceneId })),
      /Performer 1/,
    );
  if (hides.includes('performer:1'))
    for (const name of ['suggestions.list', 'people.info'] as const)
      assert.doesNotMatch(
        JSON.stringify(await runOperation(await open(), name, { limit: 50 })),
        /Performer 1/,
      );
}

function marksOf(hides: readonly string[]): [string, Buffer][] {
  return [
    ...(hides.includes('scene:1')
      ? [['the title of the scene', Buffer.from('A hidden scene')] as [string, Buffer]]
      : []),
    ...(hides.includes('image:3')
      ? [['the title of the image', Buffer.from('A hidden image')] as [string, Buffer]]
      : []),
    ...(hides.includes('performer:1')
      ? ([['the name', Buffer.from('Performer 1')]] as [string, Buffer][])
      : []),
  ];
}

function isOnDisk({ folder }: World, bytes: Buffer): boolean {
  return readdirSync(folder).some(
    (name) => /sqlite|vectors/.test(name) && readFileSync(path.join(folder, name)).includes(bytes),
  );
}

function setTags(stash: SmallLibrary, names: readonly string[], tagIds: readonly string[]): void {
  for (const name of names) stash.items.set(name, { ...stash.items.get(name)!, tagIds });
}

async function start(
  context: FakeContext,
  mode: TaskMode,
  args: Record<string, unknown> = {},
): Promise<void> {
  await runTask(context, tasks[mode], args);
}

function refused(error: unknown): void {
  assert.ok(
    error instanceof Error &&
      'code' in error &&
      ['excluded', 'not-found', 'changed-since'].includes(String(error.code)),
    String(error),
  );
}

async function openOnes({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list({ state: 'open' }, 'newest', 100, 0);
  return items.map(({ entity, targetName }) => `${entity.kind} ${entity.id}: ${targetName}`).toSorted();
}
