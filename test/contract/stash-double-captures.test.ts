/** Requests that a real Stash once answered, sent to the double, and the answers compared. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { buildSchema, Kind, parse, validate } from 'graphql';
import { readSchemaText } from '../double/graphql/schema.ts';
import type { StashDouble } from '../double/stash-double.ts';
import { readVariables, VariableError } from '../double/graphql/variables.ts';
import { CAPTURES, fillFromCaptures, readCapture, type Exchange } from './captured-library.ts';
import { startedDouble } from './started-double.ts';

const skip = existsSync(CAPTURES) ? false : 'the captures lie in ../shared, which is not here';
const SCHEMA = buildSchema(readSchemaText('v0.30.1'));

type Answer = { status: number; type: string; body: unknown };

test('reads are answered word for word', { skip }, async (t) => {
  const { double } = await startedDouble(t);
  fillFromCaptures(double.library);
  const compared = await replay(t, double, 'graphql-reads', {
    what: (it, query) => plain(it.body, /\bsort:/.test(query)),
    // Of plugins and a configuration that only that machine had, and the names of all there is.
    leaveOut: ['plugins', 'pluginTasks', 'Features', 'Env', 'Env without variables'],
  });
  assert.ok(compared > 40);
});

test('what goes wrong goes wrong with the same status and in the same words', { skip }, async (t) => {
  const { double } = await startedDouble(t);
  fillFromCaptures(double.library);
  const compared = await replay(t, double, 'errors', {
    what: (it) => [errorsOf(it.body, double), dataKeys(it.body)],
    leaveOut: [
      // SQLite puts every text above a number.
      'wrong type: number for String',
      // An id that was switched off there long before.
      'unknown plugin that was switched off by setPluginsEnabled (operation)',
    ],
  });
  assert.ok(compared > 80);
});

test('writes are accepted and refused alike, and answer alike', { skip }, async (t) => {
  const { double } = await startedDouble(t);
  fillFromCaptures(double.library);
  const compared = await replay(t, double, 'graphql-writes', {
    what: (it) => [errorsOf(it.body), dataKeys(it.body)],
    leaveOut: [
      // Says what merges and custom fields left behind, which are not part of the double.
      ...['performer', 'destination', 'source', 'tags', 'scene'].map((it) => `re-read: the ${it}`),
      // Of a job by its number.
      'its job',
      'PerformerCreate with an image fetched by address',
    ],
  });
  assert.ok(compared > 60);
});

test('with a password set, who comes in and how the others are sent away', { skip }, async (t) => {
  const auth = { username: 'user', password: 'a password', apiKey: 'an api key' };
  const { double } = await startedDouble(t, { auth });
  fillFromCaptures(double.library);
  const cookie = double.createCookie();
  const filled = (text: string): string =>
    text
      .replaceAll('<api key>', auth.apiKey)
      .replaceAll('<cookie>', cookie)
      .replaceAll('<password>', auth.password);
  let compared = 0;
  for (const { name, request, response } of readCapture('auth')) {
    if (!request || !response || !(request.path.startsWith('/graphql') || request.path.startsWith('/login')))
      continue;
    // The page itself, and a Stash that was started anew with another age of sessions.
    if (request.method === 'GET' || /session_age|after|restart|logout|websocket|upgrade|s old/i.test(name))
      continue;
    const body = request.body ? JSON.stringify(request.body) : request.body_text;
    if (request.body?.query && !isInside(request.body.query)) continue;
    const answer = await fetch(double.url + filled(request.path), {
      method: request.method,
      headers: Object.fromEntries(
        Object.entries(request.headers ?? {}).map(([key, value]) => [key, filled(value)]),
      ),
      ...(body === undefined ? {} : { body: filled(body) }),
    });
    assert.equal(answer.status, response.status, name);
    assert.equal(answer.headers.has('set-cookie'), response.headers?.['set-cookie'] !== undefined, name);
    assert.equal(
      answer.headers.get('www-authenticate'),
      response.headers?.['www-authenticate'] ?? null,
      name,
    );
    compared++;
  }
  assert.ok(compared > 15, `${compared} compared`);
});

/** @returns how many were compared */
async function replay(
  t: TestContext,
  double: StashDouble,
  capture: string,
  options: { what: (answer: Answer, query: string) => unknown; leaveOut: readonly string[] },
): Promise<number> {
  const outside: string[] = [];
  const differences: object[] = [];
  let compared = 0;
  for (const exchange of readCapture(capture)) {
    const { name, request, response } = exchange;
    if (!request?.path.startsWith('/graphql') || !response) continue;
    const query = request.body?.query;
    const known = query === undefined || response.status !== 200 || isInside(query, request.body?.variables);
    if (!known || options.leaveOut.includes(name)) {
      outside.push(name);
      continue;
    }
    const ours = await send(double, exchange);
    const theirs: Answer = {
      status: response.status,
      type: response.headers?.['content-type'] ?? ours.type,
      body: response.body ?? (response.body_text === undefined ? '' : parseOr(response.body_text)),
    };
    const sides = [ours, theirs].map((it) => ({
      status: it.status,
      type: it.type,
      what: options.what(it, query ?? ''),
    }));
    if (!isDeepStrictEqual(sides[0], sides[1])) differences.push({ name, ours: sides[0], theirs: sides[1] });
    compared++;
  }
  assert.deepEqual(differences, []);
  t.diagnostic(`${compared} compared; not part of the double: ${outside.join(', ')}`);
  return compared;
}

function isInside(query: string, variables: Record<string, unknown> = {}): boolean {
  try {
    const document = parse(query);
    if (validate(SCHEMA, document).length > 0) return false;
    const operation = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION);
    if (operation) readVariables(SCHEMA, operation, variables);
    return true;
  } catch (error) {
    return !(error instanceof VariableError && error.message === 'unknown field');
  }
}

async function send(double: StashDouble, { name, request }: Exchange): Promise<Answer> {
  const body = request?.body === undefined ? request?.body_text : JSON.stringify(request.body);
  const headers =
    name === 'no content type' ? {} : (request?.headers ?? { 'Content-Type': 'application/json' });
  const response = await fetch(double.url + request!.path, {
    method: request!.method,
    headers,
    // A string would get a type of its own.
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: parseOr(await response.text()),
  };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Not in the double: markers and groups. */
const LEFT_OUT = new Set(['scene_markers', 'groups', 'scene_marker_count']);

/** Addresses, ids of folders, times of stash ids and SQL are that machine's own; lists that nobody sorted have no order. */
function plain(value: unknown, isSorted: boolean): unknown {
  if (typeof value === 'string')
    return value
      .replace(/^http:\/\/127\.0\.0\.1:\d+\//, '/')
      .replace(/^error querying aggregate fields: .*(no such column: \S+)$/, '$1');
  if (Array.isArray(value)) {
    const items = value.map((it) => plain(it, isSorted));
    return isSorted ? items : items.toSorted(byText);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, it]) => {
        if (key === 'stash_ids')
          return [
            key,
            plain(
              (it as object[]).map((id) => ({ ...id, updated_at: '' })),
              isSorted,
            ),
          ];
        return [
          key,
          key === 'folder' && it ? plain({ ...(it as object), id: '' }, isSorted) : plain(it, isSorted),
        ];
      }),
  );
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Messages, without hints on similar names, which depend on how much of the schema there is. */
function errorsOf(body: unknown, double?: StashDouble): unknown {
  const { errors } = (body ?? {}) as { errors?: { message: string; path?: unknown }[] };
  const messages = errors?.map((it) => ({
    message: it.message
      .replace(/ Did you mean .*$/, '')
      .replaceAll(double?.configDir ?? '/config', '/config')
      .replace(/^(error executing|inserting into) .*: (FOREIGN KEY|UNIQUE)/, '$2')
      .replace(/(failed to parse date "[^"]*").*$/s, '$1'),
    path: it.path,
  }));
  return messages?.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** Which fields an answer has and which of them are null, not what is in them. */
function dataKeys(body: unknown): unknown {
  return keysOf((body as { data?: unknown } | undefined)?.data);
}

function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [keysOf(value[0])];
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, it]) => [key, keysOf(it)]),
  );
}
