/** What is to be done, item by item. */
import type { EntityKind } from '../content-id.ts';
import type { Message } from '../messages/message.ts';

export type WorkKind = EntityKind | 'performer';

export type WorkState = 'pending' | 'done' | 'skipped' | 'failed';

export type WorkItem = {
  /** Which list it is on: `scan`, `people`, `identify`. */
  readonly list: string;
  readonly kind: WorkKind;
  readonly id: string;
  readonly title: string;
  /** Opaque: what was known of the item when it was enqueued. Another revision opens a finished item again. */
  readonly revision: string;
  readonly state: WorkState;
  /** Higher first; equal ones newest (highest id) first. */
  readonly priority: number;
  readonly attempts: number;
  readonly lastError: Message | null;
  /** Unix milliseconds. */
  readonly updatedAt: number;
};

/** What is to be done, what is done, and who is at it. An item is claimed by one owner at a time. */
export type WorkTable = {
  /** New items are pending; a known one is opened again only when its revision differs. Unchanged ones keep their state and get the new priority and title. */
  enqueue(
    list: string,
    items: readonly Pick<WorkItem, 'kind' | 'id' | 'title' | 'revision' | 'priority'>[],
  ): Promise<void>;
  /**
  The next pending item that nobody holds (a holder silent for `leaseMs` holds nothing); counts an attempt.
  A failed attempt is pending again, behind the others, until `MAX_ATTEMPTS` (3); then it is `failed`.
  */
  claim(list: string, owner: string, leaseMs: number): Promise<WorkItem | null>;
  /** Does nothing when the item is held by another owner meanwhile. `note`: why it was skipped. */
  finish(
    item: Pick<WorkItem, 'list' | 'kind' | 'id'>,
    owner: string,
    state: 'done' | 'skipped',
    note?: Message,
  ): Promise<void>;
  /** `final`: trying again would not help. */
  fail(
    item: Pick<WorkItem, 'list' | 'kind' | 'id'>,
    owner: string,
    error: Message,
    final: boolean,
  ): Promise<void>;
  /** Gives back what the owner holds, without counting the attempt. */
  release(list: string, owner: string): Promise<void>;
  get(list: string, kind: WorkKind, id: string): Promise<WorkItem | null>;
  counts(list: string): Promise<Record<WorkState, number>>;
  /** Failed and skipped-with-a-note items, newest first. */
  failures(list: string, limit: number, offset: number): Promise<{ total: number; items: WorkItem[] }>;
  /** All failed items pending again, attempts 0; how many. */
  retryFailed(list: string): Promise<number>;
  /** Drops items of this kind that a complete listing of Stash (of the ids of `range`, else of all) does not name; how many. */
  dropMissing(
    list: string,
    kind: WorkKind,
    presentIds: ReadonlySet<string>,
    range?: IdRange,
  ): Promise<number>;
};

/** Ids as numbers: above `after`, up to and with `upTo`; null: no upper end. */
export type IdRange = { readonly after: string; readonly upTo: string | null };
