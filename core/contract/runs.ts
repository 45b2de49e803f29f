import { z } from 'zod';
import { ChangeCount } from '../changes/batch.ts';
import { HEALTH_ANALYZERS } from '../health/analyzers.ts';
import { Message } from '../messages/schema.ts';
import { StashRef } from '../stash-ref.ts';
import { SuggestionState } from '../suggestions/suggestion.ts';

export const RunView = z.object({
  id: z.string(),
  task: z.string(),
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  /** `waiting`: its next slice stands in Stash's queue. `lost`: it was cut short, as `message` says; the next start goes on with it. */
  phase: z.enum(['working', 'waiting', 'lost', 'stopping', 'ended']),
  startedAt: z.number(),
  /** When it ended or was cut short. */
  endedAt: z.number().nullable(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  total: z.int(),
  itemsPerHour: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** What it is doing, or how it ended; an empty text before it has said anything. */
  message: Message,
  /** The part of the work it is at; an empty text before it has named one. */
  step: Message,
  /** Fraction done, 0…1; never falls during a run. */
  fraction: z.number(),
  /** The job of Stash's queue that works on it or waits to; null: none does, or it was started from the command line. */
  jobId: z.string().nullable(),
  /** What it wrote to Stash by itself, in one batch of the journal; null: nothing. `undone`: entries that were undone since. */
  wrote: z.object({ batchId: z.string(), changes: z.array(ChangeCount), undone: z.int() }).nullable(),
  /** Number of suggestions that it would have accepted if it had been no dry run. */
  wouldWrite: z.int(),
});

/** A suggestion that a dry run would have accepted, as it is now. */
export const DryRunItem = z.object({
  id: z.string(),
  entity: StashRef,
  entityTitle: z.string(),
  target: StashRef.nullable(),
  targetName: z.string(),
  confidence: z.number(),
  state: SuggestionState,
});

export type RunView = z.infer<typeof RunView>;

const HealthView = z.object({
  /** `open`: how many of its suggestions wait for a decision. */
  analyzers: z.array(z.object({ id: z.enum(HEALTH_ANALYZERS), isOn: z.boolean(), open: z.int() })),
});

/** The analyzers of *Check library health*. */
export const healthOperations = {
  'health.view': { input: () => z.object({}), output: () => HealthView },
  /** Switched off, its open suggestions are closed. */
  'health.set': {
    input: () => z.object({ id: z.enum(HEALTH_ANALYZERS), isOn: z.boolean() }),
    output: () => HealthView,
  },
} as const;
