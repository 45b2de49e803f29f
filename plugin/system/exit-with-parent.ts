import { Worker } from 'node:worker_threads';

/**
Ends this process, at whatever it is, once the one that started it is gone; `deadlineMs`: or after so long.

It looks from a thread of its own: an inference, or a library that hangs, may hold the main one for long. On Windows a
process keeps the number of a parent that has died, so the parent itself is asked too.
*/
export function dieWithParent({
  parent = process.ppid,
  everyMs = 250,
  deadlineMs = Infinity,
}: { parent?: number; everyMs?: number; deadlineMs?: number } = {}): void {
  const worker = new Worker(WATCH, { eval: true, workerData: { parent, everyMs, deadlineMs }, stdin: false });
  worker.unref();
  // Without it everything works all the same.
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
