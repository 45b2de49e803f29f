import { z } from 'zod';
import type { Message as MessageType, MessageId } from './message.ts';

/** Of another process or an older version: the id may be one that this version has no words for. */
export const Message: z.ZodType<MessageType> = z.lazy(() =>
  z.object({
    id: z.string() as unknown as z.ZodType<MessageId>,
    values: z.record(z.string(), z.union([z.string(), z.number(), Message])).optional(),
  }),
);
export type Message = MessageType;
