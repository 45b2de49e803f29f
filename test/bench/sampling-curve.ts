/**
Recall against CPU seconds for several ways of sampling a video: `tsx test/bench/sampling-curve.ts LIBRARY`, LIBRARY made by
../shared/dev-library/make.mjs. The table stands in docs/accuracy.md; core/sampling/sampling.ts holds what was chosen.
*/
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createMatcher } from '../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../core/matching/memory-gallery.ts';
import { DEFAULT_SAMPLING, type SamplingPolicy } from '../../core/sampling/sampling.ts';
import { createFaceCrop } from '../../models/faces/crop.ts';
import { createFfmpeg, developmentFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { readPeopleFolder } from '../../tasks/cli/people/folder.ts';
import { createLook } from '../../tasks/cli/people/look.ts';
import { observeVideo } from '../../tasks/observe/observe-media.ts';
import { openTestModels, testScratch } from '../fixtures/models.ts';

const [library] = process.argv.slice(2);
if (library === undefined || !existsSync(path.join(library, 'truth.json')))
  throw new Error('Name a folder made by ../shared/dev-library/make.mjs.');
const truth = Object.entries(
  JSON.parse(readFileSync(path.join(library, 'truth.json'), 'utf8')) as Record<string, { names: string[] }>,
);
const found = developmentFfmpeg(import.meta.url)!;
const paths = {
  ffmpeg: process.env['BENCH_FFMPEG'] ?? found.ffmpeg,
  ffprobe: process.env['BENCH_FFPROBE'] ?? found.ffprobe,
};
const models = openTestModels({ threads: 1, ffmpeg: createFfmpeg(paths.ffmpeg) });
const { codec } = models;
const analyzer = await models.analyzer();
const frames = createVideoFrames(paths);
const people = await readPeopleFolder(
  path.join(library, 'people'),
  { look: createLook({ analyzer, codec }), calibration: analyzer.calibration.references },
  () => undefined,
);
const gallery = await createMemoryGallery(people, (dimensions) => models.createIndex(dimensions));
const matcher = createMatcher(gallery, {
  calibration: analyzer.calibration.matching,
});

const short = (max: number): Partial<SamplingPolicy> => ({
  everyMs: 15_000 / max,
  shortFrames: { min: Math.min(4, max), max },
});
const once = { refinementFrames: 0 };
const policies: [string, Partial<SamplingPolicy>][] = [
  ['2 frames, never again', { ...short(2), ...once }],
  ['4 frames, never again', { ...short(4), ...once }],
  ['10 frames, never again', { ...short(10), ...once }],
  ['4 frames, again where in doubt', short(4)],
  ['6 frames, again where in doubt', short(6)],
  ['10 frames, again where in doubt (chosen)', {}],
  ['10 frames of 854 pixels, again where in doubt', { maxSide: 854 }],
  ['20 frames, again where in doubt', short(20)],
];
console.log('| a scene | precision | recall | CPU seconds a scene |\n|---|---|---|---|');
for (const [name, change] of policies) {
  const policy = { ...DEFAULT_SAMPLING, ...change };
  const began = cpuSeconds();
  let [right, wrong, wanted] = [0, 0, 0];
  for (const [file, { names }] of truth) {
    const { observation } = await observeVideo(
      {
        analyzer,
        codec,
        frames,
        now: Date.now,
        scratch: testScratch,
        crop: (image, face) => createFaceCrop(image, face, codec),
      },
      {
        contentId: 'oshash:0000000000000000',
        path: path.join(library, 'videos', file),
        sizeBytes: 1,
        cropsPerPerson: 4,
        policy,
      },
    );
    const [identified] = await matcher.identify([observation.persons]);
    const answers = identified?.identifications ?? [];
    const given = new Set(
      answers.flatMap((answer) => (answer.decision === 'match' ? [answer.candidates[0]!.name] : [])),
    );
    const hits = names.filter((candidate) => given.has(candidate)).length;
    right += hits;
    wrong += given.size - hits;
    wanted += names.length;
  }
  const seconds = (cpuSeconds() - began) / truth.length;
  console.log(
    `| ${name} | ${share(right, right + wrong)} | ${share(right, wanted)} | ${seconds.toFixed(2)} |`,
  );
}
await models.close();

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
}

/** Of this process and of its children that have ended (Linux: proc(5), fields 14 to 17 of stat, in hundredths). */
function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}
