/** What the page may ask of the plugin. The two sides share this room and nothing else. */
import { z } from 'zod';
import { TASK_MODES } from '../runs/tasks.ts';
import { JournalEntry } from '../suggestions/suggestion.ts';
import { DataKind } from './data.ts';
import { FacesView } from './faces.ts';
import { Status } from './status.ts';
import { AcceptResult, SuggestionQuery, SuggestionView } from './suggestions.ts';
import { Confidence, Id, Picture, EntityRefInput } from './values.ts';
import { Message } from '../messages/schema.ts';

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
          sourceKey: z.string(),
          state: z.string(),
          quality: z.number(),
          url: Picture.nullable(),
        }),
      ),
      /** Performers that cannot be recognised, with the reason. */
      without: z.object({
        total: z.int(),
        items: z.array(z.object({ performerId: z.string(), name: z.string(), reason: Message })),
      }),
    }),
  },
  'scene.faces': { input: z.object({ sceneId: Id }), output: FacesView },
  /** The same of an image or a gallery too. Only reads what is kept: no file is opened. */
  'entity.faces': { input: z.object({ entity: EntityRefInput }), output: FacesView },
  /** `via: task`: queued in Stash, ask `scene.faces`; `operation`: done when it answers. */
  'scene.identify': {
    input: z.object({ sceneId: Id, force: z.boolean().default(false) }),
    output: z.object({ via: z.enum(['task', 'operation']), faces: FacesView }),
  },
  /** Observes it only where that was never done (or with `force`); what is kept is answered at once. */
  'image.identify': {
    input: z.object({ imageId: Id, force: z.boolean().default(false) }),
    output: FacesView,
  },
  'gallery.identify': {
    input: z.object({ galleryId: Id, force: z.boolean().default(false) }),
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
  /** Either ids, or the open ones that fit a query, from a confidence on, highest confidence first; at most 500 a call. */
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
      refused: z.array(z.object({ id: z.string(), reason: Message })),
    }),
  },
  /** Unrejects: the suggestion is open again. */
  'suggestions.reopen': {
    input: z.object({ ids: z.array(z.string()).min(1).max(500) }),
    output: z.object({ reopened: z.array(z.string()) }),
  },
  /** Adds a performer nobody suggested: a candidate of an ambiguous person. Same write path as accept; null: it was there already, or this is a dry run. */
  'entity.add': {
    input: z.object({ entity: EntityRefInput, performerId: Id, personKey: z.int() }),
    output: z.object({ journalId: z.string().nullable(), dryRun: z.boolean() }),
  },
  /** Remembers that a person of the entity is not this performer, with or without a suggestion; `undo` forgets it again. */
  'entity.reject': {
    input: z.object({
      entity: EntityRefInput,
      performerId: Id,
      personKey: z.int(),
      undo: z.boolean().default(false),
    }),
    output: z.object({ rejected: z.boolean() }),
  },
  'journal.list': {
    input: z.object({
      entity: EntityRefInput.optional(),
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
      refused: z.array(z.object({ id: z.string(), reason: Message })),
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
  'runs.failures': {
    input: z.object({ limit: z.int().min(1).max(200).default(50), offset: z.int().min(0).default(0) }),
    output: z.object({
      total: z.int(),
      items: z.array(
        z.object({
          kind: z.string(),
          id: z.string(),
          title: z.string(),
          state: z.string(),
          error: Message,
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
  /** Agrees to these artifacts (ids of `status.acceleration.artifacts`) and starts "Set up", which fetches them. None: withdraws consent, starts nothing. */
  'setup.consent': {
    input: z.object({ artifacts: z.array(z.string().min(1).max(100)).max(50) }),
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
