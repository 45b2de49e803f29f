import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { z as whole } from 'zod';
import { z as lazy } from './lazy-zod.ts';

const z = lazy as unknown as typeof whole;
const root = path.join(import.meta.dirname, '../..');

test('it has all of zod that the code of the Node bundle uses', () => {
  const types = new Set(['infer', 'output', 'input', 'core']);
  const missing = ['core', 'models', 'plugin', 'tasks'].flatMap((layer) =>
    readdirSync(path.join(root, layer), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => {
        const text = readFileSync(path.join(root, layer, file), 'utf8');
        if (!/from 'zod'/.test(text)) return [];
        return [...text.matchAll(/\bz\.(\w+)(?:\.(\w+)(?=\())?/g)].flatMap(([, name = '', member]) => {
          if (types.has(name) || (name.startsWith('Zod') && name !== 'ZodError')) return [];
          const found = (lazy as Record<string, unknown>)[name];
          const isThere =
            found !== undefined &&
            (member === undefined ||
              !['coerce', 'iso'].includes(name) ||
              Object.hasOwn(found as object, member));
          return isThere ? [] : [`${layer}/${file}: z.${name}`];
        });
      }),
  );
  assert.deepEqual(missing, []);
});

/** Makes the same schema of either, with what is put into it. */
type Build = (zod: typeof whole) => whole.ZodType;
const CASES: readonly {
  readonly name: string;
  readonly build: Build;
  readonly values: readonly unknown[];
}[] = [
  {
    name: 'steps after steps',
    build: ({ string }) => string().trim().min(2).max(4).optional(),
    values: [' abc ', 'a', 'abcde', undefined, null, 3],
  },
  {
    name: 'objects in arrays in unions',
    build: ({ array, object, union, int, string, literal, record, tuple, boolean }) =>
      union([
        array(object({ id: int().positive(), to: tuple([string(), boolean()]).nullable() })),
        record(string(), literal('x')),
      ]),
    values: [[{ id: 1, to: ['a', true] }], [{ id: 0, to: null }], { a: 'x' }, { a: 'y' }, 7],
  },
  {
    name: 'fields of another schema',
    build: (zod) => {
      const Other = zod.strictObject({
        inner: zod.object({ a: zod.int(), b: zod.string().default('b') }),
        c: zod.int(),
      });
      return zod.strictObject({ picked: Other.shape.inner.pick({ b: true }), ...Other.shape });
    },
    values: [
      { picked: {}, inner: { a: 1 }, c: 1 },
      { picked: { b: 1 }, inner: { a: 1 }, c: 1 },
      { other: 1 },
    ],
  },
  {
    name: 'a schema that refers to itself',
    build: (zod) => {
      const Node: whole.ZodType = zod.object({ next: zod.lazy(() => Node).optional() });
      return Node;
    },
    values: [{ next: { next: {} } }, { next: { next: 1 } }],
  },
  {
    name: 'unions told apart by a field, extended objects, values made before they are read',
    build: (zod) => {
      const Base = zod.object({ at: zod.coerce.number() });
      return zod.discriminatedUnion('kind', [
        Base.extend({ kind: zod.literal('a') }),
        Base.extend({
          kind: zod.enum(['b', 'c']).extract(['b']),
          more: zod.preprocess(Number, zod.number().gt(1)),
        }),
      ]);
    },
    values: [
      { kind: 'a', at: '3' },
      { kind: 'b', at: 1, more: '2' },
      { kind: 'b', at: 1, more: '1' },
      { kind: 'c' },
    ],
  },
  {
    name: 'own checks and transformations',
    build: ({ string }) =>
      string()
        .refine((text) => text !== 'no', 'not no')
        .transform((text) => text.length)
        .pipe(whole.number().max(3)),
    values: ['yes', 'no', 'longer'],
  },
];

for (const { name, build, values } of CASES)
  test(`a schema that is made late reads as one that is made at once: ${name}`, () => {
    const [late, atOnce] = [build(z), build(whole)];
    for (const value of values) {
      const read = late.safeParse(value);
      const expected = atOnce.safeParse(value);
      assert.deepEqual(
        read.success ? read.data : read.error.issues,
        expected.success ? expected.data : expected.error.issues,
      );
    }
    assert.ok(late instanceof whole.ZodType);
  });

test('nothing is made before something is asked of it', () => {
  const Wrong = z.string().regex(null as unknown as RegExp);
  const Holder = z.object({ wrong: z.array(Wrong) });
  assert.throws(() => Holder.parse({ wrong: ['a'] }), TypeError);
});

test('what a schema is asked for before it was made it says as one that was', () => {
  const Order = z.enum(['first', 'last']);
  assert.deepEqual(Order.options, ['first', 'last']);
  assert.deepEqual(Object.keys(z.object({ a: Order, b: Order }).shape), ['a', 'b']);
  assert.throws(() => z.int().parse('1'), z.ZodError);
});
