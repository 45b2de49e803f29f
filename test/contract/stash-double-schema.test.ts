/** The double's schema is a part of every real one: same names, same types, same nullability. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { readSchemaText } from '../double/graphql/schema.ts';
import { readBoxSchema } from '../double/stash-box/schema.ts';

const SCHEMAS = '../shared/stash';
const skip = existsSync(SCHEMAS) ? false : 'the schemas lie in ../shared, which is not here';

for (const [version, double] of [
  ['v0.28.1', 'v0.28.1'],
  ['v0.29.3', 'v0.29.3'],
  ['v0.30.1', 'v0.30.1'],
  ['develop-2026-01-11', 'v0.30.1'],
] as const)
  test(`what the double of ${double} speaks, Stash ${version} speaks`, { skip }, () => {
    const real = buildSchema(readFileSync(`${SCHEMAS}/stash-${version}.graphql`, 'utf8'), {
      assumeValid: true,
    });
    assert.deepEqual(differences(buildSchema(readSchemaText(double)), real), []);
  });

test('what the double of a stash-box speaks, a stash-box speaks', { skip }, () => {
  const real = buildSchema(readFileSync(`${SCHEMAS}/stash-box.graphql`, 'utf8'), { assumeValid: true });
  assert.deepEqual(differences(buildSchema(readBoxSchema('v0.10.2')), real), []);
});

function differences(ours: GraphQLSchema, real: GraphQLSchema): string[] {
  return Object.values(ours.getTypeMap())
    .filter((it) => !it.name.startsWith('__'))
    .flatMap((type) => {
      const other = real.getType(type.name);
      if (!other) return [`${type.name} is not there`];
      const theirs = new Set(parts(other));
      return parts(type).filter((it) => !theirs.has(it));
    });
}

/** Everything that could be said wrong about a type, each as one line. */
function parts(type: GraphQLNamedType): string[] {
  const lines = [`${type.constructor.name} ${type.name}`];
  if (isObjectType(type) || isInterfaceType(type))
    for (const field of Object.values(type.getFields())) {
      lines.push(`${type.name}.${field.name}: ${String(field.type)}`);
      for (const arg of field.args)
        lines.push(`${type.name}.${field.name}(${arg.name}: ${String(arg.type)})`);
    }
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields()))
      lines.push(`${type.name}.${field.name}: ${String(field.type)}`);
  if (isEnumType(type)) for (const value of type.getValues()) lines.push(`${type.name} ${value.name}`);
  if (isUnionType(type)) for (const member of type.getTypes()) lines.push(`${type.name} | ${member.name}`);
  return lines;
}
