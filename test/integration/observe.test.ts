/** Real models look at real footage. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, mock, test } from 'node:test';
import type { VideoToObserve } from '../../core/sampling/to-observe.ts';
import type { ContentId } from '../../core/content-id.ts';
import { similarity } from '../../core/faces/embedding.ts';
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import { isCoverOnly, type ObservationWithCrops, type Observation } from '../../core/faces/observation.ts';
import type { Scratch, VideoFrames } from '../../core/ports/media.ts';
import { createFaceCrop } from '../../models/faces/crop.ts';
import type { Models } from '../../models/open.ts';
import { developmentFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createScratch } from '../../plugin/system/files/temp-files.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { type ObserveParts, observePicture, observeVideo } from '../../tasks/observe/observe-media.ts';
import { makeSmallLibrary, mediaFile, npmFfmpeg } from '../fixtures/footage.ts';
import { openTestModels, testScratch } from '../fixtures/models.ts';

const ID: ContentId = 'oshash:0123456789abcdef';
let folder: string;
let models: Models;
let parts: ObserveParts & { frames: VideoFrames; scratch: Scratch };

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-observe-'));
  await makeSmallLibrary(folder);
  models = openTestModels();
  const { codec } = models;
  parts = {
    analyzer: await models.analyzer(),
    codec,
    now: Date.now,
    crop: async (image, face) => await createFaceCrop(image, face, codec),
    frames: createVideoFrames(developmentFfmpeg(import.meta.url)!),
    scratch: testScratch,
  };
});
after(async () => {
  await models.close();
  rmSync(folder, { recursive: true, force: true });
});

async function look(name: string, change: Partial<VideoToObserve> = {}): Promise<ObservationWithCrops> {
  return await observeVideo(parts, {
    contentId: ID,
    path: path.isAbsolute(name) ? name : path.join(folder, 'videos', name),
    sizeBytes: 1000,
    cropsPerPerson: 2,
    ...change,
  });
}

function timeless({ observation, crops }: ObservationWithCrops): unknown {
  return {
    ...observation,
    observedAt: 0,
    crops: crops.map(({ jpeg, ...it }) => ({ ...it, jpeg: Buffer.from(jpeg).toString('base64') })),
  };
}

test('the same file is seen the same way each time', async () => {
  const [one, other] = [await look('franck-talks.mp4'), await look('franck-talks.mp4')];
  assert.deepEqual(timeless(one), timeless(other));
  const { observation } = one;
  assert.equal(observation.persons.length, 1);
  assert.deepEqual(
    [observation.contentId, observation.media, observation.durationMs, observation.packId],
    [ID, 'video', 16_000, parts.analyzer.packId],
  );
  assert.ok(observation.frameCount >= 4 && observation.frameCount <= 16, `${observation.frameCount} frames`);
  const times = observation.persons[0]!.faces.map((it) => it.timeMs ?? -1);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(times).size, observation.frameCount);
});

test('each person has at most as many crops as were asked for, and they show a face of theirs', async () => {
  const { observation, crops } = await look('two-men.mp4');
  assert.equal(observation.persons.length, 2);
  assert.deepEqual(
    crops.map(({ personKey, rank }) => [personKey, rank]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  );
  for (const crop of crops) {
    assert.ok(Math.max(crop.width, crop.height) <= 224);
    const [face] = await parts.analyzer.analyze(await parts.codec.decode(crop.jpeg, 224));
    const { template } = observation.persons[crop.personKey]!;
    assert.ok(face && similarity(face.embedding, template) > 0.5, `crop ${crop.personKey}/${crop.rank}`);
  }
});

test('two men of one frame are two persons who know that of one another', async () => {
  const { persons } = (await look('two-men.mp4')).observation;
  assert.deepEqual(
    persons.map(({ key, apartFrom }) => [key, apartFrom]),
    [
      [0, [1]],
      [1, [0]],
    ],
  );
  assert.ok(similarity(persons[0]!.template, persons[1]!.template) < 0.3);
});

test('people who follow one another are two persons, and nobody is none', async () => {
  const { persons } = (await look('two-portraits.mp4')).observation;
  assert.equal(persons.length, 2);
  assert.deepEqual(
    persons.map((it) => it.apartFrom),
    [[], []],
  );
  const nobody = (await look('nobody.mp4')).observation;
  assert.deepEqual(nobody.persons, []);
  assert.ok(nobody.frameCount > 0);
});

test('a cover counts as a frame, and one that is no picture does no harm', async () => {
  const without = await look('franck-talks.mp4');
  const withCover = await look('franck-talks.mp4', { cover: readFileSync(mediaFile('franck_02159.jpg')) });
  assert.equal(withCover.observation.frameCount, without.observation.frameCount + 1);
  assert.equal(withCover.observation.persons[0]?.faces[0]?.timeMs, null);
  const broken = await look('franck-talks.mp4', { cover: Buffer.from('<html>') });
  assert.equal(broken.observation.frameCount, without.observation.frameCount);
});

test('a face that only the cover shows is marked, and one that the film shows too is not', async () => {
  const stranger = { cover: readFileSync(mediaFile('SeanConnery.jpg')) };
  const { persons } = (await look('franck-talks.mp4', stranger)).observation;
  assert.deepEqual(persons.map(isCoverOnly), [false, true]);
  const own = { cover: readFileSync(mediaFile('franck_02159.jpg')) };
  const [franck, ...others] = (await look('franck-talks.mp4', own)).observation.persons;
  assert.deepEqual([isCoverOnly(franck!), others], [false, []]);
  assert.deepEqual(
    franck!.faces.filter(({ fromCover }) => fromCover).map(({ timeMs }) => timeMs),
    [null],
  );
});

test('somebody whom a long film shows for a moment is found where Stash took the cover', async () => {
  const long = path.join(folder, 'moment.mp4');
  const [office, portrait] = [path.join(folder, 'videos/the-office.mkv'), mediaFile('SeanConnery.jpg')];
  const film = '[0:v]scale=640:360,setsar=1,fps=25[a];[1:v]scale=-2:360,pad=640:360:-1:-1,setsar=1,fps=25[b]';
  // Of 250 seconds the 50th alone shows the other one, between two key frames.
  const moment = `${film};[a][b]overlay=enable='between(t,49.8,50.2)'[v]`;
  const input = ['-stream_loop', '-1', '-t', '250', '-i', office, '-loop', '1', '-t', '250', '-i', portrait];
  const coded = '-c:v libx264 -preset ultrafast -g 100 -x264-params scenecut=0 -pix_fmt yuv420p'.split(' ');
  execFileSync(npmFfmpeg, [
    '-v',
    'error',
    '-y',
    ...input,
    '-filter_complex',
    moment,
    '-map',
    '[v]',
    ...coded,
    long,
  ]);
  assert.equal((await look(long)).observation.persons.length, 1);
  const { persons } = (await look(long, { cover: readFileSync(portrait) })).observation;
  assert.deepEqual(persons.map(isCoverOnly), [false, false]);
  assert.deepEqual(
    persons[1]!.faces.map(({ timeMs }) => timeMs && Math.round(timeMs / 1000)),
    [null, 50],
  );
});

test('of a long video key frames are looked at, and its preview first', async () => {
  const long = path.join(folder, 'long.mp4');
  const source = path.join(folder, 'videos/the-office.mkv');
  execFileSync(npmFfmpeg, ['-v', 'error', '-y', '-stream_loop', '4', '-i', source, '-c', 'copy', long]);
  const progress: number[] = [];
  const { observation } = await look(long, { report: (fraction) => progress.push(fraction) });
  assert.equal(observation.durationMs! > 60_000, true);
  assert.equal(observation.persons.length, 1);
  assert.ok(observation.frameCount >= 12 && observation.frameCount <= 40, `${observation.frameCount} frames`);
  assert.deepEqual(
    progress,
    progress.toSorted((a, b) => a - b),
  );
  assert.equal(progress.at(-1), 1);

  const preview = readFileSync(path.join(folder, 'videos/franck-talks.mp4'));
  const seen = (await look(long, { preview })).observation;
  assert.equal(seen.persons.length, 2, 'whom only the preview shows is seen too');
  assert.equal((await look(long, { preview: Buffer.from('no video') })).observation.persons.length, 1);
});

test('a preview lies where we say while it is looked at, and is gone then with its folder', async () => {
  const scratchFolder = path.join(folder, 'data/stash-sense-scratch');
  const long = path.join(folder, 'long.mp4');
  const seen: string[] = [];
  const frames: VideoFrames = {
    ...parts.frames,
    probe: async (file) => {
      if (file !== long) seen.push(path.relative(scratchFolder, file));
      return await parts.frames.probe(file);
    },
  };
  await observeVideo(
    { ...parts, frames, scratch: createScratch(scratchFolder, '1@here:2:3') },
    {
      contentId: ID,
      path: long,
      sizeBytes: 1000,
      cropsPerPerson: 2,
      preview: readFileSync(path.join(folder, 'videos/franck-talks.mp4')),
    },
  );
  assert.match(seen.join(), /^1%40here%3A2%3A3\/\w+\/preview\.mp4$/);
  assert.equal(existsSync(scratchFolder), false);
});

test('partial answers come while it works', async () => {
  const partial: Observation[] = [];
  let now = 0;
  const clock = mock.method(performance, 'now', () => (now += 900));
  try {
    await look('franck-talks.mp4', { onPersons: (it) => partial.push(it.observation) });
  } finally {
    clock.mock.restore();
  }
  assert.ok(partial.length > 0);
  assert.ok(partial.every((it, i) => i === 0 || it.frameCount > partial[i - 1]!.frameCount));
});

test('a second look that cannot be had takes nothing from the first', async () => {
  const dark = path.join(folder, 'dark.mp4');
  const darken = '-v error -y -i IN -vf eq=brightness=-0.3:contrast=0.5 -t 6 OUT'.split(' ');
  const files = { IN: path.join(folder, 'videos', 'far-away.mp4'), OUT: dark };
  execFileSync(
    npmFfmpeg,
    darken.map((it) => files[it as 'IN' | 'OUT'] ?? it),
  );
  const { frames } = parts;
  let plans = 0;
  const breaking: VideoFrames = {
    probe: (file) => frames.probe(file),
    async *frames(...args) {
      if (++plans > 1) throw new StashSenseError('unreadable-media', plain('The file holds not one frame.'));
      yield* frames.frames(...args);
    },
  };
  const video = { contentId: ID, path: dark, sizeBytes: 1000, cropsPerPerson: 1 };
  const { observation } = await observeVideo({ ...parts, frames: breaking }, video);
  assert.equal(plans, 2, 'there was no second look');
  assert.ok(observation.frameCount > 0);
});

test('sound alone has no frames; what is broken is an error that says so', async () => {
  const sound = path.join(folder, 'sound.m4a');
  execFileSync(npmFfmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=d=1', sound]);
  const { observation } = await look(sound);
  assert.deepEqual([observation.frameCount, observation.persons], [0, []]);
  await assert.rejects(look('damaged.mp4'), { code: 'unreadable-media' });
  await assert.rejects(look('gone.mp4'), { code: 'file-missing' });
});

test('a picture is looked at like a frame, without times', async () => {
  const picture = { contentId: ID, cropsPerPerson: 3 };
  const { observation, crops } = await observePicture(parts, {
    ...picture,
    bytes: readFileSync(mediaFile('audrey.jpg')),
  });
  assert.deepEqual(
    [
      observation.media,
      observation.durationMs,
      observation.frameCount,
      observation.persons.length,
      crops.length,
    ],
    ['picture', null, 1, 1, 1],
  );
  assert.equal(observation.persons[0]?.faces[0]?.timeMs, null);
  await assert.rejects(
    observePicture(parts, { ...picture, bytes: Buffer.from('no picture') }),
    (error: unknown) => error instanceof StashSenseError && error.code === 'unreadable-media',
  );
});
