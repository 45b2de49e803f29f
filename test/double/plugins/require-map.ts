/** An argument that is no map: gqlgen names the argument in the error's path. */
export class ArgumentError extends Error {
  /** Where it is in the arguments of the field. */
  readonly argument: readonly (string | number)[];
  constructor(message: string, ...argument: readonly (string | number)[]) {
    super(message);
    this.argument = argument;
  }
}

export function requireMap(value: unknown, argument: string): Record<string, unknown> {
  if (Array.isArray(value)) throw new ArgumentError('[]interface {} is not a map', argument);
  if (typeof value !== 'object' || value === null)
    throw new ArgumentError(`${typeof value} is not a map`, argument);
  return value as Record<string, unknown>;
}
