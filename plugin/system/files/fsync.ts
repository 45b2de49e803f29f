import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Flushes a folder's entries, so that files made or renamed in it survive a power failure. Windows has no such call and needs none. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // Some network file systems do not support it; their server decides.
  } finally {
    closeSync(handle);
  }
}

/** Flushes a file's content to the disk. */
export function flushFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
