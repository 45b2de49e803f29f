/** Writing to the user's Stash: planned in the journal, made, read again, settled. `tasks/suggestions/write.ts` does it. */
import type { ContentId } from '../content-id.ts';
import type { PerformersAndTags, StashEntity } from '../ports/library.ts';
import type { JournalEntry } from './suggestion.ts';

/** Person `personKey` of the file `contentId` was said to be this performer. */
export type FaceOf = {
  readonly contentId: ContentId;
  readonly personKey: number;
  readonly performerId: string;
};

/** The one write path: nothing else is given a `LibraryWriter`. */
export type Changes = {
  /**
  Runs `work` while no other process of ours writes. What a crash left half-way is looked up in Stash before.
  A person is told after a while that somebody else writes; what runs in the background waits for longer.
  A process that was taken over plans, settles and remembers nothing more: each of its writes to the store is refused.
  @throws StashSenseError `busy`
  */
  exclusively<T>(
    work: (write: Write) => Promise<T>,
    waiting?: 'for a person' | 'in the background',
  ): Promise<T>;
};

export type Write = {
  /**
  Journal, Stash, a look at what came of it, journal. What is there already is not written and not in the entry.
  @returns the settled entry; null when there was nothing to write
  @throws StashSenseError `stash-refused`, `not-found`: nothing was written
  */
  make(plan: ChangePlan): Promise<JournalEntry | null>;
  /** Reverts what the entry added and removed, as far as `what` names it. */
  revert(entry: JournalEntry, what: Change): Promise<void>;
  ensureTag(name: string): Promise<string>;
};
export type Change = { readonly add: PerformersAndTagIds; readonly remove: PerformersAndTagIds };
/** Of what really happened: neither is left out. */
export type PerformersAndTagIds = {
  readonly performerIds: readonly string[];
  readonly tagIds: readonly string[];
};

export type ChangePlan = {
  /** As just read. */
  readonly item: StashEntity;
  readonly add?: PerformersAndTags;
  readonly remove?: PerformersAndTags;
  readonly summary: string;
  readonly batchId: string;
  readonly by: JournalEntry['by'];
  readonly suggestionId: string | null;
  /** The face that the write says is this performer: it may become a confirmed reference. */
  readonly face: FaceOf | null;
};
