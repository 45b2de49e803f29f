import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Message, MessageOrText } from '../messages/schema.ts';
import { operations } from './operations.ts';

/** Fields of the answers that are text and no sentence of ours, each with what it is. A sentence is a message. */
const NOT_SENTENCES: Readonly<Record<string, string>> = {
  address: 'address of a publisher',
  after: 'value of a field in Stash',
  analyzer: 'id of what made the suggestion',
  artifacts: 'ids',
  batchId: 'id',
  before: 'value of a field in Stash',
  builtAt: 'a time',
  channel: 'address',
  cast: 'names of performers of a stash-box',
  undecided: 'names of performers of a stash-box',
  nameTaken: 'names of performers, a studio and tags of a stash-box',
  chosen: 'id',
  contentId: 'id',
  contentIds: 'ids',
  date: 'a date',
  contents: 'ids',
  crop: 'address of a picture',
  disambiguation: 'of a performer in Stash',
  mine: 'what Stash has of a performer',
  theirs: 'what a stash-box has of a performer',
  birthDate: 'a date',
  country: 'a code, as a stash-box has it',
  embedders: 'ids of embedders',
  endpoint: 'address of a stash-box',
  engine: 'name of a library',
  entityTitle: 'title in Stash',
  expression: 'cron expression',
  facePack: 'id of a face pack',
  field: 'name of a field',
  folder: 'path',
  found: 'ids of what was found',
  gone: 'ids',
  href: 'path of a page',
  id: 'id',
  ids: 'ids',
  imageId: 'id of a picture of a stash-box',
  imageCodec: 'name of a library',
  jobId: 'id',
  journalId: 'id',
  key: 'id',
  kind: 'id of a kind',
  leftBehind: 'path',
  licence: 'name of a licence',
  license: 'name of a licence',
  licenseNote: 'what the maker of a reference pack wrote',
  machine: 'system, processor and C library',
  movingTo: 'path',
  name: 'name of a performer or a package',
  next: 'id',
  node: 'version',
  packId: 'id',
  notListed: 'names of performers in Stash',
  performerId: 'id',
  hiddenId: 'id',
  performerList: 'name of a list',
  personId: 'id',
  picture: 'hash of a picture',
  place: 'path',
  provider: 'name of an execution provider',
  provides: 'name of a package',
  referenceId: 'id',
  rejected: 'ids',
  reopened: 'ids',
  revision: 'hash of an offer',
  saved: 'names of settings',
  source: 'id of a kind of picture',
  sources: 'hosts of stash-boxes',
  stash: 'version',
  stashId: 'id',
  state: 'id of a state',
  stopping: 'modes of tasks',
  studio: 'name of a studio',
  suggestionId: 'id',
  targetName: 'name in Stash',
  task: 'mode of a task',
  text: 'report for developers, in English',
  title: 'title in Stash',
  undone: 'ids',
  url: 'address of a picture',
  values: 'values of a field in Stash',
  timeZone: 'name of a time zone',
  version: 'version',
  what: 'name of a field, or a kind',
};

test('every text of an answer is a message, or known to be no sentence', () => {
  const fields = Object.entries(operations).flatMap(([name, { output }]) => textsOf(output(), name));
  const names = new Set(fields.map(fieldName));
  assert.deepEqual(
    fields.filter((field) => !Object.hasOwn(NOT_SENTENCES, fieldName(field))),
    [],
  );
  assert.deepEqual(
    Object.keys(NOT_SENTENCES).filter((name) => !names.has(name)),
    [],
    'no field has these names any more',
  );
});

function fieldName(place: string): string {
  return place.slice(place.lastIndexOf('.') + 1).replace(/\[\]|\{\}/g, '');
}

/** Where the schema has plain text: `status.checks[].id`. */
function textsOf(schema: z.core.$ZodType, place: string): string[] {
  if (schema === Message || schema === MessageOrText) return [];
  if (schema instanceof z.ZodString) return [place];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as Record<string, z.core.$ZodType>).flatMap(([name, part]) =>
      textsOf(part, `${place}.${name}`),
    );
  if (schema instanceof z.ZodArray) return textsOf(schema.element, `${place}[]`);
  if (schema instanceof z.ZodRecord) return textsOf(schema.valueType, `${place}{}`);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((part) => textsOf(part, place));
  if (
    [z.ZodNullable, z.ZodOptional, z.ZodDefault, z.ZodReadonly, z.ZodLazy].some((it) => schema instanceof it)
  )
    return textsOf((schema as z.ZodNullable).unwrap(), place);
  assert.ok(
    [z.ZodNumber, z.ZodBoolean, z.ZodEnum, z.ZodLiteral, z.ZodNull, z.ZodUnknown].some(
      (it) => schema instanceof it,
    ),
    `${place}: a kind of schema that this test does not look into`,
  );
  return [];
}
