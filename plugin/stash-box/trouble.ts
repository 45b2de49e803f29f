import { SaidError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { GraphqlError } from '../system/http/graphql-request.ts';

/** The answer is not one of a stash-box in good health: another attempt may get one. `said` is shown in brackets. */
export class BoxTrouble extends SaidError {
  override name = 'BoxTrouble' as const;
  /** How long the box asks to be left alone; null: it does not say; undefined: it does not ask. */
  readonly pauseMs: number | null | undefined;
  /** It is of this one question or picture: the box works, and is not left alone for it. */
  readonly isSingle: boolean;
  constructor(said: Message, options?: { pauseMs?: number | null; isSingle?: boolean; cause?: unknown }) {
    super(said, options);
    this.pauseMs = options?.pauseMs;
    this.isSingle = options?.isSingle ?? false;
  }
}

/** The key was not taken, which a box whose database is gone says too. */
export class KeyNotTaken extends SaidError {
  override name = 'KeyNotTaken' as const;
}

/** The box refused the whole document: it has another version than was believed. */
export class NotUnderstood extends SaidError {
  override name = 'NotUnderstood' as const;
}

/** What a stash-box says of its database and its time limits. A value that the database refuses is none of it. */
const TROUBLE =
  /failed to connect|connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|context canceled|too many (?:clients|connections)|shutting down|unexpected EOF|SQLSTATE (?:08|40|53|55|57|58|XX)/i;

export function isPassing({ message }: GraphqlError): boolean {
  return TROUBLE.test(message);
}

/** A fault of the box's program, often about one row of an answer. */
export function isFault({ message }: GraphqlError): boolean {
  return /Internal system error/i.test(message);
}

/** A role that the key's user does not have, or no key at all. */
export function isForbidden({ message }: GraphqlError): boolean {
  return /^not authorized$/i.test(message.trim());
}

/** One line for a person. Redact it before: half a secret would not be found. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

const LONGEST_SECONDS = 86_400;

/** Milliseconds that `Retry-After` names, as seconds or as a date; null: none. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), LONGEST_SECONDS) * 1000;
  // Anything with a number in it is a date to the parser.
  const at = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), LONGEST_SECONDS * 1000);
}
