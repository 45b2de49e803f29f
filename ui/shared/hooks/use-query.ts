import { useCallback, useMemo } from 'react';
import { useHistory, useLocation } from 'react-router-dom';

export type Query = {
  readonly values: URLSearchParams;
  /** Null removes a value. `push`: adds an entry to the browser's history. */
  readonly change: (values: Readonly<Record<string, string | null>>, how: 'push' | 'replace') => void;
};

/** The part of the address after `?`: reloading and sharing it shows the same. */
export function useQuery(): Query {
  const { search } = useLocation();
  const history = useHistory();
  const values = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback<Query['change']>(
    (changes, how) => {
      // As it is by now: what changes it may have waited for an answer.
      const { pathname, search: newest } = history.location;
      const next = new URLSearchParams(newest);
      for (const [name, value] of Object.entries(changes))
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      history[how]({ pathname, search: next.toString() });
    },
    [history],
  );
  return { values, change };
}
