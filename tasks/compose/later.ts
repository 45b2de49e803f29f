import type { Task } from '../runs/task.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';

type Asynchronous = (...args: never[]) => Promise<unknown>;

/**
The named members of something that is loaded when the first of them is called: a process that answers one click on the page
would spend most of its time on loading what it does not use.
*/
export function later<Name extends string, Whole extends Readonly<Record<Name, Asynchronous>>>(
  names: readonly Name[],
  load: () => Promise<Whole>,
): Pick<Whole, Name> {
  let loading: Promise<Whole> | undefined;
  const member =
    (name: Name) =>
    async (...args: never[]) =>
      await (await (loading ??= load()))[name](...args);
  return Object.fromEntries(names.map((name) => [name, member(name)])) as Pick<Whole, Name>;
}

/** A task that is loaded when it is first asked for something. */
export function laterTask<Mode extends TaskMode>(
  mode: Mode,
  load: () => Promise<Task<Mode>>,
): Required<Task<Mode>> {
  return {
    mode,
    prepare: async (...given) => await (await load()).prepare?.(...given),
    isNeeded: async (...given) => (await (await load()).isNeeded?.(...given)) ?? true,
    onRestartRequested: async (...given) => await (await load()).onRestartRequested?.(...given),
    hasMore: async (...given) => (await (await load()).hasMore?.(...given)) ?? false,
    onStopped: async (...given) => await (await load()).onStopped?.(...given),
    work: async (...given) => await (await load()).work(...given),
  };
}
