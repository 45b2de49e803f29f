import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** `<pid>@<host>:<start>:<random>`: names one piece of work of one process, for claims. */
export function createOwner(): string {
  const startedAt = Math.round(performance.timeOrigin);
  return `${process.pid}@${hostname()}:${startedAt}:${randomBytes(6).toString('hex')}`;
}

const OWNER = /^(\d+)@(.+):([^:]*):[^:]*$/;
/** Clocks are put right, and a launcher begins before its Node does. */
const SAME_START_MS = 60_000;

/** False only when it certainly is gone: its process ran on this machine and is no more. */
export function isOwnerAlive(owner: string): boolean {
  const [, pid, host] = OWNER.exec(owner) ?? [];
  if (pid === undefined || host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** True only when the very process that made it is still there, which only Linux tells: numbers are used again. */
export function isOwnerHere(owner: string): boolean {
  const [, pid, host, startedAt] = OWNER.exec(owner) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  const began = beganAt(pid);
  return began !== null && Math.abs(began - Number(startedAt)) < SAME_START_MS;
}

/** Unix milliseconds. `stat` counts hundredths of a second since the machine began. */
function beganAt(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const [, bootSeconds] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
    return bootSeconds === undefined ? null : 1000 * Number(bootSeconds) + 10 * ticks;
  } catch {
    return null;
  }
}
