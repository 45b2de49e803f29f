/** The outside world: the only interfaces with more than one implementation. */
import type { ContentId, Subject, SubjectKind } from './content-id.ts';
import type { Embedding, Face, FaceCrop, RgbImage } from './faces/face.ts';
import type { Look, Observation, PersonCrop } from './faces/observation.ts';
import type { People, ReferenceSource } from './people/person.ts';
import type { StateKey } from './state-keys.ts';
import type { JournalEntry, Proposal, Suggestion, SuggestionState } from './suggestions/suggestion.ts';

export type Log = {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** 0…1, of the whole run. */
  progress(fraction: number): void;
};

// ---------------------------------------------------------------- inference

/** One opened model with its names and shapes already checked against the catalogue. */
export type Session = {
  run(input: Float32Array, dims: readonly number[]): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
};

/** onnxruntime-node, or its WASM twin. */
export type Engine = {
  readonly name: 'native' | 'wasm';
  /** `cuda`, `webgpu`, `dml`, `coreml`, `cpu`, `wasm`. */
  readonly provider: string;
  /** @throws StashSenseError `model-missing`, `model-mismatch` */
  open(modelId: string): Promise<Session>;
};

/** sharp, or its ffmpeg twin. */
export type ImageCodec = {
  readonly name: 'sharp' | 'ffmpeg';
  /**
  Upright RGB, transparency on black, the first page of many; longer side at most `maxSide` pixels (smaller pictures keep their size).
  @throws StashSenseError `unreadable-media` for anything that is no picture, or has more than 300 million pixels
  */
  decode(bytes: Uint8Array, maxSide: number): Promise<RgbImage>;
  /** `quality` 1…100. */
  encodeJpeg(image: RgbImage, quality: number): Promise<Uint8Array>;
};

/** usearch, or its exact twin. Rows are numbered in the order they were added. */
export type VectorIndex = {
  readonly name: 'usearch' | 'exact';
  readonly size: number;
  add(vectors: readonly Embedding[]): Promise<void>;
  /** For each probe the `count` nearest rows, most similar first; fewer when the index is smaller. */
  search(probes: readonly Embedding[], count: number): Promise<{ row: number; similarity: number }[][]>;
};

/** Detector, landmarks, alignment and embedder of one pack. */
export type FaceAnalyzer = {
  /** Changes whenever the numbers would. */
  readonly packId: string;
  readonly dimensions: number;
  /** Engine and provider in use, for the log and the status page. */
  readonly engine: string;
  /**
  Every face, largest first; none is an answer, not an error.
  `thorough`: also small and tilted faces (tiles, turns), at several times the cost.
  */
  analyze(image: RgbImage, options?: { thorough?: boolean }): Promise<Face[]>;
  close(): Promise<void>;
};

/** One ffmpeg binary; every process dies with us, none inherits our stdout. */
export type Ffmpeg = {
  readonly path: string;
  /**
  Runs to the end; what it wrote to stdout.
  @throws StashSenseError `unreadable-media` when it fails or writes more than `maxBytes`, `file-missing` when it takes longer
  than `timeoutMs` or may not open its input, `machine-trouble`, `runtime-missing`
  */
  run(
    args: readonly string[],
    options: { input?: Uint8Array; maxBytes: number; timeoutMs: number },
  ): Promise<Uint8Array>;
};

/**
Files that exist for one step of work and may show faces. They lie in a folder of ours, die with the step, and what a
killed process leaves is swept at the next start.
*/
export type Scratch = {
  /**
  Writes the bytes to a file that only this user may read, and removes it when `work` ends.
  `name`: its last part. @throws StashSenseError `machine-trouble` when it cannot be written
  */
  withFile<T>(name: string, bytes: Uint8Array, work: (file: string) => Promise<T>): Promise<T>;
};

// ---------------------------------------------------------------- video

export type VideoInfo = {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  /** ffprobe's names: `h264`, `hevc`, …; container `mov,mp4,…`, `matroska,webm`. */
  readonly codec: string;
  readonly container: string;
  readonly sizeBytes: number;
  /** Typical distance of key frames, seen near the start; absent where only one was seen. */
  readonly keyFrameGapMs?: number;
};
export type VideoFrame = { readonly image: RgbImage; readonly timeMs: number };

/** Which frames of a file to decode. */
export type FramePlan =
  /** All key frames, thinned to about `maxFrames` evenly over the file. */
  | { readonly kind: 'key-frames'; readonly maxFrames: number; readonly maxSide: number }
  /** The frames at (or just before) these times. */
  | {
      readonly kind: 'times';
      readonly timesMs: readonly number[];
      readonly maxSide: number;
      readonly denoise?: boolean;
    }
  /** Evenly, every `everyMs`, decoding all: for short clips and odd files. */
  | {
      readonly kind: 'every';
      readonly everyMs: number;
      readonly maxFrames: number;
      readonly maxSide: number;
      /** Grain taken off with the help of the frames before and after: for dark video, at several times the cost. */
      readonly denoise?: boolean;
    };

/** Stash's ffmpeg: one process per call, frames piped raw. */
export type VideoFrames = {
  /** Null: the file has no video stream. @throws StashSenseError `unreadable-media` */
  probe(file: string): Promise<VideoInfo | null>;
  /**
  Frames in order of time; what can be read before a file breaks is given, then it ends.
  @throws StashSenseError `unreadable-media` when not one frame could be read
  */
  frames(file: string, info: VideoInfo, plan: FramePlan, signal?: AbortSignal): AsyncIterable<VideoFrame>;
};

// ---------------------------------------------------------------- Stash

export type StashFile = {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modTime: string;
  readonly durationMs: number | null;
  readonly width: number;
  readonly height: number;
  /** Path of the zip it lies in; its own path is then not a file on disk. */
  readonly zipPath: string | null;
  /** As Stash names them: `oshash`, `md5`, `phash`. */
  readonly fingerprints: Readonly<Record<string, string>>;
};
export type StashItem = {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly title: string;
  readonly files: readonly StashFile[];
  readonly performerIds: readonly string[];
  readonly tagIds: readonly string[];
  readonly updatedAt: string;
  /**
  Server-relative paths (no scheme, no host), null where Stash names none. Scene: cover, preview clip; image: the
  picture itself (also out of a zip), its thumbnail; gallery: cover, none.
  */
  readonly coverPath: string | null;
  readonly previewPath: string | null;
};
export type StashPerformer = {
  readonly id: string;
  readonly name: string;
  readonly disambiguation: string;
  readonly aliases: readonly string[];
  readonly stashIds: readonly { readonly endpoint: string; readonly stashId: string }[];
  /** Server-relative; null when the performer has no picture of their own. Carries `t=`, which changes with the performer. */
  readonly imagePath: string | null;
};
/** `imageCount`: images that carry the performer, whoever else is on them. */
export type ListedPerformer = StashPerformer & { readonly imageCount: number };
export type StashEnvironment = {
  readonly version: string;
  /** One sentence where this version was not tried; absent: it was. */
  readonly versionNote?: string;
  readonly ffmpegPath: string | null;
  readonly ffprobePath: string | null;
  /** Absolute. */
  readonly configDir: string;
  readonly generatedPath: string | null;
  readonly fileNaming: 'oshash' | 'md5';
};
export type StashJob = {
  readonly id: string;
  readonly status: 'READY' | 'RUNNING' | 'STOPPING' | 'FINISHED' | 'CANCELLED' | 'FAILED';
  readonly description: string;
};
/** `all`, or one of the narrower scopes of the settings, already resolved to ids. */
export type ItemFilter = {
  readonly withoutPerformers?: boolean;
  readonly studioId?: string;
  /** Scenes: a saved filter's own criteria, as Stash stored them. */
  readonly savedFilterId?: string;
  readonly tagId?: string;
  /** Images: this one performer and nobody else. */
  readonly onlyPerformerId?: string;
  /** Images of this gallery. */
  readonly galleryId?: string;
};

/** The user's Stash. Reads retry with back-off; writes are sent once. */
export type Library = {
  environment(): Promise<StashEnvironment>;
  /** Ascending by id, beginning behind `afterId` ('0' for the start): stable while items are edited. Empty at the end. */
  itemsAfter(kind: SubjectKind, afterId: string, limit: number, filter?: ItemFilter): Promise<StashItem[]>;
  countItems(kind: SubjectKind, filter?: ItemFilter): Promise<number>;
  /** Null when Stash has it no more. */
  item(subject: Subject): Promise<StashItem | null>;
  performersAfter(afterId: string, limit: number): Promise<ListedPerformer[]>;
  countPerformers(): Promise<number>;
  performer(id: string): Promise<StashPerformer | null>;
  /**
  The bytes behind one of Stash's own server-relative paths, at most `maxBytes`. Null: 404.
  @throws StashSenseError `unreadable-media` when it is larger, no picture or video, or Stash cannot read it itself
  */
  fetchMedia(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** By exact name or alias, any case. */
  findTag(name: string): Promise<string | null>;
  findStudio(nameOrId: string): Promise<string | null>;
  findSavedFilter(nameOrId: string): Promise<string | null>;
  /** Settings as Stash stored them; {} when never touched. */
  settings(): Promise<Record<string, unknown>>;
  /** Reads all, changes these, writes all: Stash knows only the whole map. */
  changeSettings(changes: Record<string, unknown>): Promise<void>;
  jobs(): Promise<StashJob[]>;
  /** Queues one of our tasks; the id of Stash's job. */
  startTask(taskName: string, args: Record<string, unknown>): Promise<string>;
  stopJob(id: string): Promise<void>;
};

/** The only way to change performers and tags in Stash; `tasks/suggestions/write.ts` alone is given it. */
export type LibraryWriter = {
  /**
  ADD or REMOVE mode: what others write meanwhile stays.
  @throws StashSenseError `stash-refused`, `not-found`: nothing was changed; `changed-since`: a part of it was, the rest refused
  */
  change(subject: Subject, change: { add?: PerformersAndTags; remove?: PerformersAndTags }): Promise<void>;
  /** The id of the tag with this name, made if there is none. */
  ensureTag(name: string): Promise<string>;
};
export type PerformersAndTags = {
  readonly performerIds?: readonly string[];
  readonly tagIds?: readonly string[];
};

// ---------------------------------------------------------------- store

export type WorkKind = SubjectKind | 'performer';
export type WorkState = 'pending' | 'done' | 'skipped' | 'failed';
export type WorkItem = {
  /** Which list it is on: `scan`, `people`, `identify`. */
  readonly task: string;
  readonly kind: WorkKind;
  readonly id: string;
  readonly title: string;
  /** Opaque: what was known of the item when it was offered. Another mark opens a finished item again. */
  readonly mark: string;
  readonly state: WorkState;
  /** Higher first; equal ones newest (highest id) first. */
  readonly priority: number;
  readonly attempts: number;
  readonly lastError: string | null;
  /** Unix milliseconds. */
  readonly updatedAt: number;
};

/** What is to be done, what is done, and who is at it. An item is claimed by one owner at a time. */
export type WorkTable = {
  /** New items are pending; a known one is opened again only when its mark differs. Unchanged ones keep their state and get the new priority and title. */
  offer(
    task: string,
    items: readonly Pick<WorkItem, 'kind' | 'id' | 'title' | 'mark' | 'priority'>[],
  ): Promise<void>;
  /**
  The next pending item that nobody holds (a holder silent for `leaseMs` holds nothing); counts an attempt.
  A failed attempt is pending again, behind the others, until `MAX_ATTEMPTS` (3); then it is `failed`.
  */
  claim(task: string, owner: string, leaseMs: number): Promise<WorkItem | null>;
  /** Does nothing when the item is held by another owner meanwhile. `note`: why it was skipped. */
  finish(
    item: Pick<WorkItem, 'task' | 'kind' | 'id'>,
    owner: string,
    state: 'done' | 'skipped',
    note?: string,
  ): Promise<void>;
  /** `final`: trying again would not help. */
  fail(
    item: Pick<WorkItem, 'task' | 'kind' | 'id'>,
    owner: string,
    error: string,
    final: boolean,
  ): Promise<void>;
  /** Gives back what the owner holds, without counting the attempt. */
  release(task: string, owner: string): Promise<void>;
  get(task: string, kind: WorkKind, id: string): Promise<WorkItem | null>;
  counts(task: string): Promise<Record<WorkState, number>>;
  /** Failed and skipped-with-a-note items, newest first. */
  troubles(task: string, limit: number, offset: number): Promise<{ total: number; items: WorkItem[] }>;
  /** All failed items pending again, attempts 0; how many. */
  retryFailed(task: string): Promise<number>;
  /** Drops items of this kind that a complete listing of Stash (of the ids of `range`, else of all) does not name; how many. */
  dropMissing(
    task: string,
    kind: WorkKind,
    presentIds: ReadonlySet<string>,
    range?: IdRange,
  ): Promise<number>;
};
/** Ids as numbers: above `after`, up to and with `upTo`; null: no upper end. */
export type IdRange = { readonly after: string; readonly upTo: string | null };

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
export type Claims = {
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
  /** The items of this list of the work table. */
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

export type Observations = {
  /** The one of this pack: there is one at most. */
  get(contentId: ContentId, packId: string): Promise<Observation | null>;
  /** The same for many at once; what has none is not in the answer. */
  getMany(contentIds: readonly ContentId[], packId: string): Promise<Map<ContentId, Observation>>;
  /** Replaces an older one of the same file and pack together with its crops, at once. */
  put(look: Look): Promise<void>;
  crops(contentId: ContentId, packId: string): Promise<PersonCrop[]>;
  /** Which files a subject had when it was last seen. */
  link(subject: Subject, title: string, contentIds: readonly ContentId[]): Promise<void>;
  contentOf(subject: Subject): Promise<ContentId[]>;
  /** The same for many at once, keyed `kind:id`; subjects never linked are not in the answer. */
  contentOfMany(subjects: readonly Subject[]): Promise<Map<string, ContentId[]>>;
  subjectsOf(contentId: ContentId): Promise<Subject[]>;
  /** Linked subjects with at least one observation of this pack, ascending by kind and id, for matching again. */
  subjectsAfter(
    packId: string,
    after: Subject | null,
    limit: number,
  ): Promise<{ subject: Subject; title: string }[]>;
  /** The mark of the recognizer (`recognizerMark`) that a subject was last matched with; null: never. */
  matchedWith(subject: Subject): Promise<string | null>;
  setMatchedWith(subject: Subject, mark: string): Promise<void>;
  /** `cropBytes`: of the pictures themselves, not of the file they lie in. */
  size(): Promise<{ observations: number; persons: number; crops: number; cropBytes: number }>;
};

export type ReferenceState =
  | 'used'
  | 'no-face'
  | 'several-faces'
  | 'drawing'
  | 'outlier'
  | 'unreadable'
  /** Taken back (undo), or its picture is gone. */
  | 'withdrawn';
export type StoredReference = {
  readonly id: string;
  readonly performerId: string;
  readonly source: Exclude<ReferenceSource, 'file'>;
  /** Where it came from: `profile`, `image:<id>`, or `<content id>#<person key>`. Unique with performer and pack. */
  readonly origin: string;
  /** Changes when the picture may have changed (`t=` of its URL): only then is it fetched again. */
  readonly hint: string;
  /** md5 of the bytes: the same picture under another URL is not new. */
  readonly contentHash: string;
  readonly packId: string;
  readonly state: ReferenceState;
  readonly embedding: Embedding | null;
  readonly quality: number;
  readonly crop: FaceCrop | null;
};

export type PeopleStore = People & {
  putPerformer(performer: StashPerformer): Promise<void>;
  performer(performerId: string): Promise<StashPerformer | null>;
  /** Drops performers (with their references) that a complete listing of Stash (of the ids of `range`, else of all) does not name; how many. */
  dropMissing(presentIds: ReadonlySet<string>, range?: IdRange): Promise<number>;
  references(performerId: string, packId: string): Promise<StoredReference[]>;
  /** The same without their pictures, which lie in another file. */
  vectors(performerId: string, packId: string): Promise<Omit<StoredReference, 'crop'>[]>;
  reference(id: string): Promise<StoredReference | null>;
  /** Same performer, origin and pack: replaced. Moves `version` only when what a search sees changed. @returns its id */
  putReference(reference: Omit<StoredReference, 'id'>): Promise<string>;
  setReferenceState(id: string, state: ReferenceState): Promise<void>;
  counts(
    packId: string,
  ): Promise<{ performers: number; withReference: number; references: Record<ReferenceState, number> }>;
};

export type SuggestionFilter = {
  readonly state?: SuggestionState;
  readonly subject?: Subject;
  readonly subjectKind?: SubjectKind;
  readonly performerId?: string;
  readonly minConfidence?: number;
  /** Part of a title or a name, any case. */
  readonly text?: string;
};
export type Suggestions = {
  /**
  All open suggestions of this analyzer for this subject become these: known keys are updated (a stale one opens again;
  accepted and rejected ones keep their state), the rest become stale.
  */
  replace(subject: Subject, analyzer: string, proposals: readonly Proposal[]): Promise<void>;
  list(
    filter: SuggestionFilter,
    order: 'confidence' | 'newest',
    limit: number,
    offset: number,
  ): Promise<{ total: number; items: Suggestion[] }>;
  /**
  Ids of open ones that may be accepted without asking a person, newest first, below the id `before`. Without those whose
  performer was written to the subject before and undone.
  @param filter `list`: the subject is on this work list; `changedSince`: Unix milliseconds
  */
  acceptable(
    filter: {
      readonly minConfidence: number;
      readonly subject?: Subject | undefined;
      readonly list?: string | undefined;
      readonly changedSince?: number | undefined;
      readonly ids?: readonly string[] | undefined;
    },
    before: string | null,
    limit: number,
  ): Promise<string[]>;
  /** Open ones of this kind and analyzer whose subject is not on this work list become stale. */
  withdrawUnlisted(kind: SubjectKind, analyzer: string, list: string): Promise<void>;
  get(id: string): Promise<Suggestion | null>;
  /**
  What is known of these subjects, keyed `kind:id`: the same as long as nobody has changed a suggestion of them. Subjects
  without one are not in the answer.
  */
  revisions(subjects: readonly Subject[]): Promise<Map<string, readonly SuggestionRevision[]>>;
  /**
  Compare and set: changes the state only where it is one of `from`.
  @returns whether it did; false also where there is no such suggestion
  */
  changeState(id: string, from: readonly SuggestionState[], to: SuggestionState): Promise<boolean>;
};
export type SuggestionRevision = Pick<Suggestion, 'key' | 'state' | 'updatedAt'>;

/** "Not this person", remembered for the content, not the scene: rescans, renames and re-added files keep it. */
export type Decisions = {
  reject(contentIds: readonly ContentId[], performer: StashPerformer, at: number): Promise<void>;
  /** By id, and by stash-box id or name where a merge in Stash changed the id. */
  rejected(contentIds: readonly ContentId[], performer: StashPerformer): Promise<boolean>;
  takeBack(contentIds: readonly ContentId[], performer: StashPerformer): Promise<void>;
};

export type Journal = {
  /** Before the write. @returns the entry's id */
  plan(entry: Omit<JournalEntry, 'id' | 'state' | 'at' | 'undoneAt'>): Promise<string>;
  /** After the write, with what really was added and removed. */
  settle(
    id: string,
    state: 'written' | 'undone' | 'void',
    changed?: Pick<JournalEntry, 'added' | 'removed'>,
  ): Promise<void>;
  /** What a crash left behind. */
  planned(): Promise<JournalEntry[]>;
  get(id: string): Promise<JournalEntry | null>;
  list(
    /** `before`: only entries below this id, to go through a long list page by page without counting from its start. */
    filter: {
      subject?: Subject;
      batchId?: string;
      state?: JournalEntry['state'];
      before?: string | undefined;
    },
    limit: number,
    offset: number,
  ): Promise<{ total: number; items: JournalEntry[] }>;
};

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
  Until `thaw`, only runs, claims and state can be written, by whatever process; the rest is told so (`busy`). The lock
  is to be kept: a mover that is dead, or silent for a minute and not certainly alive, holds nobody up.
  */
  freeze(owner: string): Promise<Lock>;
  thaw(): Promise<void>;
  /**
  All of the store into this folder, checked and on the disk. In the copy nothing is frozen or claimed, `run` waits for
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
  readonly claims: Claims;
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
