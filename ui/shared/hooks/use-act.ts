import { useEffect, useRef, useState } from 'react';
import { useToast } from '../../stash/toast.tsx';

export type Act = {
  /** While true, buttons are disabled. */
  readonly isPending: boolean;
  /** One at a time: a second click before the first has its answer does nothing. `work` gives the sentence to say; null: it was said. */
  readonly act: (work: () => Promise<string | null>) => void;
};

/** The action of a button: runs the work, shows its result in a toast, then calls `reload`. */
export function useAct(reload?: () => void): Act {
  const [isPending, setPending] = useState(false);
  const isBusy = useRef(false);
  const isHere = useIsHere();
  const toast = useToast();

  async function run(work: () => Promise<string | null>): Promise<void> {
    if (isBusy.current) return;
    isBusy.current = true;
    setPending(true);
    try {
      const said = await work();
      if (said !== null) toast.done(said);
    } catch (error) {
      toast.failed(error);
    }
    isBusy.current = false;
    if (!isHere.current) return;
    setPending(false);
    reload?.();
  }

  return { isPending, act: (work) => void run(work) };
}

/** False once the component is gone: an answer that comes later has nothing to change any more. */
export function useIsHere(): { readonly current: boolean } {
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return isHere;
}
