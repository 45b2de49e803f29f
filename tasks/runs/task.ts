/** The shapes of what the user can start. */
import type { Changes } from '../../core/changes/write.ts';
import type { ContentId } from '../../core/content-id.ts';
import type { Input, OperationName, Output } from '../../core/contract/operations.ts';
import type { FaceAnalyzer, ImageCodec, VectorIndex } from '../../core/ports/vision.ts';
import { type Message, message } from '../../core/messages/message.ts';
import type { Library } from '../../core/ports/library.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Run } from '../../core/ports/runs.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Face, FaceCrop, RgbImage } from '../../core/faces/face.ts';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Artifact, MachineProfile, Tried } from '../../core/setup/acceleration.ts';
import type { TaskArgs } from '../../core/runs/task-args.ts';
import type { ListName, TaskMode } from '../../core/runs/tasks.ts';
import type { PictureToObserve, VideoToObserve } from '../../core/sampling/to-observe.ts';
import type { Settings } from '../../core/settings.ts';
import type { Progress } from './progress.ts';

/** All that a task or an operation may touch. `openContext` (compose/context.ts) makes the real one. */
export type Context = {
  readonly version: string;
  /** Names this process in claims and runs. */
  readonly owner: string;
  /** Absolute. */
  readonly dataFolder: string;
  readonly settings: Settings;
  /** Values of the user's that cannot be used, one sentence each; defaults stand in for them. */
  readonly settingsProblems: readonly Message[];
  readonly readSettings: (raw: unknown) => { settings: Settings; problems: Message[] };
  readonly log: Log;
  /** Unix milliseconds. The only clock: tests put another one in its place. */
  readonly now: () => number;
  /** Waits by the same clock. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly store: Store;
  readonly library: Library;
  readonly vision: Vision;
  readonly acceleration: Acceleration;
  readonly hashes: Hashes;
  /** The one write path. */
  readonly changes: Changes;
  readonly limits: Limits;
};

/** What costs memory and time to open. Nothing here is loaded before `open` or `createIndex` is called. */
export type Vision = {
  /** Of the pack in use; asked without opening a model. */
  readonly packId: string;
  readonly calibration: PackCalibration;
  open(): Promise<FacePipeline>;
  createIndex(dimensions: number): Promise<VectorIndex>;
  /** For a few probes, as an operation has: loads nothing. */
  createPlainIndex(dimensions: number): Promise<VectorIndex>;
  /** Acceleration, weights, codec, index, ffmpeg: cheap, opens nothing. */
  describe(): Promise<VisionDescription>;
  /** Known pictures through the whole pack, compared with golden vectors. */
  selfTest(): Promise<Finding>;
  close(): Promise<void>;
};
/** What was fetched beyond the package and what could be, and what was found out about this machine. */
export type Acceleration = {
  /** Looks at the disk only. */
  state(): Promise<{
    readonly machine: string;
    /** As people may see it; null: none is known. */
    readonly channel: string | null;
    readonly artifacts: readonly { readonly artifact: Artifact; readonly installed: boolean }[];
    readonly problems: readonly Message[];
  }>;
  /**
  Fetches and unpacks one part; nothing of it is loaded. Does nothing when it is there.
  @throws StashSenseError `fetch-failed`, `stopped`, `not-found`
  */
  install(
    artifactId: string,
    options: { onProgress: (doneBytes: number, totalBytes: number) => void; signal: AbortSignal },
  ): Promise<void>;
  /** Removes what crashes and older versions left, and what is damaged; how many bytes, and where files are that were changed since they were fetched. */
  sweep(): Promise<{ readonly bytes: number; readonly kept: readonly string[] }>;
  /** Null: nothing was tried on this machine with these parts. */
  choice(): Promise<MachineProfile | null>;
  /**
  Tries every compiled package and every engine in a process of its own, and keeps which is the fastest.
  @throws StashSenseError `fetch-failed` when that could not be kept
  */
  tryOut(options: { say: (what: Message, fraction: number) => void; signal: AbortSignal }): Promise<Tried>;
};
/** Of files that Stash has no fingerprint of. @throws StashSenseError `unreadable-media` */
export type Hashes = {
  oshash(file: string): Promise<ContentId>;
  md5(file: string): Promise<ContentId>;
};
export type FacePipeline = {
  readonly analyzer: FaceAnalyzer;
  readonly codec: ImageCodec;
  /** @throws StashSenseError `unreadable-media` */
  observeVideo(video: VideoToObserve): Promise<ObservationWithCrops>;
  /** @throws StashSenseError `unreadable-media` */
  observePicture(picture: PictureToObserve): Promise<ObservationWithCrops>;
  /** A loose cut-out. */
  crop(image: RgbImage, face: Face): Promise<FaceCrop>;
};
export type VisionDescription = {
  readonly pack: { readonly id: string; readonly license: string } | null;
  readonly weights: Finding;
  readonly ffmpeg: Finding;
};
/** Whether it is as it should be, and what to say of it. */
export type Finding = { readonly ok: boolean; readonly message: Message };

/** How long things may take. Tests shorten them. */
export type Limits = {
  /** A slice gives Stash's queue back after this; Infinity: it goes on until nothing is left. */
  readonly sliceMs: number;
  /** Before this a slice does not give way to other jobs. */
  readonly sliceMinimumMs: number;
  /** An owner silent for this long is taken for dead. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** How often Stash's queue is asked whether somebody else waits. */
  readonly queueCheckMs: number;
};

/** Queued work: may take hours, may be killed at any line, goes on where it was. Its name, lists and arguments stand in core/runs/tasks.ts. */
export type Task<Mode extends TaskMode = TaskMode> = {
  readonly mode: Mode;
  /** What must be in the store before this start joins a run that is at work, so that the run does it too. */
  prepare?(context: Context, args: TaskArgs<Mode>): Promise<void>;
  /** Asked for once more while a run is at work: what it found out at its beginning is to be found out again. */
  onRestartRequested?(context: Context, run: Run): Promise<void>;
  /** The run was stopped while nobody worked on it: what it has half done is rolled back. Called also where no run is in the store. */
  onStopped?(context: Context): Promise<void>;
  /** Works until nothing is left or the slice is over. */
  work(context: Context, args: TaskArgs<Mode>, slice: Slice): Promise<SliceEnd>;
};

/** `finished`: nothing is left. `message`: how it ended. */
export type SliceEnd = { readonly end: 'finished' | 'more'; readonly message: Message };
/** The slice yields, and the next one goes on. */
export const MORE: SliceEnd = { end: 'more', message: message('runs.goesOn') };
/** What a run says that was stopped. */
export const STOPPED: Message = message('runs.wasStopped');
/** How long state of a run is kept: no run lives longer. */
export const RUN_TTL_MS = 90 * 86_400_000;

/** The turn a task has in Stash's queue. */
export type Slice = {
  readonly run: Run;
  readonly progress: Progress;
  /**
  Something is stored that a later slice need not do again. A slice gives way only after that, however long it has
  worked: one that stored nothing would be followed by another that stores nothing.
  */
  advanced(): void;
  /** True once the item in hand should be the last: the run was stopped, or, after `advanced`, the time is up or another job waits. */
  shouldYield(): Promise<boolean>;
  /** True once the run was stopped. For work that would begin anew in the next slice, and so does not give way. */
  stopped(): Promise<boolean>;
  /** Lists whose claims live as long as this slice. */
  renewsLeaseOf(list: ListName): void;
};

/** Whichever task it is: what can be said of it without its arguments. */
export type AnyTask = Pick<Task, 'mode' | 'onRestartRequested' | 'onStopped'>;

export function defineTask<Mode extends TaskMode>(task: Task<Mode>): Task<Mode> {
  return task;
}

/** Answers for the page: one per name in the contract, or it does not compile. */
export type Operations = {
  readonly [Name in OperationName]: (context: Context, input: Input<Name>) => Promise<Output<Name>>;
};
