import type { Log } from '../../core/ports/log.ts';
import { logFault } from '../../core/log-fault.ts';
import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Library } from '../../core/ports/library.ts';
import { resolveExclusions, type ExclusionSettings } from './resolve.ts';

/** Why what these settings exclude cannot be found, for the Settings and the Status tab. */
export async function exclusionProblems(
  library: Pick<Library, 'exclusions' | 'environment'>,
  settings: ExclusionSettings,
  log: Pick<Log, 'error'>,
): Promise<readonly Message[]> {
  try {
    return (await resolveExclusions(library, settings)).problems;
  } catch (error) {
    logFault(log, error);
    return [saidOf(error)];
  }
}
