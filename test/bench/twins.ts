/**
`npm run bench:twins`: are the decisions of `stash-sense identify` the same with the portable twins and on another Node as with the
compiled packages, how far apart are the vectors, and how much slower is it?

MUSL_NODE=PATH adds a run on that Node, from a copy of the package with nothing around it, as on Alpine.
`-- --videos DIR --people DIR` takes other media than the small library. Ends with 1 when a decision differs.
*/
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { makeSmallLibrary } from '../fixtures/footage.ts';
import { measureTwinDistances, portraits } from './twin-distance.ts';

const run = promisify(execFile);
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values: wanted } = parseArgs({
  options: { videos: { type: 'string' }, people: { type: 'string' } },
});

type Person = { decision: string; name: string | null; confidence: number };
type Answer = { file: string; persons: Person[]; error?: string };
type Variant = { name: string; node: string; built: string; env: Record<string, string> };

const alone = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-alone-'));
try {
  await compare();
} finally {
  await rm(alone, { recursive: true });
}

async function compare(): Promise<void> {
  const { files, people } = await media();
  const dist = path.join(root, 'dist');
  await cp(dist, alone, { recursive: true });
  const variants: Variant[] = [
    { name: 'compiled', node: process.execPath, built: dist, env: { STASH_SENSE_ENGINE: 'native' } },
    { name: 'twins', node: process.execPath, built: dist, env: { STASH_SENSE_PORTABLE: '1' } },
  ];
  const musl = process.env['MUSL_NODE'];
  if (musl) variants.push({ name: 'musl, nothing around', node: musl, built: alone, env: {} });
  else console.log('No run on musl: MUSL_NODE names no Node.');

  const rows = [];
  let first: { answers: Answer[]; seconds: number } | null = null;
  for (const variant of variants) {
    const { answers, seconds } = await identify(variant, files, people);
    first ??= { answers, seconds };
    const other = answers.filter((answer, i) => decisions(answer) !== decisions(first!.answers[i]!));
    for (const answer of other) console.log(`${variant.name} decides otherwise: ${decisions(answer)}`);
    if (other.length > 0 || answers.length !== files.length) process.exitCode = 1;
    rows.push({
      variant: variant.name,
      node: await libcOf(variant.node),
      files: answers.length,
      'same decisions': answers.length - other.length,
      'confidence differs by': round(confidenceDifference(first.answers, answers), 4),
      seconds: round(seconds, 1),
      'times as long': round(seconds / first.seconds, 2),
    });
  }
  console.table(rows);

  const distances = await measureTwinDistances(portraits());
  const vectors = {
    faces: distances.length,
    'same pixels, farthest': most(distances.map((distance) => distance.engine)),
    'sharp and ffmpeg, farthest': most(distances.map((distance) => distance.whole)),
    'sharp and ffmpeg, median': distances.map((distance) => distance.whole).toSorted((a, b) => a - b)[
      Math.floor(distances.length / 2)
    ],
  };
  console.log('Cosine distance of the vectors, compiled packages and twins:', vectors);
  await mkdir(path.join(root, 'bench-results'), { recursive: true });
  await writeFile(
    path.join(root, 'bench-results/twins.json'),
    `${JSON.stringify({ rows, vectors, distances }, null, 1)}\n`,
  );
}

async function media(): Promise<{ files: string[]; people: string }> {
  if (wanted.videos !== undefined && wanted.people !== undefined) {
    const { videos, people } = wanted;
    return {
      files: (await readdir(videos)).toSorted().map((name) => path.resolve(videos, name)),
      people: path.resolve(people),
    };
  }
  const { folder, scenes, images } = await makeSmallLibrary(path.join(root, '.scratch/twins'));
  return {
    files: [...scenes, ...images].map((scene) => path.join(folder, scene.file)),
    people: path.join(folder, 'people'),
  };
}

async function identify({ node, built, env }: Variant, files: readonly string[], people: string) {
  const began = performance.now();
  const { stdout } = await run(
    node,
    [
      '--no-warnings',
      path.join(built, 'stash-sense/main.mjs'),
      'identify',
      ...files,
      '--people',
      people,
      '--json',
    ],
    { maxBuffer: 1e9, env: { ...process.env, ...env } },
  );
  const answers = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Answer]));
  return { answers, seconds: (performance.now() - began) / 1000 };
}

function decisions({ file, persons, error }: Answer): string {
  const found = persons.map((person) => `${person.decision} ${person.name ?? ''}`.trim()).toSorted();
  return `${path.basename(file)}: ${error ?? (found.join(', ') || 'nobody')}`;
}

/** The most that the confidence in one person differs by. */
function confidenceDifference(a: readonly Answer[], b: readonly Answer[]): number {
  const differences = a.flatMap(({ persons }, i) =>
    persons.map((person, k) => Math.abs(person.confidence - (b[i]?.persons[k]?.confidence ?? 1))),
  );
  return Math.max(0, ...differences);
}

async function libcOf(node: string): Promise<string> {
  const { stdout } = await run(node, [
    '-p',
    'process.report.excludeNetwork = true; `${process.version} ${process.report.getReport().header.glibcVersionRuntime ?? "musl"}`',
  ]);
  return stdout.trim();
}

function most(values: readonly number[]): number {
  return Math.max(...values);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
