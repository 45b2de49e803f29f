import type { Run } from '../../core/ports/runs.ts';

/** A process is at it: it has told so within the lease. */
export function isRunAlive(run: Run, now: number, leaseMs: number): boolean {
  return run.owner !== null && run.heartbeatAt > now - leaseMs;
}
