import { saidOf, StashSenseError, type ErrorCode } from '../errors.ts';
import { inEnglish } from '../messages/english.ts';
import { message, type Message } from '../messages/message.ts';

/**
What an operation answers when it failed, in place of its output: an error of Stash's plugin protocol is one text in one
language.
*/
export type OperationFailure = {
  readonly operationError: {
    /** `fault`: not thrown on purpose. */
    readonly code: ErrorCode | 'fault';
    readonly said: Message;
    /** The same in English, for whoever reads the answer without a catalogue. */
    readonly text: string;
  };
};

/** What the user reads of any error: one sentence that says what to do, or that we are at fault. */
export function sentenceOf(error: unknown): Message {
  return error instanceof StashSenseError ? error.said : message('error.fault', { problem: saidOf(error) });
}

/** @param redact takes secrets out of every text of it */
export function operationFailure(error: unknown, redact: (text: string) => string): OperationFailure {
  const said = sentenceOf(error);
  const failure = {
    code: error instanceof StashSenseError ? error.code : 'fault',
    said,
    text: inEnglish(said),
  } as const;
  return JSON.parse(redact(JSON.stringify({ operationError: failure }))) as OperationFailure;
}
