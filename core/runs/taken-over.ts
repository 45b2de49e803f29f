import { StashSenseError } from '../errors.ts';
import { message } from '../messages/message.ts';

/** A process that was stopped, or that slept with the machine, finds that its lock or its run is another's now. */
export function takenOver(): StashSenseError {
  return new StashSenseError('busy', message('runs.takenOver'));
}
