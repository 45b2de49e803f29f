/** Scenes that no fingerprint finds, compared as re-cuts with those of their performers at a stash-box. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import type { RgbImage } from '../../../core/faces/face.ts';
import { frameTimes, phashOf } from '../../../core/fingerprints/phash.ts';
import type { Filmstrip } from '../../../core/fingerprints/virtual-phash.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { Hashes } from '../../../core/ports/media.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { openedBox } from '../../contract/opened-box.ts';
import { FAST, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { aBoxScene, BOX, boxId, memoryBox } from '../../fakes/memory-box.ts';
import { aFile, anItem, aPerformer, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';
import { acceptance } from './linking.ts';

const SECONDS = 200;
const ADA = boxId(70);

/** A moment of film `seed`: shots of a few seconds, in which a light wanders. */
function pictureOf(seed: number, second: number): RgbImage {
  const random = (n: number): number => {
    const value = Math.sin((seed * 1000 + Math.floor(second / 7) * 10 + n) * 12.9898) * 43758.5453;
    return value - Math.floor(value);
  };
  const [light, tilt, fleck] = [random(1), random(2), random(3)];
  const data = new Uint8Array(32 * 32 * 3);
  for (let n = 0; n < 32 * 32; n++) {
    const x = n % 32;
    const grey = 40 + 150 * light + (x - 16) * 3 * (tilt - 0.5) + 60 * fleck * Math.sin(x / 5 + second / 3);
    data.fill(Math.max(0, Math.min(255, Math.round(grey))), n * 3, n * 3 + 3);
  }
  return { width: 32, height: 32, data };
}

const filmHash = (seed: number): string =>
  phashOf(frameTimes(SECONDS).map((time) => pictureOf(seed, Math.floor(time))));

function stripOf(seed: number, from: number): Filmstrip {
  const seconds = SECONDS - from;
  return {
    pictures: Array.from({ length: seconds }, (_, n) => pictureOf(seed, n + from)),
    stepSeconds: 1,
    seconds,
  };
}

/** Two people, whose scenes the stash-box has: films 1 to 6 of the one, 7 of the other. */
async function opened(t: TestContext, strip: (file: string) => Promise<Filmstrip | null>) {
  const stash = memoryStash();
  const box = memoryBox();
  const read: string[] = [];
  stash.performers.set('7', aPerformer(7, { name: 'Ada', stashIds: [{ endpoint: BOX, stashId: ADA }] }));
  stash.performers.set('8', aPerformer(8));
  for (let film = 1; film <= 6; film++)
    box.scenes.push(
      aBoxScene(film, [{ algorithm: 'PHASH', hash: filmHash(film), seconds: SECONDS }], {
        cast: [{ id: ADA, name: 'Ada', as: '' }],
      }),
    );
  const made = await fakeContext(t, stash, { stashBoxes: box });
  const filmstrip = (file: string): Promise<Filmstrip | null> => {
    read.push(file);
    return strip(file);
  };
  const hashes = { ...made.hashes, phash: () => Promise.resolve(null), filmstrip };
  return { context: { ...made, hashes }, stash, box, read };
}

function addScene(stash: MemoryStash, n: number, performerIds: string[], seconds = 192): void {
  const files = [aFile(n, { durationMs: seconds * 1000 })];
  stash.items.set(`scene:${n}`, anItem(n, { files, performerIds }));
}

async function link(context: FakeContext, args: Record<string, unknown> = {}): Promise<string> {
  const { message } = await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse(args), {});
  return inEnglish(message);
}

async function suggested({ store }: FakeContext): Promise<SuggestionOf<'scene-stash-id'>[]> {
  const filter = { kind: 'scene-stash-id', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 100, 0)).items;
}

test('a film of which 8 s are cut off is found among those of its performer, with the place, and linked by a yes', async (t) => {
  const { context, stash, box, read } = await opened(t, () => Promise.resolve(stripOf(3, 8)));
  addScene(stash, 1, ['7']);
  addScene(stash, 2, ['8']);
  assert.equal(await link(context), '2 scenes were looked up: 1 is suggested, 1 of them surely.');
  const [found, ...more] = await suggested(context);
  assert.deepEqual(
    [more.length, found?.entity.id, found?.payload.stashId.stashId, found?.evidence.hits],
    [0, '1', boxId(3), []],
  );
  const { recut, isStrong } = found!.evidence;
  assert.ok(isStrong && recut !== undefined && recut.apart <= 4);
  assert.deepEqual([Math.round(recut.offset), recut.offsetBehind, recut.theirSeconds], [-8, null, SECONDS]);
  assert.deepEqual(read, ['/library/1.mp4'], 'only what could be one is decoded');
  // Nothing has changed.
  const asked = box.calls.length;
  await link(context);
  assert.deepEqual([box.calls.length, read.length], [asked, 1]);

  await suggestionOperations['suggestions.accept'](context, acceptance([found!.id]));
  assert.deepEqual(stash.sceneStashIds.get('1'), [{ endpoint: BOX, stashId: boxId(3) }]);
});

test('another film of the same people is not suggested, and one that was refused is not compared again', async (t) => {
  let seed = 40;
  const { context, stash } = await opened(t, () => Promise.resolve(stripOf(seed, 0)));
  addScene(stash, 1, ['7'], SECONDS);
  await link(context);
  assert.deepEqual(await suggested(context), []);
  seed = 3;
  await link(context, { force: true });
  const [found] = await suggested(context);
  assert.equal(found?.payload.stashId.stashId, boxId(3));
  await suggestionOperations['suggestions.reject'](context, { ids: [found.id], choices: {} });
  await link(context, { force: true });
  assert.deepEqual(await suggested(context), []);
});

test('a performer is asked about once for all their scenes, and decoding again waits for a scene that is new there', async (t) => {
  const { context, stash, box, read } = await opened(t, () => Promise.resolve(stripOf(40, 0)));
  for (let n = 1; n <= 2; n++) addScene(stash, n, ['7'], SECONDS);
  await link(context);
  assert.deepEqual(
    box.calls.filter((call) => call.startsWith('scenes of')),
    [`scenes of ${ADA}`],
  );
  assert.equal(read.length, 2);
  const later = { ...context, now: () => context.now() + 31 * 86_400_000 };
  await link(later);
  assert.equal(read.length, 2, 'the stash-box has no other scenes');
  box.scenes.push(
    aBoxScene(9, [{ algorithm: 'PHASH', hash: filmHash(40), seconds: SECONDS }], {
      cast: [{ id: ADA, name: 'Ada', as: '' }],
    }),
  );
  const muchLater = { ...context, now: () => context.now() + 62 * 86_400_000 };
  await link(muchLater);
  assert.equal(read.length, 4);
  assert.equal((await suggested(context)).length, 2);
});

test('a file that cannot be read is counted and tried again, and without ffmpeg it is said', async (t) => {
  const trouble = { code: 'unreadable-media' as 'unreadable-media' | 'runtime-missing' };
  const { context, stash, read } = await opened(t, () =>
    Promise.reject(new StashSenseError(trouble.code, plain('It is broken.'))),
  );
  addScene(stash, 1, ['7']);
  assert.match(await link(context), /1 file could not be read to compare its pictures\./);
  trouble.code = 'runtime-missing';
  assert.match(await link(context), /It is broken\./);
  assert.equal(read.length, 2);
});

test('it goes on after each scene where a slice ends', async (t) => {
  const { context, stash, read } = await opened(t, () => Promise.resolve(stripOf(3, 8)));
  for (let n = 1; n <= 3; n++) addScene(stash, n, ['7']);
  const brief = { ...context, limits: { ...FAST, sliceMs: 0 } };
  const args = taskArgsSchema('link-scenes').parse({});
  let { end } = await runSlice(brief, linkScenesTask, args, {});
  for (let n = 0; end === 'requeued' && n < 30; n++) {
    const { run, token } = stash.started.at(-1)?.args ?? {};
    ({ end } = await runSlice(brief, linkScenesTask, args, { run: String(run), token: String(token) }));
  }
  assert.equal(end, 'finished');
  assert.deepEqual(read.toSorted(), ['/library/1.mp4', '/library/2.mp4', '/library/3.mp4']);
  assert.equal((await suggested(context)).length, 3);
});

test('without a linked performer it is found by its title, asked for in few requests, and one with another title is not decoded', async (t) => {
  const { context, stash, box, read } = await opened(t, () => Promise.resolve(stripOf(3, 8)));
  const theirs = box.scenes[2]!;
  box.scenes[2] = { ...theirs, title: 'Notes on the Engine' };
  for (let n = 1; n <= 12; n++) addScene(stash, n, []);
  const titled = (n: number, title: string): void =>
    void stash.items.set(`scene:${n}`, { ...stash.items.get(`scene:${n}`)!, title });
  for (let n = 2; n <= 12; n++) titled(n, `Engine of another kind ${n}`);
  titled(1, 'Reels.22.03.04.Notes.On.The.Engine.XXX.1080p.mp4');
  await link(context);
  assert.deepEqual(
    box.calls.filter((call) => call.startsWith('texts')),
    ['texts 10', 'texts 2'],
  );
  assert.deepEqual(read, ['/library/1.mp4']);
  const [found, ...more] = await suggested(context);
  assert.deepEqual(
    [found?.entity.id, found?.payload.stashId.stashId, found?.evidence.isStrong, more],
    ['1', boxId(3), true, []],
  );
});

test('the page finds it too', async (t) => {
  const { context, stash } = await opened(t, () => Promise.resolve(stripOf(3, 8)));
  addScene(stash, 1, ['7']);
  const found = await sceneBoxOperations['sceneBoxes.findOne'](context, { sceneId: '1', endpoint: BOX });
  assert.deepEqual(found, { outcome: 'found', problem: null });
  const { boxes } = await sceneBoxOperations['sceneBoxes.ofScene'](context, { sceneId: '1' });
  assert.equal(boxes[0]?.suggestions.length, 1);
});

test('a stash-box over HTTP lists the scenes of a performer, page by page', async (t) => {
  const { double, client } = await openedBox(t);
  const ada = double.data.addPerformer({ name: 'Ada' });
  for (let n = 0; n < 107; n++)
    double.data.addScene({
      title: `Theirs ${n}`,
      performers: n < 105 ? [{ id: ada.id, as: null }] : [],
      fingerprints: [{ algorithm: 'PHASH', hash: filmHash(1), duration: 60, submissions: 1, reports: 0 }],
    });
  const scenes = await client.scenesOf(ada.id);
  assert.equal(new Set(scenes?.map(({ id }) => id)).size, 105);
  assert.deepEqual(scenes?.[0]?.fingerprints[0]?.hash, filmHash(1));
  assert.equal(double.calls.filter(({ query }) => query.includes('queryScenes')).length, 2);
  assert.deepEqual(await client.scenesOf('no id'), []);
});

for (const version of ['v0.10.2', 'v0.7.0'] as const)
  test(`a stash-box of ${version} over HTTP is searched by texts`, async (t) => {
    const { client, double } = await openedBox(t, { version });
    const [engine] = ['Notes on the Engine', 'Another film'].map((title) => double.data.addScene({ title }));
    const found = await client.scenesByText(['notes on the engine', 'nothing of it']);
    assert.deepEqual(
      [...found].map(([text, scenes]) => [text, scenes.map(({ id }) => id)]),
      [
        ['notes on the engine', [engine!.id]],
        ['nothing of it', []],
      ],
    );
  });

test('Stop is heard while a file is decoded, and nothing of it is stored', { timeout: 30_000 }, async (t) => {
  const { context, stash } = await opened(t, () => Promise.resolve(null));
  addScene(stash, 1, ['7']);
  let isHeard = false;
  const filmstrip: Hashes['filmstrip'] = async (_file, signal) => {
    await context.store.runs.askStop('link-scenes');
    return await new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => {
        isHeard = true;
        reject(signal.reason as Error);
      });
    });
  };
  const stopped = { ...context, hashes: { ...context.hashes, filmstrip } };
  const { end } = await runSlice(stopped, linkScenesTask, taskArgsSchema('link-scenes').parse({}), {});
  assert.deepEqual([end, isHeard, await suggested(context)], ['stopped', true, []]);
  assert.equal((await context.store.recutLookUps.of(BOX, ['1'])).size, 0);
});

test('where the stash-box does not answer of a performer or a title, the page says so, and the next run asks again', async (t) => {
  const { context, stash, box } = await opened(t, () => Promise.resolve(stripOf(3, 8)));
  const open = context.stashBoxes.open.bind(context.stashBoxes);
  let isSilent = true;
  const stashBoxes: typeof context.stashBoxes = {
    ...context.stashBoxes,
    open: async (...args) => {
      const client = await open(...args);
      return isSilent ? { ...client, scenesByText: () => Promise.resolve(new Map()) } : client;
    },
  };
  const trouble = { ...context, stashBoxes };
  box.scenes[2] = { ...box.scenes[2]!, title: 'Notes on the Engine' };
  addScene(stash, 1, []);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, title: 'Notes on the Engine.mp4' });
  const asked = { sceneId: '1', endpoint: BOX };
  assert.equal((await sceneBoxOperations['sceneBoxes.findOne'](trouble, asked)).outcome, 'unanswered');
  await link(trouble);
  assert.deepEqual(await suggested(context), []);
  isSilent = false;
  await link(trouble);
  assert.equal((await suggested(context)).length, 1);
});
