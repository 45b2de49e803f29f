import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** `<pid>@<host>:<start>:<random>`: names one piece of work of one process, for claims. */
export function createOwner(): string {
  const startedAt = Math.round(performance.timeOrigin);
  return `${process.pid}@${hostname()}:${startedAt}:${randomBytes(6).toString('hex')}`;
}

/** False only when it certainly is gone: its process ran on this machine and is no more. */
export function isOwnerAlive(owner: string): boolean {
  const [, pid, host] = /^(\d+)@(.+):[^:]*:[^:]*$/.exec(owner) ?? [];
  if (pid === undefined || host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
