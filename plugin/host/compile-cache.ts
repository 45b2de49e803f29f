/**
Node's cache of compiled code, by which a process starts a tenth faster. Node opens it before it reads our program, so the
launcher has to name it, and it learns from a file beside it where it lies.
*/
import { statSync } from 'node:fs';
import path from 'node:path';
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
