import { useState } from 'react';
import { useToast } from '../../stash/toast.tsx';
import { useIsHere } from './use-act.ts';

export type Pending = {
  /** Of what work is under way, such as the keys of persons; their buttons are disabled. */
  readonly pending: ReadonlySet<number>;
  /** @returns what `work` answered; null: it failed, which a toast has said */
  readonly run: <Result>(keys: readonly number[], work: () => Promise<Result>) => Promise<Result | null>;
};

/** Work about some of what is shown, each of which stays pending until `reload` has ended after it. */
export function usePending(reload: () => Promise<unknown>): Pending {
  const [pending, setPending] = useState<ReadonlySet<number>>(new Set());
  const isHere = useIsHere();
  const toast = useToast();

  async function run<Result>(keys: readonly number[], work: () => Promise<Result>): Promise<Result | null> {
    setPending((before) => new Set([...before, ...keys]));
    let result: Result | null = null;
    try {
      result = await work();
    } catch (error) {
      toast.failed(error);
    }
    await reload();
    if (isHere.current) setPending((before) => new Set([...before].filter((key) => !keys.includes(key))));
    return result;
  }

  return { pending, run };
}
