import { z } from 'zod';
import { Message } from '../../messages/schema.ts';

const BoxLane = z.object({
  /** When the next one may be sent. */
  nextAt: z.number(),
  /** In a row that the box did not answer as it should. */
  failures: z.int().nonnegative(),
  /** Where these are too many. */
  askedAgainAt: z.number(),
  /** One request is under way that finds out whether the box is back. */
  isTried: z.boolean().default(false),
  /** Why it did not answer as it should the last time; null: it did, or it is not known. */
  problem: Message.nullable().default(null),
});

/** How all processes together ask a stash-box. Times in Unix milliseconds. */
export const BoxTraffic = z.object({ requests: BoxLane, pictures: BoxLane, pausedUntil: z.number() });
