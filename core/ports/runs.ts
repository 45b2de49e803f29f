/** Runs of tasks, and locks between processes. */
import type { Message } from '../messages/message.ts';
import type { Suggestion } from '../suggestions/suggestion.ts';
import type { JobRef } from './library.ts';
import type { StateKey } from '../state-keys.ts';

export type RunState = 'running' | 'finished' | 'stopped' | 'failed';

export type Run = {
  readonly id: string;
  /** `scan`, `people`, `identify`, `set-up`. */
  readonly task: string;
  /** `stop`: a stop was requested; the slice at work reads this and ends the run. */
  readonly wanted: 'run' | 'stop';
  readonly state: RunState;
  readonly args: Record<string, unknown>;
  /** Owner of the slice at work; null between slices. */
  readonly owner: string | null;
  readonly heartbeatAt: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly slices: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Number of items of the whole run, as far as known. */
  readonly total: number;
  readonly itemsPerHour: number | null;
  readonly secondsLeft: number | null;
  /** What the run is doing or how it ended; an empty text before it has said anything. */
  readonly message: Message;
  /** The part of the work it is at: listing, learning people, scanning. An empty text: none was named. */
  readonly step: Message;
  /** Fraction done, 0…1. Never falls during a run, also when more work is found. */
  readonly fraction: number;
  /** The job of Stash's queue that works on it or will; null: none is known, as on the command line. */
  readonly job: JobRef | null;
  /** Why its last slice ended before its work did, such as no answer of Stash; null: it did not. */
  readonly interruption: Message | null;
};

/** A run is a record with a wanted state, worked on by one process after another. At most one run per task is running. */
export type Runs = {
  /**
  Joins the running run of this task, or creates one. `mine`: this owner now works on it; false when another owner whose
  last heartbeat is younger than `leaseMs` does.
  */
  begin(
    task: string,
    owner: string,
    args: Record<string, unknown>,
    leaseMs: number,
  ): Promise<{ run: Run; mine: boolean }>;
  /** Renews the lease and stores the progress. @returns the current record, from which a slice learns of a requested stop */
  heartbeat(
    id: string,
    owner: string,
    progress: Partial<
      Pick<
        Run,
        | 'done'
        | 'skipped'
        | 'failed'
        | 'total'
        | 'itemsPerHour'
        | 'secondsLeft'
        | 'message'
        | 'step'
        | 'fraction'
      >
    >,
  ): Promise<Run>;
  /** Stores which job of Stash's queue works on it. */
  setJob(id: string, owner: string, job: JobRef | null): Promise<void>;
  /** Ends the slice; the run continues in another one. `job`: the job of that one; absent: as it was. */
  pause(
    id: string,
    owner: string,
    left?: { readonly job?: JobRef | null; readonly interruption?: Message },
  ): Promise<void>;
  /** @returns false when another owner has the run or it has ended: then nothing was changed */
  end(id: string, owner: string, state: Exclude<RunState, 'running'>, message: Message): Promise<boolean>;
  /** `end` for a run without a living owner: it is between slices, or its owner is dead or has sent no heartbeat for `leaseMs`. */
  endAbandoned(
    id: string,
    leaseMs: number,
    state: Exclude<RunState, 'running'>,
    message: Message,
  ): Promise<boolean>;
  /** Requests a stop. Null: no run of this task is running. */
  askStop(task: string): Promise<Run | null>;
  running(): Promise<Run[]>;
  /** Those first that ended, or gave a sign of life, last: one that was cut short and taken up again is as new as its end. */
  recent(limit: number): Promise<Run[]>;
  /** The newest run of each task. */
  newestOfEach(): Promise<Run[]>;
  /** Keeps which suggestions a dry run would have accepted: of the newest runs, and of each a bounded number. */
  noteDryRun(id: string, suggestionIds: readonly string[]): Promise<void>;
  /** Their number, by run. */
  dryRunCounts(): Promise<ReadonlyMap<string, number>>;
  /** Their suggestions as they are now, the highest confidence first. */
  dryRun(id: string, limit: number, offset: number): Promise<{ total: number; items: DryRunItem[] }>;
};

/** What a dry run would have written. */
export type DryRunItem = Pick<
  Suggestion,
  'id' | 'entity' | 'entityTitle' | 'target' | 'targetName' | 'confidence' | 'state'
>;

/** `counter` rises with each take-over (fencing token): an owner that lost the lock and acquired it anew has another counter. */
export type Lock = { readonly lock: string; readonly owner: string; readonly counter: number };

/** Mutual exclusion between the processes of this data folder. */
export type Locks = {
  /** Acquires or renews. Null: another owner holds the lock, is alive and has sent a heartbeat within `leaseMs`. */
  acquire(name: string, owner: string, leaseMs: number): Promise<Lock | null>;
  release(name: string, owner: string): Promise<void>;
  /** Announces that an interactive process wants the lock: background work releases it at its next item and waits as long as the request is renewed. */
  request(name: string, owner: string, forMs: number): Promise<void>;
  withdraw(name: string, owner: string): Promise<void>;
  requested(name: string, byOtherThan: string): Promise<boolean>;
};

/** What a heartbeat renews: a lock, a run, claimed work items, or a state entry with a time to live. */
export type Held =
  | Lock
  | { readonly run: Pick<Run, 'id' | 'slices'>; readonly owner: string }
  /** The claimed items of this list of the work queue. */
  | { readonly list: string; readonly owner: string }
  | { readonly state: StateKey; readonly ttlMs: number };

export type Lease = {
  /** Another process has taken over the lock or run. Always false for items and state. */
  readonly lost: boolean;
  /** For a run: `stop` once a stop was requested. */
  readonly wanted: Run['wanted'];
  end(): void;
};

/** Renews leases from a worker thread, so that work that blocks the main thread for minutes does not lose them. */
export type Leases = {
  /**
  Renews every `everyMs` until `end`. As long as a lock or run is registered here, each write to the store fails with
  `busy` once another process has taken it over.
  */
  keep(held: Held, everyMs: number): Lease;
  /** Checks the leases before an effect outside the store. @throws StashSenseError `busy` when one was taken over */
  check(): Promise<void>;
};
