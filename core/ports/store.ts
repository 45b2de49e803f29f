/** All that is kept between two processes. */
import type { StateKey } from '../state-keys.ts';
import type { Journal } from './journal.ts';
import type { Observations } from './observations.ts';
import type { PeopleStore } from './people.ts';
import type { Locks, Leases, Lock, Runs } from './runs.ts';
import type { Decisions, Suggestions } from './suggestions.ts';
import type { WorkTable } from './work-queue.ts';

/** Plain state: cursors, schedule, caches. Values are JSON. */
export type State = {
  get(key: StateKey): Promise<unknown>;
  set(key: StateKey, value: unknown, ttlMs?: number): Promise<void>;
  delete(key: StateKey): Promise<void>;
};

/** What people may have erased of it, each by itself. */
export type ErasableData =
  /** What was seen in files: observations, vectors, crops, the lists of work and past runs. */
  | 'faces'
  /** Whom we know: references and their pictures. */
  | 'people'
  /** Suggestions, rejections, faces confirmed by a person. */
  | 'decisions'
  /** What was written to Stash: without it nothing can be undone. */
  | 'journal';

export type DataMeasure = { readonly count: number; readonly bytes: number };

/** For moving the data to another folder while other processes have them open. */
export type Relocation = {
  /**
  Until `thaw`, only runs, locks and state can be written, by whatever process; the rest is told so (`busy`). The lock
  is to be kept: a mover that is dead, or silent for a minute and not certainly alive, holds nobody up.
  */
  freeze(owner: string): Promise<Lock>;
  thaw(): Promise<void>;
  /**
  All of the store into this folder, checked and on the disk. In the copy nothing is frozen or locked, `run` waits for
  its next turn, and the state has these values too.
  @throws StashSenseError `store-unusable`
  */
  copyTo(
    folder: string,
    options: {
      readonly run: string;
      readonly state: () => Readonly<Partial<Record<StateKey, unknown>>>;
      /** 0…1 */
      readonly onProgress: (fraction: number) => void;
    },
  ): Promise<void>;
};

export type Store = {
  readonly work: WorkTable;
  readonly runs: Runs;
  readonly locks: Locks;
  readonly leases: Leases;
  readonly observations: Observations;
  readonly people: PeopleStore;
  readonly suggestions: Suggestions;
  readonly decisions: Decisions;
  readonly journal: Journal;
  readonly state: State;
  /** All or nothing; nested calls join. For what must not be half done. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  sizes(): Promise<{ databaseBytes: number; cropBytes: number }>;
  /** How much there is of each, by what it holds and not by the size of files. */
  measure(): Promise<Record<ErasableData, DataMeasure>>;
  /**
  Erases for good, on the disk too, with the copies kept of older versions. The caller sees to it that nobody works.
  `shrunk`: the files became smaller as well.
  */
  erase(
    what: readonly ErasableData[],
  ): Promise<{ erased: Record<ErasableData, DataMeasure>; shrunk: boolean }>;
  readonly relocation: Relocation;
  close(): Promise<void>;
};
