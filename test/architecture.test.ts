import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** Who may import whom. A folder may always import itself, and a name ending in `:` stands for all that start so. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: ['zod', 'intl-messageformat'],
  models: ['core', 'zod', 'onnxruntime-node', 'onnxruntime-web', 'sharp', 'usearch', 'node:'],
  plugin: ['core', 'zod', 'graphql-request', 'graphql', 'keyv', 'tar-stream', 'yauzl', 'node:'],
  // All but core stand in the bundle for what Stash's page has already (tools/esbuild/ui.ts).
  ui: [
    'core',
    'react',
    'react-bootstrap',
    'react-router-dom',
    'react-intl',
    '@fortawesome/free-solid-svg-icons',
  ],
  tasks: ['core', 'models', 'plugin', 'plugin/system', 'zod', 'node-cron', 'node:'],
};

/** Packages with one door: to change the package is to change this file. */
const DOORS: Record<string, string> = {
  'onnxruntime-node': 'models/onnx/native.ts',
  'onnxruntime-web': 'models/onnx/wasm.ts',
  sharp: 'models/images/codec-sharp.ts',
  usearch: 'models/index/usearch.ts',
  'graphql-request': 'plugin/stash/graphql.ts',
  keyv: 'plugin/store/repositories/state.ts',
  'node:sqlite': 'plugin/store/sqlite/database.ts',
  // Children get an environment without our secrets.
  'node:child_process': 'plugin/system/child-process.ts',
  'node-cron': 'tasks/schedule/next-run.ts',
  'tar-stream': 'plugin/artifacts/tar.ts',
  yauzl: 'plugin/artifacts/zip.ts',
  'intl-messageformat': 'core/messages/english.ts',
};

/** In tasks/ only these know implementations; all else there works on ports. */
const IMPLEMENTATIONS = new Set(['models', 'plugin']);
const WIRING = /^tasks\/(main|wire[a-z-]*|cli[a-z-]*)\.ts$/;

/** Of this machine's files and processes, and of nothing of Stash: all but core may use it. */
const SYSTEM = 'plugin/system';

for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
  for (const file of sourceFiles(folder)) {
    test(`${file} imports only what it may`, () => {
      const allowedHere =
        folder === 'tasks' && !WIRING.test(file) ? allowed.filter((it) => !IMPLEMENTATIONS.has(it)) : allowed;
      const may = (target: string): boolean =>
        target === folder ||
        (allowedHere.some((it) => target === it || (it.endsWith(':') && target.startsWith(it))) &&
          (DOORS[target] ?? file) === file);
      assert.deepEqual(
        importsOf(file).filter((it) => !may(it)),
        [],
      );
    });
  }
}

/**
Where the machine's own clock may be read; all else is given `now`, so that a test can turn it. Durations are measured with
`performance.now()`, which no change of the clock disturbs.
*/
const CLOCKS: Record<string, string> = {
  'tasks/compose/context.ts': 'makes the clock of a process that Stash started',
  'tasks/main.ts': 'has to answer and to note failures where no context could be opened',
  'tasks/cli/identify.ts': 'makes the clock of a process that runs without Stash',
  'plugin/store/store.ts': 'is opened alone by tools and tests',
  'plugin/store/heartbeat.ts': 'beats in a thread, which is told what the clock is ahead of the machine',
  'plugin/system/process-owner.ts': 'computes the moment of the boot of this machine',
  'plugin/system/own-files.ts': 'compares with times of files, which the same clock has set',
};

test('the time comes from the clock that was handed in', () => {
  const reading = ['core', 'models', 'plugin', 'tasks']
    .flatMap(sourceFiles)
    .filter((file) => /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/.test(readFileSync(file, 'utf8')));
  assert.deepEqual(reading.toSorted(), Object.keys(CLOCKS).toSorted());
});

/** Makes folders and files that only Stash's user may read, never through a link. */
const MAKES_FILES = /(?<![.\w])(mkdir|writeFile|copyFile|appendFile|createWriteStream|openAsBlob)(Sync)?\(/;
/** Of files of a moment, in a folder of their own. */
const MAKES_OWN = new Set(['tasks/observe/observe-media.ts']);

for (const file of [...sourceFiles('plugin'), ...sourceFiles('tasks')].filter(
  (it) => !it.startsWith(SYSTEM) && !MAKES_OWN.has(it),
))
  test(`${file} makes files and folders through ${SYSTEM} alone`, () => {
    assert.doesNotMatch(readFileSync(file, 'utf8'), MAKES_FILES);
  });

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((it) => /\.tsx?$/.test(it) && !/\.test\.tsx?$/.test(it))
    .map((it) => path.join(folder, it));
}

/** The top-level folder of a relative import (or `SYSTEM`), or the package's name. */
function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(
    /(?<!\.)\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...specifiers].map(([, it = '']) => {
    if (!it.startsWith('.')) return it;
    const [top = it, room] = path.join(path.dirname(file), it).split(path.sep);
    return `${top}/${room}` === SYSTEM && !file.startsWith('plugin') ? SYSTEM : top;
  });
}

test('no program is started but by the one helper', () => {
  const OTHER_WAYS =
    /\b(require|import|getBuiltinModule|binding)\s*\(\s*['"](node:)?(child_process|cluster|spawn_sync|process_wrap)\b/;
  assert.deepEqual(
    Object.keys(MAY_IMPORT)
      .flatMap(sourceFiles)
      .filter((file) => OTHER_WAYS.test(readFileSync(file, 'utf8'))),
    [],
  );
});

/** Each looks first at what it opens (`lstat`, `stat`, a hash that was right), or opens what the kernel keeps (/proc). */
const READ_BY_THEMSELVES = [
  'models/catalog/weights.ts',
  'plugin/artifacts/download.ts',
  'plugin/artifacts/source.ts',
  'plugin/artifacts/install-receipt.ts',
  'plugin/artifacts/unpack.ts',
  'plugin/system/process-owner.ts',
  'plugin/system/erase-made.ts',
  'plugin/system/inventory.ts',
];

test('a file is read through plugin/system/regular-file.ts, which nothing that lies there can hold up', () => {
  const READS = /\b(readFile|readFileSync|createReadStream)\b[^;]*from 'node:fs(\/promises)?';/;
  assert.deepEqual(
    Object.keys(MAY_IMPORT)
      .flatMap(sourceFiles)
      .filter((file) => READS.test(readFileSync(file, 'utf8')))
      .map((file) => file.split(path.sep).join('/'))
      .toSorted(),
    READ_BY_THEMSELVES,
  );
});
