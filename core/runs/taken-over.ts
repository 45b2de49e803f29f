import { StashSenseError } from '../errors.ts';
import { message } from '../messages/message.ts';

/** The error of a process that was suspended, alone or with the machine, and whose lock or run another process took over meanwhile. */
export function takenOver(): StashSenseError {
  return new StashSenseError('busy', message('runs.takenOver'));
}
