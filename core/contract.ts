/** What the UI may ask of the plugin. The two sides share this file and nothing else. */
import { z } from 'zod';
import { TASK_MODES } from './runs/tasks.ts';
import { EngineTrial, PartKind } from './setup/acceleration.ts';
import { JournalEntry, Suggestion, SuggestionState } from './suggestions/suggestion.ts';

const Id = z.string().regex(/^\d+$/, 'a Stash id is a number');
const Confidence = z.number().min(0).max(1);
/** `data:image/jpeg;base64,…`, or a server-relative path of Stash. */
const Picture = z.string();

/** One face crop a person can look at. */
export const CropView = z.object({ url: Picture, timeMs: z.number().nullable() });

export const CandidateView = z.object({
  performerId: z.string().nullable(),
  name: z.string(),
  confidence: Confidence,
  similarity: z.number(),
  reference: z.object({ url: Picture, source: z.enum(['profile', 'image', 'confirmed', 'file']) }).nullable(),
  /** Somebody said that it is not this performer; `subject.reject` with `undo` takes that back. Absent: nobody did. */
  rejected: z.boolean().optional(),
  /** The subject has this performer already. */
  present: z.boolean().optional(),
  /** The write that put the performer there and can be undone. Absent: none. */
  journalId: z.string().optional(),
});
export type CandidateView = z.infer<typeof CandidateView>;

/** One person of a scene, an image or a gallery, as the Faces tab shows them. */
export const PersonView = z.object({
  key: z.int(),
  decision: z.enum(['match', 'ambiguous', 'unknown']),
  /** Of a match. */
  performerId: z.string().nullable(),
  name: z.string().nullable(),
  confidence: Confidence,
  margin: z.number(),
  faceCount: z.int(),
  /** Milliseconds into the scene, ascending, at most 24. */
  timesMs: z.array(z.number()),
  crops: z.array(CropView),
  /** Best first; of a match the first is the answer. */
  candidates: z.array(CandidateView),
  /** What can be accepted or was decided, for the match. */
  suggestion: z.object({ id: z.string(), state: SuggestionState }).nullable(),
  /** The write that can be undone. */
  journalId: z.string().nullable(),
  /** The subject has this performer already. */
  present: z.boolean(),
});
export type PersonView = z.infer<typeof PersonView>;

export const RunView = z.object({
  id: z.string(),
  task: z.string(),
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  /** `working`, `waiting` for its turn in Stash's queue, `lost` (Stash was restarted: start it again), `stopping`. */
  phase: z.enum(['working', 'waiting', 'lost', 'stopping', 'ended']),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  total: z.int(),
  itemsPerHour: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  message: z.string(),
});
export type RunView = z.infer<typeof RunView>;

export const FacesView = z.object({
  /** `waiting`: asked for, not begun. */
  state: z.enum(['never', 'waiting', 'working', 'done', 'failed']),
  /** 0…1 and what is being done, while it works. */
  progress: z.object({ fraction: z.number(), message: z.string() }).nullable(),
  /** What keeps the next look from working (weights missing, no people yet). */
  problem: z.string().nullable(),
  /** Of the last look, when it failed; whoever was seen before is in `persons` all the same. */
  lastFailure: z.object({ at: z.number(), message: z.string() }).nullable(),
  observedAt: z.number().nullable(),
  frameCount: z.int(),
  persons: z.array(PersonView),
  /** How many people can be recognised at all. */
  peopleCount: z.int(),
  /** Who is known has changed since: with so many people it is matched again by the next task, not by looking at it. */
  isOutdated: z.boolean().optional(),
});
export type FacesView = z.infer<typeof FacesView>;

const Check = z.object({
  /** `weights`, `ffmpeg`, `engine`, `space`, `store`, `people`, `stash`. */
  id: z.string(),
  ok: z.boolean(),
  message: z.string(),
});

/** What could be fetched beyond the package, what was agreed to, and what "Set up" found out about this machine. */
export const RuntimeView = z.object({
  /** `Linux x64, glibc 2.36`. */
  machine: z.string(),
  /** Where more comes from, as people may see it; null: no place is known. */
  channel: z.string().nullable(),
  /** Node is not among them: the launcher fetches it. */
  parts: z.array(
    z.object({
      id: z.string(),
      kind: PartKind,
      provides: z.string(),
      version: z.string(),
      sizeBytes: z.int(),
      licence: z.string(),
      installed: z.boolean(),
      /** What it is good for, with the machine it was measured on; null: nothing was measured. */
      gain: z.string().nullable(),
    }),
  ),
  /** `parts` are ids. */
  consent: z.object({ at: z.number(), parts: z.array(z.string()) }).nullable(),
  /** Null: nothing was tried on this machine with these parts. */
  choice: z
    .object({
      at: z.number(),
      engine: z.enum(['native', 'wasm']),
      provider: z.string(),
      modules: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
      engines: z.array(EngineTrial),
    })
    .nullable(),
  /** One sentence each. */
  problems: z.array(z.string()),
});
export type RuntimeView = z.infer<typeof RuntimeView>;

export const Status = z.object({
  version: z.string(),
  node: z.string(),
  stash: z.string(),
  /** `native cpu`, `wasm`; null before the first use. */
  engine: z.string().nullable(),
  imageCodec: z.string(),
  vectorIndex: z.string(),
  pack: z.object({ id: z.string(), license: z.string() }).nullable(),
  checks: z.array(Check),
  people: z.object({
    performers: z.int(),
    withReference: z.int(),
    references: z.record(z.string(), z.int()),
  }),
  scan: z.object({ pending: z.int(), done: z.int(), skipped: z.int(), failed: z.int() }),
  suggestions: z.object({ open: z.int() }),
  data: z.object({ folder: z.string(), databaseBytes: z.int(), cropBytes: z.int(), observations: z.int() }),
  runs: z.array(RunView),
  schedule: z.object({ expression: z.string(), nextAt: z.number().nullable(), due: z.boolean() }),
  runtime: RuntimeView,
  /** A task that ended before the store could be told; null: none that the runs do not tell of. */
  lastFailure: z.object({ at: z.number(), task: z.string(), message: z.string() }).nullable(),
});
export type Status = z.infer<typeof Status>;

const DATA_KINDS = ['faces', 'people', 'decisions', 'journal', 'fetched'] as const;
export const DataKind = z.enum(DATA_KINDS);
export type DataKind = z.infer<typeof DataKind>;

const AcceptResult = z.object({
  accepted: z.array(z.object({ id: z.string(), journalId: z.string().nullable() })),
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** In a dry run nothing was written; `accepted` says what would be. */
  dryRun: z.boolean(),
  batchId: z.string(),
});

const SuggestionView = Suggestion.extend({
  crop: CropView.nullable(),
  reference: z.object({ url: Picture, source: z.string() }).nullable(),
  /** Server-relative page of the subject, `/scenes/12`. */
  href: z.string(),
});
export type SuggestionView = z.infer<typeof SuggestionView>;

const SubjectKind = z.enum(['scene', 'image', 'gallery']);
const SubjectRef = z.object({ kind: SubjectKind, id: Id });

const SuggestionQuery = z.object({
  state: SuggestionState.default('open'),
  subjectKind: SubjectKind.optional(),
  subject: SubjectRef.optional(),
  performerId: Id.optional(),
  minConfidence: Confidence.optional(),
  text: z.string().max(200).optional(),
});

export const operations = {
  status: { input: z.object({}), output: Status },
  'people.info': {
    input: z.object({
      performerId: Id.optional(),
      limit: z.int().min(1).max(200).default(50),
      offset: z.int().min(0).default(0),
    }),
    output: z.object({
      performers: z.int(),
      withReference: z.int(),
      references: z.record(z.string(), z.int()),
      /** Of the performer asked for: each picture looked at, and what came of it. */
      pictures: z.array(
        z.object({
          source: z.string(),
          origin: z.string(),
          state: z.string(),
          quality: z.number(),
          url: Picture.nullable(),
        }),
      ),
      /** Performers that cannot be recognised, with the reason. */
      without: z.object({
        total: z.int(),
        items: z.array(z.object({ performerId: z.string(), name: z.string(), reason: z.string() })),
      }),
    }),
  },
  'scene.faces': { input: z.object({ sceneId: Id }), output: FacesView },
  /** The same of an image or a gallery too. Only reads: nothing is looked at. */
  'subject.faces': { input: z.object({ subject: SubjectRef }), output: FacesView },
  /** `via: task`: queued in Stash, ask `scene.faces`; `operation`: done when it answers. */
  'scene.identify': {
    input: z.object({ sceneId: Id, again: z.boolean().default(false) }),
    output: z.object({ via: z.enum(['task', 'operation']), faces: FacesView }),
  },
  /** Looks only when it never has (or `again`); a kept look is answered at once. */
  'image.identify': {
    input: z.object({ imageId: Id, again: z.boolean().default(false) }),
    output: FacesView,
  },
  'gallery.identify': {
    input: z.object({ galleryId: Id, again: z.boolean().default(false) }),
    output: FacesView,
  },
  'suggestions.list': {
    input: SuggestionQuery.extend({
      order: z.enum(['confidence', 'newest']).default('confidence'),
      limit: z.int().min(1).max(100).default(40),
      offset: z.int().min(0).default(0),
    }),
    output: z.object({ total: z.int(), items: z.array(SuggestionView) }),
  },
  /** Either ids, or the open ones above a bar that fit a query, the surest first; at most 500 a call. */
  'suggestions.accept': {
    input: z.union([
      z.object({ ids: z.array(z.string()).min(1).max(500), dryRun: z.boolean().default(false) }),
      z.object({
        all: SuggestionQuery.extend({ minConfidence: Confidence }),
        limit: z.int().min(1).max(500).default(500),
        /** So many are passed over: those an earlier call refused, which are still open. */
        offset: z.int().min(0).default(0),
        dryRun: z.boolean().default(false),
        /** Of an earlier call: both can be undone together. */
        batchId: z.string().min(1).max(100).optional(),
      }),
    ]),
    output: AcceptResult,
  },
  'suggestions.reject': {
    input: z.object({ ids: z.array(z.string()).min(1).max(500) }),
    output: z.object({
      rejected: z.array(z.string()),
      refused: z.array(z.object({ id: z.string(), reason: z.string() })),
    }),
  },
  /** Takes a rejection back: the suggestion is open again. */
  'suggestions.reopen': {
    input: z.object({ ids: z.array(z.string()).min(1).max(500) }),
    output: z.object({ reopened: z.array(z.string()) }),
  },
  /** Adds a performer nobody suggested: a candidate of an ambiguous person. Same write path as accept; null: it was there already, or this is a dry run. */
  'subject.add': {
    input: z.object({ subject: SubjectRef, performerId: Id, personKey: z.int() }),
    output: z.object({ journalId: z.string().nullable(), dryRun: z.boolean() }),
  },
  /** Remembers that a person of the subject is not this performer, with or without a suggestion; `undo` forgets it again. */
  'subject.reject': {
    input: z.object({
      subject: SubjectRef,
      performerId: Id,
      personKey: z.int(),
      undo: z.boolean().default(false),
    }),
    output: z.object({ rejected: z.boolean() }),
  },
  'journal.list': {
    input: z.object({
      subject: SubjectRef.optional(),
      limit: z.int().min(1).max(200).default(50),
      offset: z.int().min(0).default(0),
    }),
    output: z.object({ total: z.int(), items: z.array(JournalEntry) }),
  },
  'journal.undo': {
    input: z.union([
      z.object({ ids: z.array(z.string()).min(1).max(500) }),
      z.object({ batchId: z.string() }),
    ]),
    output: z.object({
      undone: z.array(z.string()),
      refused: z.array(z.object({ id: z.string(), reason: z.string() })),
    }),
  },
  'settings.get': {
    input: z.object({}),
    output: z.object({ settings: z.record(z.string(), z.unknown()), problems: z.array(z.string()) }),
  },
  'settings.set': {
    input: z.object({ changes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
    output: z.object({ problems: z.array(z.string()) }),
  },
  /** Files and items that failed or were skipped, with the reason. */
  'runs.troubles': {
    input: z.object({ limit: z.int().min(1).max(200).default(50), offset: z.int().min(0).default(0) }),
    output: z.object({
      total: z.int(),
      items: z.array(
        z.object({
          kind: z.string(),
          id: z.string(),
          title: z.string(),
          state: z.string(),
          error: z.string(),
          attempts: z.int(),
          at: z.number(),
        }),
      ),
    }),
  },
  /** All failed items may be tried again by the next scan. */
  'runs.retry': { input: z.object({}), output: z.object({ count: z.int() }) },
  /** Starts a task of the menu by its mode; joins when it runs. */
  'runs.start': {
    input: z.object({ task: z.enum(TASK_MODES) }),
    output: z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  /** Agrees to these parts (ids of `status.runtime.parts`) and starts "Set up", which fetches them. None: takes it back, starts nothing. */
  'runtime.consent': {
    input: z.object({ parts: z.array(z.string().min(1).max(100)).max(50) }),
    output: z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  /** What is kept, and how large it is; `fetched` holds runtime, models and downloads. */
  'data.info': {
    input: z.object({}),
    output: z.object({
      folder: z.string(),
      freeBytes: z.number().nullable(),
      kept: z.array(z.object({ what: DataKind, count: z.int(), bytes: z.number() })),
      /** Where a move that was begun is to go on to. */
      movingTo: z.string().nullable(),
      /** The old folder, when a move that has happened is still to remove it. */
      leftBehind: z.string().nullable(),
    }),
  },
  /** Erases for good; refuses while a run works. Without the journal nothing can be undone any more: only on request. */
  'data.clear': {
    input: z.object({ what: z.array(DataKind).min(1).max(10) }),
    output: z.object({
      erased: z.array(z.object({ what: DataKind, count: z.int(), bytes: z.number() })),
      /** What it erased, and what is left to do by hand to be rid of all of it. */
      message: z.string(),
    }),
  },
  /** Starts the task "Move data", which moves all we keep to this folder and removes the old one. */
  'data.move': {
    input: z.object({ folder: z.string().trim().min(1).max(1000) }),
    output: z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  /** For a bug report: no secrets, no titles, no names. */
  diagnostics: { input: z.object({}), output: z.object({ text: z.string() }) },
  /** Ends a run, not only its slice; all when no task is named. */
  stop: {
    input: z.object({ task: z.enum(TASK_MODES).optional() }),
    output: z.object({ stopping: z.array(z.string()) }),
  },
} as const;

export type OperationName = keyof typeof operations;
export type Input<Name extends OperationName> = z.output<(typeof operations)[Name]['input']>;
/** What a caller may leave out, defaults filled in on the other side. */
export type Ask<Name extends OperationName> = z.input<(typeof operations)[Name]['input']>;
export type Output<Name extends OperationName> = z.output<(typeof operations)[Name]['output']>;
