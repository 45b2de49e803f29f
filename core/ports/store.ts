/** Everything that is stored between two processes. */
import type { StashIdValue } from '../changes/change.ts';
import type { ContentId, EntityRef } from '../content-id.ts';
import type { StateKey, StateValue } from '../state-keys.ts';
import type { BoxPeople } from './boxes/box-people.ts';
import type { ContributedPeople } from './boxes/contributed-people.ts';
import type { BoxLookUps, SceneLookUps } from './boxes/look-ups.ts';
import type { ChangedScenes, Credits, Identifications } from './identifications.ts';
import type { Journal } from './journal.ts';
import type { CropEmbeddings, Observations } from './observations.ts';
import type { HiddenPeople, LookAlikes, PeopleStore } from './people.ts';
import type { ComputedPhashes } from './boxes/phashes.ts';
import type { Locks, Leases, Lock, Runs } from './runs.ts';
import type { Dismissals, Suggestions } from './suggestions.ts';
import type { WorkTable } from './work-queue.ts';

/** Key-value state: cursors, schedule, caches. Values are JSON, each with its schema in `STATE_KEYS`. */
export type State = {
  /** Null where nothing is stored, or what is stored does not fit the schema: an older version's, or damaged. */
  get<Key extends StateKey>(key: Key): Promise<StateValue<Key> | null>;
  set<Key extends StateKey>(key: Key, value: StateValue<Key>, ttlMs?: number): Promise<void>;
  delete(key: StateKey): Promise<void>;
};

/** Kinds of stored data that the user can erase independently. */
export type ErasableData =
  /** Observations with embeddings and crops, work lists and past runs. */
  | 'faces'
  /** References of performers and their crops, and what was learnt of performers of stash-boxes. */
  | 'people'
  /** Suggestions, dismissals, confirmed faces and hidden people, who go with the faces too. */
  | 'decisions'
  /** The journal of writes to Stash: without it nothing can be undone. */
  | 'journal';

export type DataMeasure = { readonly count: number; readonly bytes: number };

/** What is excluded by now: `contentIds` are those of its files. */
export type Excluded = {
  readonly entities: readonly (EntityRef & { readonly contentIds: readonly ContentId[] })[];
  readonly performerIds: readonly string[];
  /** Of these performers, at stash-boxes: what files of others have of them is found by it. */
  readonly stashIds?: readonly StashIdValue[];
};
/** How many of these something was kept of. */
export type Forgotten = { readonly entities: number; readonly performers: number };

/** Moves the data to another folder while other processes have the store open. */
export type Relocation = {
  /**
  Until `thaw` all processes can write only runs, locks and state; other writes fail with `busy`. The returned lock must
  be renewed: the freeze of a mover that is dead, or silent for a minute and not certainly alive, does not count.
  */
  freeze(owner: string): Promise<Lock>;
  thaw(): Promise<void>;
  /**
  Copies the store into this folder, verifies the copy and flushes it to disk. In the copy nothing is frozen or locked,
  `run` is between two slices, and `addState` adds to the state.
  @throws StashSenseError `store-unusable`
  */
  copyTo(
    folder: string,
    options: {
      readonly run: string;
      readonly addState: (state: Pick<State, 'set'>) => Promise<void>;
      /** Fraction copied, 0…1. */
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
  readonly cropEmbeddings: CropEmbeddings;
  readonly identifications: Identifications;
  readonly credits: Credits;
  readonly people: PeopleStore;
  readonly lookAlikes: LookAlikes;
  readonly hiddenPeople: HiddenPeople;
  readonly boxPeople: BoxPeople;
  readonly contributedPeople: ContributedPeople;
  readonly boxLookUps: BoxLookUps;
  readonly sceneLookUps: SceneLookUps;
  /** As re-cuts. */
  readonly recutLookUps: SceneLookUps;
  readonly computedPhashes: ComputedPhashes;
  readonly changedScenes: ChangedScenes;
  readonly suggestions: Suggestions;
  readonly dismissals: Dismissals;
  readonly journal: Journal;
  readonly state: State;
  /**
  Runs `work` in one transaction; nested calls join the outer one. `durable: false`: a power cut may undo it as a whole, which
  saves waiting for the disk where everything in it is done again then.
  */
  transaction<T>(work: () => Promise<T>, options?: { readonly durable?: boolean }): Promise<T>;
  sizes(): Promise<{ databaseBytes: number; cropBytes: number }>;
  /** Count and bytes of each kind, measured by content and not by file size. */
  measure(): Promise<Record<ErasableData, DataMeasure>>;
  /**
  Erases irreversibly, on the disk too, including backups of older versions. The caller ensures that no run is at work.
  `shrunk`: the files became smaller as well.
  */
  erase(
    what: readonly ErasableData[],
  ): Promise<{ erased: Record<ErasableData, DataMeasure>; shrunk: boolean }>;
  /**
  Erases all that is kept of these, but the journal, which undo needs, and what the user said no to. Observations of files
  that something else has stay; what had been matched with these is to be matched anew. Idempotent, also while runs are at
  work.
  */
  forget(what: Excluded): Promise<Forgotten>;
  /** After `forget`: erases what was deleted from the disk too, as `erase` does. Does nothing where nothing was forgotten since. */
  scrub(): Promise<{ shrunk: boolean }>;
  readonly relocation: Relocation;
  close(): Promise<void>;
};

/** Data that are left in another folder because the setting "Storage - data folder" was changed by hand. */
export type FormerFolder = {
  /** As the setting named it; empty: the default folder. */
  readonly setting: string;
  /** Absolute. */
  readonly folder: string;
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly usedAt: number;
};

export type FormerData = {
  /** Null: there are none, or the user has decided which folder to use. */
  find(): FormerFolder | null;
  /** What to store in Stash so that this folder counts as the one in use. @param setting as the setting names it */
  settled(setting: string): Record<string, string>;
  /** The same for the folder in use, where nobody has to decide; null: it is stored, or somebody has to. */
  toSettle(): Record<string, string> | null;
  /** Once Stash has stored it: keeps it in a file too. @param setting as for `settled` */
  remember(setting: string): void;
};
