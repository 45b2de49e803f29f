/**
Takes the place of zod in the Node bundle, with the part of it that we use: a schema of ours is made when something is asked of
it. A click on Stash's page starts a process that needs a few of some hundred schemas, and zod takes a twentieth of a
millisecond for each.

A schema that cannot be made throws at its first use, and not when its module is loaded.
*/
import * as zod from 'zod/v4';

type Maker = (...args: readonly unknown[]) => object;

/** Of each the result is a schema, and what it is given is only kept. */
const MAKERS: Readonly<Record<string, unknown>> = {
  array: zod.array,
  boolean: zod.boolean,
  discriminatedUnion: zod.discriminatedUnion,
  enum: zod.enum,
  instanceof: zod.instanceof,
  int: zod.int,
  lazy: (getter: () => unknown) => zod.lazy(() => made(getter()) as zod.ZodType),
  literal: zod.literal,
  looseObject: zod.looseObject,
  null: zod.null,
  number: zod.number,
  object: zod.object,
  partialRecord: zod.partialRecord,
  preprocess: zod.preprocess,
  record: zod.record,
  strictObject: zod.strictObject,
  string: zod.string,
  tuple: zod.tuple,
  union: zod.union,
  unknown: zod.unknown,
  url: zod.url,
  uuid: zod.uuid,
};

/** The same of these methods of a schema. All others make it. */
const STEPS: ReadonlySet<PropertyKey> = new Set([
  'array',
  'catch',
  'default',
  'describe',
  'extend',
  'extract',
  'gt',
  'int',
  'length',
  'lt',
  'max',
  'min',
  'nonnegative',
  'nullable',
  'nullish',
  'omit',
  'optional',
  'partial',
  'pick',
  'pipe',
  'positive',
  'readonly',
  'refine',
  'regex',
  'strict',
  'superRefine',
  'transform',
  'trim',
]);

export const z = {
  ZodError: zod.ZodError,
  NEVER: zod.NEVER,
  config: zod.config,
  ...later(MAKERS),
  coerce: later({ number: zod.coerce.number, string: zod.coerce.string }),
  iso: later({ datetime: zod.iso.datetime }),
};

/** What stands for a schema, until `make` was called. */
type StandIn = { make: (() => object) | null; schema: object | null };

/** By this name a proxy gives what is behind it. */
const BEHIND = Symbol('behind');

const handler: ProxyHandler<StandIn> = {
  get(standIn, name) {
    if (name === BEHIND) return standIn;
    if (standIn.make !== null) {
      if (STEPS.has(name))
        return (...args: unknown[]) => standInFor(() => methodOf(schemaOf(standIn), name)(...args.map(made)));
      if (name === 'shape') return fieldsOf(standIn);
    }
    const schema = schemaOf(standIn);
    const value: unknown = Reflect.get(schema, name);
    return typeof value === 'function' ? methodOf(schema, name) : value;
  },
  has: (standIn, name) => Reflect.has(schemaOf(standIn), name),
  getPrototypeOf: (standIn) => Reflect.getPrototypeOf(schemaOf(standIn)),
};

function later(makers: Readonly<Record<string, unknown>>): Record<string, Maker> {
  return Object.fromEntries(
    Object.entries(makers).map(([name, maker]) => [
      name,
      (...args: unknown[]) => standInFor(() => (maker as Maker)(...args.map(made))),
    ]),
  );
}

function standInFor(make: () => object): object {
  return new Proxy<StandIn>({ make, schema: null }, handler);
}

function schemaOf(standIn: StandIn): object {
  if (standIn.make !== null) {
    standIn.schema = standIn.make();
    standIn.make = null;
  }
  return standIn.schema!;
}

/** The schemas of an object's fields, each made when something is asked of it. */
function fieldsOf(standIn: StandIn): object {
  const fields = (): object => Reflect.get(schemaOf(standIn), 'shape') as object;
  return new Proxy(
    {},
    {
      get: (_, name) => standInFor(() => Reflect.get(fields(), name) as object),
      has: (_, name) => Reflect.has(fields(), name),
      ownKeys: () => Reflect.ownKeys(fields()),
      getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(fields(), name),
    },
  );
}

function methodOf(schema: object, name: PropertyKey): Maker {
  return (Reflect.get(schema, name) as Maker).bind(schema);
}

/** With schemas in place of what stands for them: zod asks them at each value that it parses. */
function made(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const standIn = (given as { [BEHIND]?: StandIn })[BEHIND];
  if (standIn !== undefined) return schemaOf(standIn);
  if (Array.isArray(given)) return given.map(made);
  if (Object.getPrototypeOf(given) !== Object.prototype) return given;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, made(value)]));
}
