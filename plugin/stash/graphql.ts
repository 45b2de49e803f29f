import type { z } from 'zod';
import { StashSenseError } from '../../core/errors.ts';
import { message, plain } from '../../core/messages/message.ts';
import { RetryableError, type Connection } from './connection.ts';
import {
  createGraphqlRequest,
  toJsonResponse,
  type AskGraphql,
  type GraphqlAnswer,
  type GraphqlError,
} from '../system/http/graphql-request.ts';
import { HttpFailure, type HttpResponse } from '../system/http/http.ts';
import type { Operation, Variables } from './operation.ts';

type NoVariables = Readonly<Record<string, never>>;
/** Left out where the document has none. */
type Rest<Sent> = Sent extends NoVariables ? [variables?: Sent] : [variables: Sent];

export type Graphql = {
  /**
  Retried with growing pauses while Stash does not answer.
  @throws StashSenseError `stash-unreachable`, `stash-refused`
  */
  query<Answer, Sent extends Variables = NoVariables>(
    operation: Operation<Answer, Sent>,
    ...rest: Rest<Sent>
  ): Promise<Answer>;
  /** Retried only when no request was sent, or when Stash's database was locked: in both cases nothing was written. */
  mutate<Answer, Sent extends Variables = NoVariables>(
    operation: Operation<Answer, Sent>,
    ...rest: Rest<Sent>
  ): Promise<Answer>;
};

/** A page of scenes has about a megabyte; the limit protects the memory from a faulty answer. */
const MAX_ANSWER_BYTES = 64 << 20;

export function createGraphql(connection: Connection): Graphql {
  const clients = { read: createClient(connection, false), write: createClient(connection, true) };

  async function send<Answer>(
    kind: 'read' | 'write',
    { document, answer }: Pick<Operation<Answer>, 'document' | 'answer'>,
    variables: Variables,
  ): Promise<Answer> {
    const data = await connection.withRetry(kind, async () => {
      const answered = await clients[kind](document, variables).catch((error: unknown) => {
        throw toStashError(error);
      });
      const isGood = answered.errors.length === 0 && answered.status >= 200 && answered.status < 300;
      if (!isGood) throw toRefusal(answered, (text) => connection.redact(text));
      if (answered.data === undefined) throw new RetryableError(message('stash.answeredNoData'));
      return answered.data;
    });
    const parsed = answer.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new StashSenseError(
      'stash-unreachable',
      message('stash.unknownAnswer', { address: connection.baseUrl, problem: firstIssue(parsed.error) }),
      { cause: parsed.error },
    );
  }

  return {
    query: (operation, ...[variables = {}]) => send('read', operation, variables),
    mutate: (operation, ...[variables = {}]) => send('write', operation, variables),
  };
}

function createClient(connection: Connection, newConnection: boolean): AskGraphql {
  return createGraphqlRequest(`${connection.baseUrl}/graphql`, async (body) => {
    const answer = await connection.send({
      method: 'POST',
      path: '/graphql',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body,
      maxBytes: MAX_ANSWER_BYTES,
      newConnection,
    });
    return toResponse(answer, connection.baseUrl);
  });
}

/** Rejects answers that are not from a GraphQL server. */
function toResponse(answer: HttpResponse, baseUrl: string): Response {
  const type = answer.headers['content-type'] ?? '';
  if (answer.status === 500) throw new RetryableError(message('stash.answeredStatus', { status: 500 }));
  if (answer.status === 404 || (answer.status >= 300 && answer.status < 400))
    throw new StashSenseError(
      'stash-unreachable',
      message('stash.isNone', { address: baseUrl, status: answer.status }),
    );
  if (answer.tooLarge)
    throw new RetryableError(message('stash.answerTooLarge', { megabytes: MAX_ANSWER_BYTES >> 20 }));
  if (!/json/i.test(type))
    throw new RetryableError(
      type === '' ? message('stash.answeredNoType') : message('stash.answeredNoJson', { type }),
    );
  return toJsonResponse(answer.status, answer.body);
}

function toStashError(error: unknown): unknown {
  if (error instanceof StashSenseError || error instanceof HttpFailure || error instanceof RetryableError)
    return error;
  // The body is not a GraphQL answer, since it was cut or comes from another server.
  // The parser's message is dropped: it quotes parts of the body, which may be half a secret.
  return new RetryableError(message('stash.answerUnreadable'), { cause: error });
}

function toRefusal({ status, errors }: GraphqlAnswer, redact: (text: string) => string): Error {
  const text = oneLine(redact(errors.map((answered) => answered.message).join('; ') || `status ${status}`));
  // SQLite's timeout while it waited for another writer: the transaction was rolled back.
  if (/database is locked/i.test(text)) return new RetryableError(plain(text), { nothingDone: true });
  if (status === 422)
    return new StashSenseError(
      'stash-refused',
      message('stash.notUnderstood', { problem: text + placeOf(errors[0]) }),
    );
  return new StashSenseError('stash-refused', message('stash.refused', { reason: text }));
}

/** For an error in the variables, Stash names the position only in `path`. */
function placeOf(error: GraphqlError | undefined): string {
  return error?.path?.length ? ` at ${error.path.join('.')}` : '';
}

/** Stash's message as one line, without long SQL that may follow. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'answer'}: ${issue.message}` : 'answer';
}
