/** The work queue: items of the lists that tasks work through. */
import type { EntityKind } from '../content-id.ts';
import type { Message } from '../messages/message.ts';

/** `box-performer`: of a stash-box; its id is the `number` in `BoxPeople`. */
export type WorkKind = EntityKind | 'performer' | 'box-performer';

export type WorkState = 'pending' | 'done' | 'skipped' | 'failed';

export type WorkItem = {
  /** The list: `scan`, `people`, `identify`. */
  readonly list: string;
  readonly kind: WorkKind;
  readonly id: string;
  readonly title: string;
  /** Opaque fingerprint of the item when it was enqueued. Another revision sets a finished item to pending. */
  readonly revision: string;
  readonly state: WorkState;
  /** Higher first; with equal priority the highest id first. */
  readonly priority: number;
  readonly attempts: number;
  readonly lastError: Message | null;
  /** Unix milliseconds. */
  readonly updatedAt: number;
};

/** The items with their states. An item is claimed by one owner at a time. */
export type WorkTable = {
  /** New items are pending; a known item becomes pending only when its revision differs. Unchanged items keep their state and get the new priority, and the title unless it is empty. `isBackground`: what is pending with a higher priority stays as it is, since somebody waits for it. */
  enqueue(
    list: string,
    items: readonly Pick<WorkItem, 'kind' | 'id' | 'title' | 'revision' | 'priority'>[],
    options?: { readonly isBackground?: boolean },
  ): Promise<void>;
  /** Pending items without an owner, in the order in which they are claimed. */
  upcoming(list: string, limit: number): Promise<WorkItem[]>;
  /**
  Claims the next pending item without an owner (the claim of an owner silent for `leaseMs` has expired) and counts an
  attempt. After a failed attempt the item is pending behind the others; after `MAX_ATTEMPTS` (3) it is `failed`.
  */
  claim(list: string, owner: string, leaseMs: number): Promise<WorkItem | null>;
  /** Does nothing when another owner has claimed the item since. `note`: why it was skipped. */
  finish(
    item: Pick<WorkItem, 'list' | 'kind' | 'id'>,
    owner: string,
    state: 'done' | 'skipped',
    note?: Message,
  ): Promise<void>;
  /** `final`: no further attempt. */
  fail(
    item: Pick<WorkItem, 'list' | 'kind' | 'id'>,
    owner: string,
    error: Message,
    final: boolean,
  ): Promise<void>;
  /** Releases the owner's claims without counting the attempt. */
  release(list: string, owner: string): Promise<void>;
  /** Changes how a finished item ended: skipped for this reason, with null done. Does nothing with one that is pending or failed. */
  note(item: Pick<WorkItem, 'list' | 'kind' | 'id'>, reason: Message | null): Promise<void>;
  get(list: string, kind: WorkKind, id: string): Promise<WorkItem | null>;
  counts(list: string): Promise<Record<WorkState, number>>;
  /** Failed items and items skipped with a note, newest first. */
  failures(list: string, limit: number, offset: number): Promise<{ total: number; items: WorkItem[] }>;
  /** Sets all failed items to pending with 0 attempts. @returns their number */
  retryFailed(list: string): Promise<number>;
  /** Deletes items of this kind that are absent from a complete listing of Stash (within `range`, without it of all ids). @returns their number */
  dropMissing(
    list: string,
    kind: WorkKind,
    presentIds: ReadonlySet<string>,
    range?: IdRange,
  ): Promise<number>;
};

/** Numeric id range: above `after`, at most `upTo`; null: no upper limit. */
export type IdRange = { readonly after: string; readonly upTo: string | null };
