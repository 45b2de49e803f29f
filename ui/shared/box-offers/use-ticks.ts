import { useEffect, useRef, useState } from 'react';

type Tickable = { readonly revision: string; readonly isProposed: boolean };

/** What of the offers is ticked, by revision: a tick is for what was shown beside it. What is proposed is ticked beforehand. */
export function useTicks(): {
  readonly isTicked: (offer: Tickable) => boolean;
  readonly set: (offer: Tickable, isTicked: boolean) => void;
} {
  const [ticks, setTicks] = useState<Readonly<Record<string, boolean>>>({});
  return {
    isTicked: ({ revision, isProposed }) => ticks[revision] ?? isProposed,
    set: ({ revision }, isTicked) => setTicks((before) => ({ ...before, [revision]: isTicked })),
  };
}

/** What was written, or refused since it has changed, is offered as it is now. */
export function useAfter(isPending: boolean, reload: () => void): void {
  const wasPending = useRef(isPending);
  useEffect(() => {
    if (wasPending.current && !isPending) reload();
    wasPending.current = isPending;
  }, [isPending, reload]);
}
