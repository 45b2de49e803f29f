/** Variables as gqlgen reads them: more lenient than the specification, and with gqlgen's own error texts. */
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

export class VariableError extends Error {
  readonly path: readonly (string | number)[];
  constructor(message: string, path: readonly (string | number)[]) {
    super(message);
    this.path = path;
  }
}

/** Accepts a string for a number, a number for a string, one value for a list, and undeclared variables. */
export function readVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { variable, type: node, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node) as GraphQLInputType;
    if (!(name in given)) {
      if (isNonNullType(type) && !defaultValue)
        throw new VariableError('must be defined', ['variable', name]);
      continue;
    }
    values[name] = read(type, given[name], ['variable', name]);
  }
  return values;
}

function read(type: GraphQLInputType, value: unknown, path: readonly (string | number)[]): unknown {
  if (isNonNullType(type)) {
    if (value === null) throw new VariableError('cannot be null', path);
    return read(type.ofType, value, path);
  }
  if (value === null || value === undefined) return null;
  if (isListType(type))
    return (Array.isArray(value) ? value : [value]).map((element, i) =>
      read(type.ofType, element, [...path, i]),
    );
  if (isEnumType(type)) {
    if (typeof value !== 'string' || !type.getValue(value))
      throw new VariableError(`${value as string} is not a valid ${type.name}`, path);
    return value;
  }
  if (isInputObjectType(type)) {
    if (typeof value !== 'object' || Array.isArray(value))
      throw new VariableError('must be a ' + type.name, path);
    const fields = type.getFields();
    for (const name of Object.keys(value))
      if (!fields[name]) throw new VariableError('unknown field', [...path, name]);
    const object: Record<string, unknown> = {};
    for (const field of Object.values(fields)) {
      const part = (value as Record<string, unknown>)[field.name];
      if (part === undefined) {
        if (isNonNullType(field.type) && field.defaultValue === undefined)
          throw new VariableError('must be defined', [...path, field.name]);
        continue;
      }
      object[field.name] = read(field.type, part, [...path, field.name]);
    }
    return object;
  }
  return readScalar(type.name, value, path);
}

const MAX_INT = 2 ** 31 - 1;

function readScalar(type: string, value: unknown, path: readonly (string | number)[]): unknown {
  const kind = typeof value === 'object' ? (Array.isArray(value) ? 'slice' : 'map') : typeof value;
  switch (type) {
    case 'ID':
    case 'String':
    case 'Time':
      if (kind === 'map' || kind === 'slice') throw new VariableError(`cannot use ${kind} as ${type}`, path);
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'Int': {
      const number = Number(value);
      if (kind === 'map' || kind === 'slice' || !Number.isInteger(number))
        throw new VariableError(
          `cannot use ${kind === 'number' ? `value ${Math.trunc(number)}` : kind} as Int`,
          path,
        );
      // Go's int has 64 bits; a number that large is above every id.
      return Math.min(Math.max(number, -MAX_INT), MAX_INT);
    }
    case 'Float':
      if (Number.isNaN(Number(value))) throw new VariableError(`cannot use ${kind} as Float`, path);
      return Number(value);
    case 'Boolean':
      if (value !== true && value !== false && value !== 'true' && value !== 'false')
        throw new VariableError(`cannot use ${kind} as Boolean`, path);
      return value === true || value === 'true';
    default:
      return value;
  }
}
