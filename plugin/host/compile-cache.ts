/**
The code that V8 has compiled of our program, by which the answer to a question takes two thirds of the time. It is read before
the program is (tasks/main.ts), so the launcher has to name its folder, and it learns from a file beside it where that lies.
*/
import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolderBelow, replaceFile } from '../system/files/own-files.ts';
import { COMPILE_CACHE } from '../system/files/own-names.ts';
import { readSmallFileIfThere } from '../system/files/regular-file.ts';

/** Read by launch.sh. */
const POINTER = 'compile-cache.path';

/** For the next process. Without it, as where a folder is read-only, each compiles what it needs. */
export function prepareCompileCache(dataFolder: string, pluginDir: string): void {
  try {
    // A data folder is made by what has data, never for a cache.
    statSync(dataFolder);
    const folder = makeFolderBelow(dataFolder, COMPILE_CACHE);
    const pointer = path.join(pluginDir, POINTER);
    const text = `${folder}\n`;
    // The launcher reads one line.
    if (readSmallFileIfThere(pointer) !== text && !/[\r\n]/.test(folder)) replaceFile(pointer, text);
  } catch {
    // It is faster with it, and works without.
  }
}

/** What the program was loaded with. */
export type LoadedCode = {
  /** Where it is kept; null: nowhere. */
  readonly file: string | null;
  /** The operations that it serves; empty: it was compiled anew. */
  readonly operations: readonly string[];
  /** Bytes before the code, for its checksum and these operations. */
  readonly header: number;
  /** What is compiled by now. */
  readonly bytes: () => Buffer;
};

/** Code of another build or Node, also half written, and the folders that Node's own cache made here. Files of others stay. */
const OURS = /\.code$|\.code\.[0-9a-f]{8}\.part$|^v\d+\.\d+\.\d+-/;

/** What the page asks when it is opened or somebody decides. Others would make the file larger, which is read each time. */
const SERVED: ReadonlySet<string> = new Set([
  'status',
  'scene.faces',
  'entity.faces',
  'suggestions.list',
  'suggestions.accept',
  'suggestions.reject',
  'entity.add',
  'entity.reject',
  'people.info',
  'people.lookAlikes',
  'journal.list',
  'runs.failures',
  'settings.get',
]);

/** After an operation that the file does not serve yet: with all that is compiled by now. */
export function saveCode({ file, operations, header, bytes }: LoadedCode, operation: string): void {
  if (file === null || !SERVED.has(operation) || operations.includes(operation)) return;
  try {
    const folder = path.dirname(file);
    const name = path.basename(file);
    for (const other of readdirSync(folder))
      if (OURS.test(other) && !other.startsWith(name))
        rmSync(path.join(folder, other), { recursive: true, force: true });
    const code = bytes();
    const head = Buffer.alloc(header, ' ');
    head.write([crc32(code), ...operations, operation].join(' '), 'latin1');
    replaceFile(file, Buffer.concat([head, code]));
  } catch {
    // As without it.
  }
}
