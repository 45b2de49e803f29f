/** The operations that the page may call. Page and plugin share this folder and nothing else. */
import { z } from 'zod';
import { SuggestionState } from '../suggestions/suggestion.ts';
import { TASK_MODES } from '../runs/tasks.ts';
import { BatchCounts, ChangeCount } from '../changes/batch.ts';
import { JournalEntry } from '../changes/journal-entry.ts';
import { dataOperations } from './data.ts';
import { scheduleOperations } from './schedule/operations.ts';
import { namingOperations } from './naming/operations.ts';
import { packOperations } from './packs.ts';
import { pictureOperations } from './pictures.ts';
import { referencePackOperations } from './reference-packs.ts';
import { packBuildOperations } from './pack-build.ts';
import { packChannelOperations } from './reference-packs/channel.ts';
import { stashBoxOperations } from './stash-box.ts';
import { fingerprintOperations } from './stash-box/fingerprints.ts';
import { sceneBoxOperations } from './stash-box/scenes.ts';
import { FacesView, Region } from './faces.ts';
import { peopleOperations } from './people.ts';
import { DryRunItem, healthOperations } from './runs.ts';
import { Status } from './status.ts';
import { AcceptChoices, AcceptResult, Refused, suggestionLists, SuggestionQuery } from './suggestions.ts';
import { Confidence, Id, EntityKind, EntityRefInput, StashRefInput } from './values.ts';
import { Message } from '../messages/schema.ts';

/** Milliseconds: a day. */
const MAX_TIME_MS = 86_400_000;

export const operations = {
  status: { input: () => z.object({}), output: () => Status },
  'scene.faces': { input: () => z.object({ sceneId: Id }), output: () => FacesView },
  /** `scene.faces` for any entity. Reads only the store: no media file is opened. */
  'entity.faces': { input: () => z.object({ entity: EntityRefInput }), output: () => FacesView },
  /** `via: task`: queued in Stash, the result comes through `scene.faces`; `operation`: finished when this returns. */
  'scene.identify': {
    input: () => z.object({ sceneId: Id, force: z.boolean().default(false) }),
    output: () => z.object({ via: z.enum(['task', 'operation']), faces: FacesView }),
  },
  /** Observes the image only when it has no observation yet, or with `force`; else returns the stored result. */
  'image.identify': {
    input: () => z.object({ imageId: Id, force: z.boolean().default(false) }),
    output: () => FacesView,
  },
  /**
  Looks at the frame that a player shows at this time, or for a face in a part of it, and matches whom it finds: they are kept
  with what is known of the file. `found`: the keys of their persons in `faces`; empty: there is no face.
  */
  'frame.identify': {
    input: () =>
      z.object({ sceneId: Id, timeMs: z.number().min(0).max(MAX_TIME_MS), region: Region.nullable() }),
    output: () => z.object({ found: z.array(z.int()), faces: FacesView }),
  },
  'gallery.identify': {
    input: () => z.object({ galleryId: Id, force: z.boolean().default(false) }),
    output: () => FacesView,
  },
  /** Many at once, by a task; `count`: how many different ones were named. */
  'entities.identify': {
    input: () => z.object({ kind: EntityKind, ids: z.array(Id).min(1).max(1_000_000) }),
    output: () => z.object({ count: z.int() }),
  },
  ...suggestionLists,
  /** Accepts these ids, or the open suggestions of a query from `minConfidence` on, highest confidence first; at most 500 a call. */
  'suggestions.accept': {
    input: () =>
      z.union([
        z.object({
          ids: z.array(z.string()).min(1).max(500),
          choices: AcceptChoices.optional(),
          /** Those of the ids that were shown as taken off since, and that the user adds again each on its own; others of that state are refused. */
          again: z.array(z.string()).max(500).optional(),
          dryRun: z.boolean().default(false),
        }),
        z.object({
          all: SuggestionQuery.extend({ minConfidence: Confidence }),
          limit: z.int().min(1).max(500).default(500),
          /** Number to skip: suggestions that an earlier call refused are still open and come first. */
          offset: z.int().min(0).default(0),
          dryRun: z.boolean().default(false),
          /** Batch of an earlier call, so that both are undone together. */
          batchId: z.string().min(1).max(100).optional(),
        }),
      ]),
    output: () => AcceptResult,
  },
  /** With a choice of a suggestion only that is ruled out: what is left is suggested anew. */
  'suggestions.reject': {
    input: () => z.object({ ids: z.array(z.string()).min(1).max(500), choices: AcceptChoices.optional() }),
    output: () =>
      z.object({
        rejected: z.array(z.string()),
        refused: z.array(Refused),
      }),
  },
  /**
  Unrejects: the suggestion becomes open, or removed where something was written for it; with a choice, only that is no longer
  ruled out. An accepted one for which nothing was written becomes open too, and the face is forgotten that the yes has taught.
  */
  'suggestions.reopen': {
    input: () => z.object({ ids: z.array(z.string()).min(1).max(500), choices: AcceptChoices.optional() }),
    output: () => z.object({ reopened: z.array(z.string()) }),
  },
  /** Adds a performer for whom there is no suggestion, such as a candidate of an ambiguous person, by the write path of accept. `journalId` is null when the entity had the performer already, or in a dry run. */
  'entity.add': {
    input: () => z.object({ entity: EntityRefInput, performerId: Id, personKey: z.int() }),
    output: () => z.object({ journalId: z.string().nullable(), dryRun: z.boolean() }),
  },
  /** Stores the rejection of this performer for a person of the entity, with or without a suggestion; `undo` deletes the rejection. */
  'entity.reject': {
    input: () =>
      z.object({
        entity: EntityRefInput,
        performerId: Id,
        personKey: z.int(),
        undo: z.boolean().default(false),
      }),
    output: () => z.object({ rejected: z.boolean() }),
  },
  /**
  `batches`: counts of the batches that the items belong to, which may have more entries than this page. `gone`: ids of those of
  the items that stand in Stash no more, or were changed there since, so that an undo leaves them as they are.
  */
  'journal.list': {
    input: () =>
      z.object({
        entity: StashRefInput.optional(),
        batchId: z.string().min(1).max(100).optional(),
        limit: z.int().min(1).max(200).default(50),
        offset: z.int().min(0).default(0),
      }),
    output: () =>
      z.object({
        total: z.int(),
        items: z.array(JournalEntry),
        batches: z.array(BatchCounts),
        gone: z.array(z.string()),
      }),
  },
  /** What is left to undo of a batch: `gone` of those that are written are not, see `journal.list`. */
  'journal.batch': {
    input: () => z.object({ batchId: z.string().min(1).max(100) }),
    output: () => BatchCounts.extend({ gone: z.int(), changes: z.array(ChangeCount) }),
  },
  /** `undone`: those that this call has undone. A batch: the newest first, at most `limit`; `next` goes on where more are left. */
  'journal.undo': {
    input: () =>
      z.union([
        z.object({ ids: z.array(z.string()).min(1).max(500) }),
        z.object({
          batchId: z.string().min(1).max(100),
          limit: z.int().min(1).max(500).optional(),
          /** `next` of the call before. */
          before: Id.optional(),
        }),
      ]),
    output: () =>
      z.object({
        undone: z.array(z.string()),
        refused: z.array(z.object({ id: z.string(), reason: Message })),
        next: z.string().optional(),
        /** By id, what became of the suggestions whose writes were undone: stale where they rested on what was undone. */
        states: z.record(z.string(), SuggestionState).optional(),
      }),
  },
  'settings.get': {
    input: () => z.object({}),
    output: () => z.object({ settings: z.record(z.string(), z.unknown()), problems: z.array(Message) }),
  },
  'settings.set': {
    input: () => z.object({ changes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
    /** `saved`: the names of those that were right; `problems`: what is wrong with the others. */
    output: () => z.object({ problems: z.array(Message), saved: z.array(z.string()) }),
  },
  /** Erases what is kept of all that the settings exclude; the next run does it too. */
  'exclusions.apply': {
    input: () => z.object({}),
    output: () => z.object({ entities: z.int(), performers: z.int(), message: Message.nullable() }),
  },
  /** Work items that failed or were skipped, with the reason. */
  'runs.failures': {
    input: () => z.object({ limit: z.int().min(1).max(200).default(50), offset: z.int().min(0).default(0) }),
    output: () =>
      z.object({
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
  /** What a dry run would have written by itself. */
  'runs.dryRun': {
    input: () =>
      z.object({
        runId: Id,
        limit: z.int().min(1).max(200).default(50),
        offset: z.int().min(0).default(0),
      }),
    output: () => z.object({ total: z.int(), items: z.array(DryRunItem) }),
  },
  /** Sets all failed items to pending, for the next run. */
  'runs.retry': { input: () => z.object({}), output: () => z.object({ count: z.int() }) },
  /** Starts a task by its mode; joins the run when one is running. */
  'runs.start': {
    input: () => z.object({ task: z.enum(TASK_MODES) }),
    output: () => z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  /** Stores consent to these artifacts (ids of `status.acceleration.artifacts`) and starts "Set up", which fetches them. An empty list withdraws consent and starts nothing. */
  'setup.consent': {
    input: () => z.object({ artifacts: z.array(z.string().min(1).max(100)).max(50) }),
    output: () => z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  ...peopleOperations,
  ...namingOperations,
  ...packOperations,
  ...referencePackOperations,
  ...packBuildOperations,
  ...packChannelOperations,
  ...stashBoxOperations,
  ...fingerprintOperations,
  ...sceneBoxOperations,
  ...pictureOperations,
  ...healthOperations,
  ...scheduleOperations,
  ...dataOperations,
  /** Text for a bug report, without secrets, titles and names. */
  diagnostics: { input: () => z.object({}), output: () => z.object({ text: z.string() }) },
  /** Ends the whole run, not only its current slice; without `task` all runs. */
  stop: {
    input: () => z.object({ task: z.enum(TASK_MODES).optional() }),
    output: () => z.object({ stopping: z.array(z.string()) }),
  },
} as const satisfies Readonly<Record<string, { input: () => z.ZodType; output: () => z.ZodType }>>;

export type OperationName = keyof typeof operations;

export type Input<Name extends OperationName> = z.output<ReturnType<(typeof operations)[Name]['input']>>;

/** The input as a caller passes it: fields with a default may be absent. */
export type Ask<Name extends OperationName> = z.input<ReturnType<(typeof operations)[Name]['input']>>;

export type Output<Name extends OperationName> = z.output<ReturnType<(typeof operations)[Name]['output']>>;
