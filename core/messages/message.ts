/**
What the user reads, as the id of a message and its values: the page and the command line word it from the catalogue, so
that a translation is one file. Logs stay English. Free of packages: the page carries it.
*/
import type en from './en.json';

/** The English catalogue in ICU message format; its keys are all there are. */
export type MessageId = keyof typeof en;

/** Numbers are written as the language writes them; a message among the values is worded first. */
export type MessageValue = string | number | Message;

export type Message = {
  readonly id: MessageId;
  readonly values?: Readonly<Record<string, MessageValue>> | undefined;
};

export function message(id: MessageId, values?: Readonly<Record<string, MessageValue>>): Message {
  return values === undefined ? { id } : { id, values };
}

/** The words of others (a decoder, the disk, Stash): they have no translation. */
export function plain(text: string): Message {
  return { id: 'plain', values: { text } };
}

/** One after the other, as sentences of one answer or as what a sentence lists. @returns null for none */
export function joined(
  messages: readonly Message[],
  by: 'joined' | 'joinedByLine' | 'joinedByComma' | 'joinedBySemicolon' = 'joined',
): Message | null {
  return messages.reduce<Message | null>(
    (first, second) => (first === null ? second : message(by, { first, second })),
    null,
  );
}
