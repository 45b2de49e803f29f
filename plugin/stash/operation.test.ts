/** What the compiler holds: each `@ts-expect-error` fails the type check where the line below it compiles. */
import { test } from 'node:test';
import { z } from 'zod';
import { operation } from './operation.ts';
import type { Graphql } from './graphql.ts';

type Scene = { id: string; title: string | null; files: { path: string; size: number | string }[] };
type Gallery = { id: string; title: string | null; folder: { path: string } | null };
const make = operation<{ found: (Scene | Gallery)[] }, { id: string }>();
const document = 'query Found($id: ID!) { … }';
const found = <Item extends z.ZodType>(item: Item) => z.object({ found: z.array(item) });
const id = z.string();
const title = z.string().nullish();
const files = z.array(z.object({ path: z.string(), size: z.coerce.number() })).default([]);
const folder = z.object({ path: z.string() }).nullish();

test('a schema that takes every answer and reads what is asked for compiles, and no other', () => {
  make({ document, answer: found(z.object({ id, title, files, folder })) });
  make({ document, answer: z.unknown() });

  // @ts-expect-error a field that may be null
  make({ document, answer: found(z.object({ id, title: z.string() })) });
  // @ts-expect-error a field of another type
  make({ document, answer: found(z.object({ id: z.number() })) });
  // @ts-expect-error a field that one kind does not have
  make({ document, answer: found(z.object({ id, files: z.array(z.object({ path: z.string() })) })) });
  // @ts-expect-error an optional field that is not asked for
  make({ document, answer: found(z.object({ id, name: z.string().optional() })) });
  // @ts-expect-error nor deeper
  make({ document, answer: found(z.object({ folder: z.object({ id: id.optional() }).nullish() })) });
});

test('a document is sent with its variables', () => {
  const withId = make({ document, answer: z.unknown() });
  const without = operation<unknown, { [key: string]: never }>()({ document, answer: z.unknown() });
  const send = ({ query }: Pick<Graphql, 'query'>): unknown[] => [
    query(withId, { id: '1' }),
    query(without),
    // @ts-expect-error none
    query(withId),
    // @ts-expect-error of another type
    query(withId, { id: 1 }),
    // @ts-expect-error where there are none
    query(without, { id: '1' }),
  ];
  send({ query: async () => undefined as never });
});
