import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/**
How many `catch` of a file at most keep an error from its caller without writing a fault of ours to the log. Each stands around
a call of the system or of a library whose failure is an answer; a new one raises the number here, so that it is seen.
*/
const SILENT: Readonly<Record<string, number>> = {
  'core/messages/schema.ts': 1,
  'tasks/cli/language.ts': 1,
  'core/json-of.ts': 1,
  'core/messages/english.ts': 1,
  'models/index/usearch.ts': 1,
  'models/index/native-search.ts': 1,
  'models/index/integer-search.ts': 2,
  'plugin/gallery/gallery-file.ts': 1,
  'models/faces/crop-embedder.ts': 1,
  'models/trial.ts': 1,
  'models/native/packages.ts': 1,
  'models/onnx/engine.ts': 3,
  'models/open.ts': 1,
  'models/onnx/fallback-session.ts': 1,
  'models/catalog/weights.ts': 1,
  'plugin/artifacts/download.ts': 2,
  'plugin/artifacts/channel.ts': 2,
  'plugin/reference-packs/folders.ts': 6,
  'plugin/reference-packs/publish/one-at-a-time.ts': 1,
  'plugin/reference-packs/reference-packs.ts': 2,
  'plugin/media/ffmpeg.ts': 2,
  'plugin/media/merge-frames.ts': 1,
  'plugin/system/files/fsync.ts': 1,
  'plugin/host/compile-cache.ts': 2,
  'plugin/host/known-node.ts': 2,
  'plugin/host/former-data.ts': 2,
  'plugin/host/log.ts': 1,
  'plugin/host/output.ts': 1,
  'plugin/system/exit-with-parent.ts': 1,
  'plugin/artifacts/manifest.ts': 2,
  'plugin/artifacts/machine-profile.ts': 1,
  'plugin/artifacts/cuda.ts': 1,
  'plugin/artifacts/install-receipt.ts': 2,
  'plugin/artifacts/artifacts.ts': 1,
  'plugin/system/files/temp-files.ts': 3,
  'plugin/system/http/agent.ts': 1,
  'plugin/store/sqlite/crop-file.ts': 3,
  'plugin/store/sqlite/database.ts': 1,
  'plugin/store/heartbeat.ts': 4,
  'plugin/store/sqlite/migrate.ts': 1,
  'plugin/system/platform.ts': 1,
  'plugin/system/process-owner.ts': 4,
  'plugin/system/running-programs.ts': 2,
  'plugin/system/background/mark.ts': 3,
  'plugin/system/typed-command.ts': 1,
  'plugin/store/maintenance/relocate.ts': 1,
  'plugin/system/data-place.ts': 1,
  'plugin/system/sealed-owner.ts': 1,
  'plugin/system/files/erase-made.ts': 2,
  'plugin/system/files/reference-pack-files.ts': 1,
  'plugin/system/files/regular-file.ts': 2,
  'tasks/main.ts': 1,
  'tasks/health/presence.ts': 2,
  'tasks/cli/identify.ts': 3,
  'tasks/cli/packs/export-references.ts': 2,
  'tasks/cli/paths.ts': 2,
  'tasks/cli/people/folder.ts': 1,
  'tasks/cli/cli.ts': 1,
  'tasks/data/data-folder.ts': 3,
  'tasks/schedule/due.ts': 1,
  'tasks/schedule/background/loop.ts': 2,
  'tasks/compose/scheduler-process.ts': 2,
  'tasks/cli/schedule.ts': 2,
  'tasks/reference-packs/build/downloads.ts': 2,
  'tasks/runs/last-failure.ts': 2,
  'tasks/data/move-plan.ts': 4,
  'tasks/observe/read-ahead.ts': 1,
  'tasks/settings/operations.ts': 2,
  'tasks/setup/checks.ts': 1,
  'tasks/compose/acceleration.ts': 2,
  'tasks/compose/vision.ts': 2,
  'tasks/compose/trial-process.ts': 2,
  'tasks/compose/context.ts': 1,
};

/** `reasonOf`, `fail` and `nullIfExcluded` rethrow or log what is no error of a purpose; `note` of a move logs it. */
const KEEPS_FAULTS = /\blogFault\(|\breasonOf\(|\bfail\(|\bcatch\((?:note|nullIfExcluded)\)/;
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
