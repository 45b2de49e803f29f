/** What the answers of a stash-box mean: status, type and encoding of HTTP, then the errors of GraphQL. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { z } from 'zod';
import { StashSenseError } from '../../core/errors.ts';
import { message, plain, type Message } from '../../core/messages/message.ts';
import { toJsonResponse, type GraphqlAnswer } from '../system/http/graphql-request.ts';
import type { HttpResponse } from '../system/http/http.ts';
import {
  BoxTrouble,
  isFault,
  isForbidden,
  isPassing,
  KeyNotTaken,
  NotUnderstood,
  oneLine,
  retryAfterMs,
} from './trouble.ts';

/** A hundred performers with many links and pictures have about a megabyte. */
export const MAX_ANSWER_BYTES = 16 << 20;

export type AnswerParts = {
  /** Of the box. */
  readonly name: string;
  readonly address: URL;
  readonly now: () => number;
  readonly redact: (text: string) => string;
};

/** @throws BoxTrouble, KeyNotTaken, StashSenseError */
export async function toResponse(answer: HttpResponse, parts: AnswerParts): Promise<Response> {
  const { status, headers } = answer;
  const { name } = parts;
  // Up to v0.9.0 a box answers 500 with a text about the token to a key that it does not know.
  const isAboutKey = status === 500 && /token|signature|api key|base64/i.test(textOf(answer));
  if (status === 401 || status === 403 || isAboutKey)
    throw new KeyNotTaken(message('stash.answeredStatus', { status }));
  throwIfBusy(answer, parts.now());
  if (status >= 300 && status < 400) throw redirected(headers.location ?? '', parts);
  if (status === 404 || status === 405 || status === 410)
    throw new StashSenseError('stash-box-unreachable', message('stashBox.isNone', { name, status }));
  if (status >= 500 || status === 408) throw new BoxTrouble(message('stash.answeredStatus', { status }));
  if (answer.tooLarge) throw tooLarge(name);
  const type = headers['content-type'] ?? '';
  // "Transport not supported" is JSON that is labelled as text.
  if (!/json/i.test(type) && !(status === 400 && type.startsWith('text/plain')))
    throw new BoxTrouble(
      type === ''
        ? message('stash.answeredNoType')
        : message('stash.answeredNoJson', { type: oneLine(parts.redact(type)) }),
    );
  return toJsonResponse(status, await unzipped(answer, name));
}

/** @throws BoxTrouble where the box asks for a pause */
export function throwIfBusy({ status, headers }: HttpResponse, now: number): void {
  const retryAfter = headers['retry-after'];
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    throw new BoxTrouble(message('stash.answeredStatus', { status }), {
      pauseMs: retryAfterMs(retryAfter, now),
    });
}

/** @throws BoxTrouble, NotUnderstood, StashSenseError; an answer without data as a whole */
export function checkAnswer(
  { status, errors, data }: GraphqlAnswer,
  { name, redact }: Pick<AnswerParts, 'name' | 'redact'>,
): void {
  const text = oneLine(redact(errors.map((one) => one.message).join('; ') || `status ${status}`));
  if (status === 422) throw new NotUnderstood(plain(text));
  if (status >= 400) throw failed(name, text);
  if (data !== null && data !== undefined) return;
  if (errors.length === 0) throw new BoxTrouble(message('stash.answeredNoData'));
  if (errors.some(isPassing) || errors.some(isFault))
    throw new BoxTrouble(message('stashBox.saysTrouble', { reason: text }), {
      isSingle: !errors.some(isPassing),
    });
  throw errors.some(isForbidden) ? forbidden(name) : failed(name, text);
}

/**
Errors of a part of an answer that concern it as a whole, or that another attempt may not have.
@throws BoxTrouble, StashSenseError
*/
export function checkErrors(
  { errors }: GraphqlAnswer,
  { name, redact }: Pick<AnswerParts, 'name' | 'redact'>,
): void {
  if (errors.some(isForbidden)) throw forbidden(name);
  const passing = errors.find(isPassing);
  if (passing)
    throw new BoxTrouble(message('stashBox.saysTrouble', { reason: oneLine(redact(passing.message)) }));
}

export function forbidden(name: string): StashSenseError {
  return new StashSenseError('stash-box-refused', message('stashBox.forbidden', { name }));
}

function failed(name: string, reason: Message | string): StashSenseError {
  return new StashSenseError('stash-box-failed', message('stashBox.failed', { name, reason }));
}

function tooLarge(name: string): StashSenseError {
  return failed(name, message('stash.answerTooLarge', { megabytes: MAX_ANSWER_BYTES >> 20 }));
}

function redirected(location: string, { name, address, redact }: AnswerParts): StashSenseError {
  const to = URL.canParse(location, address.href) ? new URL(location, address).origin : redact(location);
  return new StashSenseError(
    'stash-box-unreachable',
    message('stashBox.redirects', { name, address: oneLine(to) }),
  );
}

/** Of plain text, as Go's `http.Error` writes it. */
function textOf({ headers, body }: HttpResponse): string {
  const isText = (headers['content-type'] ?? '').startsWith('text/plain');
  return isText ? Buffer.from(body).toString('utf8', 0, 1000) : '';
}

/** Where an answer is otherwise than expected, and how. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue ? `${issue.path.join('.') || 'answer'}: ${issue.message}` : 'answer';
}

async function unzipped({ headers, body }: HttpResponse, name: string): Promise<Uint8Array> {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new BoxTrouble(message('stash.answerUnreadable'));
  try {
    return await promisify(gunzip)(body, { maxOutputLength: MAX_ANSWER_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name);
    throw new BoxTrouble(message('stash.answerUnreadable'), { cause: error });
  }
}
