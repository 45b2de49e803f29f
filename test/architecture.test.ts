/** Who may import whom, which file may import a package, and how large folders and files may be. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const CODE = ['core', 'models', 'plugin', 'tasks', 'ui'];

/** Packages a whole layer may import; a name that ends in `:` stands for all that begin so. */
const PACKAGES: Record<string, readonly string[]> = {
  core: ['zod', 'intl-messageformat'],
  models: ['zod', 'onnxruntime-node', 'onnxruntime-web', 'sharp', 'usearch', 'node:'],
  plugin: ['zod', 'graphql-request', 'graphql', 'keyv', 'tar-stream', 'yauzl', 'node:'],
  tasks: ['zod', 'node-cron', 'node:'],
  // All stand in the bundle for what Stash's page has already (tools/esbuild/ui.ts).
  ui: ['react', 'react-bootstrap', 'react-router-dom', 'react-intl', '@fortawesome/free-solid-svg-icons'],
};

/** Packages with one door: to change the package is to change this file. */
const DOORS: Record<string, string> = {
  'onnxruntime-node': 'models/onnx/native.ts',
  'onnxruntime-web': 'models/onnx/wasm.ts',
  sharp: 'models/images/codec-sharp.ts',
  usearch: 'models/index/usearch.ts',
  'graphql-request': 'plugin/system/http/graphql-request.ts',
  keyv: 'plugin/store/repositories/state.ts',
  'node:sqlite': 'plugin/store/sqlite/database.ts',
  // Children get an environment without our secrets.
  'node:child_process': 'plugin/system/child-process.ts',
  'node-cron': 'tasks/schedule/next-run.ts',
  'tar-stream': 'plugin/system/archives/tar.ts',
  yauzl: 'plugin/system/archives/zip.ts',
  'intl-messageformat': 'core/messages/english.ts',
};

/** Rooms a room may import beside itself and `core`, which all may. A file beside the rooms of a layer is a room of its own. */
const ROOMS: Record<string, readonly string[]> = {
  'models/catalog': [],
  'models/native': [],
  'models/onnx': ['models/catalog', 'models/native'],
  'models/images': ['models/native'],
  'models/index': ['models/onnx', 'models/native'],
  'models/faces': ['models/catalog', 'models/images'],
  'models/open': ['models/catalog', 'models/faces', 'models/images', 'models/index', 'models/onnx'],
  'models/trial': ['models/faces', 'models/images', 'models/index', 'models/native', 'models/onnx'],
  'plugin/system': [],
  'plugin/artifacts': ['plugin/system'],
  'plugin/gallery': ['plugin/system'],
  'plugin/media': ['plugin/system'],
  'plugin/reference-packs': ['plugin/artifacts', 'plugin/system'],
  'plugin/stash': ['plugin/system'],
  'plugin/stash-box': ['plugin/system'],
  'plugin/store': ['plugin/system'],
  'plugin/host': ['plugin/stash', 'plugin/system', 'plugin/artifacts'],
  'tasks/zod-config': [],
  'tasks/runs': ['plugin/system'],
  'tasks/observe': ['plugin/system', 'tasks/runs'],
  'tasks/exclusions': ['tasks/observe', 'tasks/runs'],
  'tasks/schedule': ['plugin/system', 'tasks/runs'],
  'tasks/setup': ['tasks/runs'],
  'tasks/accepted': ['tasks/runs'],
  'tasks/matching': ['tasks/accepted', 'tasks/runs'],
  'tasks/packs': ['tasks/runs'],
  'tasks/pack-channel': ['tasks/setup', 'tasks/runs'],
  'tasks/people': [
    'tasks/pack-channel',
    'tasks/reference-packs',
    'tasks/packs',
    'tasks/accepted',
    'tasks/matching',
    'tasks/observe',
    'tasks/runs',
  ],
  'tasks/suggestions': ['tasks/accepted', 'tasks/matching', 'tasks/observe', 'tasks/runs'],
  'tasks/reference-packs': [
    'tasks/suggestions',
    'tasks/accepted',
    'tasks/matching',
    'tasks/observe',
    'tasks/runs',
    'plugin/system',
  ],
  'tasks/stash-box': [
    'tasks/reference-packs',
    'tasks/suggestions',
    'tasks/accepted',
    'tasks/matching',
    'tasks/observe',
    'tasks/runs',
  ],
  'tasks/health': ['tasks/accepted', 'tasks/matching', 'tasks/observe', 'tasks/runs'],
  'tasks/identify': ['tasks/suggestions', 'tasks/accepted', 'tasks/matching', 'tasks/observe', 'tasks/runs'],
  'tasks/naming': ['tasks/suggestions', 'tasks/accepted', 'tasks/matching', 'tasks/observe', 'tasks/runs'],
  'tasks/scan': [
    'tasks/pack-channel',
    'tasks/identify',
    'tasks/packs',
    'tasks/people',
    'tasks/suggestions',
    'tasks/accepted',
    'tasks/matching',
    'tasks/observe',
    'tasks/settings',
    'tasks/runs',
  ],
  'tasks/settings': ['tasks/exclusions', 'tasks/schedule', 'tasks/runs'],
  'tasks/status': [
    'tasks/pack-channel',
    'tasks/packs',
    'tasks/setup',
    'tasks/matching',
    'tasks/schedule',
    'tasks/runs',
  ],
  'tasks/data': ['plugin/system', 'tasks/status', 'tasks/setup', 'tasks/suggestions', 'tasks/runs'],
  'tasks/compose': [
    'models/catalog',
    'models/onnx',
    'models/index',
    'models/faces',
    'models/open',
    'models/trial',
    'plugin/system',
    'plugin/artifacts',
    'plugin/gallery',
    'plugin/media',
    'plugin/reference-packs',
    'plugin/stash',
    'plugin/stash-box',
    'plugin/store',
    'plugin/host',
    'tasks/runs',
    'tasks/observe',
    'tasks/exclusions',
    'tasks/schedule',
    'tasks/setup',
    'tasks/accepted',
    'tasks/matching',
    'tasks/packs',
    'tasks/pack-channel',
    'tasks/people',
    'tasks/health',
    'tasks/reference-packs',
    'tasks/stash-box',
    'tasks/suggestions',
    'tasks/identify',
    'tasks/naming',
    'tasks/scan',
    'tasks/settings',
    'tasks/status',
    'tasks/data',
  ],
  'tasks/cli': [
    'plugin/gallery',
    'plugin/reference-packs',
    'tasks/compose',
    'tasks/reference-packs',
    'tasks/observe',
    'tasks/runs',
    'models/catalog',
    'models/faces',
    'models/images',
    'models/open',
    'plugin/host',
    'plugin/media',
    'plugin/stash',
    'plugin/store',
    'plugin/system',
  ],
  'tasks/main': ['plugin/host'],
  'tasks/program': [
    'tasks/compose',
    'tasks/cli',
    'tasks/runs',
    'tasks/zod-config',
    'plugin/host',
    'plugin/stash',
    'plugin/system',
  ],
  'ui/stash': [],
  'ui/shared': ['ui/stash'],
  'ui/due': ['ui/shared', 'ui/stash'],
  'ui/playing': ['ui/stash'],
  'ui/faces': ['ui/shared', 'ui/stash'],
  'ui/history': ['ui/shared', 'ui/stash'],
  'ui/people': ['ui/reference-packs', 'ui/shared', 'ui/stash'],
  'ui/reference-packs': ['ui/shared', 'ui/stash'],
  'ui/pictures': ['ui/faces', 'ui/shared', 'ui/stash'],
  'ui/runs': ['ui/shared', 'ui/stash'],
  'ui/schedule': ['ui/shared', 'ui/stash'],
  'ui/settings': ['ui/shared', 'ui/stash'],
  'ui/status': ['ui/shared', 'ui/stash'],
  'ui/suggestions': ['ui/faces', 'ui/shared', 'ui/stash'],
  'ui/boxes': ['ui/shared', 'ui/stash', 'ui/suggestions'],
  'ui/performer': ['ui/boxes', 'ui/people', 'ui/shared', 'ui/stash', 'ui/suggestions'],
  'ui/scene': ['ui/boxes', 'ui/shared', 'ui/stash', 'ui/suggestions'],
  'ui/stash-ids': ['ui/boxes', 'ui/shared', 'ui/stash', 'ui/suggestions'],
  'ui/patches': ['ui/faces', 'ui/own-page', 'ui/shared', 'ui/stash'],
  'ui/page': [
    'ui/history',
    'ui/people',
    'ui/performer',
    'ui/pictures',
    'ui/runs',
    'ui/scene',
    'ui/schedule',
    'ui/settings',
    'ui/shared',
    'ui/stash',
    'ui/stash-ids',
    'ui/status',
    'ui/suggestions',
  ],
  'ui/own-page': ['ui/shared'],
  'ui/main': ['ui/due', 'ui/own-page', 'ui/patches', 'ui/playing', 'ui/stash'],
};

/** Rooms of core may import each other, and nothing else of ours. */
const isOfCore = (room: string): boolean => room.startsWith('core/');

/** Only `compose` hands these to others: what a room offers to be started and asked. */
const ENTRY = /^tasks\/[\w-]+\/(?:task|[\w-]*operations)\.ts$/;

const MAX_FILES = 15;
const MAX_LINES = 250;
/** Over 250 lines, each with its reason; none may have more than 400. */
const LONG_FILES: Record<string, string> = {
  'core/state-keys.ts': 'the table of all keys',
  'plugin/media/ffmpeg.ts': 'finding, starting and reading the complaints of one program',
  'tasks/cli/identify.ts': 'one command, from its options to its answer',
  'plugin/stash/queries.ts':
    'the GraphQL documents in one place (those of the write path in changes/documents.ts), all held against the schemas',
  'plugin/stash/documents.generated.ts': 'generated',
  'plugin/store/sqlite/database.ts': 'the one door of node:sqlite',
  'test/ui/scripted-stash.ts': 'one server',
  'test/ui/samples.ts': 'data',
  'test/double/library/data.ts': 'data',
  'test/double/library/scan.ts': 'one scan',
  'test/double/stash-double.ts': 'wires the double',
};

for (const file of CODE.flatMap(sourceFiles))
  test(`${file} imports only what it may`, () => {
    const room = roomOf(file);
    const allowedRooms = new Set([room, ...(ROOMS[room] ?? [])]);
    const packages = PACKAGES[layerOf(file)] ?? [];
    const strange = importsOf(file).filter(({ target, isOurs }) => {
      if (!isOurs)
        return !(
          packages.some((it) => target === it || (it.endsWith(':') && target.startsWith(it))) &&
          (DOORS[target] ?? file) === file
        );
      const to = roomOf(target);
      return !(isOfCore(to) || allowedRooms.has(to));
    });
    assert.deepEqual(
      strange.map(({ target }) => target),
      [],
    );
  });

test('every room is in the table, and the table has no room that is not there', () => {
  const rooms = new Set(
    CODE.flatMap(sourceFiles)
      .map(roomOf)
      .filter((room) => !isOfCore(room)),
  );
  assert.deepEqual(Object.keys(ROOMS).toSorted(), [...rooms].toSorted());
});

test('the rooms of tasks have no circle', () => {
  const seen = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (room: string, way: readonly string[]): void => {
    if (seen.get(room) === 'open') circles.push([...way, room].join(' -> '));
    if (seen.has(room)) return;
    seen.set(room, 'open');
    for (const next of usedRooms.get(room) ?? []) visit(next, [...way, room]);
    seen.set(room, 'done');
  };
  const usedRooms = new Map<string, Set<string>>();
  for (const file of sourceFiles('tasks'))
    for (const { target, isOurs } of importsOf(file))
      if (isOurs && target.startsWith('tasks/') && roomOf(target) !== roomOf(file))
        usedRooms.set(roomOf(file), (usedRooms.get(roomOf(file)) ?? new Set()).add(roomOf(target)));
  for (const room of usedRooms.keys()) visit(room, []);
  assert.deepEqual(circles, []);
});

test('what can be started or asked is imported by compose alone', () => {
  const strange = sourceFiles('tasks')
    .filter((file) => !file.startsWith('tasks/compose/'))
    .flatMap((file) =>
      importsOf(file)
        .filter(
          ({ target }) =>
            ENTRY.test(target) && target !== 'tasks/runs/task.ts' && roomOf(target) !== roomOf(file),
        )
        .map(({ target }) => `${file} imports ${target}`),
    );
  assert.deepEqual(strange, []);
});

test('no folder is a drawer, and no file a folder', () => {
  const folders = new Map<string, number>();
  const long: string[] = [];
  for (const file of [...CODE, 'test', 'tools'].flatMap(sourceFiles)) {
    const folder = path.dirname(file);
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    if (lines > 400 || (lines > MAX_LINES && LONG_FILES[file] === undefined))
      long.push(`${file}: ${lines} lines`);
  }
  assert.deepEqual(long, []);
  assert.deepEqual(
    [...folders].filter(([, count]) => count > MAX_FILES),
    [],
  );
});

/**
Where the machine's own clock may be read; all else is given `now`, so that a test can turn it. Durations are measured with
`performance.now()`, which no change of the clock disturbs.
*/
const CLOCKS: Record<string, string> = {
  'tasks/compose/context.ts': 'makes the clock of a process that Stash started',
  'tasks/compose/scheduler-process.ts': 'makes the clock of the scheduler',
  'tasks/program.ts': 'has to answer and to note failures where no context could be opened',
  'tasks/cli/identify.ts': 'makes the clock of a process that runs without Stash',
  'plugin/store/store.ts': 'is opened alone by tools and tests',
  'plugin/store/heartbeat.ts': 'beats in a thread, which is told what the clock is ahead of the machine',
  'plugin/system/process-owner.ts': 'computes the moment of the boot of this machine',
  'plugin/system/files/own-files.ts': 'compares with times of files, which the same clock has set',
  'plugin/reference-packs/publish/one-at-a-time.ts':
    'compares with the time of a file, which the same clock has set',
};

test('the time comes from the clock that was handed in', () => {
  const reading = ['core', 'models', 'plugin', 'tasks']
    .flatMap(sourceFiles)
    .filter((file) => /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/.test(readFileSync(file, 'utf8')));
  assert.deepEqual(reading.toSorted(), Object.keys(CLOCKS).toSorted());
});

/** What is known in few places: how a file shows that it knows it, and where it may. */
const KNOWN_IN: Record<string, readonly [pattern: RegExp, places: readonly string[]]> = {
  GraphQL: [
    /\b(?:query|mutation|subscription|fragment) [A-Z]\w*\s*[({]/,
    ['plugin/stash/', 'plugin/stash-box/', 'ui/stash/'],
  ],
  PluginApi: [/\bPluginApi\b/, ['ui/stash/']],
  tensors: [/\/tensor\.ts'/, ['core/ports/', 'models/', 'tasks/setup/self-test.ts']],
};

for (const [what, [pattern, places]] of Object.entries(KNOWN_IN))
  test(`${what} is known in ${places.join(', ')} alone, and in each of them`, () => {
    const knowing = CODE.flatMap(sourceFiles)
      .map((file) => file.split(path.sep).join('/'))
      .filter((file) => pattern.test(readFileSync(file, 'utf8')));
    assert.deepEqual(
      knowing.filter((file) => !places.some((place) => file.startsWith(place))),
      [],
    );
    for (const place of places) assert(knowing.some((file) => file.startsWith(place)));
  });

/** Files that name the whole type `Context`; all others of `tasks` name the parts they use: `Pick<Context, …>`, `Context['store']`. */
const WHOLE_CONTEXT: Record<string, string> = {
  'tasks/compose/complete.ts': 'adds what is made of its other parts',
  'tasks/compose/context.ts': 'makes it',
  'tasks/compose/dispatch.ts': 'hands it to the task or the operation that was asked for',
  'tasks/cli/cli.ts': 'hands it to `tasks/compose/dispatch.ts`',
  'tasks/runs/task.ts': 'declares it, and that tasks and operations get it',
  'tasks/runs/run-slice.ts': 'hands it to the functions of a task',
  'tasks/runs/settle-runs.ts': 'hands it to the functions of a task',
  'tasks/status/diagnostics.ts': 'hands it to the operation `status`, whose answer is a part of its report',
};

test('a function asks for the parts of the context that it uses', () => {
  const naming = sourceFiles('tasks').filter((file) => {
    const code = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '')
      .replace(/\bimport\b[^;]*\bfrom\b[^;]*;/g, (statement) =>
        /\bContext as\b/.test(statement) ? statement : '',
      )
      .replace(/\bPick<\s*Context\s*,|\bContext\[/g, '');
    return /\bContext\b/.test(code);
  });
  assert.deepEqual(
    naming.map((file) => file.split(path.sep).join('/')).toSorted(),
    Object.keys(WHOLE_CONTEXT).toSorted(),
  );
});

test('what finds something to propose asks for nothing that could write to Stash', () => {
  assert.deepEqual(
    ['tasks/observe', 'tasks/matching', 'tasks/people']
      .flatMap(sourceFiles)
      .filter((file) =>
        /'changes'|\bcontext\.changes\b|\{[^{}]*\bchanges\b[^{}]*\} = context\b|\/changes\/write\.ts'|\bLibraryWriter\b/.test(
          readFileSync(file, 'utf8'),
        ),
      ),
    [],
  );
});

/** Makes folders and files that only Stash's user may read, never through a link. */
const MAKES_FILES = /(?<![.\w])(mkdir|writeFile|copyFile|appendFile|createWriteStream|openAsBlob)(Sync)?\(/;
/** Of files of a moment, in a folder of their own. */
const MAKES_OWN = new Set(['tasks/observe/observe-media.ts']);

for (const file of [...sourceFiles('plugin'), ...sourceFiles('tasks')].filter(
  (it) => !it.startsWith('plugin/system') && !MAKES_OWN.has(it),
))
  test(`${file} makes files and folders through plugin/system alone`, () => {
    assert.doesNotMatch(readFileSync(file, 'utf8'), MAKES_FILES);
  });

test('no program is started but by the one helper', () => {
  const OTHER_WAYS =
    /\b(require|import|getBuiltinModule|binding)\s*\(\s*['"](node:)?(child_process|cluster|spawn_sync|process_wrap)\b/;
  assert.deepEqual(
    CODE.flatMap(sourceFiles).filter((file) => OTHER_WAYS.test(readFileSync(file, 'utf8'))),
    [],
  );
});

/** Each looks first at what it opens (`lstat`, `stat`, a hash that was right), or opens what the kernel keeps (/proc). */
const READ_BY_THEMSELVES = [
  'models/catalog/weights.ts',
  'plugin/artifacts/source.ts',
  'plugin/artifacts/unpack.ts',
  // The migrations of the source tree; an installed plugin has them in its bundle.
  'plugin/store/sqlite/schema.ts',
  // What Linux says of the process, and the C library that is mapped into it.
  'plugin/system/platform.ts',
  'plugin/system/process-owner.ts',
  'plugin/system/running-programs.ts',
  'plugin/system/typed-command.ts',
  'plugin/system/files/erase-made.ts',
  'plugin/system/files/inventory.ts',
];

test('a file is read through plugin/system/files/regular-file.ts, which nothing that lies there can hold up', () => {
  const READS = /\b(readFile|readFileSync|createReadStream)\b[^;]*from 'node:fs(\/promises)?';/;
  assert.deepEqual(
    CODE.flatMap(sourceFiles)
      .filter((file) => READS.test(readFileSync(file, 'utf8')))
      .map((file) => file.split(path.sep).join('/'))
      .toSorted(),
    READ_BY_THEMSELVES.toSorted(),
  );
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => path.join(folder, file));
}

function layerOf(file: string): string {
  return file.split(path.sep)[0] ?? file;
}

/** The folder below the layer, or the file itself where it lies beside the rooms. */
function roomOf(file: string): string {
  const [layer = '', room = ''] = file.split(path.sep);
  return `${layer}/${room.replace(/\.(?:tsx?|json)$/, '')}`;
}

/** Relative imports as paths from the root, others by the package's name. */
function importsOf(file: string): { target: string; isOurs: boolean }[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(
    /(?<![.-])\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...specifiers].map(([, specifier = '']) =>
    specifier.startsWith('.')
      ? { target: path.join(path.dirname(file), specifier), isOurs: true }
      : { target: specifier, isOurs: false },
  );
}
