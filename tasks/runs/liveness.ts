import type { Run } from '../../core/ports/runs.ts';
import { isOwnerAlive } from '../../plugin/system/process-owner.ts';

/** Whether a process works on the run: its last heartbeat is within the lease, and it is not known to have ended. */
export function isRunAlive(run: Run, now: number, leaseMs: number): boolean {
  return run.owner !== null && run.heartbeatAt > now - leaseMs && isOwnerAlive(run.owner);
}
