import { z } from 'zod';
import { Message } from '../messages/schema.ts';

export const RunView = z.object({
  id: z.string(),
  task: z.string(),
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  /** `waiting`: its next slice stands in Stash's queue. `lost`: Stash was restarted and has no such job; the run must be started once more. */
  phase: z.enum(['working', 'waiting', 'lost', 'stopping', 'ended']),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  total: z.int(),
  itemsPerHour: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** What it is doing, or how it ended; an empty text before it has said anything. */
  message: Message,
});

export type RunView = z.infer<typeof RunView>;
