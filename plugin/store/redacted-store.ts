import type { Store } from '../../core/ports/store.ts';
import type { Secrets } from '../system/redactor.ts';

/**
The same store, which is never given a secret: whatever a server echoed (an error, a title, a name) is hidden before it is
written. All arguments of all its parts pass here, so that a part added later does too. Paths stay as they are.
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
