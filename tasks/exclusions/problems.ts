import type { Log } from '../../core/ports/log.ts';
import { logFault } from '../../core/log-fault.ts';
import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { ResolvedExclusions } from './resolve.ts';

/** Why what the settings exclude cannot be found, for the Settings and the Status tab. */
export async function exclusionProblems(
  resolve: () => Promise<ResolvedExclusions>,
  log: Pick<Log, 'error'>,
): Promise<readonly Message[]> {
  try {
    return (await resolve()).problems;
  } catch (error) {
    logFault(log, error);
    return [saidOf(error)];
  }
}
