/** In place of stash-boxes and reference packs, as long as nothing implements these ports. */
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import type { ReferencePacks } from '../../core/ports/reference-packs.ts';
import type { StashBoxes } from '../../core/ports/stash-box.ts';

export const noStashBoxes: StashBoxes = {
  list: () => Promise.resolve([]),
  open: (endpoint) => Promise.reject(new StashSenseError('not-found', plain(endpoint))),
  close: () => undefined,
};

export const noReferencePacks: ReferencePacks = {
  list: () => Promise.resolve([]),
  write: ({ id }) => Promise.reject(new StashSenseError('not-found', plain(id))),
  install: (place) => Promise.reject(new StashSenseError('not-found', plain(place))),
  remove: () => Promise.resolve(),
  person: () => Promise.resolve(null),
};
