import { StashSenseError } from '../errors.ts';

/** A process that was stopped, or that slept with the machine, finds that its lock or its run is another's now. */
export function takenOver(): StashSenseError {
  return new StashSenseError(
    'busy',
    'Another process of Stash Sense has taken over this work, because this one was silent for too long: it goes on there.',
  );
}
