/** Types of tasks and operations, and the context they get. */
import type { Changes } from '../../core/changes/write.ts';
import type { Input, OperationName, Output } from '../../core/contract/operations.ts';
import type { Fusion } from '../../core/packs/fusion.ts';
import type {
  CropEmbedder,
  FaceAnalyzer,
  ImageCodec,
  QuantizedVectors,
  RowSearch,
  VectorIndex,
} from '../../core/ports/vision.ts';
import { type Message, message } from '../../core/messages/message.ts';
import type { OpenGallery, Searches } from '../../core/ports/gallery.ts';
import type { Library } from '../../core/ports/library.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Hashes } from '../../core/ports/media.ts';
import type { PackChannel, ReferencePacks } from '../../core/ports/reference-packs.ts';
import type { Run } from '../../core/ports/runs.ts';
import type { PerformerScrapers } from '../../core/ports/boxes/scrapers.ts';
import type { FingerprintSubmission, StashBoxes } from '../../core/ports/stash-box.ts';
import type { FormerData, Forgotten, Store } from '../../core/ports/store.ts';
import type { Face, FaceCrop, RgbImage } from '../../core/faces/face.ts';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Artifact, MachineProfile, Tried } from '../../core/setup/acceleration.ts';
import type { TaskArgs } from '../../core/runs/task-args.ts';
import type { Exclusions } from '../../core/exclusions/exclusions.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { ListName, TaskMode } from '../../core/runs/tasks.ts';
import type { FrameToObserve, PictureToObserve, VideoToObserve } from '../../core/sampling/to-observe.ts';
import type { Settings } from '../../core/settings.ts';
import type { Progress } from './progress.ts';

/** Everything that tasks and operations can use. `openContext` (compose/context.ts) makes the real one. */
export type Context = {
  readonly version: string;
  /** Identifies this process in claims, locks and runs. */
  readonly owner: string;
  /** Absolute. */
  readonly dataFolder: string;
  readonly formerData: FormerData;
  readonly settings: Settings;
  /** One sentence for each setting that cannot be used; its default is used. */
  readonly settingsProblems: readonly Message[];
  readonly readSettings: (raw: unknown) => { settings: Settings; problems: Message[] };
  readonly log: Log;
  /** Unix milliseconds. The only clock, so that tests can replace it. */
  readonly now: () => number;
  /** Waits, by the same clock. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly store: Store;
  /** Without what is excluded: lists leave it out, and asking for one of it throws `excluded`. */
  readonly library: Library;
  readonly exclusions: ExclusionGuard;
  readonly vision: Vision;
  /** Everybody who can be recognised: the performers, and the people of reference packs. */
  readonly openGallery: OpenGallery;
  /** The performers of the user's Stash alone. */
  readonly openPerformers: OpenGallery;
  readonly stashBoxes: StashBoxes;
  readonly scrapers: PerformerScrapers;
  readonly fingerprints: FingerprintSubmission;
  readonly referencePacks: ReferencePacks;
  readonly packChannel: PackChannel;
  readonly acceleration: Acceleration;
  readonly hashes: Hashes;
  /** Stash runs beside this process: the paths of its files are paths here. False on the command line, where Stash may be another machine or a container. */
  readonly besideStash: boolean;
  /** The only way to write to Stash. */
  readonly changes: Changes;
  readonly limits: Limits;
  /** Starts the process that keeps time; null: this one was not started by Stash, and has no session to hand on. */
  readonly startScheduler: (() => Promise<void>) | null;
};

/** What the settings exclude, as they are now: a run goes on while they are changed. */
export type ExclusionGuard = {
  /** @throws StashSenseError `exclusion-unknown` where an exclusion cannot be found in Stash */
  current(): Promise<Exclusions>;
  /** One sentence for each exclusion that cannot be found in Stash, or why Stash cannot be asked. */
  problems(): Promise<readonly Message[]>;
  /**
  Before something about this is stored or written: it may have been excluded since it was read.
  @throws StashSenseError `excluded`, `exclusion-unknown`
  */
  check(ref: StashRef): Promise<void>;
  /** Erases what is kept of this, which turned out to be excluded. */
  forget(ref: StashRef): Promise<void>;
  /** Erases what is kept of all that is excluded. */
  apply(): Promise<Forgotten>;
  /** `apply`, once a run and whenever the settings have changed since. */
  applyOnce(run: Pick<Run, 'id'>): Promise<void>;
  /** `apply` for the performers alone, which are known at once. */
  applyToPerformers(): Promise<void>;
};

/** Models, codec and index, which cost memory and time. Nothing is loaded before `open`, `createIndex` or `createRowSearch` is called. */
export type Vision = {
  /** Id of the pack in use; known without opening a model. */
  readonly packId: string;
  readonly calibration: PackCalibration;
  /** The pack whose models see faces for the one in use, or the same: observations and references are kept under its id, and its numbers hold for single faces. */
  readonly seenBy: Pick<FaceAnalyzer, 'packId' | 'calibration' | 'dimensions'>;
  /** The packs of the catalogue. Cheap: opens no model. */
  packs(): Promise<readonly PackOffer[]>;
  /** What a pack adds to the one that sees faces for it, whether it is in use or not; null: nothing. Its models are opened at the first crop. */
  addedBy(packId: string): Promise<{ readonly fusion: Fusion; readonly embedder: CropEmbedder } | null>;
  open(): Promise<FacePipeline>;
  /** For many small pictures one after another, of which the engine is the longest part: `Models.analyzer` says why. */
  openForPictures(): Promise<Pick<FacePipeline, 'analyzer' | 'codec' | 'crop'>>;
  createIndex(dimensions: number): Promise<VectorIndex>;
  /** For a gallery. */
  createRowSearch(vectors: QuantizedVectors, searches: Searches): Promise<RowSearch>;
  /** Exact search in plain JavaScript, for few probes in a small gallery: loads no native package. */
  createPlainRowSearch(vectors: QuantizedVectors): RowSearch;
  /** Pack, weights and ffmpeg. Cheap: opens no model. */
  describe(): Promise<VisionDescription>;
  /** Runs each model on fixed input and compares the output with golden values. */
  selfTest(): Promise<Finding>;
  close(): Promise<void>;
};
/** Artifacts that were fetched or can be, and the profile of this machine. */
export type Acceleration = {
  /** Reads the disk, not the network. */
  state(): Promise<{
    readonly machine: string;
    /** Address for display; null: none is known. */
    readonly channel: string | null;
    readonly artifacts: readonly { readonly artifact: Artifact; readonly installed: boolean }[];
    readonly problems: readonly Message[];
  }>;
  /**
  Fetches and unpacks one artifact without loading it. Does nothing when it is installed.
  @throws StashSenseError `fetch-failed`, `stopped`, `not-found`
  */
  install(
    artifactId: string,
    options: { onProgress: (doneBytes: number, totalBytes: number) => void; signal: AbortSignal },
  ): Promise<void>;
  /**
  Deletes what crashes and older versions left, and damaged artifacts.
  @returns the bytes deleted; `kept`: paths of files that were changed since they were fetched, which are not deleted
  */
  sweep(): Promise<{ readonly bytes: number; readonly kept: readonly string[] }>;
  /** Null: nothing was tried on this machine with the installed artifacts. */
  choice(): Promise<MachineProfile | null>;
  /**
  Tries each compiled package and each engine in a process of its own, and stores which engine is the fastest.
  @throws StashSenseError `fetch-failed` when the result cannot be stored
  */
  tryOut(options: { say: (what: Message, fraction: number) => void; signal: AbortSignal }): Promise<Tried>;
};
export type FacePipeline = {
  readonly analyzer: FaceAnalyzer;
  readonly codec: ImageCodec;
  /** This and the next two: @throws StashSenseError `unreadable-media` */
  observeVideo(video: VideoToObserve): Promise<ObservationWithCrops>;
  observeFrame(frame: FrameToObserve): Promise<ObservationWithCrops>;
  observePicture(picture: PictureToObserve): Promise<ObservationWithCrops>;
  /** A picture of the face with some margin. */
  crop(image: RgbImage, face: Face): Promise<FaceCrop>;
};
export type PackOffer = {
  readonly id: string;
  readonly license: string;
  /** Ids of the models that it adds, and the bytes of their files. */
  readonly adds: readonly string[];
  readonly addedBytes: number;
  /** Why it cannot be used; null: it can. */
  readonly problem: Message | null;
};
export type VisionDescription = {
  readonly pack: { readonly id: string; readonly license: string } | null;
  readonly weights: Finding;
  readonly ffmpeg: Finding;
};
/** Result of a check: whether it passed, and its text. */
export type Finding = { readonly ok: boolean; readonly message: Message };

/** Durations, which tests shorten. */
export type Limits = {
  /** A slice yields Stash's queue after this time; Infinity: never. */
  readonly sliceMs: number;
  /** Before this time a slice does not yield to other jobs. */
  readonly sliceMinimumMs: number;
  /** An owner without a heartbeat for this long counts as dead. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** How often Stash's queue is checked for other waiting jobs. */
  readonly queueCheckMs: number;
};

/** Queued work: may take hours, may be killed at any point, continues afterwards. core/runs/tasks.ts declares its name, lists and arguments. */
export type Task<Mode extends TaskMode = TaskMode> = {
  readonly mode: Mode;
  /** Called before a start begins or joins a run: stores the request, so that a run in progress handles it too. */
  prepare?(context: Context, args: TaskArgs<Mode>): Promise<void>;
  /** Called after `prepare`: false when an earlier run has done all that this start asks for, so that none begins. */
  isNeeded?(context: Context, args: TaskArgs<Mode>): Promise<boolean>;
  /** The task was started again during the run: what the run read at its beginning must be read anew. */
  onRestartRequested?(context: Context, run: Run): Promise<void>;
  /** Asked in the transaction that ends a run: something was asked for since the task last looked, and is done by this run, or after a failure by another start. What failed does not count. */
  hasMore?(context: Context, hasFailed: boolean): Promise<boolean>;
  /** The run was stopped while no process worked on it: rolls back unfinished work. Also called when there is no run. */
  onStopped?(context: Context): Promise<void>;
  /** Works until nothing is left or the slice should yield. */
  work(context: Context, args: TaskArgs<Mode>, slice: Slice): Promise<SliceEnd>;
};

/** `finished`: nothing is left to do. `more`: the next slice continues. `message`: the result, for display. */
export type SliceEnd = { readonly end: 'finished' | 'more'; readonly message: Message };
export const MORE: SliceEnd = { end: 'more', message: message('runs.goesOn') };
/** The result of a run that was stopped. */
export const STOPPED: Message = message('runs.wasStopped');
/** How long state of a run is stored: longer than any run. */
export const RUN_TTL_MS = 90 * 86_400_000;

/** The part of a run that one process does. */
export type Slice = {
  readonly run: Run;
  readonly progress: Progress;
  /** Call it when a result is stored that a later slice need not repeat: a slice yields only after that, or each could end without a result. */
  advanced(): void;
  /** Stores the progress, in the transaction in which it is called. */
  publish(): Promise<void>;
  /** True when no further item should be started: the run was stopped, or, after `advanced`, the time is up or another job waits. */
  shouldYield(): Promise<boolean>;
  /**
  True when the run was stopped or a job of another task waits, this plugin's own included, however little was done. For a task
  that can do nothing for a while: it ends its slice rather than hold the queue.
  */
  othersWait(): Promise<boolean>;
  /** True when the run was stopped. For work that the next slice would have to start from the beginning, and that does not yield. */
  stopped(): Promise<boolean>;
  /** Renews this process's claims on a list until the slice ends. */
  renewsLeaseOf(list: ListName): void;
};

/** The members of any task that do not depend on its arguments. */
export type AnyTask = Pick<Task, 'mode' | 'onRestartRequested' | 'onStopped'>;

export function defineTask<Mode extends TaskMode>(task: Task<Mode>): Task<Mode> {
  return task;
}

/** Handlers of all operations in the contract; a missing one is a type error. */
export type Operations = {
  readonly [Name in OperationName]: (context: Context, input: Input<Name>) => Promise<Output<Name>>;
};
