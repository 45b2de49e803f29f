/** How Stash lets plugins change its components: the rules of ui/v2.5/src/patch.tsx, as facts and tests know them. */

type Fn = (...args: unknown[]) => unknown;

export type Patches = {
  before: (name: string, fn: Fn) => void;
  instead: (name: string, fn: Fn) => void;
  after: (name: string, fn: Fn) => void;
  /** A component that looks its patches up whenever it is called. */
  patched: <Component extends Fn>(name: string, component: Component) => Component;
};

export function createPatches(): Patches {
  const kept = {
    before: new Map<string, Fn[]>(),
    instead: new Map<string, Fn[]>(),
    after: new Map<string, Fn[]>(),
  };
  const keep =
    (kind: keyof typeof kept) =>
    (name: string, fn: Fn): void => {
      kept[kind].set(name, [...(kept[kind].get(name) ?? []), fn]);
    };
  return {
    before: keep('before'),
    instead: keep('instead'),
    after: keep('after'),
    patched: (name, component) =>
      new Proxy(component, {
        apply(target, self, given: unknown[]) {
          let args = given;
          // What a `before` returns replaces all arguments.
          for (const fn of kept.before.get(name) ?? []) args = fn.apply(self, args) as unknown[];
          const [first, ...others] = kept.instead.get(name) ?? [];
          let result = first
            ? first.apply(self, [...args, chain(others, target)])
            : Reflect.apply(target, self, args);
          // An array is spread into arguments: that is how Stash does it.
          for (const fn of kept.after.get(name) ?? []) result = fn.apply(self, args.concat(result));
          return result;
        },
      }),
  };
}

/** The `next` of an `instead`: whoever does not call it skips the rest. */
function chain(others: readonly Fn[], target: Fn): Fn {
  const [next, ...rest] = others;
  return next ? (...args) => next(...args, chain(rest, target)) : target;
}
