/** In place of stash-boxes, as long as nothing implements the port. */
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import type { StashBoxes } from '../../core/ports/stash-box.ts';

export const noStashBoxes: StashBoxes = {
  list: () => Promise.resolve([]),
  open: (endpoint) => Promise.reject(new StashSenseError('not-found', plain(endpoint))),
  close: () => undefined,
};
