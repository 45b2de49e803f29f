/** What the page asks about reference packs that are published. */
import { z } from 'zod';
import { Message } from '../../messages/schema.ts';
import { ReferencePackId } from '../../reference-packs/reference-pack.ts';

export const PublishedPackView = z.object({
  id: ReferencePackId,
  name: z.string(),
  version: z.string(),
  /** ISO 8601. */
  builtAt: z.string(),
  people: z.int(),
  licenseNote: z.string(),
  /** Compared with the installed one. */
  state: z.enum(['new', 'newer', 'older', 'current']),
  /** To be fetched. */
  bytes: z.int(),
  /** What fetching it changes; null: nobody says, or it is not installed. */
  news: Message.nullable(),
  /** Why it cannot be used here; null: it can. */
  problem: Message.nullable(),
});
export type PublishedPackView = z.infer<typeof PublishedPackView>;

/** As of the last time that the publisher was asked: looking asks nobody. */
export const ChannelView = z.object({
  /** Where packs are published, for display; null: no address is known. */
  address: z.string().nullable(),
  /** Unix milliseconds; null: never. */
  checkedAt: z.number().nullable(),
  /** Why the last time gave no answer, or the address is none; null: all is well. */
  problem: Message.nullable(),
  packs: z.array(PublishedPackView),
  /** What is new and the user has not been told of. */
  untold: z.array(Message),
});
export type ChannelView = z.infer<typeof ChannelView>;

export const packChannelOperations = {
  'packChannel.view': { input: () => z.object({}), output: () => ChannelView },
  /** Asks the publisher now. */
  'packChannel.check': { input: () => z.object({}), output: () => ChannelView },
  /** Starts to fetch a pack, as it is in the view. */
  'packChannel.fetch': {
    input: () => z.object({ id: ReferencePackId }),
    output: () => z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  /** The user has been told of all that is new. */
  'packChannel.told': { input: () => z.object({}), output: () => z.object({}) },
} as const;
