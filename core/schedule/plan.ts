import { z } from 'zod';

const MinuteOfDay = z.int().min(0).max(1439);
/** As `QuietHours`. */
export const QuietHoursInput = z.object({ from: MinuteOfDay, to: MinuteOfDay });

/** What is set of the schedule beside the expression of *Scan library*, with what holds where nothing was set. */
export const PlanRules = z.object({
  /** By mode of the task. */
  expressions: z.record(z.string(), z.string()),
  quietHours: QuietHoursInput.nullable().default(null),
  /** Nothing starts while Stash's queue has a job that is not ours. */
  waitsForQueue: z.boolean().default(false),
  /** Nothing starts while somebody watches, as far as that can be seen. */
  waitsForWatching: z.boolean().default(true),
  /** A process of ours keeps time. */
  background: z.boolean().default(false),
  /** Where a process keeps time: new scenes are scanned soon after Stash has found them. */
  scansNew: z.boolean().default(true),
});
export type PlanRules = z.output<typeof PlanRules>;
export const NOTHING_PLANNED: PlanRules = PlanRules.parse({ expressions: {} });

/** The next time of a cron expression. */
export const NextStart = z.object({
  expression: z.string(),
  /** In Unix milliseconds. */
  nextAt: z.number().nullable(),
  /** When that was worked out: a clock that shows less by now was set back. */
  at: z.number().optional(),
  /** What the last time has started: its job until it begins, then its run. */
  started: z
    .object({
      job: z.object({ id: z.string(), addedAt: z.string() }).nullable(),
      run: z.string().nullable(),
    })
    .optional(),
});
