/**
`npm run bench:odd`: how many times as long each odd file takes as its plain twin, by the clock and, on Linux, by the processor;
ends with 1 where one takes more than three times as long by both: beside other work the clock alone says little. `-- WORD` takes only the kinds with this word. BENCH_FFMPEG and BENCH_FFPROBE name other programs to read with.
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
import { cpuSecondsWithChildren } from '../resources.ts';
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
type Run = {
  readonly seconds: number;
  /** Of the processor, ffmpeg included; null elsewhere than on Linux. */
  readonly cpu: number | null;
  readonly frames: number;
  readonly faces: number;
};
const plainRuns = new Map<string, Run>();
await leastOf(twins[0]!.plain);
console.log(
  ['kind', 'plain s', 'odd s', 'times', 'plain CPU s', 'odd CPU s', 'times', 'frames', 'faces'].join(' | '),
);
for (const twin of twins) await compare(twin);
await models.close();
if (process.exitCode !== 1) await rm(folder, { recursive: true });

async function compare({ kind, odd, plain }: Twins): Promise<void> {
  const known = plainRuns.get(plain) ?? (await leastOf(plain));
  plainRuns.set(plain, known);
  const found = await leastOf(odd);
  const isTooLong =
    isMore(known.seconds, found.seconds) &&
    (known.cpu === null || found.cpu === null || isMore(known.cpu, found.cpu));
  if (isTooLong) process.exitCode = 1;
  console.log(
    [
      kind,
      ...cells(known.seconds, found.seconds),
      ...(known.cpu === null || found.cpu === null ? ['?', '?', '?'] : cells(known.cpu, found.cpu)),
      found.frames,
      found.faces,
      ...(isTooLong ? ['!'] : []),
    ].join(' | '),
  );
}

function isMore(plain: number, odd: number): boolean {
  return odd / plain > MOST && odd - plain > START_SECONDS;
}

function cells(plain: number, odd: number): string[] {
  return [plain.toFixed(2), odd.toFixed(2), (odd / plain).toFixed(1)];
}

/** The least of three runs, by the clock and by the processor. */
async function leastOf(file: string): Promise<Run> {
  const runs = [await runOf(file), await runOf(file), await runOf(file)];
  const cpus = runs.flatMap(({ cpu }) => cpu ?? []);
  return {
    ...runs[0]!,
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    cpu: cpus.length === 0 ? null : Math.min(...cpus),
  };
}

async function runOf(file: string): Promise<Run> {
  const common = {
    contentId: 'oshash:0123456789abcdef',
    cropsPerPerson: 2,
    sizeBytes: statSync(file).size,
  } as const;
  const began = performance.now();
  const cpuBefore = cpuSecondsWithChildren();
  const { observation } = PICTURE.test(file)
    ? await observePicture(parts, { ...common, bytes: readFileSync(file) })
    : await observeVideo(parts, { ...common, path: file });
  const cpuAfter = cpuSecondsWithChildren();
  return {
    seconds: (performance.now() - began) / 1000,
    cpu: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    frames: observation.frameCount,
    faces: observation.persons.reduce((sum, { faces }) => sum + faces.length, 0),
  };
}
