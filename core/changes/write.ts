/** Writing to the user's Stash: planned in the journal, written, read back, settled. Implemented in `tasks/suggestions/write.ts`. */
import type { ContentId } from '../content-id.ts';
import type { StashRef } from '../stash-ref.ts';
import type { CreateChange, FieldChange, Identity, StashObject } from './change.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Due } from './plan.ts';
import type { Message } from '../messages/message.ts';

/** The face that a write names: cluster `personKey` of the file `contentId` is this performer. */
export type FaceOf = {
  readonly contentId: ContentId;
  readonly personKey: number;
  readonly performerId: string;
  /** The user has said themselves who it is: a reference also where nothing else is known of how the performer looks. */
  readonly isNamed?: true | undefined;
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
  Reads the entity, plans in the journal, writes to Stash, reads the result back, and settles. What the entity has already is
  neither written nor recorded.
  @returns the settled entry; null when there was nothing to write
  @throws StashSenseError `stash-refused`, `not-found`: nothing was written; `changed-since`: somebody else has changed it
  meanwhile, or another object has this id by now
  */
  make(plan: ChangePlan): Promise<JournalEntry | null>;
  /**
  Makes a performer, studio or tag.
  @throws StashSenseError `changed-since`: there is one of this name
  */
  create(plan: CreatePlan): Promise<JournalEntry>;
  /**
  Reverts an entry as far as `due` says, which is asked once the object was read and is the one that was meant.
  @throws StashSenseError `changed-since`, `not-found`, `stash-refused`
  */
  revert(entry: JournalEntry, due: (object: StashObject, begun: boolean) => Promise<Due>): Promise<void>;
  /**
  Finds a tag by its name or alias. Makes it where Stash has none, with an entry of its own in the batch.
  @returns its id; `made`: that entry, null where Stash had the tag
  */
  ensureTag(
    name: string,
    batch: Pick<CreatePlan, 'batchId' | 'by'>,
  ): Promise<{ readonly id: string; readonly made: JournalEntry | null }>;
};

type Plan = {
  readonly summary: Message;
  readonly batchId: string;
  readonly by: JournalEntry['by'];
  readonly suggestionId: string | null;
};

export type ChangePlan = Plan & {
  readonly entity: StashRef;
  /** All of them of this entity. */
  readonly changes: readonly FieldChange[];
  /** What the entity was when this was decided; absent: whatever has this id now. */
  readonly identity?: Identity;
  /** The face that the write confirms as this performer: it can become a reference. */
  readonly face: FaceOf | null;
  /** The file of the picture that a change sets. */
  readonly picture?: Uint8Array | null;
};

export type CreatePlan = Plan &
  Pick<CreateChange, 'kind' | 'values'> & {
    /** A file of a picture that Stash shows. Absent: none. */
    readonly picture?: Uint8Array | null;
  };
