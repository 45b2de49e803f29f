import { z } from 'zod';
import { plain, type Message as MessageType, type MessageId } from './message.ts';

/** Of another process or an older version: the id may be one that this version has no words for. */
export const Message: z.ZodType<MessageType> = z.lazy(() =>
  z.object({
    id: z.string() as unknown as z.ZodType<MessageId>,
    values: z.record(z.string(), z.union([z.string(), z.number(), Message])).optional(),
  }),
);
export type Message = MessageType;

/** Where older versions kept a sentence. */
export const MessageOrText = z.union([Message, z.string().transform(plain)]);

/** For a column of text: the store keeps messages in it, and older versions kept sentences. */
export function messageToText(said: Message): string {
  return JSON.stringify(said);
}

export function messageFromText(text: string): Message {
  if (!MESSAGE_JSON.test(text)) return plain(text);
  try {
    const parsed = Message.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : plain(text);
  } catch {
    // A sentence that only begins as a message does.
    return plain(text);
  }
}

/** How a message begins that `messageToText` wrote. */
const MESSAGE_JSON = /^\s*\{\s*"id"\s*:/;
