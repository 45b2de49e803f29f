import { toGoJson } from './graphql/go-json.ts';
import type { StashLog } from './stash-log.ts';

/** Stash writes every refusal of a field to its log, and what the field was asked. */
export function logFailures(log: StashLog, fields: Record<string, unknown>): Record<string, unknown> {
  const logged = (name: string, field: (...args: unknown[]) => unknown) => {
    return async (...args: unknown[]): Promise<unknown> => {
      try {
        return await field(...args);
      } catch (error) {
        log.write('Error', `${name}: input: ${name} ${(error as Error).message}`);
        log.write('Debug', `${name}: ${toGoJson(args[0])}`);
        throw error;
      }
    };
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      typeof field === 'function' ? logged(name, field as (...args: unknown[]) => unknown) : field,
    ]),
  );
}
