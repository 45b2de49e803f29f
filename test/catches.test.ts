import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/**
How many `catch` of a file at most keep an error from its caller without writing a fault of ours to the log. Each stands around
a call of the system or of a library whose failure is an answer; a new one raises the number here, so that it is seen.
*/
const SILENT: Readonly<Record<string, number>> = {
  'core/messages/catalogue.ts': 1,
  'core/messages/english.ts': 1,
  'models/index-usearch.ts': 1,
  'models/native-trial.ts': 1,
  'models/native.ts': 1,
  'models/onnx-engine.ts': 3,
  'models/open-models.ts': 1,
  'models/steady-session.ts': 1,
  'models/weights.ts': 1,
  'plugin/channel/fetch-part.ts': 2,
  'plugin/channel/location.ts': 2,
  'plugin/ffmpeg.ts': 1,
  'plugin/flush.ts': 1,
  'plugin/log.ts': 1,
  'plugin/output.ts': 1,
  'plugin/parent-watch.ts': 1,
  'plugin/runtime/baked.ts': 2,
  'plugin/runtime/choice-file.ts': 1,
  'plugin/runtime/cuda.ts': 1,
  'plugin/runtime/mark.ts': 2,
  'plugin/runtime/runtime.ts': 1,
  'plugin/scratch.ts': 3,
  'plugin/stash-agent.ts': 1,
  'plugin/store/crop-file.ts': 3,
  'plugin/store/database.ts': 1,
  'plugin/store/heartbeat.ts': 4,
  'plugin/store/migrate.ts': 1,
  'plugin/store/owner.ts': 4,
  'plugin/store/relocate.ts': 1,
  'plugin/system/data-place.ts': 1,
  'plugin/system/erase-made.ts': 2,
  'plugin/system/regular-file.ts': 1,
  'tasks/cli-identify.ts': 3,
  'tasks/cli-paths.ts': 2,
  'tasks/cli-people.ts': 1,
  'tasks/cli.ts': 1,
  'tasks/data-folder.ts': 3,
  'tasks/due.ts': 1,
  'tasks/last-failure.ts': 2,
  'tasks/move-plan.ts': 4,
  'tasks/observe-read-ahead.ts': 1,
  'tasks/operations/settings.ts': 1,
  'tasks/setup/checks.ts': 1,
  'tasks/wire-runtime.ts': 2,
  'tasks/wire-sight.ts': 2,
  'tasks/wire-trial.ts': 2,
  'tasks/wire.ts': 1,
};

/** `reasonOf` and `fail` rethrow or log what is no error of a purpose; `note` of a move logs it. */
const KEEPS_FAULTS = /\blogFault\(|\breasonOf\(|\bfail\(|\bcatch\(note\)/;
/** Such a line lets the run's trouble pass and swallows the rest. */
const RUN_WIDE_ONLY = /if \(isRunWide\(\w+\)[^)]*\) throw \w+;/g;

test('an error that is caught and not thrown on is written to the log when nobody threw it on purpose', () => {
  const tooMany = ['core', 'models', 'plugin', 'tasks'].flatMap(sourceFiles).flatMap((file) => {
    const silent = catchesOf(readFileSync(file, 'utf8')).filter(
      (it) => !KEEPS_FAULTS.test(it) && !/\bthrow\b/.test(it.replace(RUN_WIDE_ONLY, '')),
    );
    return silent.length > (SILENT[file] ?? 0) ? [{ file, silent }] : [];
  });
  assert.deepEqual(tooMany, []);
});

/** Each from its `catch` to the bracket that ends it. */
function catchesOf(text: string): string[] {
  return [...text.matchAll(/\bcatch\b\s*(?:\(\s*\w+\s*\)\s*\{|\{|\()/g)].map((found) => {
    const [open, close] = found[0].endsWith('{') ? ['{', '}'] : ['(', ')'];
    let end = found.index + found[0].length;
    for (let depth = 1; depth > 0 && end < text.length; end++)
      if (text[end] === open) depth++;
      else if (text[end] === close) depth--;
    return text.slice(found.index, end);
  });
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith('.ts') && !it.endsWith('.test.ts'))
    .map((it) => path.join(folder, it));
}
