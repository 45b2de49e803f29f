import type { Run } from '../../core/ports/runs.ts';

/** Whether a process works on the run: its last heartbeat is within the lease. */
export function isRunAlive(run: Run, now: number, leaseMs: number): boolean {
  return run.owner !== null && run.heartbeatAt > now - leaseMs;
}
