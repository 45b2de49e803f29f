import { useEffect, useState } from 'react';
import { messageOf } from '../../core/message-of.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { endpointOf, isMade, type Filter } from './filter.ts';
import { madeList } from './made-list.ts';

type FreshList = {
  /** The list that the address names is of who fits by now. */
  readonly isFresh: boolean;
  readonly problem: string | null;
  readonly onRetry: () => void;
};

/**
A list that the page has made is made anew when the page is opened: who was linked since is in it no more, and who came since is.
One that Stash's list of performers has sent stays as it was sent.
*/
export function useFreshList(filter: Filter, onChange: (change: Partial<Filter>) => void): FreshList {
  const [{ whom, list }] = useState(filter);
  const [isFresh, setFresh] = useState(!isMade(whom));
  const [problem, setProblem] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const isHere = useIsHere();

  useEffect(() => {
    if (!isMade(whom)) return;
    const remake = async (): Promise<void> => {
      try {
        const made = await madeList(endpointOf(whom));
        if (!isHere.current) return;
        // The place in a list that is the same still holds.
        if (made === null) onChange({ whom: 'suggested', list: null, least: null });
        else if (made !== list) onChange({ list: made });
        setFresh(true);
      } catch (error) {
        if (isHere.current) setProblem(messageOf(error));
      }
    };
    setProblem(null);
    void remake();
    // oxlint-disable-next-line react/exhaustive-deps -- once for the address with which the page was opened, and at each try.
  }, [tries]);

  return { isFresh, problem, onRetry: () => setTries((before) => before + 1) };
}
