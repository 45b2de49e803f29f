import { z } from 'zod';
import { Message } from '../../messages/schema.ts';
import { QuietHoursInput } from '../../schedule/plan.ts';
import { SCHEDULABLE } from '../../schedule/schedulable.ts';

/** A moment, and what to add to it for the clock of Stash's machine, whose time zone may be another one than the browser's. */
export const LocalTime = z.object({ at: z.number(), offsetMinutes: z.int() });
export type LocalTime = z.infer<typeof LocalTime>;

/** Why what is due has not been started: `quiet` hours, a job of somebody else in Stash's `queue`, or somebody who is `watching`. */
export const Waiting = z.enum(['quiet', 'queue', 'watching']);
export type Waiting = z.infer<typeof Waiting>;

const ScheduledTask = z.object({
  task: z.enum(SCHEDULABLE),
  /** Cron expression; empty: never by itself. */
  expression: z.string(),
  next: LocalTime.nullable(),
  due: z.boolean(),
  waitsFor: Waiting.nullable(),
  problem: Message.nullable(),
});
export type ScheduledTask = z.infer<typeof ScheduledTask>;

const SchedulerView = z.object({
  isOn: z.boolean(),
  scansNew: z.boolean(),
  running: z.object({ startedAt: z.number(), version: z.string(), pid: z.int() }).nullable(),
  /** One in the foreground (`stash-sense schedule`) asked then what is due, within the last 40 minutes. Null: none did. */
  foregroundAskedAt: z.number().nullable(),
  /** Why the last one ended by itself. */
  ended: Message.nullable(),
});
export type SchedulerView = z.infer<typeof SchedulerView>;

export const ScheduleView = z.object({
  tasks: z.array(ScheduledTask),
  quietHours: QuietHoursInput.nullable(),
  waitsForQueue: z.boolean(),
  waitsForWatching: z.boolean(),
  scheduler: SchedulerView,
  now: LocalTime,
  /** Such as `Europe/Berlin`. */
  timeZone: z.string(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;
