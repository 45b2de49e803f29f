/**
`npm run bench:odd`: how many times as long each odd file takes as its plain twin; ends with 1 where one takes more than three
times as long. `-- WORD` takes only the kinds with this word. BENCH_FFMPEG and BENCH_FFPROBE name other programs to read with.
*/
import { rm } from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Face, RgbImage } from '../../../core/faces/face.ts';
import { createFaceCrop } from '../../../models/faces/crop.ts';
import { createFfmpeg } from '../../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../../plugin/media/frames.ts';
import { observePicture, observeVideo } from '../../../tasks/observe/observe-media.ts';
import { npmFfmpeg, npmFfprobe } from '../../fixtures/footage.ts';
import { openTestModels, testScratch } from '../../fixtures/models.ts';
import { makeOddTwins, type Twins } from './media.ts';

/** Times a plain twin may take, for what an odd one is allowed. */
const MOST = 3;
/** Below this a difference is that of starting a process once more, seconds. */
const START_SECONDS = 0.3;
const PICTURE = /\.(jpg|png|gif|heic)$/;

const root = path.join(import.meta.dirname, '../../..');
const folder = path.join(root, '.scratch/bench-odd');
const paths = {
  ffmpeg: process.env['BENCH_FFMPEG'] ?? npmFfmpeg,
  ffprobe: process.env['BENCH_FFPROBE'] ?? npmFfprobe,
};
const [, , word = ''] = process.argv;
const models = openTestModels({ ffmpeg: createFfmpeg(paths.ffmpeg), threads: 2 });
const { codec } = models;
const parts = {
  analyzer: await models.analyzer(),
  codec,
  now: Date.now,
  crop: async (image: RgbImage, face: Face) => await createFaceCrop(image, face, codec),
  frames: createVideoFrames(paths),
  scratch: testScratch,
};

const twins = (await makeOddTwins(folder, npmFfmpeg)).filter(({ kind }) => kind.includes(word));
const plainSeconds = new Map<string, number>();
await secondsFor(twins[0]!.plain);
console.log(['kind', 'plain s', 'odd s', 'times', 'frames', 'faces'].join(' | '));
for (const twin of twins) await compare(twin);
await models.close();
if (process.exitCode !== 1) await rm(folder, { recursive: true });

async function compare({ kind, odd, plain }: Twins): Promise<void> {
  const known = plainSeconds.get(plain) ?? (await secondsFor(plain)).seconds;
  plainSeconds.set(plain, known);
  const { seconds, frames, faces } = await secondsFor(odd);
  const times = seconds / known;
  const isTooLong = times > MOST && seconds - known > START_SECONDS;
  if (isTooLong) process.exitCode = 1;
  console.log(
    [
      kind,
      known.toFixed(2),
      seconds.toFixed(2),
      `${times.toFixed(1)}${isTooLong ? ' !' : ''}`,
      frames,
      faces,
    ].join(' | '),
  );
}

/** The shortest of three runs. */
async function secondsFor(file: string): Promise<{ seconds: number; frames: number; faces: number }> {
  const runs = [await runOf(file), await runOf(file), await runOf(file)];
  return runs.toSorted((a, b) => a.seconds - b.seconds)[0]!;
}

async function runOf(file: string): Promise<{ seconds: number; frames: number; faces: number }> {
  const common = {
    contentId: 'oshash:0123456789abcdef',
    cropsPerPerson: 2,
    sizeBytes: statSync(file).size,
  } as const;
  const began = performance.now();
  const { observation } = PICTURE.test(file)
    ? await observePicture(parts, { ...common, bytes: readFileSync(file) })
    : await observeVideo(parts, { ...common, path: file });
  return {
    seconds: (performance.now() - began) / 1000,
    frames: observation.frameCount,
    faces: observation.persons.reduce((sum, { faces }) => sum + faces.length, 0),
  };
}
