/** Runs of tasks, and locks between processes. */
import type { StateKey } from '../state-keys.ts';

export type RunState = 'running' | 'finished' | 'stopped' | 'failed';

export type Run = {
  readonly id: string;
  /** `scan`, `people`, `identify`, `set-up`. */
  readonly task: string;
  /** `stop`: asked to end; the slice at work sees it and ends the run. */
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
  /** Items of the whole run, as far as known. */
  readonly total: number;
  readonly itemsPerHour: number | null;
  readonly secondsLeft: number | null;
  /** What it is doing, or how it ended, for people. */
  readonly message: string;
};

/** A run is a record with a wanted state, not a chain of processes: at most one running run per task. */
export type Runs = {
  /**
  Joins the running run of this task, or starts one. `mine`: this owner now works on it; false when another owner is
  at it whose last heartbeat is younger than `leaseMs`.
  */
  begin(
    task: string,
    owner: string,
    args: Record<string, unknown>,
    leaseMs: number,
  ): Promise<{ run: Run; mine: boolean }>;
  /** @returns the run as it is now wanted, so that a slice learns of a stop. */
  heartbeat(
    id: string,
    owner: string,
    progress: Partial<
      Pick<Run, 'done' | 'skipped' | 'failed' | 'total' | 'itemsPerHour' | 'secondsLeft' | 'message'>
    >,
  ): Promise<Run>;
  /** The slice is over and the run goes on in another one. */
  pause(id: string, owner: string): Promise<void>;
  /** False: another owner has the run meanwhile, or it has ended; nothing was changed. */
  end(id: string, owner: string, state: Exclude<RunState, 'running'>, message: string): Promise<boolean>;
  /** The same for a run that nobody works on: between slices, or its owner has been silent for `leaseMs` or is dead. */
  endAbandoned(
    id: string,
    leaseMs: number,
    state: Exclude<RunState, 'running'>,
    message: string,
  ): Promise<boolean>;
  /** Null when no run of this task is running. */
  askStop(task: string): Promise<Run | null>;
  running(): Promise<Run[]>;
  /** The newest first. */
  recent(limit: number): Promise<Run[]>;
  /** Of each task that ever ran, however long ago. */
  newestOfEach(): Promise<Run[]>;
};

/** `counter` rises each time the lock changes hands: an owner that lost it and has it anew holds another one. */
export type Lock = { readonly lock: string; readonly owner: string; readonly counter: number };

/** Who may do what only one may do at a time on this machine. */
export type Locks = {
  /** When free, ours already, or its holder has been silent for `leaseMs` or is dead; else null. Renews. */
  acquire(name: string, owner: string, leaseMs: number): Promise<Lock | null>;
  release(name: string, owner: string): Promise<void>;
  /** Somebody interactive wants it: holders of long work wait at their next item for as long as it is renewed. */
  request(name: string, owner: string, forMs: number): Promise<void>;
  withdraw(name: string, owner: string): Promise<void>;
  requested(name: string, byOtherThan: string): Promise<boolean>;
};

/** What a process holds, and what it says of itself for a while. */
export type Held =
  | Lock
  | { readonly run: Pick<Run, 'id' | 'slices'>; readonly owner: string }
  /** The items of this list of the work queue. */
  | { readonly list: string; readonly owner: string }
  | { readonly state: StateKey; readonly ttlMs: number };

export type Lease = {
  /** Another process has taken it over. Always false for items and state. */
  readonly lost: boolean;
  /** Of a run: `stop` once somebody asked for it. */
  readonly wanted: Run['wanted'];
  end(): void;
};

/** Renewed from a thread of its own: work that holds the main thread for minutes loses nothing. */
export type Leases = {
  /**
  Renews it every `everyMs` until `end`. While a lock or a run is kept here, each write of this store is refused
  (`busy`) once another process has taken that over.
  */
  keep(held: Held, everyMs: number): Lease;
  /** For what is not written to the store. @throws StashSenseError `busy` when something kept here was taken over */
  check(): Promise<void>;
};
