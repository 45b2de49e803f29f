/**
Runs the tests: all of them, or those whose path holds a word given on the command line. `--portable` runs them on the
twins alone: WASM, exact search, pictures by ffmpeg, as where no compiled package loads. Of long sweeps a sample is run
(test/fixtures/sweep.ts), with `--all` the whole.

In CI a skipped test is a failure: what is skipped there would never run anywhere. Only what needs the schemas and captures of
../shared, where that is not, cannot run: how many those are is said.
*/
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { NO_TELEMETRY } from '../core/no-telemetry.ts';

const OPTIONS = ['--portable', '--all'];
const words = process.argv.slice(2).filter((argument) => !OPTIONS.includes(argument));
if (process.argv.includes('--portable')) process.env['STASH_SENSE_PORTABLE'] = '1';
if (process.argv.includes('--all')) process.env['STASH_SENSE_SWEEPS'] = 'all';
const seed = (process.env['STASH_SENSE_SEED'] ??= String(Date.now() % 100_000));
const sweeps =
  process.env['STASH_SENSE_SWEEPS'] === 'all'
    ? 'Sweeps ran whole.'
    : `Of long sweeps a sample was run: STASH_SENSE_SEED=${seed} runs the same, npm run test:all all of them.`;
const files = ['core', 'models', 'plugin', 'tasks', 'ui', 'test', 'tools']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(folder, file).replaceAll('\\', '/'),
    ),
  )
  .filter(
    (file) => /\.test\.tsx?$/.test(file) && (words.length === 0 || words.some((word) => file.includes(word))),
  )
  .toSorted();
if (files.length === 0) {
  console.error(`No test file's path holds ${words.join(' or ')}.`);
  process.exit(1);
}

// What the user's own `stash-sense identify` keeps is neither read nor erased.
const cacheFolder = mkdtempSync(path.join(tmpdir(), 'stash-sense-test-cache-'));
// One more than the cores of a small machine: a test often waits for a browser, a timer or a server.
const child = spawn(
  process.execPath,
  ['--no-warnings', '--import', 'tsx', '--test', '--test-reporter=spec', '--test-concurrency=3', ...files],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The command line speaks the language of its environment: tests read its English.
    env: { ...process.env, ...NO_TELEMETRY, XDG_CACHE_HOME: cacheFolder, LC_ALL: 'C' },
  },
);
const hasShared = existsSync('../shared');
let skipped = 0;
let withoutShared = 0;
createInterface({ input: child.stdout }).on('line', (line) => {
  console.log(line);
  if (!/^\s*﹣/.test(line)) return;
  if (!hasShared && line.includes('../shared, which is not here')) withoutShared++;
  else skipped++;
});
// When all that it wrote has been read, too.
child.on('close', (code) => {
  rmSync(cacheFolder, { recursive: true, force: true });
  console.error(sweeps);
  if (withoutShared > 0) console.error(`${withoutShared} tests need ../shared, which is not here.`);
  if (process.env['CI'] && skipped > 0) {
    console.error(`${skipped} tests were skipped; in CI every test must run.`);
    process.exitCode = 1;
  } else process.exitCode = code ?? 1;
});
