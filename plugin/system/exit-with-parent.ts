import { Worker } from 'node:worker_threads';

/**
Kills this process when its parent has ended, or after `deadlineMs`.

A worker thread checks it, since an inference or a library that hangs may block the main thread. It also signals the parent
with 0: on Windows `process.ppid` keeps the id of a parent that has ended.
*/
export function dieWithParent({
  parent = process.ppid,
  everyMs = 250,
  deadlineMs = Infinity,
}: { parent?: number; everyMs?: number; deadlineMs?: number } = {}): void {
  const worker = new Worker(WATCH, { eval: true, workerData: { parent, everyMs, deadlineMs }, stdin: false });
  worker.unref();
  // Not needed for the work itself: a failure of the thread is ignored.
  worker.on('error', () => undefined);
}

const WATCH = `
const { workerData: { parent, everyMs, deadlineMs } } = require('node:worker_threads');
const until = performance.now() + deadlineMs;
function isAlive() {
  if (process.ppid !== parent) return false;
  try { process.kill(parent, 0); return true; } catch (error) { return error.code === 'EPERM'; }
}
setInterval(() => {
  if (performance.now() > until || !isAlive()) process.kill(process.pid, 'SIGKILL');
}, everyMs);
`;
