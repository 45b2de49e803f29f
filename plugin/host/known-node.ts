/**
Which Node the launcher started, so that it need not ask that one for its version the next time: that takes a tenth of a
question of the page.
*/
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from '../system/files/own-files.ts';

/** Read by launch.sh. */
const KNOWN = 'node.known';
/** Written by launch.sh before it starts a Node that it has not asked. */
const STARTING = 'node.starting';

/** Tells the launcher that this Node runs. */
export function noteRunning(pluginDir: string): void {
  try {
    rmSync(path.join(pluginDir, STARTING), { force: true });
  } catch {
    // Node is asked for its version the next time.
  }
}

/**
@param mark what the launcher says of the file it started (`mark_of`): inode, mode, links, owner, group, size and time, after the
oldest version that suits and before the same of the system's sh. A wrapper that starts another Node, which can be a different one each time, is not remembered.
*/
export function rememberNode(mark: string, pluginDir: string, node = process.execPath): void {
  const [, inode, , , , , size] = mark.split(/\s+/);
  try {
    const { ino, size: bytes } = statSync(node, { bigint: true });
    if (String(ino) === inode && String(bytes) === size && !/[\r\n]/.test(mark))
      replaceFile(path.join(pluginDir, KNOWN), `${mark}\n`);
  } catch {
    // It is asked again the next time.
  }
}
