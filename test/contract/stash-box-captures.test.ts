/** Requests that a real stash-box once answered, sent to the double, and the answers compared. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { buildSchema, Kind, parse, print, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import type { BoxDouble } from '../double/stash-box/box-double.ts';
import type { PerformerRow, SceneRow } from '../double/stash-box/data.ts';
import { readBoxSchema } from '../double/stash-box/schema.ts';
import { startedBox } from './opened-box.ts';

const CAPTURES = '../shared/stash/captures/stash-box';
const skip = existsSync(CAPTURES) ? false : 'the captures lie in ../shared, which is not here';
const SCHEMA = buildSchema(readBoxSchema('v0.10.2'));

type Body = { data?: unknown; errors?: { message: string; path?: unknown; extensions?: unknown }[] };
type Exchange = {
  name: string;
  request: {
    method: string;
    path: string;
    headers: Record<string, string | null>;
    body?: { query?: string; variables?: Record<string, unknown>; operationName?: string };
    body_text?: string;
  };
  response: { status: number; headers: Record<string, string>; body?: Body; body_text?: string };
};

function readCapture(name: string): Exchange[] {
  return (JSON.parse(readFileSync(`${CAPTURES}/${name}.json`, 'utf8')) as { exchanges: Exchange[] })
    .exchanges;
}

for (const [capture, least, leaveOut] of [
  ['performer-find', 7, ['its scenes (at most 10, newest date first, no paging)']],
  [
    'errors',
    15,
    [
      'numeric id',
      'failure in a non-null root field: data is null',
      // Of types that the double does not have, and of its database.
      'unknown query',
      'unknown query findScenesByFullFingerprints',
      'text of a database error reaches the client: a NUL character',
    ],
  ],
  [
    'auth',
    12,
    // Of the version's build, and of roles that no question of ours needs.
    [
      'valid key: version',
      'key replaced by regenerateAPIKey: old key',
      'no key: introspection is open',
      'key replaced by regenerateAPIKey: new key',
    ],
  ],
  [
    'performer-deleted-merged',
    12,
    [
      // Each field of the answer is an error there.
      'queryEdits with target_id but no target_type',
      // There are no scenes here.
      'scenes of the old performers now name the target',
    ],
  ],
  [
    'performer-search',
    6,
    // In the order of a search that is not the real one there either.
    [
      'default limit 10',
      'searchPerformer as Stash asks it',
      'searchPerformers: limit 0 is taken as 10',
      'searchPerformers with paging, filter and facets',
    ],
  ],
] as const)
  test(`${capture}: answered alike`, { skip }, async (t) => {
    const double = await startedBox(t, { userName: 'reader' });
    fill(double);
    fillEdits(double, 'performer-deleted-merged', 'PERFORMER');
    await replay(t, double, capture, least, leaveOut);
  });

/** [capture, distance that its owner has set, least that is compared] */
for (const [capture, phashDistance, least] of [
  ['scene-fingerprints', 4, 17],
  ['scene-fingerprints-exact', 0, 4],
] as const)
  test(`${capture}: answered alike`, { skip }, async (t) => {
    const double = await startedBox(t, { phashDistance });
    fillScenes(double);
    // Answers and questions that were cut, and fields that no question of ours has.
    const leaveOut = [
      '40 scenes',
      '1 scene with 200 fingerprints: the inner list has no maximum',
      'as Stash asks it: three scenes, the second unknown',
      'queryScenes by fingerprints (exact, any algorithm)',
      'hash as a number',
      'unknown algorithm',
    ];
    await replay(t, double, capture, least, leaveOut);
  });

test('scene-deleted-merged: answered alike', { skip }, async (t) => {
  const double = await startedBox(t);
  for (const { response } of readCapture('scene-deleted-merged')) {
    const answered = response.body?.data as { findScene?: WholeScene } | undefined;
    if (answered?.findScene) addWhole(double, answered.findScene);
  }
  fillEdits(double, 'scene-deleted-merged', 'SCENE');
  await replay(t, double, 'scene-deleted-merged', 5, []);
});

test('pictures are served alike', { skip }, async (t) => {
  const double = await startedBox(t);
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  const [LARGE, SVG, LOST] = [
    '068d5697-7464-4bef-80e0-fab1fc5bb405',
    '612bf297-6744-453e-89c9-9df0aa34dea3',
    'e4e4931d-ad01-467c-8b7b-9cdfda772ee7',
  ];
  double.data.addImage({ id: LARGE, bytes: jpeg });
  double.data.addImage({ id: 'c1378cc0-1120-46c8-88b2-e29480be7d9c', bytes: jpeg });
  double.data.addImage({ id: SVG, bytes: Buffer.from('<svg/>'), type: 'image/svg+xml' });
  double.data.addImage({ id: LOST });
  let compared = 0;
  for (const { name, request, response } of readCapture('images')) {
    const isHere = [...double.data.images.keys(), 'not-a-uuid', '00000000-'].some((id) =>
      request.path.includes(id),
    );
    if (request.method === 'POST' || !isHere || /Range|Origin/.test(name)) continue;
    const headers = headersOf(request, double);
    const answer = await fetch(double.endpoint.replace('/graphql', request.path), {
      method: request.method,
      headers,
    });
    await answer.arrayBuffer();
    const got = [
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('content-security-policy'),
    ];
    const type = response.headers['content-type'] ?? null;
    assert.deepEqual(got, [response.status, type, response.headers['content-security-policy'] ?? null], name);
    compared++;
  }
  assert.ok(compared >= 12, `${compared} compared`);
});

test('a database that is gone shows alike', { skip }, async (t) => {
  const double = await startedBox(t);
  double.databaseIsDown = true;
  for (const { name, request, response } of readCapture('server-trouble')) {
    if (!/user not seen lately|no key|GET an image/.test(name)) continue;
    const answer = await send(double, request);
    assert.equal(answer.status, response.status, name);
  }
});

type AnsweredEdit = {
  id: string;
  operation: 'MERGE' | 'DESTROY';
  status: string;
  applied: boolean;
  created: string;
  closed: string;
  target: { id: string };
  merge_sources: { id: string }[];
};

/** The edits of a capture. */
function fillEdits({ data }: BoxDouble, capture: string, targetType: 'PERFORMER' | 'SCENE'): void {
  for (const { response } of readCapture(capture)) {
    const answered = response.body?.data as { queryEdits?: { edits: AnsweredEdit[] } } | undefined;
    for (const { target, merge_sources: sources, ...edit } of answered?.queryEdits?.edits ?? [])
      data.edits.set(edit.id, {
        ...edit,
        targetType,
        targetId: target.id,
        mergeSourceIds: sources.map(({ id }) => id),
      });
  }
}

type Given = SceneRow['fingerprints'][number];
type AnsweredScene = Pick<SceneRow, 'id' | 'title'> &
  Partial<Pick<SceneRow, 'duration'>> & {
    fingerprints?: (Omit<Given, 'submissions' | 'reports'> & Partial<Given>)[];
  };

/** The scenes of the captures with the fingerprints that any of their answers gives them, and those that were found by one. */
function fillScenes({ data }: BoxDouble): void {
  for (const capture of ['scene', 'scene-fingerprints', 'scene-fingerprints-exact'])
    for (const { response } of readCapture(capture)) collectScenes(response.body?.data, data);
  const given: readonly [title: string, algorithm: string, hash: string][] = [
    ['Gettysburg Reading', 'PHASH', 'aaaabbbbccccdddd'],
    ['Gettysburg Reading', 'OSHASH', '00000000000000ff'],
    ['Gettysburg Reading (Alternate Cut)', 'PHASH', 'aaaabbbbccccdddf'],
    ['Compiler Lecture', 'PHASH', '0f0f0f0f0f0f0f0f'],
  ];
  for (const [title, algorithm, hash] of given)
    for (const row of data.scenes.values())
      if (row.title === title && !row.fingerprints.some((one) => one.hash === hash))
        row.fingerprints.push({ hash, algorithm, duration: 600, submissions: 1, reports: 0 });
}

type WholeScene = Partial<Omit<SceneRow, 'performers'>> &
  Pick<SceneRow, 'id'> & {
    studio: { id: string; name: string };
    tags: { name: string }[];
    images: { id: string }[];
    performers: { performer: { name: string } }[];
  };

function addWhole({ data }: BoxDouble, { studio, tags, images, performers, ...row }: WholeScene): void {
  data.addStudio(studio);
  for (const image of images) data.addImage(image);
  data.addScene({
    ...row,
    studioId: studio.id,
    tagIds: tags.map((tag) => data.addTag(tag).id),
    imageIds: images.map(({ id }) => id),
    performers: performers.map(({ performer }) => ({ id: data.addPerformer(performer).id, as: null })),
  });
}

function collectScenes(value: unknown, data: BoxDouble['data']): void {
  if (typeof value !== 'object' || value === null) return;
  if (!('id' in value && 'title' in value)) {
    for (const one of Object.values(value)) collectScenes(one, data);
    return;
  }
  const { id, title, duration, fingerprints = [] } = value as AnsweredScene;
  const row = data.scenes.get(id) ?? data.addScene({ id, title });
  row.duration = duration ?? row.duration;
  for (const one of fingerprints)
    if (!row.fingerprints.some(({ hash }) => hash === one.hash))
      row.fingerprints.push({ submissions: 1, reports: 0, ...one });
}

type AnsweredPerformer = Partial<PerformerRow> & {
  id: string;
  name: string;
  images?: { id: string; width: number; height: number }[];
  studios?: { studio: { id: string; name: string }; scene_count: number }[];
};

/** The performers of the captures, with what any of their answers says of them. */
function fill({ data }: BoxDouble): void {
  const answered: AnsweredPerformer[] = [];
  for (const capture of [
    'performer-query',
    'performer-search',
    'performer-deleted-merged',
    'performer-find',
    'errors',
  ])
    for (const { response } of readCapture(capture)) collect(response.body?.data, answered);
  // The longer an answer is, the more it says.
  for (const row of answered.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)) {
    for (const image of row.images ?? []) data.addImage(image);
    const known = data.performers.get(row.id) ?? data.addPerformer({ id: row.id, name: row.name });
    const { studios = [], ...fields } = row;
    Object.assign(known, fields, row.images && { imageIds: row.images.map(({ id }) => id) });
    for (const { studio, scene_count: count } of studios) {
      if (!data.studios.has(studio.id)) data.addStudio(studio);
      for (let n = 0; n < count; n++)
        data.addScene({ studioId: studio.id, performers: [{ id: row.id, as: null }] });
    }
  }
}

function collect(value: unknown, into: AnsweredPerformer[]): void {
  if (typeof value !== 'object' || value === null) return;
  if ('id' in value && 'name' in value && ('aliases' in value || 'deleted' in value))
    into.push(value as AnsweredPerformer);
  else for (const one of Object.values(value)) collect(one, into);
}

async function replay(
  t: TestContext,
  double: BoxDouble,
  capture: string,
  least: number,
  leaveOut: readonly string[],
): Promise<void> {
  const differences: object[] = [];
  const outside: string[] = [];
  let compared = 0;
  for (const { name, request, response } of readCapture(capture)) {
    const query = request.body?.query;
    const known = query === undefined || response.status !== 200 ? query : knownPart(query);
    if (request.method !== 'POST' || known === null || leaveOut.includes(name)) {
      outside.push(name);
      continue;
    }
    const body = request.body && { ...request.body, ...(known !== undefined && { query: known }) };
    const answer = await send(double, { ...request, ...(body && { body }) });
    const theirs = { status: response.status, body: plain(response.body ?? null) };
    const ours = { status: answer.status, body: plain(answer.body) };
    const same = { ...theirs, body: partOf(theirs.body, ours.body) };
    if (!isDeepStrictEqual(ours, same)) differences.push({ name, ours, theirs: same });
    compared++;
  }
  assert.deepEqual(differences, []);
  t.diagnostic(`${compared} compared; not part of the double: ${outside.join(', ')}`);
  assert.ok(compared >= least, `${compared} compared`);
}

/** Without the fields that the double does not have; null: nothing is left, or it is asked for otherwise. */
function knownPart(query: string): string | null {
  // Cut short in the capture.
  if (query.includes('…')) return null;
  const types = new TypeInfo(SCHEMA);
  let isEmpty = false;
  const document = visit(
    parse(query),
    visitWithTypeInfo(types, {
      Field: {
        enter: () => (types.getFieldDef() ? undefined : null),
        leave: (node) => {
          isEmpty ||= node.selectionSet?.selections.length === 0;
        },
      },
    }),
  );
  const roots = document.definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? one.selectionSet.selections : [],
  );
  return isEmpty || roots.length === 0 || validate(SCHEMA, document).length > 0 ? null : print(document);
}

/** Without addresses of that machine, the age, which changes by itself, and what says the same in other words. */
function plain(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/^http:\/\/127\.0\.0\.1:\d+\//, '/')
      .replace(/ Did you mean .*$/, '')
      .replace(/(could not be decoded: ).*( body:.*)$/s, '$1$2');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !['locations', 'age', 'scene_count', 'is_favorite'].includes(key))
      .map(([key, one]) => [key, plain(one)]),
  );
}

/** Of what they answered, what ours was asked for. */
function partOf(theirs: unknown, ours: unknown): unknown {
  if (Array.isArray(theirs) && Array.isArray(ours)) return theirs.map((one, n) => partOf(one, ours[n]));
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null)
    return theirs;
  return Object.fromEntries(
    Object.entries(theirs)
      .filter(([key]) => Object.hasOwn(ours, key))
      .map(([key, one]) => [key, partOf(one, (ours as Record<string, unknown>)[key])]),
  );
}

function headersOf({ headers }: Exchange['request'], { key }: BoxDouble): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === '<key>' ? key : (value ?? '')]),
  );
}

async function send(
  double: BoxDouble,
  request: Exchange['request'],
): Promise<{ status: number; body: unknown }> {
  const body = request.body === undefined ? request.body_text : JSON.stringify(request.body);
  const response = await fetch(double.endpoint.replace('/graphql', request.path), {
    method: request.method,
    headers: headersOf(request, double),
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: null };
  }
}
