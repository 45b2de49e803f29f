import { z } from 'zod';
import { Message } from '../../messages/schema.ts';
import { QuietHoursInput } from '../../schedule/plan.ts';
import { SCHEDULABLE } from '../../schedule/schedulable.ts';
import { LocalTime, ScheduleView } from './view.ts';

const Expression = z.string().trim().max(200);

export const scheduleOperations = {
  /** Starts what is due. */
  'schedule.get': { input: () => z.object({}), output: () => ScheduleView },
  /** What is absent stays as it is. Where an expression is none, nothing is stored. */
  'schedule.set': {
    input: () =>
      z.object({
        expressions: z.partialRecord(z.enum(SCHEDULABLE), Expression).optional(),
        quietHours: QuietHoursInput.nullable().optional(),
        waitsForQueue: z.boolean().optional(),
        waitsForWatching: z.boolean().optional(),
        scansNew: z.boolean().optional(),
      }),
    output: () => z.object({ problems: z.array(Message), view: ScheduleView }),
  },
  /** The next times of an expression, each with when a start would be because of the quiet hours. */
  'schedule.preview': {
    input: () => z.object({ expression: Expression, quietHours: QuietHoursInput.nullable() }),
    output: () =>
      z.object({
        times: z.array(z.object({ time: LocalTime, startsAt: LocalTime })),
        problem: Message.nullable(),
      }),
  },
  /** Switches the background scheduler on, which starts it, or off. */
  'schedule.background': { input: () => z.object({ on: z.boolean() }), output: () => ScheduleView },
  /** Asked by a scheduler: starts what is due, and with `newScenes` a scan of them, where that is wanted. `nextAskAt`: null: never. */
  'schedule.tick': {
    input: () =>
      z.object({ newScenes: z.boolean().default(false), isForeground: z.boolean().default(false) }),
    output: () => z.object({ version: z.string(), nextAskAt: z.number().nullable() }),
  },
  /** A video plays in this page. `matters`: the schedule waits for that. */
  'schedule.tellPlaying': { input: () => z.object({}), output: () => z.object({ matters: z.boolean() }) },
} as const;
