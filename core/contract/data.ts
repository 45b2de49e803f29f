import { z } from 'zod';
import { Message } from '../messages/schema.ts';

/** Kinds of data that can be erased independently: `ErasableData` of the store, reference packs, and the fetched artifacts. */
export const DataKind = z.enum(['faces', 'people', 'decisions', 'journal', 'reference-packs', 'fetched']);

export type DataKind = z.infer<typeof DataKind>;

export const dataOperations = {
  /** Amount of stored data by kind; `fetched` holds native packages, models and downloads. */
  'data.info': {
    input: () => z.object({}),
    output: () =>
      z.object({
        folder: z.string(),
        freeBytes: z.number().nullable(),
        kept: z.array(z.object({ what: DataKind, count: z.int(), bytes: z.number() })),
        /** Target folder of a move that has begun and not finished. */
        movingTo: z.string().nullable(),
        /** The old folder, when the data have moved and it is not removed yet. */
        leftBehind: z.string().nullable(),
      }),
  },
  /** Erases irreversibly; refused while a run is at work. The journal is erased only when named: without it no write can be undone. */
  'data.clear': {
    input: () => z.object({ what: z.array(DataKind).min(1).max(10) }),
    output: () =>
      z.object({
        erased: z.array(z.object({ what: DataKind, count: z.int(), bytes: z.number() })),
        /** What was erased, and which steps by hand are needed to remove the rest. */
        message: Message,
      }),
  },
  /** Starts the task "Move data", which moves all data to this folder and removes the old one. */
  'data.move': {
    input: () => z.object({ folder: z.string().trim().min(1).max(1000) }),
    output: () => z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
  /**
  Where data are left in another folder (`status`): uses that folder again, moves the data from it to the one in use, which
  must hold none, or leaves them there.
  */
  'data.former': {
    input: () => z.object({ what: z.enum(['use', 'move', 'leave']) }),
    output: () => z.object({ message: Message }),
  },
} as const;
