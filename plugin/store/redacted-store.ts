import type { Store } from '../../core/ports/store.ts';
import type { Secrets } from '../system/redactor.ts';

/**
A proxy of the store that redacts secrets, which a server may have echoed in an error, a title or a name, before they are
written. It covers all arguments of all repositories, so that a new one is covered too. Paths are not redacted.
*/
export function redactedStore(store: Store, { redactAll }: Pick<Secrets, 'redactAll'>): Store {
  const parts = Object.entries(store).map(([name, part]: [string, unknown]) => [
    name,
    typeof part === 'object' && part !== null && name !== 'relocation' ? redacted(part, redactAll) : part,
  ]);
  return Object.fromEntries(parts) as Store;
}

function redacted<Part extends object>(part: Part, redactAll: Secrets['redactAll']): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function'
        ? (...args: unknown[]): unknown => Reflect.apply(member, target, redactAll(args))
        : member;
    },
  });
}
