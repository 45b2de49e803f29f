/** A Stash whose settings have no scraper and no stash-box. */
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { PerformerScrapers } from '../../../core/ports/boxes/scrapers.ts';
import type { StashBoxes } from '../../../core/ports/stash-box.ts';

export const noScrapers: PerformerScrapers = {
  list: () => Promise.resolve([]),
  find: () => Promise.reject(new Error('a scraper was asked')),
  pictures: () => Promise.reject(new Error('a scraper was asked')),
};

export const noStashBoxes: StashBoxes = {
  list: () => Promise.resolve([]),
  trouble: () => Promise.resolve(null),
  open: (endpoint) =>
    Promise.reject(new StashSenseError('not-found', message('stashBox.notInSettings', { endpoint }))),
  close: () => undefined,
};
