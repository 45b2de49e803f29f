import { saidOf, StashSenseError, type ErrorCode } from '../errors.ts';
import { inEnglish } from '../messages/english.ts';
import { message, type Message } from '../messages/message.ts';

/**
What a failed operation returns in place of its output. Stash's plugin protocol could carry an error only as one text in
one language.
*/
export type OperationFailure = {
  readonly operationError: {
    /** `fault`: any error that is not a `StashSenseError`. */
    readonly code: ErrorCode | 'fault';
    readonly said: Message;
    /** `said` in English, for readers without a message catalogue. */
    readonly text: string;
  };
};

/** The sentence shown for any error: what to do, or that the plugin has a fault. */
export function sentenceOf(error: unknown): Message {
  return error instanceof StashSenseError ? error.said : message('error.fault', { problem: saidOf(error) });
}

/** @param redact removes secrets; applied to the whole answer as JSON */
export function operationFailure(error: unknown, redact: (text: string) => string): OperationFailure {
  const said = sentenceOf(error);
  const failure = {
    code: error instanceof StashSenseError ? error.code : 'fault',
    said,
    text: inEnglish(said),
  } as const;
  return JSON.parse(redact(JSON.stringify({ operationError: failure }))) as OperationFailure;
}
