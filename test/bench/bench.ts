/**
`npm run bench`: speed and memory, native beside WASM, ours beside one process per frame; a table, and bench-results/bench.json.

`-- --quick` leaves out what takes more than a minute; `-- --full` scans all 20 000 scenes; `-- --reference-packs` measures
reference packs alone, `-- --large` one of a million people too; `-- --actions` the suggestions and the health of a large library, `-- --actions --first-run` with the run that looks at all of it before.
*/
import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { reportActions } from './actions/report.ts';
import { makeBenchVideos } from './bench-media.ts';
import { measureLibrary } from './library-bench.ts';
import { measureUpdate } from './people/update.ts';
import type { PeopleTimes } from './people/looks-child.ts';
import { measurePacks } from './reference-packs/packs.ts';
import { measureIdentifications, measureRematch } from './rematch-bench.ts';
import type { SceneTimes } from './scene-child.ts';
import type { Stretch } from './stretch-child.ts';

const run = promisify(execFile);
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const quick = process.argv.includes('--quick');
const full = process.argv.includes('--full');
const results: Record<string, unknown> = {
  machine: {
    cpus: os.cpus().length,
    model: os.cpus()[0]?.model,
    memoryGb: Math.round(os.totalmem() / 1e9),
    node: process.version,
  },
  at: new Date().toISOString(),
};

const ffmpeg = process.env['BENCH_FFMPEG'] ?? npmFfmpeg;
const ffprobe = process.env['BENCH_FFPROBE'] ?? npmFfprobe;
const large = process.argv.includes('--large');
if (process.argv.includes('--reference-packs')) await referencePacks();
if (process.argv.includes('--actions')) await reportActions(root, row);
if (['--reference-packs', '--actions'].some((only) => process.argv.includes(only))) process.exit(0);
const videos = await makeBenchVideos(path.join(root, '.scratch/bench'), ffmpeg);

heading('A scene of 20 minutes at 1080p, first scan, 2 threads');
row(
  'video',
  'way',
  'engine',
  'seconds',
  'frames',
  'faces',
  'decode',
  'detect',
  'landmarks',
  'embed',
  'rest ms',
  'model load',
  'read %',
  'peak MB',
);
const scenes: Record<string, SceneTimes> = {};
for (const { name, file } of quick ? videos.slice(0, 1) : videos)
  for (const engine of ['native', 'wasm'] as const) {
    if (engine === 'wasm' && name !== 'h264 mp4' && !full) continue;
    await scene(name, file, engine, 'ours');
  }
if (!quick) await scene(videos[0]!.name, videos[0]!.file, 'native', 'per-frame');
results['scenes'] = scenes;
const ours = scenes['h264 mp4 native ours'];
const perFrame = scenes['h264 mp4 native per-frame'];
const wasm = scenes['h264 mp4 wasm ours'];
if (ours && perFrame)
  console.log(
    `One process per frame takes ${(perFrame.seconds / ours.seconds).toFixed(1)} times as long as ours.`,
  );
if (ours && wasm)
  console.log(`WASM takes ${(wasm.seconds / ours.seconds).toFixed(1)} times as long as native.`);

heading('People of one picture of 250 x 250: looking for the face, one thread');
row('engine', 'pictures', 'accepted', 'plain', 'thorough', 'CPU ms each', 'wall ms each');
const looks = [];
for (const engine of ['native', 'wasm'] as const) {
  const times = await child<PeopleTimes>('people/looks-child.ts', [engine, quick ? '100' : '600']);
  looks.push({ engine, ...times });
  row(
    engine,
    times.pictures,
    times.accepted,
    times.plain.toFixed(2),
    times.thorough.toFixed(2),
    times.cpuMs.toFixed(1),
    times.wallMs.toFixed(1),
  );
}
results['looks'] = looks;
const update = await measureUpdate({ root, people: quick ? 100 : full ? 10_000 : 1000, engine: 'native' });
console.log(
  `"Update people" learns ${update.people} of them in ${update.seconds.toFixed(0)} s, ` +
    `${((update.seconds * 1000) / update.people).toFixed(1)} ms each, of which ${update.cpuSeconds === null ? '?' : ((update.cpuSeconds * 1000) / update.people).toFixed(1)} ms of the processor`,
);
results['update'] = update;

heading('Matching 10 000 scenes again against 5 000 people');
row('engine', 'index', 'seconds', 'persons', 'references', 'one probe ms', 'of 64 ms');
const rematches = [];
for (const engine of ['native', 'wasm'] as const) {
  const times = await measureRematch({ root, engine });
  rematches.push({ engine, ...times });
  row(
    engine,
    times.index,
    times.seconds.toFixed(1),
    times.persons,
    times.references,
    times.searchOneMs.toFixed(2),
    times.searchBatchedMs.toFixed(3),
  );
}
results['rematch'] = rematches;

heading('Questions to what was identified in 100 000 scenes');
row('question', 'ms', 'scenes found');
const questions = await measureIdentifications();
for (const { question, ms, found } of questions) row(question, ms.toFixed(1), found);
results['identifications'] = questions;

heading('The longest time in which no timer can fire');
row('work', 'engine', 'amount', 'seconds', 'gap ms', 'CPU ms', 'note');
const stretches = [];
for (const args of [
  ['faces', '40', '4000'],
  ['faces', '4000', '4000'],
  ['index', 'wasm', '108000'],
  ...(quick ? [] : [['index', 'native', '108000']]),
  ['people', 'wasm', '108000'],
  ['gallery', 'wasm', '108000'],
  ...(quick ? [] : [['gallery', 'native', '108000']]),
] as const) {
  const stretch = await child<Stretch>('stretch-child.ts', args);
  stretches.push({ args, ...stretch });
  row(
    ...args,
    stretch.seconds.toFixed(1),
    stretch.largestGapMs.toFixed(0),
    stretch.largestCpuMs.toFixed(0),
    stretch.note,
  );
}
results['stretches'] = stretches;

if (!quick) await referencePacks();

heading('A library of 20 000 short scenes on the double');
const libraries = [];
for (const engine of quick ? (['wasm'] as const) : (['wasm', 'native'] as const)) {
  const times = await measureLibrary({
    scenes: 20_000,
    scanAtLeast: full ? 20_000 : quick ? 150 : 600,
    pluginDir: path.join(root, 'dist/stash-sense'),
    weightsDir: path.join(root, 'dist/stash-sense-faces'),
    engine,
  });
  libraries.push({ engine, ...times });
  console.log(
    `${engine}, ${engine === 'wasm' ? 1 : 2} threads: first 100 suggestions after ${times.firstHundredSeconds?.toFixed(0) ?? '?'} s, ` +
      `${Math.round(times.scenesPerHour)} scenes an hour (${times.scanned} scanned), peak ${megabytes(times.peakBytes)} MB with children, ` +
      `${times.growthMbPerThousand?.toFixed(1) ?? '?'} MB more per 1 000 scenes, ` +
      `crops ${times.cropMbPerThousand.toFixed(1)} MB and database ${times.databaseMbPerThousand.toFixed(1)} MB per 1 000 scenes`,
  );
  console.log(
    `  cold operations, median ms: ${Object.entries(times.operationMs)
      .map(([name, ms]) => `${name} ${ms.toFixed(0)}`)
      .join(', ')}`,
  );
}
results['libraries'] = libraries;

const folder = path.join(root, 'bench-results');
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, 'bench.json'), `${JSON.stringify(results, null, 1)}\n`);
console.log('\nAll numbers: bench-results/bench.json');

async function referencePacks(): Promise<void> {
  heading('Reference packs of made people, as alike by accident as real ones');
  const measured = [];
  for (const people of [108_000, ...(large ? [1_000_000] : [])])
    measured.push(await measurePacks({ root, people, child, row, say: (line) => console.log(line) }));
  results['referencePacks'] = measured;
}

async function scene(
  name: string,
  file: string,
  engine: 'native' | 'wasm',
  way: 'ours' | 'per-frame',
): Promise<void> {
  const { stdout } = await run(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', path.join(root, 'test/bench/scene-child.ts'), file, engine, way],
    { cwd: root, maxBuffer: 1e8, env: { ...process.env, BENCH_FFMPEG: ffmpeg, BENCH_FFPROBE: ffprobe } },
  );
  const times = JSON.parse(stdout) as SceneTimes;
  scenes[`${name} ${engine} ${way}`] = times;
  const { size } = await stat(file);
  const model = (part: string): string =>
    Object.entries(times.modelMs)
      .filter(([id]) => id.includes(part))
      .reduce((sum, [, ms]) => sum + ms, 0)
      .toFixed(0);
  row(
    name,
    way,
    times.engine,
    times.seconds.toFixed(2),
    times.frames,
    times.faces,
    times.decodeMs.toFixed(0),
    model('detect'),
    model('landmark'),
    model('feature'),
    times.restMs.toFixed(0),
    times.loadMs.toFixed(0),
    times.readBytes === null ? '?' : ((100 * times.readBytes) / size).toFixed(1),
    megabytes(times.peakBytes),
  );
}

/** What a file of this folder prints as JSON, in a process of its own. */
async function child<Result>(file: string, args: readonly string[]): Promise<Result> {
  const { stdout } = await run(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', path.join(root, 'test/bench', file), ...args],
    { cwd: root },
  );
  return JSON.parse(stdout) as Result;
}

function heading(text: string): void {
  console.log(`\n${text}`);
}

function row(...cells: (string | number)[]): void {
  console.log(cells.map((cell) => String(cell).padEnd(11)).join(' '));
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '?' : (bytes / 1e6).toFixed(0);
}
