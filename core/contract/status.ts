import { z } from 'zod';
import { SCHEDULABLE } from '../schedule/schedulable.ts';
import { PackView } from './packs.ts';
import { RunView } from './runs.ts';
import { AccelerationView } from './setup.ts';
import { Message } from '../messages/schema.ts';

/** What must be there for the tasks to work, and what is new. */
export const Check = z.object({
  /** `weights`, `ffmpeg`, `engine`, `space`, `store`, `people`, `stash`, `reference-packs`. */
  id: z.string(),
  ok: z.boolean(),
  /** Nothing was checked: it says what there is to be had. */
  isNews: z.boolean().optional(),
  message: Message,
});

export type Check = z.infer<typeof Check>;

export const Status = z.object({
  version: z.string(),
  node: z.string(),
  stash: z.string(),
  /** `native cpu`, `wasm`; null before the first use. */
  engine: z.string().nullable(),
  /** `sharp`, `ffmpeg`; null before the first use. */
  imageCodec: z.string().nullable(),
  /** Null before the first use. */
  vectorIndex: Message.nullable(),
  pack: z.object({ id: z.string(), license: z.string() }).nullable(),
  packs: z.array(PackView),
  checks: z.array(Check),
  people: z.object({
    performers: z.int(),
    withReference: z.int(),
    references: z.record(z.string(), z.int()),
  }),
  scan: z.object({ pending: z.int(), done: z.int(), skipped: z.int(), failed: z.int() }),
  /** What failed in "Identify scene" is on a list of its own. */
  identify: z.object({ failed: z.int() }),
  /** `removed`: taken off in Stash since they were accepted; to be decided like the open ones. */
  suggestions: z.object({ open: z.int(), removed: z.int().optional() }),
  data: z.object({
    folder: z.string(),
    databaseBytes: z.int(),
    cropBytes: z.int(),
    observations: z.int(),
    /** Data left in another folder, because the setting was changed by hand. */
    former: z.object({ folder: z.string(), bytes: z.number(), usedAt: z.number() }).nullable(),
  }),
  runs: z.array(RunView),
  /** Of the tasks that have one. */
  schedule: z.array(
    z.object({
      task: z.enum(SCHEDULABLE),
      expression: z.string(),
      nextAt: z.number().nullable(),
      due: z.boolean(),
    }),
  ),
  acceleration: AccelerationView,
  /** A task that failed before it could record its run in the store; null: every failure is in `runs`. */
  lastFailure: z.object({ at: z.number(), task: z.string(), message: Message }).nullable(),
});

export type Status = z.infer<typeof Status>;
