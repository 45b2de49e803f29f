/** What a row of a table of people says, whoever wrote it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StashIdValue } from '../../../core/changes/change.ts';
import { SaidError } from '../../../core/errors.ts';
import { jsonOf } from '../../../core/json-of.ts';
import { message } from '../../../core/messages/message.ts';
import { nameKey } from '../../../core/people/name-key.ts';
import { toBlankedLine } from '../../../core/printable.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import { uniqueStashIds } from '../../../core/reference-packs/unique-stash-ids.ts';
import { parseCsv } from './csv.ts';

export type PersonRow = {
  /** Of the table, the same whenever it is read. */
  readonly id: string;
  readonly name: string;
  readonly disambiguation: string;
  readonly aliases: readonly string[];
  readonly birthDate: string | null;
  readonly country: string | null;
  readonly gender: string | null;
  /** At stash-boxes, in order. */
  readonly stashIds: readonly StashIdValue[];
  /** Relative to the folder, with `/`. */
  readonly pictures: readonly string[];
};

const Text = z
  .string()
  .max(300)
  .transform((text) => toBlankedLine(text).trim());
const Maybe = Text.nullish().transform((text) => (text === undefined || text === '' ? null : text));
const Separated = Text.transform((text) => text.split(';').map((part) => part.trim()));
const Id = z.union([
  z.object({ endpoint: z.string(), id: z.string() }).transform(({ endpoint, id }) => `${endpoint} ${id}`),
  Text,
]);

/** A list of these, or a text with semicolons between them; what is empty is left out. */
function listOf(item: z.ZodType<string>, most: number) {
  return z
    .union([z.array(item).max(most), Separated])
    .nullish()
    .transform((texts) => (texts ?? []).filter((text) => text !== ''));
}

const Row = z.object({
  id: Maybe,
  name: Text.refine((text) => text !== ''),
  disambiguation: Maybe,
  aliases: listOf(Text, 200),
  birth_date: Maybe.refine((text) => text === null || /^\d{4}(?:-\d\d){0,2}$/.test(text)),
  country: Maybe,
  gender: Maybe,
  ids: listOf(Id, 50),
  pictures: listOf(Text, 200).pipe(z.array(z.string()).max(100)),
});

/** @throws SaidError that names the field, as a part of a sentence */
export function toRow(value: unknown): PersonRow {
  const parsed = Row.safeParse(value);
  if (!parsed.success)
    throw new SaidError(
      message('peopleTable.badField', { field: String(parsed.error.issues[0]?.path[0] ?? 'name') }),
    );
  const { id, birth_date: birthDate, ids, ...row } = parsed.data;
  const stashIds = uniqueStashIds(ids.map(toStashId));
  if (id !== null && !/^[\w.-]{1,100}$/.test(id))
    throw new SaidError(message('peopleTable.badField', { field: 'id' }));
  const [first] = stashIds;
  const made =
    first === undefined
      ? `${nameKey(row.name)} ${row.disambiguation ?? ''} ${birthDate ?? ''}`
      : keyOfStashId(first);
  return {
    ...row,
    id: id ?? createHash('sha256').update(made).digest('hex').slice(0, 32),
    disambiguation: row.disambiguation ?? '',
    birthDate,
    stashIds,
  };
}

/** `<endpoint> <id>`, or the address of a performer's page. @throws SaidError */
function toStashId(text: string): StashIdValue {
  const page = /^(https?:\/\/[^/\s]+)\/performers\/([\w-]{1,100})\/?$/.exec(text);
  const [endpoint, stashId] = page ? [`${page[1]}/graphql`, page[2]] : text.split(/\s+/);
  const isId = stashId !== undefined && /^[\w-]{1,100}$/.test(stashId);
  if (endpoint === undefined || !isId || !/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    throw new SaidError(message('peopleTable.badField', { field: 'ids' }));
  return { endpoint, stashId };
}

/** @param text the first line names the columns */
export function* csvRows(text: string): Iterable<unknown> {
  const [head = [], ...rows] = parseCsv(text);
  for (const row of rows)
    yield Object.fromEntries(
      head.map((name, at) => [name.toLowerCase().replaceAll(' ', '_'), row[at] ?? '']),
    );
}

export function* jsonLines(text: string): Iterable<unknown> {
  for (const line of text.split('\n')) if (line.trim() !== '') yield jsonOf(line);
}

const Published = z.object({ name: z.string(), country: z.string().nullish() });

/** The `performers.json` that the Python project publishes: by `<host of the stash-box>:<id>` a name and a country. */
export function* publishedRows(text: string): Iterable<unknown> {
  const all = jsonOf(text);
  if (typeof all !== 'object' || all === null || Array.isArray(all)) {
    yield null;
    return;
  }
  for (const [key, value] of Object.entries(all)) {
    const [, host, id] = /^([a-z0-9.-]{1,100}):([\w-]{1,100})$/.exec(key) ?? [];
    const person = Published.safeParse(value);
    yield host === undefined || !person.success
      ? null
      : { name: person.data.name, country: person.data.country, ids: [`https://${host}/graphql ${id}`] };
  }
}
