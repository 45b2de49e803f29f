import { ClientError, GraphQLClient } from 'graphql-request';

export type GraphqlError = {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
};
/** What a server answered. `data` is undefined where the answer has none. */
export type GraphqlAnswer = {
  readonly status: number;
  readonly data: unknown;
  readonly errors: readonly GraphqlError[];
};
/** @throws what `post` throws, and an error of the parser for what is no answer of GraphQL */
export type AskGraphql = (
  document: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<GraphqlAnswer>;

/** The GraphQL protocol over a transport of the caller, who judges the status and the errors of an answer. */
export function createGraphqlRequest(url: string, post: (body: Buffer) => Promise<Response>): AskGraphql {
  const client = new GraphQLClient(url, {
    // Each document has one operation. To send its name the document would be parsed, and a process sends only a few.
    excludeOperationName: true,
    fetch: (_, init) => post(Buffer.from(init?.body as string)),
  });
  return async (document, variables) => {
    try {
      const { status, data } = await client.rawRequest<unknown>(document, variables);
      return { status, data, errors: [] };
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const { status, data, errors = [] } = error.response;
      return { status, data, errors };
    }
  };
}

/** JSON that came by another transport, in the shape that the client of GraphQL reads. */
export function toJsonResponse(status: number, body: Uint8Array): Response {
  return new Response(Buffer.from(body), { status, headers: { 'Content-Type': 'application/json' } });
}
