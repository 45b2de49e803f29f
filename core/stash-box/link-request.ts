import { z } from 'zod';
import { Message } from '../messages/schema.ts';

/** How far performers were looked up at one stash-box. */
export const LinkedBox = z.object({
  endpoint: z.string(),
  /** Up to this performer. */
  after: z.string(),
  /** How many performers that were. */
  passed: z.int().default(0),
  state: z.enum(['waits', 'done', 'failed']),
  /** Why it failed; null: it did not. */
  problem: Message.nullable(),
  /** Performers who were looked up, those of them for whom somebody was found, and for whom surely. */
  asked: z.int(),
  found: z.int(),
  sure: z.int(),
  /** Stash IDs that are wrong, of the performers up to this one. */
  wrong: z.int().default(0),
  checkedTo: z.string().default('0'),
  /** Of scenes: up to this one the ids that they have there were checked. */
  repairedTo: z.string().default('0'),
  /** Of scenes: up to this one those that no fingerprint found were compared as re-cuts. */
  recutTo: z.string().default('0'),
  /** Files that could not be read for that. */
  unread: z.int().default(0),
});
export type LinkedBox = z.infer<typeof LinkedBox>;

/** Whom a run of *Link stash-box IDs* is to look up. */
export const LinkRequest = z.object({
  id: z.string(),
  /** Null: all. */
  performerIds: z.array(z.string()).nullable(),
  /** Also those who were looked up before and have not changed. */
  force: z.boolean(),
  boxes: z.array(LinkedBox),
});
export type LinkRequest = z.infer<typeof LinkRequest>;
