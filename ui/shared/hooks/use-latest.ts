import { useLayoutEffect, useRef } from 'react';

/** The value as it was drawn last, for timers, listeners and effects that were set up when an older one was drawn. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  // Not `useEffect`, which runs after the next paint: a key may come before.
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
