/**
Where every process of ours begins: runs program.js, which lies beside it, with the code that V8 compiled of it before. To compile
what a question of the page needs would take a third of its time. Node's own cache (NODE_COMPILE_CACHE) keeps only what is
compiled before the program begins, and the cache here what was compiled until a question was answered.
*/
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { constants, Script } from 'node:vm';
import zlib from 'node:zlib';
import type { LoadedCode } from '../plugin/host/compile-cache.ts';

/** Hash of program.js without this mark, which is its end. */
declare const STASH_SENSE_PROGRAM: string;
/** The space at the beginning of a file of code for its checksum and the operations it serves: a multiple of eight, as V8 reads it. */
const HEADER = 1024;

type Program = (
  require: NodeJS.Require,
  module: { exports: { begin?: (bundleUrl: string, code: LoadedCode) => Promise<void> } },
  bundleUrl: string,
) => void;

const filename = `${import.meta.dirname}/program.js`;
const source = fs.readFileSync(filename, 'latin1');
const folder = process.env['STASH_SENSE_COMPILE_CACHE'] ?? '';
// While Stash updates the plugin, one of the two files may be older.
const isWhole = source.endsWith(`//${STASH_SENSE_PROGRAM}\n`);
const file =
  folder === '' || !isWhole || process.argv.includes('--task')
    ? null
    : `${folder}/${STASH_SENSE_PROGRAM}-${process.version}-${process.arch}.code`;
const kept = file === null ? null : readCode(file);
const script = new Script(source, {
  filename,
  ...(kept !== null && { cachedData: kept.bytes }),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const module: Parameters<Program>[1] = { exports: {} };
(script.runInThisContext() as Program)(createRequire(import.meta.url), module, import.meta.url);
await module.exports.begin?.(import.meta.url, {
  file,
  operations: kept !== null && script.cachedDataRejected === false ? kept.operations : [],
  header: HEADER,
  bytes: () => script.createCachedData(),
});

/** V8 takes whatever has the length it expects: the checksum says whether it is what was written. */
function readCode(place: string): { readonly operations: readonly string[]; readonly bytes: Buffer } | null {
  try {
    const all = fs.readFileSync(place);
    const [checksum, ...operations] = all.toString('latin1', 0, HEADER).trim().split(' ');
    const bytes = all.subarray(HEADER);
    return Number(checksum) === zlib.crc32(bytes) ? { operations, bytes } : null;
  } catch {
    // It was not written yet, or is not readable: the program is compiled.
    return null;
  }
}
