/**
`npm run bench:accuracy`: precision, recall, false identifications and calibration of `stash-sense identify`, with n and
95 % intervals.

The scenes are made from npm footage; no threshold was tuned on them. With STASH_SENSE_DEV_LIBRARY naming a folder made
by ../shared/dev-library/make.mjs, that one follows: the thresholds were chosen on it, so it says less. Last comes open-set
identification among the thousands of the development gallery, where ../shared has it; `--gallery` runs that alone. After it
come the stash IDs of performers who are known (`stash-ids/truth.ts`), of which `--stash-ids` runs only that.
*/
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { npmFfmpeg } from '../fixtures/footage.ts';
import { type LabelledScene, makeAccuracyMedia } from './accuracy-media.ts';
import { measureGallery } from './gallery/gallery.ts';
import { measureStashIds } from './stash-ids/truth.ts';
import { calibration, type Rated, wilson } from './statistics.ts';

const run = promisify(execFile);
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const engine = process.argv.includes('--wasm') ? 'wasm' : 'native';

type Person = {
  decision: string;
  name: string | null;
  confidence: number;
  candidates: { name: string; confidence: number }[];
};
type Answer = { file: string; persons: Person[]; error?: string };
type Score = {
  kind: string;
  scenes: number;
  right: number;
  wrong: number;
  missed: number;
  empty: number;
  named: number;
};

const results: Record<string, unknown> = { engine };
const developed = process.env['STASH_SENSE_DEV_LIBRARY'];
const isAlone = (what: string): boolean => process.argv.includes(`--${what}`);
if (!isAlone('gallery') && !isAlone('stash-ids')) await measureScenes();
if (!isAlone('stash-ids')) results['gallery'] = await measureGallery(packInUse, developed);
if (!isAlone('gallery')) results['stashIds'] = await measureStashIds(eachOf(process.argv));
await mkdir(path.join(root, 'bench-results'), { recursive: true });
await writeFile(path.join(root, 'bench-results/accuracy.json'), `${JSON.stringify(results, null, 1)}\n`);

/** `--each=N`: performers of each kind. */
function eachOf(args: readonly string[]): number | undefined {
  const given = args.flatMap((arg) => /^--each=(\d+)$/.exec(arg)?.[1] ?? [])[0];
  return given === undefined ? undefined : Number(given);
}

async function measureScenes(): Promise<void> {
  const media = await makeAccuracyMedia(path.join(root, '.scratch/accuracy'), npmFfmpeg);
  const test = await evaluate('npm footage (no threshold was tuned on it)', media.scenes, media.people);
  const strangers = media.scenes.map((scene) => ({ ...scene, names: [] }));
  const open = await evaluate('the same scenes, and nobody in them is known', strangers, media.others);
  results['npm'] = test.scores;
  results['strangers'] = open.scores;
  report('calibration, both together', [...test.rated, ...open.rated]);

  if (developed && existsSync(path.join(developed, 'truth.json'))) {
    const truth = JSON.parse(readFileSync(path.join(developed, 'truth.json'), 'utf8')) as Record<
      string,
      { names: string[] }
    >;
    const scenes = Object.entries(truth).map(([file, { names }]) => ({
      file: path.join(developed, 'videos', file),
      kind: file.split('-')[0]!,
      names,
    }));
    const { scores, rated } = await evaluate(
      'the development library (thresholds were chosen on it)',
      scenes,
      path.join(developed, 'people'),
    );
    results['development'] = scores;
    report('calibration', rated);
  } else
    console.log(
      '\nThe development library is skipped: STASH_SENSE_DEV_LIBRARY names no folder made by ../shared/dev-library/make.mjs.',
    );
}

async function evaluate(
  title: string,
  scenes: readonly LabelledScene[],
  people: string,
): Promise<{ scores: Score[]; rated: Rated[] }> {
  const began = performance.now();
  const { stdout } = await run(
    process.execPath,
    [
      '--no-warnings',
      path.join(root, 'dist/stash-sense/main.mjs'),
      'identify',
      ...scenes.map((scene) => scene.file),
      '--people',
      people,
      '--json',
    ],
    { maxBuffer: 1e9, env: { ...process.env, STASH_SENSE_ENGINE: engine } },
  );
  const seconds = (performance.now() - began) / 1000;
  const answers = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Answer);
  const scores = new Map<string, Score>();
  const rated: Rated[] = [];
  const scoreOf = (kind: string): Score => {
    const known = scores.get(kind) ?? { kind, scenes: 0, right: 0, wrong: 0, missed: 0, empty: 0, named: 0 };
    scores.set(kind, known);
    return known;
  };
  scenes.forEach(({ kind, names }, i) => {
    const persons = answers[i]?.persons ?? [];
    const given = new Set(
      persons.flatMap((person) => (person.decision === 'match' && person.name ? [person.name] : [])),
    );
    const wrong = [...given].filter((name) => !names.includes(name)).length;
    const right = names.filter((name) => given.has(name)).length;
    for (const {
      candidates: [best],
    } of persons)
      if (best) rated.push({ confidence: best.confidence, right: names.includes(best.name) });
    for (const score of [scoreOf('all'), scoreOf(kind)]) {
      score.scenes++;
      score.right += right;
      score.wrong += wrong;
      score.missed += names.length - right;
      if (names.length === 0) score.empty++;
      if (names.length === 0 && wrong > 0) score.named++;
    }
  });
  console.log(
    `\n${title}: ${scenes.length} scenes, ${engine}, ${(seconds / scenes.length).toFixed(2)} s a scene`,
  );
  for (const score of scores.values())
    console.log(
      [
        score.kind.padEnd(16),
        `scenes ${score.scenes}`.padEnd(12),
        share('precision', score.right, score.right + score.wrong),
        share('recall', score.right, score.right + score.missed),
        share('FPIR', score.named, score.empty),
      ].join(' '),
    );
  return { scores: [...scores.values()], rated };
}

function share(name: string, successes: number, trials: number): string {
  if (trials === 0) return `${name} -`.padEnd(44);
  const { share: it, low, high } = wilson(successes, trials);
  return `${name} ${percent(it)} % [${percent(low)}, ${percent(high)}] of ${trials}`.padEnd(44);
}

function report(title: string, rated: readonly Rated[]): void {
  const { bins, error } = calibration(rated);
  console.log(
    `\n${title}: the best candidate of each person, n = ${rated.length}, expected calibration error ${error.toFixed(3)}`,
  );
  for (const { from, to, n, said, right } of bins)
    if (n > 0)
      console.log(
        `  ${from.toFixed(2)} to ${to.toFixed(2)}: n ${String(n).padStart(4)}, said ${(100 * said).toFixed(1)} %, right ${(100 * right).toFixed(1)} %`,
      );
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}
