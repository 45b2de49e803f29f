/** GraphQL over HTTP with the statuses and error shapes of Stash (gqlgen). */
import {
  execute,
  Kind,
  OperationTypeNode,
  type GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { ArgumentError } from '../plugins/require-map.ts';
import { readVariables, VariableError } from './variables.ts';

export type GraphqlAnswer = { readonly status: number; readonly type: string; readonly body: string };
export type GraphqlCall = {
  readonly operationName: string | null;
  readonly kind: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
};
export type GraphqlRequest = {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string | undefined;
  readonly body: string;
};

/** `onCall` sees what is about to be executed, `onError` what Stash writes to its log of a field that failed. */
export async function answerGraphql(
  schema: GraphQLSchema,
  rootValue: unknown,
  context: unknown,
  request: GraphqlRequest,
  onCall: (call: GraphqlCall) => void,
  onError: (line: string) => void,
): Promise<GraphqlAnswer> {
  const params = readParams(request);
  if ('status' in params) return params;
  const { query, variables, operationName } = params;
  if (query.trim() === '') return invalid('no operation provided');

  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    const text = (error as Error).message.replace(/^Syntax Error: /, '').replace(/\.$/, '');
    return refused(422, [
      {
        message: text,
        locations: (error as GraphQLError).locations,
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      },
    ]);
  }
  const problems = validate(schema, document);
  if (problems.length > 0)
    return refused(
      422,
      problems.map(({ message, locations }) => ({
        message,
        locations: locations?.slice(0, 1),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      })),
    );
  const operation = pickOperation(document, operationName);
  if (!operation) return invalid(`operation ${operationName ?? ''} not found`);
  if (request.method === 'GET' && operation.operation !== OperationTypeNode.QUERY)
    return refused(406, [{ message: 'GET requests only allow query operations' }]);

  let values: Record<string, unknown>;
  try {
    values = readVariables(schema, operation, variables);
  } catch (error) {
    if (!(error instanceof VariableError)) throw error;
    return refused(422, [
      { message: error.message, path: error.path, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  }
  onCall({
    operationName: operation.name?.value ?? null,
    kind: operation.operation,
    query,
    variables,
  });
  const { data, errors } = await execute({
    schema,
    document,
    rootValue,
    contextValue: context,
    variableValues: values,
    operationName: operationName ?? null,
  });
  for (const { message, path = [] } of errors ?? [])
    onError(`${path.at(-1) ?? ''}: input: ${path.join('.')} ${message}`);
  return json(200, {
    ...(errors ? { errors: errors.map(toRefusal) } : {}),
    data: data ?? null,
  });
}

function toRefusal({ message, path, originalError }: GraphQLError): object {
  const argument = originalError instanceof ArgumentError ? originalError.argument : [];
  return { message, path: [...(path ?? []), ...argument] };
}

type Params = { query: string; variables: Record<string, unknown>; operationName: string | undefined };

function readParams(request: GraphqlRequest): Params | GraphqlAnswer {
  if (request.method === 'GET')
    return {
      query: request.url.searchParams.get('query') ?? '',
      variables: JSON.parse(request.url.searchParams.get('variables') ?? '{}') as Record<string, unknown>,
      operationName: request.url.searchParams.get('operationName') ?? undefined,
    };
  if (request.method !== 'POST' || !/^application\/json\b/.test(request.contentType ?? 'application/json'))
    return {
      status: 400,
      type: 'text/plain; charset=utf-8',
      body: '{"errors":[{"message":"transport not supported"}],"data":null}',
    };
  const unreadable = (why: string): GraphqlAnswer =>
    refused(400, [{ message: `json request body could not be decoded: ${why} body:${request.body}` }]);
  if (request.body === '') return unreadable('EOF');
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return unreadable('unexpected EOF');
  }
  if (Array.isArray(body))
    return unreadable('json: cannot unmarshal array into Go value of type graphql.RawParams');
  const { query, variables, operationName } = body as Partial<Params>;
  return { query: query ?? '', variables: variables ?? {}, operationName };
}

function pickOperation(
  document: DocumentNode,
  name: string | undefined,
): OperationDefinitionNode | undefined {
  const all = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (name) return all.find((operation) => operation.name?.value === name);
  return all.length === 1 ? all[0] : undefined;
}

function invalid(message: string): GraphqlAnswer {
  return refused(422, [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
}

function refused(status: number, errors: readonly object[]): GraphqlAnswer {
  return json(status, { errors, data: null });
}

function json(status: number, body: object): GraphqlAnswer {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}
