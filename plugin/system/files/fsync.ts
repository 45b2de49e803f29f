import { closeSync, fsyncSync, openSync } from 'node:fs';

/** What was made or renamed in this folder is there after a power cut too. Windows sees to that itself and has no such call. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // Not every file system of a network knows it; there the server decides.
  } finally {
    closeSync(handle);
  }
}

/** Its content is on the disk. */
export function flushFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
