/** Writing to the user's Stash: planned in the journal, written, read back, settled. Implemented in `tasks/suggestions/write.ts`. */
import type { ContentId } from '../content-id.ts';
import type { PerformersAndTags, StashEntity } from '../ports/library.ts';
import type { JournalEntry } from './suggestion.ts';

/** The face that a write names: cluster `personKey` of the file `contentId` is this performer. */
export type FaceOf = {
  readonly contentId: ContentId;
  readonly personKey: number;
  readonly performerId: string;
};

/** The only write path: nothing else receives a `LibraryWriter`. */
export type Changes = {
  /**
  Runs `work` under the write lock, after settling entries that a crashed process left as `planned`. A call for the page
  fails with `busy` after a short wait for the lock; background work waits longer. When another process has taken over the
  lock, each write of this one to the store is refused.
  @throws StashSenseError `busy`
  */
  exclusively<T>(
    work: (write: Write) => Promise<T>,
    waiting?: 'for a person' | 'in the background',
  ): Promise<T>;
};

export type Write = {
  /**
  Plans in the journal, writes to Stash, reads the result back, and settles. Performers and tags that the entity has
  already are neither written nor recorded.
  @returns the settled entry; null when there was nothing to write
  @throws StashSenseError `stash-refused`, `not-found`: nothing was written
  */
  make(plan: ChangePlan): Promise<JournalEntry | null>;
  /** Reverts the part of the entry that `what` names. */
  revert(entry: JournalEntry, what: Change): Promise<void>;
  ensureTag(name: string): Promise<string>;
};
export type Change = { readonly add: PerformersAndTagIds; readonly remove: PerformersAndTagIds };
/** Like `PerformersAndTags` with both lists present. */
export type PerformersAndTagIds = {
  readonly performerIds: readonly string[];
  readonly tagIds: readonly string[];
};

export type ChangePlan = {
  /** As just read from Stash. */
  readonly item: StashEntity;
  readonly add?: PerformersAndTags;
  readonly remove?: PerformersAndTags;
  readonly summary: string;
  readonly batchId: string;
  readonly by: JournalEntry['by'];
  readonly suggestionId: string | null;
  /** The face that the write confirms as this performer: it can become a reference. */
  readonly face: FaceOf | null;
};
